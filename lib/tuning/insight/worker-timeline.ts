import type { StudyState } from '@/lib/tuning/study/study-state';
import type { TrialStretch } from '@/lib/tuning/study/trial-record';

/** A stretch of training in the lane of a process. */
export interface LaneStretch {
  readonly trialNumber: number;
  /** From 0. */
  readonly lane: number;
  /** Whether the process is on record; else the stretch was put into the first lane that was free. */
  readonly isKnown: boolean;
  readonly rung: number;
  readonly outcome: TrialStretch['outcome'];
  /** Milliseconds since the study was created, breaks cut out. */
  readonly startMs: number;
  readonly endMs: number;
}

/** A time in which nothing ran, cut out of the timeline. */
export interface TimelineBreak {
  /** Milliseconds since the study was created, earlier breaks cut out. */
  readonly atMs: number;
  readonly lengthMs: number;
}

/** Who trained what and when. */
export interface WorkerTimeline {
  /** Earliest first. */
  readonly stretches: readonly LaneStretch[];
  readonly nLanes: number;
  readonly breaks: readonly TimelineBreak[];
  /** From the creation of the study to the last end, breaks cut out. */
  readonly lengthMs: number;
  /** Share of all lanes' time that something ran in, 0–1. */
  readonly busyShare: number;
}

/** Shorter times without a stretch are left as they are. */
const MIN_BREAK_MS = 5000;
/** As are those that are a smaller share of the time in which something ran. */
const MIN_BREAK_SHARE = 0.2;

/**
 * Lay a study's stretches of training out by process. A stretch that runs or was lost is on record without its process: it
 * goes into the first lane that was free all the while. A lost one ends at the study's last sign of life before its loss
 * was noted. Long times in which nothing ran, as after a crash of the machine, are cut out.
 *
 * @param nowMs milliseconds since 1970, until when a running stretch is drawn
 */
export function workerTimeline(
  { trials, nProcesses, createdAtMs }: Pick<StudyState, 'trials' | 'nProcesses' | 'createdAtMs'>,
  nowMs: number,
): WorkerTimeline {
  const stretches = endedStretches(trials, nowMs);
  const lanes = stretchLanes(stretches, nProcesses);
  const breaks = idleTimes(stretches, createdAtMs);
  const since = (atMs: number) =>
    atMs -
    createdAtMs -
    breaks.reduce((cut, idle) => cut + Math.max(0, Math.min(atMs, idle.toMs) - idle.fromMs), 0);
  const laid = stretches.map(({ trialNumber, worker, rung, outcome, startedAtMs, endedAtMs }, i) => ({
    ...{ trialNumber, lane: lanes[i]!, isKnown: worker !== null, rung, outcome },
    startMs: since(startedAtMs),
    endMs: since(endedAtMs),
  }));
  const nLanes = lanes.reduce((n, lane) => Math.max(n, lane + 1), nProcesses);
  const lengthMs = laid.reduce((length, { endMs }) => Math.max(length, endMs), 0);
  const busyMs = laid.reduce((sum, { startMs, endMs }) => sum + endMs - startMs, 0);
  return {
    stretches: laid,
    nLanes,
    breaks: breaks.map(({ fromMs, toMs }) => ({ atMs: since(fromMs), lengthMs: toMs - fromMs })),
    lengthMs,
    busyShare: lengthMs === 0 ? 0 : Math.min(1, busyMs / (lengthMs * nLanes)),
  };
}

interface TimedStretch extends TrialStretch {
  readonly trialNumber: number;
  readonly endedAtMs: number;
}

/** All stretches with an end, earliest first. */
function endedStretches(trials: StudyState['trials'], nowMs: number): readonly TimedStretch[] {
  const stretches = trials
    .flatMap((trial) =>
      trial === undefined
        ? []
        : trial.stretches.map((stretch) => ({ ...stretch, trialNumber: trial.number })),
    )
    .sort((a, b) => a.startedAtMs - b.startedAtMs);
  const signsOfLife = stretches
    .flatMap(({ startedAtMs, endedAtMs, outcome }) =>
      endedAtMs === null || outcome === 'lost' ? [startedAtMs] : [startedAtMs, endedAtMs],
    )
    .sort((a, b) => a - b);
  return stretches.map((stretch) => {
    const { startedAtMs, endedAtMs, outcome } = stretch;
    const notedMs = endedAtMs ?? nowMs;
    const endMs = outcome === 'lost' ? signsOfLife.findLast((atMs) => atMs < notedMs) : notedMs;
    return { ...stretch, endedAtMs: Math.max(startedAtMs, endMs ?? startedAtMs) };
  });
}

/** By stretch: its lane. Those on record are set first, the others into the gaps they leave. */
function stretchLanes(stretches: readonly TimedStretch[], nProcesses: number): readonly number[] {
  const byLane: TimedStretch[][] = Array.from({ length: nProcesses }, () => []);
  const put = (stretch: TimedStretch, lane: number) => {
    while (byLane.length <= lane) byLane.push([]);
    byLane[lane]!.push(stretch);
    return lane;
  };
  for (const stretch of stretches) if (stretch.worker !== null) put(stretch, stretch.worker);
  return stretches.map((stretch) => {
    if (stretch.worker !== null) return stretch.worker;
    const free = byLane.findIndex((lane) => lane.every((other) => !overlap(stretch, other)));
    return put(stretch, free < 0 ? byLane.length : free);
  });
}

function overlap(a: TimedStretch, b: TimedStretch): boolean {
  return a.startedAtMs < b.endedAtMs && b.startedAtMs < a.endedAtMs;
}

interface IdleTime {
  readonly fromMs: number;
  readonly toMs: number;
}

function idleTimes(stretches: readonly TimedStretch[], createdAtMs: number): readonly IdleTime[] {
  const gaps: IdleTime[] = [];
  let busyMs = 0;
  let untilMs = createdAtMs;
  for (const { startedAtMs, endedAtMs } of stretches) {
    if (startedAtMs > untilMs) gaps.push({ fromMs: untilMs, toMs: startedAtMs });
    busyMs += Math.max(0, endedAtMs - Math.max(untilMs, startedAtMs));
    untilMs = Math.max(untilMs, endedAtMs);
  }
  const longest = Math.max(MIN_BREAK_MS, busyMs * MIN_BREAK_SHARE);
  return gaps.filter(({ fromMs, toMs }) => toMs - fromMs > longest);
}
