import { useCallback } from 'react';
import { DIMENSIONS } from '@/lib/explore/dimensions';
import { filtersWithLevel } from '@/lib/explore/row-filter';
import type { LevelPick } from '../../figure-picks';
import { useWorkbench } from '../../workbench/use-workbench';

/** Filter the page to what is picked in a figure; the same pick again takes it back, Shift adds. */
export function useLevelPicks(): (pick: LevelPick) => void {
  const workbench = useWorkbench();
  return useCallback(
    ({ dimension, levels, isAdded }) => {
      const known = DIMENSIONS.find((name) => name === dimension);
      if (known === undefined) return;
      const { filters } = workbench.store.getState().view;
      void workbench.explore.look({ filters: filtersWithLevel(filters, known, levels, isAdded) });
    },
    [workbench],
  );
}
