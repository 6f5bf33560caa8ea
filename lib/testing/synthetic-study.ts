import { derivedSeed, type RandomSource, randomSource } from '@/lib/core/random';
import { randomSampler } from '@/lib/tuning/samplers/random-sampler';
import { type TrialParams, trialParamsSchema } from '@/lib/tuning/space/search-space';
import { medianThresholds, type PruneBelow } from '@/lib/tuning/study/median-rule';
import { directionOf } from '@/lib/tuning/study/study-config';
import {
  type StudyChange,
  type StudyConfig,
  type StudyEvent,
  studyEventSchema,
  type TrialMetrics,
} from '@/lib/tuning/study/study-events';
import { type ReadyStep, roundsOfStep, stepsReady } from '@/lib/tuning/study/study-plan';
import { type StudyState, studyAfter } from '@/lib/tuning/study/study-state';

/** How a made-up study goes. */
export interface SyntheticStudy {
  readonly studyId: string;
  readonly config: StudyConfig;
  /** Trials that run at once. */
  readonly nProcesses: number;
  /** Every trial of which this is a divisor fails for good; 0 for none. */
  readonly failEvery: number;
  /** Every trial of which this is a divisor crashes once and is tried again; 0 for none. */
  readonly crashEvery: number;
}

const BEGAN_AT_MS = 1_760_000_000_000;

/** A step that runs, with all that will come of it. */
interface RunningStep {
  readonly endsAtMs: number;
  readonly worker: number;
  /** What it records, in order: crashes and new attempts, then its end. */
  readonly records: readonly StudyChange[];
}

/**
 * Make the whole journal of a study up, as the server would write it: the real plan of steps, the real median rule, random
 * parameters from the real space, an objective that depends on them smoothly, learning curves and times on a clock of its
 * own. The same input gives the same events.
 */
export function syntheticEvents(study: SyntheticStudy): readonly StudyEvent[] {
  const { studyId, config, nProcesses } = study;
  const events: StudyEvent[] = [];
  let state: StudyState | null = null;
  let nowMs = BEGAN_AT_MS;
  const record = (change: StudyChange): StudyState => {
    const event = studyEventSchema.parse({ ...change, sequence: events.length + 1, atMs: nowMs });
    events.push(event);
    state = studyAfter(state, event);
    return state;
  };
  let latest = record({
    type: 'study_created',
    studyId,
    config,
    engineVersion: '3.4.1',
    nProcesses,
    gateOverrideReason: null,
  });
  const running: RunningStep[] = [];
  for (;;) {
    for (const step of stepsReady(latest).slice(0, nProcesses - running.length)) {
      const begun = beginning(study, latest, step);
      latest = record(begun);
      const taken = new Set(running.map(({ worker }) => worker));
      const worker = Array.from({ length: nProcesses }, (_, i) => i).find((i) => !taken.has(i)) ?? 0;
      running.push(runningStep(study, { state: latest, begun, nowMs, worker }));
    }
    const [next] = running.sort((a, b) => a.endsAtMs - b.endsAtMs);
    if (next === undefined) break;
    running.shift();
    nowMs = next.endsAtMs;
    for (const change of next.records) latest = record(change);
  }
  record({ type: 'tuning_ended', reason: 'completed', message: null });
  return events;
}

/** Give the state after events. */
export function stateAfter(events: readonly StudyEvent[]): StudyState {
  const state = events.reduce<StudyState | null>(studyAfter, null);
  if (state === null) throw new Error('A study has events');
  return state;
}

type Beginning = Extract<StudyChange, { type: 'trial_started' | 'trial_promoted' }>;

function beginning({ config }: SyntheticStudy, state: StudyState, ready: ReadyStep): Beginning {
  const { trialNumber, step } = ready;
  if (ready.kind === 'promote') {
    const { rung } = ready;
    const nEstimators = state.trials[trialNumber - 1]?.params.n_estimators ?? 0;
    const toRounds = roundsOfStep(config, rung, nEstimators);
    return { type: 'trial_promoted', trialNumber, step, rung, attempt: 1, toRounds };
  }
  const random = randomSource(derivedSeed(config.seed, `trial:${trialNumber}`));
  const { searchSpace: space, seed } = config;
  const params = trialParamsSchema.parse(
    randomSampler({ space, seed, trialNumber, history: [], pending: [], random }),
  );
  const toRounds = roundsOfStep(config, 0, params.n_estimators);
  return { type: 'trial_started', trialNumber, step, params, attempt: 1, toRounds };
}

