'use client';

import type { FeatureChoices } from '@/lib/features/choices';
import { useWorkbench, useWorkbenchState } from '../../workbench/use-workbench';

/** What is chosen of the features, and how to change it; a change prepares the data again. */
export function useFeatureChoices(): readonly [FeatureChoices, (change: Partial<FeatureChoices>) => void] {
  const workbench = useWorkbench();
  const choices = useWorkbenchState((state) => state.params.featureChoices);
  const change = (part: Partial<FeatureChoices>) => {
    // Read anew: two changes may come before the page is drawn again.
    const { featureChoices } = workbench.store.getState().params;
    void workbench.setParams({ featureChoices: { ...featureChoices, ...part } });
  };
  return [choices, change];
}
