import type { TrialParams } from '@/lib/tuning/space/search-space';
import { DEFAULT_TUNING_PLAN } from '@/lib/tuning/study/pipeline-params';
import {
  type StudyChange,
  type StudyConfig,
  type StudyEvent,
  studyEventSchema,
  type TrialMetrics,
} from '@/lib/tuning/study/study-events';
import { type StudyState, studyAfter } from '@/lib/tuning/study/study-state';

/** A config by the design: 24 trials, 6 workers, TPE, seed 42. */
export function studyConfig(change: Partial<StudyConfig> = {}): StudyConfig {
  return {
    datasetDigest: 'a'.repeat(64),
    featureSpecDigest: 'b'.repeat(64),
    nTrials: 24,
    workers: 6,
    sampler: 'tpe',
    seed: 42,
    ...DEFAULT_TUNING_PLAN,
    ...change,
  };
}

/** Parameters of the design's space. */
export const DESIGN_PARAMS = {
  max_depth: 3,
  learning_rate: 0.1,
  n_estimators: 50,
  subsample: 1,
  colsample_bytree: 0.7,
} satisfies TrialParams;

/** Metrics of which only ROC AUC differs from trial to trial. */
export function trialMetrics(roc_auc: number): TrialMetrics {
  return { roc_auc, average_precision: 0.2, logloss: 0.2, f1_score: 0.1, recall: 0.05, expected_profit: 12 };
}

/** The event that creates a study. */
export function created(config: StudyConfig = studyConfig()): StudyChange {
  return {
    type: 'study_created',
    studyId: `study-${'0'.repeat(20)}`,
    config,
    engineVersion: '3.4.1',
    nProcesses: 2,
    gateOverrideReason: null,
  };
}

/** A trial begins in the step of its own number, as without successive halving. */
export function started(
  trialNumber: number,
  change: {
    readonly params?: TrialParams;
    readonly attempt?: number;
    readonly step?: number;
    readonly toRounds?: number;
  } = {},
): StudyChange {
  const { params = DESIGN_PARAMS, attempt = 1, step = trialNumber, toRounds = params.n_estimators } = change;
  return { type: 'trial_started', trialNumber, step, params, attempt, toRounds };
}

/** A stretch of a trial ends with a ROC AUC. */
export function ended(
  type: 'trial_completed' | 'trial_paused' | 'trial_pruned',
  trialNumber: number,
  result: { readonly rocAuc: number; readonly rounds?: number; readonly worker?: number },
): StudyChange {
  const { rocAuc, rounds = DESIGN_PARAMS.n_estimators, worker = 0 } = result;
  return {
    type,
    trialNumber,
    metrics: trialMetrics(rocAuc),
    standardError: 0.01,
    rounds,
    trainedRounds: rounds,
    curve: [[rounds, rocAuc]],
    durationMs: 120,
    worker,
  };
}

/** A trial is trained to its end. */
export function completed(trialNumber: number, rocAuc: number): StudyChange {
  return ended('trial_completed', trialNumber, { rocAuc });
}

/** A trial's process crashes. */
export function failed(trialNumber: number, willRetry: boolean): StudyChange {
  const message = 'the process ended with signal SIGSEGV';
  return { type: 'trial_failed', trialNumber, kind: 'crashed', message, willRetry };
}

/** Number the events 1, 2, 3 … and time them 1000, 1100, 1200 … ms. */
export function journalOf(...events: readonly StudyChange[]): readonly StudyEvent[] {
  return events.map((event, i) =>
    studyEventSchema.parse({ ...event, sequence: i + 1, atMs: 1000 + 100 * i }),
  );
}

/** Fold events that begin with the study's creation. */
export function stateAfter(...events: readonly StudyChange[]): StudyState {
  const state = journalOf(...events).reduce<StudyState | null>(studyAfter, null);
  if (state === null) throw new Error('no events');
  return state;
}
