'use client';

import { Alert, Text } from '@mantine/core';
import type {
  ComparedSlice,
  ModelComparison,
  PairedChange,
} from '@/lib/evaluation/comparison/compare-models';
import { worseSlices } from '@/lib/evaluation/comparison/compare-models';
import { comparisonSentence } from '@/lib/evaluation/comparison/comparison-sentence';
import { SLICE_FLOOR } from '@/lib/evaluation/slices/slice-search';
import { type TierMigration, tierMigrationSentence } from '@/lib/scoring/strategy/tier-migration';
import { DataTable } from '../../data-table';
import { countText, metricText } from '../../format';
import { FailureAlert } from '../../workbench/cell';
import { useWorkbenchState } from '../../workbench/use-workbench';
import { boundedText, pText } from '../slices-cell';

const TIERS = ['A', 'B', 'C', 'D'] as const;

/** Two models on the page's test rows, or why there is no comparison. */
export function ComparisonOutput() {
  const { result, isRunning, failure } = useWorkbenchState((state) => state.modelComparison);
  return (
    <section aria-label="Comparison of models" data-comparison={result ? 'there' : 'none'}>
      {isRunning && (
        <Text size="sm" c="dimmed" role="status" mt="sm">
          Scoring the list by the other model …
        </Text>
      )}
      {failure && <FailureAlert failure={failure} />}
      {result && !isRunning && (
        <>
          <Text size="sm" fw={500} mt="md" mb="xs">
            {comparisonSentence(result.comparison, result)}
          </Text>
          <Rows rows={result.rows} n={result.comparison.n} />
          <Worse comparison={result.comparison} />
          <Metrics comparison={result.comparison} />
          <Slices slices={result.comparison.slices} />
          <Migration migration={result.migration} />
        </>
      )}
    </section>
  );
}

/** On which rows the models were compared, where they are not simply the test rows of both. */
function Rows({ rows, n }: { readonly rows: 'same' | 'common' | 'unknown'; readonly n: number }) {
  if (rows === 'same') return null;
  return rows === 'common' ? (
    <Text size="sm" c="dimmed" mb="sm">
      Each was split by a seed of its own, so they are compared on the {countText(n)} rows that are test rows
      of both.
    </Text>
  ) : (
    <Alert color="yellow" variant="light" mb="sm" title="Made on other data" role="status">
      The other model was made on another list, so it may have been trained on some of these test rows, and
      look better on them than it is.
    </Alert>
  );
}

function Worse({ comparison }: { readonly comparison: ModelComparison }) {
  const worse = worseSlices(comparison);
  if (worse.length === 0) return null;
  return (
    <Alert color="yellow" variant="light" mb="sm" title="The challenger turned worse for some" role="status">
      {worse.map((slice) => (
        <Text size="sm" key={slice.label}>
          {slice.label}: log loss {changeText(slice.logLoss)}
          {slice.rocAuc ? `, ROC AUC ${changeText(slice.rocAuc)}` : ''}; {countText(slice.champion.nBuyers)}{' '}
          bought, {slice.champion.expectedBuyers.toFixed(1)} were expected by the champion,{' '}
          {slice.challenger.expectedBuyers.toFixed(1)} by the challenger.
        </Text>
      ))}
    </Alert>
  );
}