function runningStep(
  study: SyntheticStudy,
  at: {
    readonly state: StudyState;
    readonly begun: Beginning;
    readonly nowMs: number;
    readonly worker: number;
  },
): RunningStep {
  const { state, begun, nowMs, worker } = at;
  const { config, failEvery, crashEvery } = study;
  const { trialNumber } = begun;
  const divides = (divisor: number) => divisor > 0 && trialNumber % divisor === 0;
  const crash = { type: 'trial_failed', trialNumber, kind: 'crashed', message: 'ended by SIGSEGV' } as const;
  if (divides(failEvery)) {
    const message = 'used more than 512 MiB';
    const records = [{ ...crash, kind: 'memory' as const, message, willRetry: false }];
    return { endsAtMs: nowMs + 40, worker, records };
  }
  const trial = state.trials[trialNumber - 1];
  if (trial === undefined) throw new Error(`Trial ${trialNumber} has not begun`);
  const pruneBelow = medianThresholds(state, trialNumber);
  const { params } = trial;
  const training = trained(config, { trialNumber, params, toRounds: begun.toRounds, pruneBelow });
  const roundMs = 0.6 + 0.15 * (params.max_depth ?? 6);
  const durationMs = (training.trainedRounds - trial.trainedRounds) * roundMs;
  const isComplete = training.hasStopped || begun.toRounds >= params.n_estimators;
  const type = training.isPruned ? 'trial_pruned' : isComplete ? 'trial_completed' : 'trial_paused';
  const { metrics, standardError, rounds, trainedRounds, curve } = training;
  const end: StudyChange = {
    ...{ type, trialNumber, metrics, standardError, rounds, trainedRounds, curve, durationMs, worker },
  };
  const isCrashing = divides(crashEvery) && begun.type === 'trial_started';
  const records = isCrashing ? [{ ...crash, willRetry: true }, { ...begun, attempt: 2 }, end] : [end];
  return { endsAtMs: nowMs + durationMs, worker, records };
}

interface Training {
  readonly metrics: TrialMetrics;
  readonly standardError: number;
  readonly rounds: number;
  readonly trainedRounds: number;
  readonly curve: [number, number][];
  readonly isPruned: boolean;
  /** Ended before its rounds, because it no longer got better. */
  readonly hasStopped: boolean;
}

/** Train: every report is a point of the curve, until the rounds are reached or a rule ends it. */
function trained(
  { objective, reportEveryRounds, earlyStoppingRounds, seed }: StudyConfig,
  job: {
    readonly trialNumber: number;
    readonly params: TrialParams;
    readonly toRounds: number;
    readonly pruneBelow: readonly PruneBelow[];
  },
): Training {
  const { trialNumber, params, toRounds, pruneBelow } = job;
  const random = randomSource(derivedSeed(seed, `objective:${trialNumber}`));
  const noise = normal(random) * 0.003;
  const sign = directionOf(objective) === 'maximize' ? 1 : -1;
  const metricsAt = (rounds: number) => metricsOf(rocAucAt(params, rounds) + noise);
  const curve: [number, number][] = [];
  let best = { rounds: 0, gain: Number.NEGATIVE_INFINITY };
  let isPruned = false;
  let hasStopped = false;
  for (let rounds = 0; rounds < toRounds && !isPruned && !hasStopped; ) {
    rounds = Math.min(rounds + reportEveryRounds, toRounds);
    const value = metricsAt(rounds)[objective];
    curve.push([rounds, value]);
    if (sign * value > best.gain) best = { rounds, gain: sign * value };
    isPruned = pruneBelow.some((at) => at.rounds === rounds && best.gain < sign * at.value);
    hasStopped = earlyStoppingRounds !== null && rounds - best.rounds >= earlyStoppingRounds;
  }
  const trainedRounds = curve.at(-1)?.[0] ?? 0;
  const rounds = earlyStoppingRounds === null ? trainedRounds : best.rounds;
  return {
    ...{ metrics: metricsAt(rounds), standardError: 0.006 + 0.004 * random(), rounds, trainedRounds },
    ...{ curve, isPruned, hasStopped },
  };
}

/** ROC AUC after so many rounds: rises towards what the parameters can reach, and falls again where they overfit. */
function rocAucAt(params: TrialParams, rounds: number): number {
  const { learning_rate = 0.3, max_depth = 6, subsample = 1, colsample_bytree = 1 } = params;
  const { min_child_weight = 1, reg_lambda = 1, grow_policy = 'depthwise', max_leaves = 0 } = params;
  const learned = rounds * learning_rate;
  const overfit = Math.max(0, learned * (max_depth - 2) - 60) / 2500;
  const shape =
    0.02 * (1 - ((max_depth - 5) / 4) ** 2) +
    0.008 * (subsample - colsample_bytree * 0.5) +
    0.004 * Math.log10(1 + min_child_weight) -
    0.003 * Math.log10(reg_lambda) ** 2 +
    (grow_policy === 'lossguide' ? 0.002 * Math.log2(1 + max_leaves) - 0.009 : 0);
  return 0.5 + (0.29 + shape) * (1 - Math.exp(-learned / 3)) - overfit;
}

/** Metrics that go with a ROC AUC. */
function metricsOf(rocAuc: number): TrialMetrics {
  const gain = 2 * rocAuc - 1;
  return {
    roc_auc: rocAuc,
    average_precision: 0.05 + 0.5 * gain ** 2,
    logloss: 0.22 - 0.12 * gain,
    f1_score: 0.1 + 0.4 * gain ** 2,
    recall: 0.08 + 0.5 * gain ** 2,
    expected_profit: 20 + 80 * gain,
  };
}

/** One draw of a normal variable with deviation 1 (Box–Muller). */
function normal(random: RandomSource): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}
