'use client';

import { Text } from '@mantine/core';
import { useCallback } from 'react';
import type { ChartTheme } from '@/lib/charts/chart-theme';
import { scoreDistributionFigure } from '@/lib/charts/score-distribution-figure';
import { DataTable } from '../data-table';
import { Facts } from '../facts';
import { Figure } from '../figure';
import { countText, metricText, percentText } from '../format';
import { Cell, EmptyOutput } from '../workbench/cell';
import { useWorkbenchState } from '../workbench/use-workbench';

const DEFINITION = `model.onnx is scored in a worker with onnxruntime-web, one thread, every subscriber once.
Parity: the margins of all test rows are compared with those libxgboost gave; a model that differs is refused.
score: calibrated probability of a purchase, worked out inside model.onnx. Leads of the same score are ordered by their margin.
percentile: share of the list that scores lower, ties counted half.
Tiers: cut-offs chosen on the validation rows (A the top 5 %, B the next 15 %, C the next 30 %) and stored with the model.`;

/** Scores in the browser, and the proof that they are the model's. */
export function ScoringCell() {
  const scores = useWorkbenchState((state) => state.scores);
  const cutoffs = useWorkbenchState((state) => state.model?.metadata.tier_cutoffs);
  const build = useCallback(
    (theme: ChartTheme) =>
      scoreDistributionFigure(
        { scores: scores?.scores ?? new Float32Array(), cutoffs: cutoffs ?? { A: 1, B: 1, C: 1 } },
        theme,
      ),
    [scores, cutoffs],
  );
  return (
    <Cell id="scoring" definition={{ label: 'definition', text: DEFINITION }}>
      {scores ? (
        <>
          <Facts
            facts={[
              {
                label: 'Subscribers scored',
                value: countText(scores.nScored),
                note: `${countText(Math.round(scores.rowsPerSecond))} rows a second`,
              },
              {
                label: 'Largest margin difference from libxgboost',
                value:
                  scores.largestMarginDifference === 0
                    ? '0'
                    : scores.largestMarginDifference.toExponential(2),
                note: `over ${countText(scores.nTestRowsCompared)} test rows`,
              },
            ]}
          />
          <Figure build={build} fileName="score_distribution" heightPx={240} />
          <DataTable
            label="Tiers"
            columns={[
              { key: 'tier', label: 'Tier' },
              { key: 'lowest', label: 'Score from', align: 'right' },
              { key: 'leads', label: 'Leads', align: 'right' },
              { key: 'buyers', label: 'Of them buyers', align: 'right' },
              { key: 'test', label: 'Test rows', align: 'right' },
              { key: 'rate', label: 'Conversion on test rows', align: 'right' },
            ]}
            rows={scores.tiers.map((tier) => ({
              tier: tier.tier,
              lowest: metricText(tier.lowestScore),
              leads: countText(tier.nLeads),
              buyers: countText(tier.nBuyers),
              test: countText(tier.nTestLeads),
              rate: percentText(tier.nTestLeads > 0 ? tier.nTestBuyers / tier.nTestLeads : null),
            }))}
          />
          <Text size="xs" c="dimmed" mt={6}>
            The conversion is that of the test rows alone, which the model has not seen; over all leads it
            would flatter the model.
          </Text>
        </>
      ) : (
        <EmptyOutput id="scoring" />
      )}
    </Cell>
  );
}
