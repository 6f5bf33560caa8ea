import type { LayoutAxis } from 'plotly.js';
import type { StudyConfig } from '@/lib/tuning/study/study-config';
import { paddedRange } from './axis-range';
import { FIXED_ROOM, fixedMargin, themedAxis, WHOLE_SHARE_AXIS } from './base-layout';
import type { ChartTheme } from './chart-theme';
import { OBJECTIVE_TICKS, objectiveMeasure } from './objective-text';

/** Margins of a figure with an objective up and short numbers along. */
export const STUDY_MARGIN = fixedMargin({ left: 84, right: 16, bottom: 56 });

/** An axis of a study's objective that holds all the values, whatever is selected. */
export function objectiveAxis(
  config: Pick<StudyConfig, 'objective' | 'validation'>,
  values: Iterable<number>,
  options: { readonly theme: ChartTheme; readonly title?: string },
): Partial<LayoutAxis> {
  return themedAxis(options.theme, options.title ?? objectiveMeasure(config), {
    ...FIXED_ROOM,
    range: paddedRange(values),
    tickformat: OBJECTIVE_TICKS,
  });
}

/** An axis of trials or boosting rounds. */
export function countAxis(
  title: string,
  range: readonly [number, number],
  theme: ChartTheme,
): Partial<LayoutAxis> {
  return themedAxis(theme, title, {
    ...FIXED_ROOM,
    range: [...range],
    tickformat: ',d',
    showgrid: false,
    zeroline: false,
  });
}

/** An axis of shares of the complete trials. */
export function shareAxis(theme: ChartTheme): Partial<LayoutAxis> {
  return themedAxis(theme, 'Share of complete trials up to it', { ...FIXED_ROOM, ...WHOLE_SHARE_AXIS });
}
