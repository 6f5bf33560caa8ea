'use client';

import type { TuningPlan } from '@/lib/tuning/study/study-config';
import { useWorkbench, useWorkbenchState } from '../../workbench/use-workbench';

/** The plan of the next study, and how to change a part of it. */
export function usePlan(): {
  readonly plan: TuningPlan;
  readonly change: (change: Partial<TuningPlan>) => void;
} {
  const workbench = useWorkbench();
  const plan = useWorkbenchState((state) => state.params.plan);
  return {
    plan,
    change: (change) => {
      const { params } = workbench.store.getState();
      void workbench.setParams({ plan: { ...params.plan, ...change } });
    },
  };
}
