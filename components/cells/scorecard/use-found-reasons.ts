'use client';

import { useMemo } from 'react';
import type { ModelTests } from '@/lib/evaluation/model-tests/test-results';
import { comparisonReasons, countryReasons, testReasons } from '@/lib/evaluation/verdict/found-reasons';
import type { VerdictReason } from '@/lib/evaluation/verdict/verdict-reason';
import type { WorkbenchState } from '@/lib/store/workbench-state';
import { useWorkbenchState } from '../../workbench/use-workbench';

/** The newest tests of the model that the page shows; null where none were run. */
export function newestTests({ model, measurements, keptTests }: WorkbenchState): ModelTests | null {
  const modelId = model?.metadata.model_id;
  const tests = [measurements.model_tests.result?.value, keptTests];
  return tests.find((one) => one?.model_id === modelId) ?? null;
}

/** What slices, model tests and the comparison with the model in use say of the page's model, as far as they were looked at. */
export function useFoundReasons(): readonly VerdictReason[] {
  const modelId = useWorkbenchState(({ model }) => model?.metadata.model_id ?? null);
  const tests = useWorkbenchState(newestTests);
  const compared = useWorkbenchState((state) => state.modelComparison.result);
  const slices = useWorkbenchState(({ statuses, slices: report }) =>
    statuses.slices.kind === 'done' ? report : null,
  );
  return useMemo(() => {
    const isChallenger =
      compared !== null && compared.challengerId === modelId && compared.rows !== 'unknown';
    return [
      ...(tests ? testReasons(tests) : []),
      ...(isChallenger ? comparisonReasons(compared.comparison, compared.championId) : []),
      ...(slices ? countryReasons(slices.gaps) : []),
    ];
  }, [tests, compared, slices, modelId]);
}