function Metrics({ comparison }: { readonly comparison: ModelComparison }) {
  const { champion, challenger, mcnemar, rocAuc, logLoss, brierScore } = comparison;
  return (
    <DataTable
      label="Champion and challenger"
      columns={[
        { key: 'metric', label: 'On the test rows' },
        { key: 'champion', label: 'Champion', align: 'right' },
        { key: 'challenger', label: 'Challenger', align: 'right' },
        { key: 'difference', label: 'Challenger less champion', align: 'right' },
        { key: 'p', label: 'p', align: 'right' },
      ]}
      rows={[
        {
          metric: 'ROC AUC (DeLong, paired)',
          champion: boundedText(champion.rocAuc),
          challenger: boundedText(challenger.rocAuc),
          difference: changeText(rocAuc),
          p: pText(rocAuc.pValue),
        },
        {
          metric: 'Log loss',
          champion: metricText(champion.logLoss),
          challenger: metricText(challenger.logLoss),
          difference: changeText(logLoss),
          p: pText(logLoss.pValue),
        },
        {
          metric: 'Brier score',
          champion: metricText(champion.brierScore),
          challenger: metricText(challenger.brierScore),
          difference: changeText(brierScore),
          p: pText(brierScore.pValue),
        },
        {
          metric: 'Right at its own threshold, and the other wrong (McNemar, exact)',
          champion: countText(mcnemar.onlyFirstRight),
          challenger: countText(mcnemar.onlySecondRight),
          difference: '',
          p: pText(mcnemar.exactPValue),
        },
        {
          metric: 'The same, mid-p',
          champion: '',
          challenger: '',
          difference: '',
          p: pText(mcnemar.midPValue),
        },
        {
          metric: 'Buyers over expected buyers',
          champion: boundedText(champion.observedToExpected),
          challenger: boundedText(challenger.observedToExpected),
          difference: '',
          p: '',
        },
        {
          metric: 'Expected calibration error',
          champion: metricText(champion.calibrationError),
          challenger: metricText(challenger.calibrationError),
          difference: '',
          p: '',
        },
      ]}
    />
  );
}

function Slices({ slices }: { readonly slices: readonly ComparedSlice[] }) {
  if (slices.length === 0) {
    return (
      <Text size="sm" c="dimmed" mt="md">
        No slice has {SLICE_FLOOR.minRows} of these rows with {SLICE_FLOOR.minBuyers} buyers, so none can be
        compared.
      </Text>
    );
  }
  return (
    <>
      <Text size="sm" fw={500} mt="md" mb={4}>
        Slice by slice
      </Text>
      <DataTable
        label="Slices of both models"
        maxHeightPx={300}
        columns={[
          { key: 'slice', label: 'Slice' },
          { key: 'verdict', label: 'Challenger' },
          { key: 'n', label: 'Test rows', align: 'right' },
          { key: 'buyers', label: 'Buyers', align: 'right' },
          { key: 'champion', label: 'Expected by champion', align: 'right' },
          { key: 'challenger', label: 'By challenger', align: 'right' },
          { key: 'loss', label: 'Log loss, difference', align: 'right' },
          { key: 'auc', label: 'ROC AUC, difference', align: 'right' },
          { key: 'p', label: 'Adjusted p', align: 'right' },
        ]}
        rows={slices
          .toSorted((a, b) => a.adjustedPValue - b.adjustedPValue)
          .map((slice) => ({
            slice: slice.label,
            verdict: slice.verdict,
            n: countText(slice.champion.n),
            buyers: countText(slice.champion.nBuyers),
            champion: slice.champion.expectedBuyers.toFixed(1),
            challenger: slice.challenger.expectedBuyers.toFixed(1),
            loss: changeText(slice.logLoss),
            auc: slice.rocAuc ? changeText(slice.rocAuc) : '–',
            p: pText(slice.adjustedPValue),
          }))}
      />
    </>
  );
}

function Migration({ migration }: { readonly migration: TierMigration }) {
  return (
    <>
      <Text size="sm" fw={500} mt="md" mb={4}>
        {tierMigrationSentence(migration)}
      </Text>
      <DataTable
        label="Who moves between tiers"
        columns={[
          { key: 'from', label: 'Champion’s tier' },
          ...TIERS.map((tier) => ({
            key: tier,
            label: `Challenger’s ${tier}`,
            align: 'right' as const,
          })),
        ]}
        rows={TIERS.map((from, place) => ({
          from,
          ...Object.fromEntries(TIERS.map((to, i) => [to, countText(migration.counts[place]![i]!)])),
        }))}
      />
    </>
  );
}

function changeText({ value, low, high }: PairedChange): string {
  return boundedText({ value, low, high });
}
