'use client';

import { Text } from '@mantine/core';
import { useCallback } from 'react';
import type { ChartTheme } from '@/lib/charts/chart-theme';
import { strategyFigure } from '@/lib/charts/strategy-figure';
import { type ChosenStrategy, N_RESAMPLES } from '@/lib/scoring/strategy/chosen-strategy';
import { heldOutSentence, usdText } from '@/lib/scoring/strategy/strategy-sentences';
import { Facts } from '../../facts';
import { Figure } from '../../figure';
import { countText, percentText } from '../../format';
import { Cell, EmptyOutput } from '../../workbench/cell';
import { useWorkbenchState } from '../../workbench/use-workbench';
import { CapacitySection } from './capacity-section';
import { CostSection } from './cost-section';
import { EconomicsFields } from './economics-fields';
import { PublishedNote } from './published-note';
import { ReportButtons } from './report-buttons';

const DEFINITION = `Hot leads are those at or above the cut-off: they are written to. Cold leads are left in peace, so none of them unsubscribes.
Monthly sales kept = sales a month · share of all buyers among the hot leads.
Savings = cold leads, scaled up to the list size · sales e-mails a month · unsubscribe rate · conversion · value of a customer.
Expected value = sales kept − sales missed + savings, as in the design’s source. Every distinct score is tried as the cut-off; the best is the one worth most that keeps the safeguard where it is chosen.
Intervals: ${N_RESAMPLES} lists of the test rows drawn with replacement (Efron 1979), percentiles 2.5 and 97.5.`;

/** Whom to write to, what it is worth, and how sure that is. */
export function StrategyCell() {
  const strategy = useWorkbenchState((state) => state.strategy);
  return (
    <Cell
      id="strategy"
      definition={{ label: 'definition', text: DEFINITION }}
      actions={strategy && <ReportButtons />}
    >
      <EconomicsFields />
      {strategy ? <Output strategy={strategy} /> : <EmptyOutput id="strategy" />}
    </Cell>
  );
}

function Output({ strategy }: { readonly strategy: ChosenStrategy }) {
  const build = useCallback((theme: ChartTheme) => strategyFigure(strategy, theme), [strategy]);
  return (
    <>
      <StrategyFacts strategy={strategy} />
      <Figure build={build} fileName="expected_value_by_cutoff" heightPx={380} minWidthPx={480} />
      <Text size="xs" c="dimmed" mt={6}>
        {heldOutSentence(strategy)}
      </Text>
      <PublishedNote strategy={strategy} />
      <CapacitySection plan={strategy.capacity} />
      <CostSection economics={strategy.plan.economics} />
    </>
  );
}

function StrategyFacts({ strategy }: { readonly strategy: ChosenStrategy }) {
  const { best, judged, list, plan } = strategy;
  if (best === null || judged === null) return null;
  const { value, intervals } = judged;
  const range = ({ low, high }: { low: number; high: number }) => `${usdText(low)} to ${usdText(high)}`;
  const nAll = list.nHot + list.nCold;
  return (
    <Facts
      facts={[
        {
          label: 'Hot leads',
          value: countText(list.nHot),
          note: `${percentText(list.nHot / nAll, 1)}, score from ${best.threshold.toFixed(4)}`,
        },
        { label: 'Cold leads', value: countText(list.nCold), note: percentText(list.nCold / nAll, 1) },
        {
          label: 'Monthly sales kept',
          value: usdText(value.monthlySalesUsd),
          note: `${percentText(value.gain, 1)} (95 %: ${range(intervals.monthlySalesUsd)}); at least ${percentText(plan.leastSalesShare, 0)} asked for`,
        },
        {
          label: 'Savings a month',
          value: usdText(value.savingsUsd),
          note: `${countText(Math.round(value.nCustomersSaved))} customers`,
        },
        {
          label: 'Expected value a month',
          value: usdText(value.expectedValueUsd),
          note: `(95 %: ${range(intervals.expectedValueUsd)})`,
        },
      ]}
    />
  );
}
