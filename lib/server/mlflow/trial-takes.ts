import type { TrialParams } from '@/lib/tuning/space/search-space';
import type { StudyEvent } from '@/lib/tuning/study/study-events';
import type { TrialRecord } from '@/lib/tuning/study/trial-record';
import { keyValues, type MetricPoint, type RunImage, type RunStatus } from './run-image';

type EventOf<T extends StudyEvent['type']> = Extract<StudyEvent, { type: T }>;
type EndEvent = EventOf<'trial_paused' | 'trial_pruned' | 'trial_completed'>;

/**
 * Where a take stands. `waiting`: it was cut short and begins again when the study goes on; `lost`: cut short by the end
 * of the tuning; `superseded`: begun again with other parameters, which is another take.
 */
export type TakeState = TrialRecord['state'] | 'waiting' | 'lost' | 'superseded';

/**
 * A trial with one set of parameters. Nearly every trial has one take. A study that failed and goes on may choose other
 * parameters for a trial number that failed; MLflow keeps the first value of a parameter, so that is another run.
 */
export interface TrialTake {
  readonly trialNumber: number;
  /** 1 for the first. */
  readonly take: number;
  readonly params: TrialParams;
  readonly startedAtMs: number;
  readonly state: TakeState;
  readonly endedAtMs: number | null;
  readonly attempts: number;
  /** How its last attempt failed; null where it did not. The message is left out: it may name paths of this machine. */
  readonly failureKind: EventOf<'trial_failed'>['kind'] | null;
  readonly points: readonly MetricPoint[];
  readonly throughSequence: number;
}

/** A trial that was pruned did what it was there for, so it counts as finished, as Ray Tune and Optuna tell MLflow. */
const STATUS: Readonly<Record<TakeState, RunStatus>> = {
  running: 'RUNNING',
  paused: 'SCHEDULED',
  waiting: 'SCHEDULED',
  complete: 'FINISHED',
  pruned: 'FINISHED',
  lost: 'KILLED',
  superseded: 'KILLED',
  failed: 'FAILED',
};

/** Give the take that an event of its trial leads to. `before` is the trial's latest take, if it has one. */
export function takeStarted(before: TrialTake | undefined, event: EventOf<'trial_started'>): TrialTake {
  const { trialNumber, params, attempt, atMs, sequence } = event;
  const isSame = before !== undefined && isSameParams(before.params, params);
  return {
    trialNumber,
    take: isSame ? before.take : (before?.take ?? 0) + 1,
    params,
    startedAtMs: isSame ? before.startedAtMs : atMs,
    state: 'running',
    endedAtMs: null,
    attempts: attempt,
    failureKind: null,
    points: isSame ? before.points : [],
    throughSequence: sequence,
  };
}

/** Give a take after it was measured: the new part of its learning curve, and its metrics by the rounds trained. */
export function takeMeasured(
  before: TrialTake,
  event: EndEvent,
  { objective, durationMs }: { readonly objective: string; readonly durationMs: number | null },
): TrialTake {
  const { atMs, metrics, standardError, rounds, trainedRounds, curve, sequence } = event;
  const values: Readonly<Record<string, number | null>> = {
    ...metrics,
    standard_error: standardError,
    rounds,
    trained_rounds: trainedRounds,
    duration_seconds: durationMs === null ? null : durationMs / 1000,
  };
  const measured = [
    ...curve.map(([step, value]) => ({ key: `learning_curve/${objective}`, value, step })),
    ...Object.entries(values).flatMap(([key, value]) =>
      value === null ? [] : [{ key, value, step: trainedRounds }],
    ),
  ];
  const lastSteps = new Map<string, number>();
  for (const { key, step } of before.points) lastSteps.set(key, step);
  const points = measured
    // What a stretch repeats of those before it is there already: the same seed gives the same values.
    .filter(({ key, step }) => step > (lastSteps.get(key) ?? 0))
    .map((point) => ({ ...point, timestamp: Math.round(atMs) }));
  return {
    ...before,
    state: event.type === 'trial_paused' ? 'paused' : event.type === 'trial_pruned' ? 'pruned' : 'complete',
    endedAtMs: event.type === 'trial_paused' ? null : atMs,
    failureKind: null,
    points: [...before.points, ...points],
    throughSequence: sequence,
  };
}

/** Give a take another state, as of an event. */
export function takeInState(
  before: TrialTake,
  state: TakeState,
  { atMs, sequence }: Pick<StudyEvent, 'atMs' | 'sequence'>,
): TrialTake {
  const isOver = STATUS[state] !== 'RUNNING' && STATUS[state] !== 'SCHEDULED';
  return { ...before, state, endedAtMs: isOver ? atMs : null, throughSequence: sequence };
}

/** Give the key of a take's run. */
export function takeKey(
  studyId: string,
  { trialNumber, take }: Pick<TrialTake, 'trialNumber' | 'take'>,
): string {
  return take === 1 ? `${studyId}/trial-${trialNumber}` : `${studyId}/trial-${trialNumber}/take-${take}`;
}

/** Give the run of a take. `studyTags` are those that it shares with its study. */
export function takeImage(
  studyId: string,
  take: TrialTake,
  studyTags: Readonly<Record<string, string>>,
): RunImage {
  const { trialNumber, params, state, attempts, failureKind } = take;
  return {
    key: takeKey(studyId, take),
    name: take.take === 1 ? `trial ${trialNumber}` : `trial ${trialNumber}, take ${take.take}`,
    status: STATUS[state],
    startedAtMs: take.startedAtMs,
    endedAtMs: take.endedAtMs,
    params: Object.entries(params).map(([key, value]) => ({ key, value: String(value) })),
    tags: keyValues({
      ...studyTags,
      'leadbench.key': takeKey(studyId, take),
      'leadbench.kind': 'trial',
      'leadbench.trial_number': String(trialNumber),
      'leadbench.trial_state': state,
      'leadbench.attempts': String(attempts),
      // A tag cannot be taken back by sending the others, so every one is always there.
      'leadbench.failure': failureKind ?? 'none',
    }),
    metrics: take.points,
    throughSequence: take.throughSequence,
  };
}

function isSameParams(a: TrialParams, b: TrialParams): boolean {
  const text = (params: TrialParams) =>
    JSON.stringify(Object.entries(params).sort(([x], [y]) => (x < y ? -1 : 1)));
  return text(a) === text(b);
}
