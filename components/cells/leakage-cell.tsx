'use client';

import { Alert, Badge, Button, Text } from '@mantine/core';
import { useCallback } from 'react';
import type { ChartTheme } from '@/lib/charts/chart-theme';
import { leakageFigure } from '@/lib/charts/leakage-figure';
import type { LeakageMeasurement } from '@/lib/evaluation/leakage/measurement';
import { LEAST_FOR_DATA, DATA_RULES as RULES } from '@/lib/evaluation/leakage/reasons-of-data';
import { suspectsSentence, timeSplitSentence } from '@/lib/evaluation/leakage/sentences';
import type { Suspect, SuspectGrade, SuspectReport } from '@/lib/evaluation/leakage/suspects';
import { N_FOLDS, PROBE_PARAMS } from '@/lib/evaluation/probe/probe-job';
import { DataTable } from '../data-table';
import { Facts } from '../facts';
import { Figure } from '../figure';
import { countText, durationText, metricText } from '../format';
import { Cell, EmptyOutput, FailureAlert } from '../workbench/cell';
import { useWorkbench, useWorkbenchState } from '../workbench/use-workbench';
import classes from './leakage-cell.module.css';
import { MeasurementProgressBar } from './measurement-progress';

const DEFINITION = `Over the training and validation rows; test rows are not looked at.
By nature, possible: the rating, which is recalculated after every send; tags, which a purchase may give, and counts of them; a tag whose name speaks of a purchase.
By data, certain: a ROC AUC of the feature alone of at least ${RULES.certainRocAuc} (lower end of DeLong’s 95 % interval); a value whose holders bought to at least ${RULES.certainConversion} (lower end of Wilson’s); or a value that at least ${RULES.certainlyCapturedBuyers} of the buyers have and at most ${RULES.certainlySparedOthers} of the others.
By data, likely: alone at least ${RULES.likelyRocAuc} and ${RULES.likelyLead} above the next best; holders bought to at least ${RULES.likelyConversion}; or at least ${RULES.likelyCapturedBuyers} of the buyers and at most ${RULES.likelySparedOthers} of the others. With fewer than ${LEAST_FOR_DATA} buyers nothing is graded by data.
At the same list age: mean of the ROC AUCs within fifths of opt-in date, weighted by pairs.
With and without: XGBoost, ${PROBE_PARAMS.n_estimators} rounds, depth ${PROBE_PARAMS.max_depth}, learning rate ${PROBE_PARAMS.learning_rate}, ${N_FOLDS}-fold stratified; ROC AUC is the mean over the folds (LeDell et al. 2015), differences are paired row by row (DeLong et al. 1988).
Time-based: trained on the oldest four fifths of the opt-ins, scored on the newest fifth; beside it the folds’ models on the same rows.`;

/** Which features could be known only after the purchase, and what the model would be without them. */
export function LeakageCell() {
  const suspects = useWorkbenchState((state) => state.suspects);
  return (
    <Cell
      id="leakage"
      definition={{ label: 'definition', text: DEFINITION }}
      actions={suspects && <MeasureButton />}
    >
      {suspects ? <Suspects report={suspects} /> : <EmptyOutput id="leakage" />}
      {suspects && <Measurement />}
    </Cell>
  );
}

function MeasureButton() {
  const { measurements } = useWorkbench();
  const isRunning = useWorkbenchState((state) => state.measurements.leakage.running !== null);
  const isReady = useWorkbenchState(
    ({ statuses, engine }) => statuses.leakage.kind === 'done' && engine?.kind === 'ready',
  );
  if (isRunning) {
    return (
      <Button size="compact-xs" variant="default" onClick={() => measurements.stop('leakage')}>
        Stop measuring
      </Button>
    );
  }
  return (
    <Button size="compact-xs" disabled={!isReady} onClick={() => void measurements.measureLeakage()}>
      Measure with and without
    </Button>
  );
}

const COLOURS: Readonly<Record<SuspectGrade, string>> = {
  certain: 'red',
  likely: 'orange',
  possible: 'gray',
};

