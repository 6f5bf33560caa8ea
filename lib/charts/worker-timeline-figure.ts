import type { Data, Datum, Layout } from 'plotly.js';
import { nounText, percentText } from '@/lib/explore/plain-numbers';
import type { StudyState } from '@/lib/tuning/study-state';
import { type LaneStretch, type WorkerTimeline, workerTimeline } from '@/lib/tuning/worker-timeline';
import { emptyLayout, FIXED_ROOM, fixedMargin, themedAxis, themedLayout } from './base-layout';
import type { ChartTheme } from './chart-theme';
import { type FigureSpec, type FigureTable, numberColumn, textColumn } from './figure-spec';
import { type MarkStyle, type StudyFigureInput, selectedColor, trialStateStyle } from './trial-marks';

const OUTCOMES = ['complete', 'paused', 'pruned', 'failed', 'lost', 'running'] as const;
type Outcome = (typeof OUTCOMES)[number];

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
const LANE_PX = 34;
const EDGES_PX = 130;

/**
 * Draw which process trained what and when: a bar for each stretch of a trial, a lane for each process, a height and a look
 * for how it ended. Long times in which nothing ran are cut out, each marked by a dashed line.
 *
 * @param input.nowMs milliseconds since 1970, until when running stretches are drawn; `updatedAtMs` for a figure that only
 * changes with the study
 */
export function workerTimelineFigure(
  input: StudyFigureInput & {
    readonly state: Pick<StudyState, 'nProcesses' | 'createdAtMs'>;
    readonly nowMs: number;
  },
  theme: ChartTheme,
): FigureSpec {
  const { state, selected, nowMs } = input;
  const timeline = workerTimeline(state, nowMs);
  const unit = timeUnit(timeline.lengthMs);
  const table = timelineTable(timeline);
  if (timeline.stretches.length === 0) {
    const title = 'No worker has begun a trial yet.';
    return { title, data: [], layout: emptyLayout(theme, 'Nothing has run yet.'), table };
  }
  const lanes = Array.from({ length: timeline.nLanes }, (_, lane) => laneName(lane));
  return {
    title: timelineTitle(timeline),
    data: OUTCOMES.flatMap((outcome) => {
      const own = timeline.stretches.filter((stretch) => stretch.outcome === outcome);
      return own.length === 0 ? [] : [stretchBars(own, { timeline, outcome, selected, theme })];
    }),
    layout: themedLayout(theme, {
      showlegend: true,
      barmode: 'overlay',
      margin: fixedMargin({ left: 84, right: 16, bottom: 56 }),
      xaxis: themedAxis(theme, `Time since the study began (${unit.name}${cutNote(timeline)})`, {
        ...FIXED_ROOM,
        range: [0, (timeline.lengthMs / unit.ms) * 1.02],
        zeroline: false,
      }),
      yaxis: themedAxis(theme, '', {
        ...FIXED_ROOM,
        type: 'category',
        categoryorder: 'array',
        categoryarray: lanes,
        // The first worker on top.
        range: [lanes.length - 0.5, -0.5],
        showgrid: false,
      }),
      shapes: breakLines(timeline, unit, theme),
    }),
    table,
    heightPx: EDGES_PX + LANE_PX * lanes.length,
  };
}

/** Workers are counted from 1, as trials are. */
function laneName(lane: number): string {
  return `Worker ${lane + 1}`;
}

interface TimeUnit {
  readonly name: string;
  readonly ms: number;
}

/** The unit that keeps numbers short. */
function timeUnit(lengthMs: number): TimeUnit {
  if (lengthMs < 600_000) return { name: 's', ms: 1000 };
  if (lengthMs < 36_000_000) return { name: 'min', ms: 60_000 };
  return { name: 'h', ms: 3_600_000 };
}

function cutNote({ breaks }: WorkerTimeline): string {
  return breaks.length === 0 ? '' : `, ${nounText(breaks.length, 'break', 'breaks')} cut out`;
}

function timelineTitle(timeline: WorkerTimeline): string {
  const { stretches, nLanes, lengthMs, busyShare } = timeline;
  const unit = timeUnit(lengthMs);
  const count = (outcome: Outcome) => stretches.filter((stretch) => stretch.outcome === outcome).length;
  const lost = (['failed', 'lost', 'running'] as const).flatMap((outcome) =>
    count(outcome) === 0 ? [] : [`${count(outcome)} ${outcome}`],
  );
  const notes = lost.length === 0 ? '' : `, of them ${lost.join(', ')}`;
  return (
    `${nounText(nLanes, 'worker was', 'workers were')} busy ${percentText(busyShare, 0)} of ` +
    `${(lengthMs / unit.ms).toFixed(1)} ${unit.name} with ${nounText(stretches.length, 'stretch', 'stretches')} of training${notes}${cutNote(timeline)}.`
  );
}

function outcomeStyle(outcome: Outcome, theme: ChartTheme): MarkStyle {
  if (outcome !== 'lost') return trialStateStyle(outcome, theme);
  return { name: 'Lost', color: theme.muted, symbol: 'x', dash: 'dot', pattern: '\\' };
}

function stretchBars(
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

function breakLines({ breaks }: WorkerTimeline, unit: TimeUnit, theme: ChartTheme): Layout['shapes'] {
  return breaks.map(({ atMs }) => ({
    type: 'line',
    x0: atMs / unit.ms,
    x1: atMs / unit.ms,
    yref: 'paper',
    y0: 0,
    y1: 1,
    line: { color: theme.text, width: 1, dash: 'dash' },
  }));
}

function timelineTable({ stretches }: WorkerTimeline): FigureTable {
  return {
    columns: [
      numberColumn('trial', 'Trial', 'count'),
      numberColumn('rung', 'Rung', 'count'),
      textColumn('outcome', 'Ended'),
      numberColumn('worker', 'Worker', 'count'),
      textColumn('worker_known', 'Worker on record'),
      numberColumn('start_ms', 'From (ms)', 'count'),
      numberColumn('length_ms', 'Took (ms)', 'count'),
    ],
    rows: stretches.map(({ trialNumber, rung, outcome, lane, isKnown, startMs, endMs }) => ({
      trial: trialNumber,
      rung,
      outcome,
      worker: lane + 1,
      worker_known: isKnown ? 'yes' : 'no',
      start_ms: Math.round(startMs),
      length_ms: Math.round(endMs - startMs),
    })),
  };
}
