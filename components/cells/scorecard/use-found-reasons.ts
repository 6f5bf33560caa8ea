'use client';

import { useMemo } from 'react';
import { countryReasons, testReasons } from '@/lib/evaluation/verdict/found-reasons';
import type { VerdictReason } from '@/lib/evaluation/verdict/verdict-reason';
import { useWorkbenchState } from '../../workbench/use-workbench';

/** What slices and model tests of the page's model say of it, as far as they have been looked at. */
export function useFoundReasons(modelId: string): readonly VerdictReason[] {
  const kept = useWorkbenchState((state) => state.keptTests);
  const measured = useWorkbenchState((state) => state.measurements.model_tests.result?.value);
  const slices = useWorkbenchState(({ statuses, slices: report }) =>
    statuses.slices.kind === 'done' ? report : null,
  );
  return useMemo(() => {
    const tests = [measured, kept].find((one) => one?.model_id === modelId);
    return [...(tests ? testReasons(tests) : []), ...(slices ? countryReasons(slices.gaps) : [])];
  }, [measured, kept, slices, modelId]);
}
