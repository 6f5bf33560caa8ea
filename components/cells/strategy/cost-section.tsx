'use client';

import { Text, Title } from '@mantine/core';
import { useCallback } from 'react';
import type { ChartTheme } from '@/lib/charts/chart-theme';
import { costSimulationFigure } from '@/lib/charts/cost-simulation-figure';
import { costTable, type Economics } from '@/lib/scoring/strategy/economics';
import { usdText } from '@/lib/scoring/strategy/strategy-sentences';
import { DataTable } from '../../data-table';
import { Figure } from '../../figure';
import { countText } from '../../format';

/** What writing to everybody costs by unsubscribing, month by month and simulated. */
export function CostSection({ economics }: { readonly economics: Economics }) {
  const build = useCallback((theme: ChartTheme) => costSimulationFigure(economics, theme), [economics]);
  return (
    <section aria-label="What unsubscribing costs">
      <Title order={3} size="sm" mt="lg" mb="xs">
        What unsubscribing costs
      </Title>
      <Figure build={build} fileName="unsubscribe_cost" heightPx={320} minWidthPx={420} />
      <DataTable
        label="Cost by month"
        maxHeightPx={240}
        columns={[
          { key: 'month', label: 'Month', align: 'right' },
          { key: 'size', label: 'List size', align: 'right' },
          { key: 'left', label: 'Unsubscribe', align: 'right' },
          { key: 'lost', label: 'Customers lost', align: 'right' },
          { key: 'cost', label: 'Cost', align: 'right' },
          { key: 'still', label: 'Without growth', align: 'right' },
        ]}
        rows={costTable(economics).map((month) => ({
          month: String(month.month),
          size: countText(month.listSize),
          left: countText(month.nUnsubscribed),
          lost: countText(month.nCustomersLost),
          cost: usdText(month.costUsd),
          still: usdText(month.costWithoutGrowthUsd),
        }))}
      />
      <Text size="xs" c="dimmed" mt={6}>
        Written to everybody; leavers are counted, and not taken off the list, as in the design’s source.
      </Text>
    </section>
  );
}
