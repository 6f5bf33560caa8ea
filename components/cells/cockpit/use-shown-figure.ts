'use client';

import { useCallback, useMemo } from 'react';
import { bestSoFarFigure } from '@/lib/charts/best-so-far-figure';
import type { ChartTheme } from '@/lib/charts/chart-theme';
import { contourFigure, type ParameterPair } from '@/lib/charts/contour-figure';
import { learningCurvesFigure } from '@/lib/charts/learning-curves-figure';
import { objectiveDistributionFigure } from '@/lib/charts/objective-distribution-figure';
import { optimisationHistoryFigure } from '@/lib/charts/optimisation-history-figure';
import { trialsThrough } from '@/lib/charts/parallel-axes';
import { parallelCoordinatesFigure } from '@/lib/charts/parallel-coordinates-figure';
import { spaceParameters } from '@/lib/charts/parameter-axis';
import { parameterImportancesFigure } from '@/lib/charts/parameter-importances-figure';
import { sliceFigure } from '@/lib/charts/slice-figure';
import { workerTimelineFigure } from '@/lib/charts/worker-timeline-figure';
import { assertNever } from '@/lib/core/result';
import { withLiveCurves } from '@/lib/store/cockpit-live';
import type { LiveReports } from '@/lib/store/workbench-state';
import type { ParameterImportances } from '@/lib/tuning/insight/parameter-importances';
import type { ParameterName } from '@/lib/tuning/space/parameter-catalogue';
import type { StudyState } from '@/lib/tuning/study/study-state';
import type { FigureBox } from '../../figure-picks';
import type { ShownFigure, TrialFigureInput } from './trial-figure';

/** The figures of a study in the order of their tabs. */
export const FIGURE_TABS = [
  { id: 'history', label: 'History' },
  { id: 'best', label: 'Best so far' },
  { id: 'importances', label: 'Importances' },
  { id: 'parallel', label: 'Parallel coordinates' },
  { id: 'slice', label: 'Slice' },
  { id: 'contour', label: 'Contour' },
  { id: 'curves', label: 'Learning curves' },
  { id: 'distribution', label: 'EDF' },
  { id: 'timeline', label: 'Workers' },
] as const;
export type FigureTab = (typeof FIGURE_TABS)[number]['id'];

/** What the figures are drawn from. */
interface FigureSources {
  readonly state: StudyState;
  readonly liveReports: LiveReports;
  readonly importances: ParameterImportances | null;
  readonly slice: ParameterName | 'all';
  /** Null where the space has but one parameter. */
  readonly pair: ParameterPair | null;
}

const USUAL_HEIGHT_PX = 300;
const TALL_PX = 400;
/** Room for the labels of an upright axis. */
const AXIS_PX = 64;
/** Room for three small charts side by side. */
const SMALL_CHARTS_PX = 600;

/** Give the figure of a tab, stable as long as it shows the same data. */
export function useShownFigure(tab: FigureTab, sources: FigureSources): ShownFigure {
  const { state, liveReports, importances, slice, pair } = sources;
  const live = useMemo(
    () => (tab === 'curves' ? withLiveCurves(state, liveReports) : state),
    [tab, state, liveReports],
  );
  const sliceAt = useCallback(
    (input: TrialFigureInput, theme: ChartTheme) =>
      sliceFigure(slice === 'all' ? input : { ...input, parameters: [slice] }, theme),
    [slice],
  );
  const contourAt = useCallback(
    (input: TrialFigureInput, theme: ChartTheme) => {
      if (pair === null) throw new Error('A contour needs two parameters');
      return contourFigure({ ...input, parameters: pair }, theme);
    },
    [pair],
  );
  const importancesOf = useCallback(
    (input: TrialFigureInput, theme: ChartTheme) =>
      parameterImportancesFigure(
        { importances: importances ?? WORKING_OUT, config: input.state.config },
        theme,
      ),
    [importances],
  );
  const trialsInBox = useCallback((box: FigureBox) => trialsThrough(state, box), [state]);
  const shown = (
    figure: ShownFigure['figure'],
    fileName: string,
    heightPx = USUAL_HEIGHT_PX,
  ): ShownFigure => ({ state: live, figure, fileName, heightPx, isPickable: tab !== 'importances' });
  switch (tab) {
    case 'history':
      return shown(optimisationHistoryFigure, 'optimisation_history');
    case 'best':
      return shown(bestSoFarFigure, 'best_so_far');
    case 'importances':
      return shown(importancesOf, 'parameter_importances', TALL_PX);
    case 'parallel':
      return {
        ...shown(parallelCoordinatesFigure, 'parallel_coordinates', TALL_PX),
        minWidthPx: AXIS_PX * (1 + spaceParameters(state.config).length),
        trialsInBox,
      };
    case 'slice':
      return { ...shown(sliceAt, 'slice'), minWidthPx: slice === 'all' ? SMALL_CHARTS_PX : 0 };
    case 'contour':
      return shown(contourAt, 'contour', TALL_PX);
    case 'curves':
      return shown(learningCurvesFigure, 'learning_curves', TALL_PX);
    case 'distribution':
      return shown(objectiveDistributionFigure, 'objective_distribution');
    case 'timeline':
      return shown(timelineFigure, 'worker_timeline');
    default:
      return assertNever(tab);
  }
}

const WORKING_OUT = { isKnown: false, nTrials: 0, reason: 'Working the importances out …' } as const;

/** Running stretches are drawn up to the last event, so that the figure changes with the study and not with the clock. */
function timelineFigure(input: TrialFigureInput, theme: ChartTheme) {
  return workerTimelineFigure({ ...input, nowMs: input.state.updatedAtMs }, theme);
}
