'use client';

import { Text } from '@mantine/core';
import { useCallback } from 'react';
import type { ChartTheme } from '@/lib/charts/chart-theme';
import { tagCountFigure } from '@/lib/charts/tag-count-figure';
import { tagLiftFigure } from '@/lib/charts/tag-lift-figure';
import type { TagCountQuantiles } from '@/lib/explore/tags/tag-counts';
import { LEAST_PAIR_HOLDERS, type TagLifts } from '@/lib/explore/tags/tag-lift';
import { DataTable } from '../data-table';
import { Figure } from '../figure';
import { countText, metricText, percentText } from '../format';
import { Cell, EmptyOutput } from '../workbench/cell';
import { useWorkbenchState } from '../workbench/use-workbench';
import { useFigureSql } from './explore/use-figure-sql';
import { useLevelPicks } from './explore/use-level-picks';

const DEFINITION = `Tags held: over the subscribers who pass the filters of the other figures, quantiles of type 7 (NumPy’s default); conversion with the 95 % Wilson interval.
Tags: over the subscribers who pass the filters of the other figures, for each tag: holders, buyers, conversion with the 95 % Wilson interval,
lift = conversion of holders / conversion of all, and how many times as likely holders are to buy as the others (Katz’s interval).
Drawn to the mean: (buyers + k·m) / (holders + k), where a beta distribution with mean m worth k subscribers is fitted to all tags by moments (Kleinman 1973).
Pairs: held by at least ${LEAST_PAIR_HOLDERS}; conversion of those who hold both over that of all holders of the better one; p against the holders of the better
one without the other, adjusted for all pairs (Benjamini and Hochberg 1995).
A tag may have been given because somebody bought: what goes with buying need not lead to it.`;

const TAGS = { kind: 'tags' } as const;
const TAG_COUNT = { kind: 'tag_count' } as const;

/** How many tags buyers hold, conversion by tag, with small groups drawn to the mean, and pairs of tags that sell together. */
export function TagsCell() {
  const tags = useWorkbenchState((state) => state.tags);
  const filters = useWorkbenchState((state) => state.view.filters);
  const handlePick = useLevelPicks();
  const sqlOf = useFigureSql(TAGS);
  const chosen = filters.find(({ dimension }) => dimension === 'tag')?.levels;
  const build = useCallback(
    (theme: ChartTheme) => {
      if (tags === null) throw new Error('There is nothing to draw yet');
      return tagLiftFigure({ ...tags, ...(chosen === undefined ? {} : { chosen }) }, theme);
    },
    [tags, chosen],
  );
  return (
    <Cell id="tags" definition={{ label: 'definition', text: DEFINITION }}>
      {tags ? (
        <>
          <TagCounts />
          <Figure
            build={build}
            fileName="conversion_by_tag"
            minWidthPx={480}
            onPickLevels={handlePick}
            sqlOf={sqlOf}
          />
          <Pairs lifts={tags.lifts} />
        </>
      ) : (
        <EmptyOutput id="tags" />
      )}
    </Cell>
  );
}

/** The tag count of buyers beside that of the others. */
function TagCounts() {
  const tags = useWorkbenchState((state) => state.tags);
  const filters = useWorkbenchState((state) => state.view.filters);
  const handlePick = useLevelPicks();
  const sqlOf = useFigureSql(TAG_COUNT);
  const chosen = filters.find(({ dimension }) => dimension === 'tag_count')?.levels;
  const build = useCallback(
    (theme: ChartTheme) => {
      if (tags === null) throw new Error('There is nothing to draw yet');
      return tagCountFigure({ comparison: tags.counts, ...(chosen === undefined ? {} : { chosen }) }, theme);
    },
    [tags, chosen],
  );
  if (tags === null) return null;
  return (
    <>
      <Figure
        build={build}
        fileName="tags_held_by_purchase"
        minWidthPx={560}
        onPickLevels={handlePick}
        sqlOf={sqlOf}
      />
      <Quantiles sides={tags.counts.byPurchase} />
    </>
  );
}

function Quantiles({ sides }: { readonly sides: readonly TagCountQuantiles[] }) {
  const number = (value: number | null) => metricText(value, 1);
  return (
    <div style={{ margin: '8px 0 20px' }}>
      <DataTable
        label="Tags held by buyers and others"
        columns={[
          { key: 'side', label: 'Side' },
          { key: 'n', label: 'Subscribers', align: 'right' },
          { key: 'mean', label: 'Mean', align: 'right' },
          { key: 'p10', label: '10 % quantile', align: 'right' },
          { key: 'p50', label: '50 % (median)', align: 'right' },
          { key: 'p90', label: '90 % quantile', align: 'right' },
        ]}
        rows={sides.map(({ madePurchase, n, mean, p10, p50, p90 }) => ({
          side: madePurchase === 1 ? 'Buyers' : 'Others',
          n: countText(n),
          mean: number(mean),
          p10: number(p10),
          p50: number(p50),
          p90: number(p90),
        }))}
      />
    </div>
  );
}

function Pairs({ lifts }: { readonly lifts: TagLifts }) {
  if (lifts.pairs.length === 0) {
    return (
      <Text size="sm" c="dimmed" mt="xs">
        No pair of tags is held by {LEAST_PAIR_HOLDERS} subscribers or more.
      </Text>
    );
  }
  return (
    <>
      <Text size="sm" fw={500} mt="sm" mb={4}>
        Pairs of tags that sell together
      </Text>
      <DataTable
        label="Pairs of tags that sell together"
        maxHeightPx={220}
        columns={[
          { key: 'pair', label: 'Tags' },
          { key: 'holders', label: 'Hold both', align: 'right' },
          { key: 'buyers', label: 'Sales', align: 'right' },
          { key: 'conversion', label: 'Conversion', align: 'right' },
          { key: 'lift', label: 'Times the better one', align: 'right' },
          { key: 'p', label: 'Adjusted p', align: 'right' },
        ]}
        rows={lifts.pairs.map((pair) => ({
          pair: pair.tags.map((tag) => tag.replace(/^tag_/, '')).join(' + '),
          holders: countText(pair.holders),
          buyers: countText(pair.buyers),
          conversion: percentText(pair.conversion),
          lift: metricText(pair.liftOverBetter, 2),
          p: pair.adjustedPValue < 0.001 ? '< 0.001' : metricText(pair.adjustedPValue, 3),
        }))}
      />
    </>
  );
}