function Suspects({ report }: { readonly report: SuspectReport }) {
  const { suspects, nFeatures, nRows, nNotListed } = report;
  const hasGrave = suspects.some(({ grade }) => grade !== 'possible');
  return (
    <>
      <Text size="sm" fw={500} mb="xs">
        {suspectsSentence(report)}
      </Text>
      {hasGrave && (
        <Text size="sm" mb="xs">
          A model that has such a feature looks better than it will be: those still to be called have not
          bought, so they have no such value. To train without one, switch it off under “Features and split”.
        </Text>
      )}
      <DataTable
        label="Suspects"
        maxHeightPx={300}
        columns={[
          { key: 'suspect', label: 'Suspect' },
          { key: 'grade', label: 'How sure' },
          { key: 'alone', label: 'Alone, ROC AUC', align: 'right' },
          { key: 'sameAge', label: 'At the same list age', align: 'right' },
          { key: 'why', label: 'Why' },
        ]}
        rows={suspects.map((suspect) => ({
          suspect: suspect.label,
          grade: <Grade suspect={suspect} />,
          alone: intervalText(suspect.separation?.rocAuc),
          sameAge: intervalText(suspect.sameAge?.rocAuc),
          why: <div className={classes.why}>{suspect.reasons.map(({ text }) => text).join(' ')}</div>,
        }))}
      />
      <Text size="xs" c="dimmed" mt={6}>
        {countText(nFeatures)} features looked at, over {countText(nRows)} training and validation rows.
        {nNotListed > 0 ? ` ${countText(nNotListed)} more suspects are not listed.` : ''}
      </Text>
    </>
  );
}

function Grade({ suspect: { grade, reasons } }: { readonly suspect: Suspect }) {
  const basis = reasons[0]?.basis === 'data' ? 'by data' : 'by nature';
  return (
    <Badge size="sm" variant="light" color={COLOURS[grade]} style={{ textTransform: 'none' }}>
      {grade}, {basis}
    </Badge>
  );
}

function Measurement() {
  const { result, running, failure } = useWorkbenchState((state) => state.measurements.leakage);
  const digest = useWorkbenchState((state) => state.features?.datasetDigest);
  return (
    <>
      {running && <MeasurementProgressBar progress={running} label="Progress of measuring the suspects" />}
      {failure && <FailureAlert failure={failure} />}
      {result && result.datasetDigest !== digest && (
        <Alert color="yellow" variant="light" my="sm" title="Measured on other features" role="status">
          The features have changed since. Measure again.
        </Alert>
      )}
      {result && <Measured measurement={result.value} elapsedMs={result.elapsedMs} />}
    </>
  );
}

function Measured({
  measurement,
  elapsedMs,
}: {
  readonly measurement: LeakageMeasurement;
  readonly elapsedMs: number;
}) {
  const build = useCallback((theme: ChartTheme) => leakageFigure(measurement, theme), [measurement]);
  const { timeSplit, noTimeSplit, nRows, nBuyers, seed, all } = measurement;
  return (
    <>
      <div className={classes.figure}>
        <Figure build={build} fileName="roc_auc_without_suspects" />
      </div>
      <Text size="sm" fw={500} mt="sm" mb="xs">
        {timeSplit ? timeSplitSentence(timeSplit) : noTimeSplit}
      </Text>
      {timeSplit && (
        <Facts
          facts={[
            {
              label: 'Random split',
              value: metricText(all.value, 3),
              note: `(95 %: ${metricText(all.low, 3)} to ${metricText(all.high, 3)})`,
            },
            {
              label: 'Random, newest fifth only',
              value: metricText(timeSplit.randomRocAuc.value, 3),
              note: `(95 %: ${metricText(timeSplit.randomRocAuc.low, 3)} to ${metricText(timeSplit.randomRocAuc.high, 3)})`,
            },
            {
              label: 'Time-based, newest fifth',
              value: metricText(timeSplit.rocAuc.value, 3),
              note: `(95 %: ${metricText(timeSplit.rocAuc.low, 3)} to ${metricText(timeSplit.rocAuc.high, 3)}; ${countText(timeSplit.nBuyersScored)} buyers among ${countText(timeSplit.nScored)})`,
            },
          ]}
        />
      )}
      <Text size="xs" c="dimmed">
        {countText(nRows)} rows with {countText(nBuyers)} buyers, seed {seed}, {durationText(elapsedMs)}. The
        same file and seed give the same numbers.
      </Text>
    </>
  );
}

function intervalText(
  measured: { readonly value: number; readonly low: number; readonly high: number } | undefined,
) {
  if (measured === undefined) return '–';
  const { value, low, high } = measured;
  return `${metricText(value, 3)} (${metricText(low, 3)}–${metricText(high, 3)})`;
}
