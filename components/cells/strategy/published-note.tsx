'use client';

import { Text } from '@mantine/core';
import type { ChosenStrategy } from '@/lib/scoring/strategy/chosen-strategy';
import { PUBLISHED_STRATEGIES, usdText } from '@/lib/scoring/strategy/strategy-sentences';
import { DataTable } from '../../data-table';
import { percentText } from '../../format';

/** Where the same assumptions lead on this list, beside what was published of the list that the demo is modelled on. */
export function PublishedNote({ strategy }: { readonly strategy: ChosenStrategy }) {
  const { best, judged, list } = strategy;
  if (best === null || judged === null) return null;
  const { value } = judged;
  return (
    <details>
      <Text component="summary" size="xs" c="dimmed" mt="sm">
        Beside what was published with the design’s figures
      </Text>
      <DataTable
        label="Published strategies"
        columns={[
          { key: 'what', label: 'Sales to keep' },
          { key: 'hot', label: 'Hot leads', align: 'right' },
          { key: 'sales', label: 'Monthly sales', align: 'right' },
          { key: 'value', label: 'Expected value', align: 'right' },
          { key: 'saved', label: 'Customers saved', align: 'right' },
        ]}
        rows={[
          {
            what: 'This list, on the test rows',
            hot: percentText(list.nHot / (list.nHot + list.nCold), 1),
            sales: usdText(value.monthlySalesUsd),
            value: usdText(value.expectedValueUsd),
            saved: String(Math.round(value.nCustomersSaved)),
          },
          ...PUBLISHED_STRATEGIES.map(
            ({ gainThreshold, hotShare, monthlySalesUsd, expectedValueUsd, nSaved }) => ({
              what: `Published, ${gainThreshold}`,
              hot: percentText(hotShare, 1),
              sales: usdText(monthlySalesUsd),
              value: usdText(expectedValueUsd),
              saved: String(nSaved),
            }),
          ),
        ]}
      />
      <Text size="xs" c="dimmed" mt={4}>
        The published values are over all 19,919 subscribers, training rows among them, and read off the rows
        that chose the cut-off. Here other rows judge.
      </Text>
    </details>
  );
}
