import type { Layout } from 'plotly.js';
import { nounText, percentText } from '@/lib/explore/summary/plain-numbers';
import { type WorkerTimeline, workerTimeline } from '@/lib/tuning/insight/worker-timeline';
import type { StudyState } from '@/lib/tuning/study/study-state';
import { emptyLayout, FIXED_ROOM, fixedMargin, themedAxis, themedLayout } from './base-layout';
import type { ChartTheme } from './chart-theme';
import { type FigureSpec, type FigureTable, numberColumn, textColumn } from './figure-spec';
import { laneName, OUTCOMES, type Outcome, stretchBars, type TimeUnit, timeUnit } from './stretch-bars';
import type { StudyFigureInput } from './trial-marks';

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
        range: [0, (Math.max(timeline.lengthMs, 1) / unit.ms) * 1.02],
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
