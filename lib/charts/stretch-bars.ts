import type { Data, Datum } from 'plotly.js';
import type { LaneStretch, WorkerTimeline } from '@/lib/tuning/insight/worker-timeline';
import type { ChartTheme } from './chart-theme';
import { type MarkStyle, selectedColor, trialStateStyle } from './trial-marks';

/** How stretches end, in the order they are drawn. */
export const OUTCOMES = ['complete', 'paused', 'pruned', 'failed', 'lost', 'running'] as const;
export type Outcome = (typeof OUTCOMES)[number];

/** How high the bars of a lane are, as shares of it: how a stretch ended shows without its colour. */
const HEIGHTS: Readonly<Record<Outcome, number>> = {
  complete: 0.86,
  running: 0.86,
  paused: 0.64,
  pruned: 0.46,
  failed: 0.28,
  lost: 0.28,
};
/** More bars than these are too narrow for patterns, which take half of the time of drawing them. */
const MAX_PATTERNED = 300;
/** What went wrong is drawn at least so wide, as a share of the whole time. */
const MIN_WIDTH = 0.004;

/** Name a lane; workers are counted from 1, as trials are. */
export function laneName(lane: number): string {
  return `Worker ${lane + 1}`;
}

/** A unit of time and its length. */
export interface TimeUnit {
  readonly name: string;
  readonly ms: number;
}

/** Give the unit that keeps numbers up to a length short. */
export function timeUnit(lengthMs: number): TimeUnit {
  if (lengthMs < 600_000) return { name: 's', ms: 1000 };
  if (lengthMs < 36_000_000) return { name: 'min', ms: 60_000 };
  return { name: 'h', ms: 3_600_000 };
}

function outcomeStyle(outcome: Outcome, theme: ChartTheme): MarkStyle {
  if (outcome !== 'lost') return trialStateStyle(outcome, theme);
  return { name: 'Lost', color: theme.muted, symbol: 'x', dash: 'dot', pattern: '\\' };
}

/** Draw the stretches that ended in one way as bars; `customdata` of a bar begins with its trial number. */
export function stretchBars(
  stretches: readonly LaneStretch[],
  options: {
    readonly timeline: WorkerTimeline;
    readonly outcome: Outcome;
    readonly selected: ReadonlySet<number>;
    readonly theme: ChartTheme;
  },
): Data {
  const { timeline, outcome, selected, theme } = options;
  const unit = timeUnit(timeline.lengthMs);
  const minMs = outcome === 'lost' || outcome === 'failed' ? timeline.lengthMs * MIN_WIDTH : 0;
  const { name, color, pattern } = outcomeStyle(outcome, theme);
  const bars = {
    type: 'bar' as const,
    orientation: 'h' as const,
    name,
    y: stretches.map(({ lane }) => laneName(lane)),
    base: stretches.map(({ startMs }) => startMs / unit.ms),
    x: stretches.map(({ startMs, endMs }) => Math.max(minMs, endMs - startMs) / unit.ms),
    width: HEIGHTS[outcome],
    marker: barLook(
      stretches.map(({ trialNumber }) => trialNumber),
      { color, pattern, selected, theme, isPatterned: timeline.stretches.length <= MAX_PATTERNED },
    ),
    customdata: stretches.map(({ trialNumber, rung, startMs, endMs, isKnown }): Datum[] => [
      trialNumber,
      rung,
      `${((endMs - startMs) / unit.ms).toFixed(2)} ${unit.name}`,
      `${(startMs / unit.ms).toFixed(2)} ${unit.name}`,
      isKnown ? '' : '<br>its process is not on record',
    ]),
    hovertemplate: `Trial %{customdata[0]}, rung %{customdata[1]}, ${outcome}<br>%{customdata[2]} from %{customdata[3]}%{customdata[4]}<extra></extra>`,
  };
  return bars;
}

function barLook(
  trialNumbers: readonly number[],
  look: Pick<MarkStyle, 'color' | 'pattern'> & {
    readonly selected: ReadonlySet<number>;
    readonly theme: ChartTheme;
    readonly isPatterned: boolean;
  },
) {
  const { color, pattern, selected, theme, isPatterned } = look;
  const patternOf = (fgcolor: string | string[]) =>
    isPatterned && { pattern: { shape: pattern, bgcolor: theme.surface, fgcolor, size: 6 } };
  if (selected.size === 0) return { color, ...patternOf(color) };
  const areSelected = trialNumbers.map((number) => selected.has(number));
  const colors = areSelected.map((isSelected) => (isSelected ? selectedColor(color, theme) : theme.rest));
  return {
    color: colors,
    ...patternOf(colors),
    line: { color: theme.text, width: areSelected.map((isSelected) => (isSelected ? 2 : 0)) },
  };
}
