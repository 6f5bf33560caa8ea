import { useCallback } from 'react';
import { filterDimensionOf } from '@/lib/explore/segments/dimensions';
import { filtersWithPick, type RowFilter } from '@/lib/explore/segments/row-filter';
import type { LevelPick } from '../../figure-picks';
import { useWorkbench } from '../../workbench/use-workbench';

/**
 * Filter the page to what is picked in a figure; the same pick again takes it back, Shift adds.
 *
 * @param meaning what a level of the figure stands for, where that is not the level alone; must be stable
 */
export function useLevelPicks(meaning?: (filter: RowFilter) => RowFilter): (pick: LevelPick) => void {
  const workbench = useWorkbench();
  return useCallback(
    ({ picked, isAdded }) => {
      const known = picked.flatMap(({ dimension, levels }): RowFilter[] => {
        const name = filterDimensionOf(dimension);
        if (name === undefined) return [];
        return [meaning === undefined ? { dimension: name, levels } : meaning({ dimension: name, levels })];
      });
      if (known.length === 0) return;
      const { filters } = workbench.store.getState().view;
      void workbench.explore.look({ filters: filtersWithPick(filters, known, isAdded) });
    },
    [workbench, meaning],
  );
}
