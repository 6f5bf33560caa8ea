'use client';

import { useMemo } from 'react';
import type { ModelTests } from '@/lib/evaluation/model-tests/test-results';
import { comparisonReasons, sliceReasons, testReasons } from '@/lib/evaluation/verdict/further-reasons';
import type { VerdictReason } from '@/lib/evaluation/verdict/verdict-reason';
import type { WorkbenchState } from '@/lib/store/workbench-state';
import { useWorkbenchState } from '../../workbench/use-workbench';

/** The newest tests of the model that the page shows; null where none were run. */
export function newestTests({ model, measurements, keptTests }: WorkbenchState): ModelTests | null {
  const modelId = model?.metadata.model_id;
  const tests = [measurements.model_tests.result?.value, keptTests];
  return tests.find((one) => one?.model_id === modelId) ?? null;
}

/** What tests, slices and the comparison with the model in use say against the model that the page shows. */
export function useFurtherReasons(): readonly VerdictReason[] {
  const modelId = useWorkbenchState(({ model }) => model?.metadata.model_id ?? null);
  const tests = useWorkbenchState(newestTests);
  const slices = useWorkbenchState((state) => (state.statuses.slices.kind === 'done' ? state.slices : null));
  const compared = useWorkbenchState((state) => state.modelComparison.result);
  return useMemo(
    () => [
      ...testReasons(tests),
      ...(compared !== null && compared.challengerId === modelId && compared.rows !== 'unknown'
        ? comparisonReasons(compared.comparison, compared.championId)
        : []),
      ...sliceReasons(slices),
    ],
    [tests, slices, compared, modelId],
  );
}
