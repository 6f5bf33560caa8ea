'use client';

import { Button, Pill, Text } from '@mantine/core';
import type { RowFilter } from '@/lib/explore/segments/row-filter';
import { wordsOfFilter } from '@/lib/explore/segments/segment-sentences';
import { countText, percentText } from '../../format';
import { useWorkbench, useWorkbenchState } from '../../workbench/use-workbench';
import classes from './filter-bar.module.css';

/** Names longer than this many levels together would fill the bar. */
const MOST_LEVELS_NAMED = 3;

/** The filters that hold for every figure of the exploration, each to be taken away, and who passes them. */
export function FilterBar() {
  const filters = useWorkbenchState((state) => state.view.filters);
  const filtered = useWorkbenchState((state) => state.filtered);
  const workbench = useWorkbench();
  const look = (next: readonly RowFilter[]) => void workbench.explore.look({ filters: next });
  if (filters.length === 0) {
    return (
      <Text size="xs" c="dimmed" role="status" data-filters="0">
        Click a bar, a point or a cell, or drag around several, to look at those subscribers alone in every
        other figure; Shift adds. By keyboard: Enter on a row of a figure’s table. The browser’s Back takes a
        step back.
      </Text>
    );
  }
  return (
    <section className={classes.bar} aria-label="Filters of the exploration" data-filters={filters.length}>
      {filters.map((filter) => (
        <Pill
          key={filter.dimension}
          withRemoveButton
          onRemove={() => look(filters.filter((other) => other !== filter))}
          removeButtonProps={{
            'aria-label': `Take the filter on ${wordsOfFilter(filter.dimension).singular} away`,
            'aria-hidden': false,
            tabIndex: 0,
          }}
        >
          {filterText(filter)}
        </Pill>
      ))}
      <Text size="xs" className="tabular" role="status">
        {filtered === null
          ? 'Counting …'
          : `${countText(filtered.n)} of ${countText(filtered.nAll)} subscribers, ${countText(filtered.buyers)} bought (${percentText(filtered.n === 0 ? null : filtered.buyers / filtered.n)})`}
      </Text>
      <Button variant="subtle" size="compact-xs" ml="auto" onClick={() => look([])}>
        Clear filters
      </Button>
    </section>
  );
}

function filterText({ dimension, levels }: RowFilter): string {
  const { singular, plural } = wordsOfFilter(dimension);
  return levels.length > MOST_LEVELS_NAMED
    ? `${levels.length} ${plural}`
    : `${singular}: ${levels.map((level) => level.replace(/^tag_/, '')).join(' or ')}`;
}
