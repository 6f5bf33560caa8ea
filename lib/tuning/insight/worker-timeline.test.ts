import { describe, expect, it } from 'vitest';
import { trialOf } from '@/lib/testing/trial-of';
import type { TrialStretch } from '@/lib/tuning/study/trial-record';
import { workerTimeline } from './worker-timeline';

const stretch = (
  startedAtMs: number,
  endedAtMs: number | null,
  worker: number | null,
  outcome: TrialStretch['outcome'] = 'complete',
): TrialStretch => ({ startedAtMs, endedAtMs, worker, rung: 0, outcome });

function timelineOf(stretches: readonly (readonly TrialStretch[])[], nowMs = 9_000_000) {
  const trials = stretches.map((own, i) => trialOf(i + 1, { stretches: own }));
  return workerTimeline({ trials: [...trials, undefined], nProcesses: 2, createdAtMs: 1000 }, nowMs);
}

describe('workerTimeline', () => {
  it('lays stretches out by the processes on record', () => {
    expect(
      timelineOf([[stretch(1000, 1400, 1)], [stretch(1100, 1200, 0, 'paused'), stretch(1300, 1500, 0)]]),
    ).toEqual({
      stretches: [
        { trialNumber: 1, lane: 1, isKnown: true, rung: 0, outcome: 'complete', startMs: 0, endMs: 400 },
        { trialNumber: 2, lane: 0, isKnown: true, rung: 0, outcome: 'paused', startMs: 100, endMs: 200 },
        { trialNumber: 2, lane: 0, isKnown: true, rung: 0, outcome: 'complete', startMs: 300, endMs: 500 },
      ],
      nLanes: 2,
      breaks: [],
      lengthMs: 500,
      // 400 + 100 + 200 of 2 × 500
      busyShare: 0.7,
    });
  });

  it('puts running and failed stretches into a lane that is free all the while', () => {
    const { stretches, nLanes } = timelineOf(
      [
        [stretch(1000, 1400, 0)],
        [stretch(1000, 1200, null, 'failed'), stretch(1200, 1500, 1)],
        [stretch(1450, null, null, 'running')],
        [stretch(1500, null, null, 'running')],
      ],
      2000,
    );
    expect(
      stretches.map(({ trialNumber, lane, isKnown, endMs }) => [trialNumber, lane, isKnown, endMs]),
    ).toEqual([
      [1, 0, true, 400],
      [2, 1, false, 200],
      [2, 1, true, 500],
      [3, 0, false, 1000],
      [4, 1, false, 1000],
    ]);
    expect(nLanes).toBe(2);
  });

  it('adds a lane where none is free', () => {
    const running = [0, 1, 2].map((i) => [stretch(1000 + i, null, null, 'running')]);
    const { stretches, nLanes } = timelineOf(running, 2000);
    expect(stretches.map(({ lane }) => lane)).toEqual([0, 1, 2]);
    expect(nLanes).toBe(3);
    expect(timelineOf([[stretch(1000, 1100, 5)]]).nLanes).toBe(6);
  });

  it('cuts long breaks out and ends a lost stretch at the last sign of life', () => {
    const dayMs = 86_400_000;
    const timeline = timelineOf([
      [stretch(1000, 3000, 0, 'paused'), stretch(3000, dayMs, null, 'lost'), stretch(dayMs, dayMs + 1000, 0)],
      [stretch(2000, 4000, 1)],
    ]);
    expect(timeline.stretches.map(({ outcome, startMs, endMs }) => [outcome, startMs, endMs])).toEqual([
      ['paused', 0, 2000],
      ['complete', 1000, 3000],
      ['lost', 2000, 3000],
      ['complete', 3000, 4000],
    ]);
    expect(timeline.breaks).toEqual([{ atMs: 3000, lengthMs: dayMs - 4000 }]);
    expect(timeline.lengthMs).toBe(4000);
    // 2000 + 2000 + 1000 + 1000 of 2 × 4000
    expect(timeline.busyShare).toBe(0.75);
  });

  it('leaves short breaks, and those that are small beside the work', () => {
    expect(timelineOf([[stretch(1000, 2000, 0), stretch(6000, 7000, 0)]]).breaks).toEqual([]);
    expect(timelineOf([[stretch(1000, 101_000, 0), stretch(111_000, 112_000, 0)]]).breaks).toEqual([]);
  });

  it('gives an empty timeline before anything runs', () => {
    expect(timelineOf([])).toEqual({ stretches: [], nLanes: 2, breaks: [], lengthMs: 0, busyShare: 0 });
  });

  it('gives a stretch that began this moment no length', () => {
    expect(timelineOf([[stretch(1000, null, null, 'running')]], 900)).toMatchObject({
      stretches: [{ startMs: 0, endMs: 0 }],
      lengthMs: 0,
      busyShare: 0,
    });
  });
});
