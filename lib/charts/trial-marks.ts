import type { Dash, Datum, MarkerSymbol, PatternShape } from 'plotly.js';
import type { StudyState } from '@/lib/tuning/study/study-state';
import type { TrialStatus } from '@/lib/tuning/study/trial-record';
import type { ChartTheme } from './chart-theme';

/** What a figure of a study's trials is drawn from. */
export interface StudyFigureInput {
  readonly state: Pick<StudyState, 'config' | 'trials'>;
  /** Numbers of the trials that are drawn emphasised, all others receding; empty for none. Axes stay as they are. */
  readonly selected: ReadonlySet<number>;
}

/** How the trials of one kind look; each differs in more than its colour. */
export interface MarkStyle {
  readonly name: string;
  readonly color: string;
  readonly symbol: MarkerSymbol;
  readonly dash: Dash;
  readonly pattern: PatternShape;
}

/** Give the look of trials in a state. */
export function trialStateStyle(state: TrialStatus, theme: ChartTheme): MarkStyle {
  const [blue, vermilion, green, purple] = theme.series;
  switch (state) {
    case 'complete':
      return { name: 'Complete', color: blue, symbol: 'circle', dash: 'solid', pattern: '' };
    case 'pruned':
      return { name: 'Pruned', color: theme.rest, symbol: 'triangle-down', dash: 'dot', pattern: '/' };
    case 'paused':
      return { name: 'Paused', color: green, symbol: 'square', dash: 'dash', pattern: '.' };
    case 'running':
      return { name: 'Running', color: purple, symbol: 'diamond', dash: 'dashdot', pattern: '-' };
    case 'failed':
      return { name: 'Failed', color: vermilion, symbol: 'x', dash: 'longdash', pattern: 'x' };
    default:
      return state satisfies never;
  }
}

/** A point that stands for a trial. */
export interface TrialPoint {
  readonly trialNumber: number;
  readonly x: Datum;
  readonly y: Datum;
  /** What the hover template writes as `%{customdata[1]}`, `[2]` …; the trial's number is `[0]`. */
  readonly texts: readonly string[];
}

/** How markers look. */
export interface MarkerStyle extends Pick<MarkStyle, 'name' | 'color' | 'symbol'> {
  /** Width of an outline in the colour of texts, for markers on a coloured ground; 0 when absent. */
  readonly outlinePx?: number;
}

const MARKER_SIZE = 8;

/**
 * Draw trials as markers. `customdata[i]` is an array that begins with the trial number of point i. Selected trials are
 * larger, outlined and on top; the others then take the receding colour and keep their symbol.
 */
export function trialMarkers(
  points: readonly TrialPoint[],
  options: {
    readonly style: MarkerStyle;
    readonly selected: ReadonlySet<number>;
    readonly theme: ChartTheme;
    readonly hovertemplate: string;
  },
) {
  const { style, selected, theme, hovertemplate } = options;
  const drawn = selectedLast(points, selected);
  return {
    type: 'scatter' as const,
    mode: 'markers' as const,
    name: style.name,
    x: drawn.map(({ x }) => x),
    y: drawn.map(({ y }) => y),
    marker: markerLook(
      drawn.map(({ trialNumber }) => trialNumber),
      { style, selected, theme },
    ),
    customdata: drawn.map(({ trialNumber, texts }): Datum[] => [trialNumber, ...texts]),
    hovertemplate,
  };
}

function markerLook(
  trialNumbers: readonly number[],
  options: {
    readonly style: MarkerStyle;
    readonly selected: ReadonlySet<number>;
    readonly theme: ChartTheme;
  },
) {
  const { style, selected, theme } = options;
  const { color, symbol, outlinePx = 0 } = style;
  if (selected.size === 0) {
    return { color, symbol, size: MARKER_SIZE, line: { color: theme.text, width: outlinePx } };
  }
  const areSelected = trialNumbers.map((number) => selected.has(number));
  return {
    color: areSelected.map((isSelected) => (isSelected ? selectedColor(color, theme) : theme.rest)),
    symbol,
    size: areSelected.map((isSelected) => (isSelected ? MARKER_SIZE + 4 : MARKER_SIZE - 2)),
    line: { color: theme.text, width: areSelected.map((isSelected) => (isSelected ? 2 : outlinePx)) },
  };
}

/** Bring what is selected behind the rest, where it is drawn on top; else keep the order. */
function selectedLast<T extends { readonly trialNumber: number }>(
  marks: readonly T[],
  selected: ReadonlySet<number>,
): readonly T[] {
  if (selected.size === 0) return marks;
  const isSelected = ({ trialNumber }: T) => selected.has(trialNumber);
  return [...marks.filter((mark) => !isSelected(mark)), ...marks.filter(isSelected)];
}

/** The colour of a mark in a selection: what recedes by itself must not look like what is not selected. */
export function selectedColor(color: string, { rest, text }: ChartTheme): string {
  return color === rest ? text : color;
}
