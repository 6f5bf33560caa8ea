import { useCallback } from 'react';
import type { AskedFigure } from '@/lib/explore/figure-sql/figure-sql';
import { useWorkbench, useWorkbenchState } from '../../workbench/use-workbench';

/** The statement behind a figure, under the page's filters. @param figure must be stable; null while there is none */
export function useFigureSql(figure: AskedFigure | null): () => Promise<string> {
  const workbench = useWorkbench();
  const filters = useWorkbenchState((state) => state.view.filters);
  // biome-ignore lint/correctness/useExhaustiveDependencies: other filters make another statement.
  return useCallback(() => {
    if (figure === null) throw new Error('There is no figure yet');
    return workbench.explore.figureSql(figure);
  }, [workbench, figure, filters]);
}
