'use client';

import { useCallback, useDeferredValue } from 'react';
import type { ChartTheme } from '@/lib/charts/chart-theme';
import type { FigureSpec } from '@/lib/charts/figure-spec';
import type { StudyState } from '@/lib/tuning/study/study-state';
import { Figure } from '../../figure';
import type { FigureBox, FigurePick } from '../../figure-picks';
import { useCockpit } from './cockpit-context';

/** What every figure of a study is drawn from. */
export interface TrialFigureInput {
  readonly state: StudyState;
  readonly selected: ReadonlySet<number>;
}

/** A figure of a study, and how it is shown. */
export interface ShownFigure {
  readonly state: StudyState;
  /** Must be stable between draws that show the same data. */
  readonly figure: (input: TrialFigureInput, theme: ChartTheme) => FigureSpec;
  readonly fileName: string;
  readonly heightPx: number;
  /** As `Figure` takes it. */
  readonly minWidthPx?: number;
  /** Whether its marks are trials. */
  readonly isPickable: boolean;
  /** As `Figure` takes it. */
  readonly trialsInBox?: (box: FigureBox) => readonly number[];
}

/** A figure linked to all others of its study: what is picked in it is picked everywhere. */
export function TrialFigure({ state, figure, isPickable, ...passed }: ShownFigure) {
  const { picks, pick } = useCockpit();
  // The table marks a pick at once; figures follow when they can.
  const selected = useDeferredValue(picks.selected);
  const build = useCallback(
    (theme: ChartTheme) => figure({ state, selected }, theme),
    [figure, state, selected],
  );
  const handlePick = useCallback((made: FigurePick) => pick({ type: 'picked', ...made }), [pick]);
  return <Figure build={build} onPick={isPickable ? handlePick : undefined} {...passed} />;
}
