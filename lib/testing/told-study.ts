import type { StudyListener } from '@/lib/store/services';
import { DEFAULT_TUNING_PLAN } from '@/lib/tuning/study/pipeline-params';
import type { StudyConfig } from '@/lib/tuning/study/study-config';
import type { StudyChange, StudyEvent } from '@/lib/tuning/study/study-events';
import type { StudyActivity } from '@/lib/tuning/study/study-view';
import { digestNamed } from './small-services';

const METRICS = {
  roc_auc: 0.8,
  average_precision: 0.2,
  logloss: 0.3,
  f1_score: 0.1,
  recall: 0.1,
  expected_profit: 0,
};

const PARAMS = { max_depth: 3, learning_rate: 0.1, n_estimators: 50, subsample: 1, colsample_bytree: 1 };

/** Number changes as a journal would, event n at 1000 + n milliseconds. */
export function numbered(changes: readonly StudyChange[], after = 0): readonly StudyEvent[] {
  return changes.map((change, i) => ({ ...change, sequence: after + i + 1, atMs: 1001 + after + i }));
}

/** The start of a study of one worker on the dataset `d0.85-42` of the small services. */
export function created(config: Partial<StudyConfig> = {}, studyId = 'study-1'): StudyChange {
  return {
    type: 'study_created',
    studyId,
    config: {
      ...DEFAULT_TUNING_PLAN,
      datasetDigest: digestNamed('d0.85-42'),
      featureSpecDigest: digestNamed('s'),
      nTrials: 2,
      workers: 1,
      sampler: 'random',
      seed: 42,
      ...config,
    },
    engineVersion: '3',
    nProcesses: 1,
    gateOverrideReason: null,
  };
}

/** A trial that begins. */
export function started(trialNumber: number, attempt = 1): StudyChange {
  return { type: 'trial_started', trialNumber, step: trialNumber, params: PARAMS, attempt, toRounds: 50 };
}

/** A trial that comes to an end with a result. */
export function ended(
  trialNumber: number,
  type: 'trial_completed' | 'trial_paused' | 'trial_pruned' = 'trial_completed',
): StudyChange {
  return {
    type,
    trialNumber,
    metrics: METRICS,
    standardError: null,
    rounds: 50,
    trainedRounds: 50,
    curve: [[50, 0.8]],
    durationMs: 5,
    worker: 0,
  };
}

/** Tells a listener of a study's changes as the server would, each drawn at once. */
export class StudyTeller {
  readonly #listener: () => StudyListener | null | undefined;
  #sequence: number;

  /**
   * @param listener asked anew each time
   * @param nTold events that the listener has already
   */
  constructor(listener: () => StudyListener | null | undefined, nTold = 0) {
    this.#listener = listener;
    this.#sequence = nTold;
  }

  /** Tell of changes, all in one go. */
  tell(...changes: readonly StudyChange[]): void {
    this.#listener()?.onEvents(numbered(changes, this.#sequence));
    this.#sequence += changes.length;
    this.#listener()?.onSettled();
  }

  /** Tell what the server does with the study. */
  activity(kind: StudyActivity['kind'], problem: StudyActivity['problem'] = null): void {
    this.#listener()?.onActivity({ kind, problem });
    this.#listener()?.onSettled();
  }

  /** Tell how a trial does. */
  report(trialNumber: number, rounds: number, value: number): void {
    this.#listener()?.onReport({ trialNumber, rounds, value });
    this.#listener()?.onSettled();
  }
}
