import { DEFAULT_PIPELINE_PARAMS, studyConfigOf } from '@/lib/tuning/pipeline-params';
import {
  type StudyChange,
  type StudyConfig,
  type StudyEvent,
  studyEventSchema,
  type TrialMetrics,
} from '@/lib/tuning/study-events';
import { type StudyState, studyAfter } from '@/lib/tuning/study-state';

/** Parameters of every trial here. */
const PARAMS = { max_depth: 3, learning_rate: 0.1, n_estimators: 50, subsample: 1, colsample_bytree: 0.7 };

const METRICS: TrialMetrics = {
  roc_auc: 0.8,
  average_precision: 0.2,
  logloss: 0.15,
  f1_score: 0.1,
  recall: 0.05,
  expected_profit: 12.5,
};

/** Write the config of a study with the defaults but for what is given. */
export function testConfig(changes: Partial<StudyConfig> = {}): StudyConfig {
  const data = { datasetDigest: 'a'.repeat(64), featureSpecDigest: 'b'.repeat(64) };
  return { ...studyConfigOf(DEFAULT_PIPELINE_PARAMS, data), ...changes };
}

/** How a stretch of training in a test ended. */
export interface TestStretch {
  readonly metrics?: Partial<TrialMetrics>;
  readonly trainedRounds?: number;
  readonly durationMs?: number;
}

function stretch({ metrics = {}, trainedRounds = 50, durationMs = 120 }: TestStretch) {
  return {
    metrics: { ...METRICS, ...metrics },
    standardError: null,
    rounds: trainedRounds,
    trainedRounds,
    curve: [[trainedRounds, metrics.roc_auc ?? METRICS.roc_auc] as [number, number]],
    durationMs,
    worker: 0,
  };
}

/** The changes of a study's journal, with what a test does not care about filled in. */
export const change = {
  created: (studyId: string, config = testConfig()): StudyChange => ({
    type: 'study_created',
    studyId,
    config,
    engineVersion: '3.4.1',
    nProcesses: 2,
    gateOverrideReason: null,
  }),
  started: (trialNumber: number, attempt = 1): StudyChange => ({
    type: 'trial_started',
    trialNumber,
    step: trialNumber,
    params: PARAMS,
    attempt,
    toRounds: 50,
  }),
  promoted: (trialNumber: number, step: number, rung = 1): StudyChange => ({
    type: 'trial_promoted',
    trialNumber,
    step,
    rung,
    attempt: 1,
    toRounds: 100,
  }),
  completed: (trialNumber: number, ended: TestStretch = {}): StudyChange => ({
    type: 'trial_completed',
    trialNumber,
    ...stretch(ended),
  }),
  paused: (trialNumber: number, ended: TestStretch = {}): StudyChange => ({
    type: 'trial_paused',
    trialNumber,
    ...stretch(ended),
  }),
  pruned: (trialNumber: number, ended: TestStretch = {}): StudyChange => ({
    type: 'trial_pruned',
    trialNumber,
    ...stretch(ended),
  }),
  failed: (
    trialNumber: number,
    kind: 'crashed' | 'hung' | 'memory' | 'refused',
    willRetry: boolean,
    message = 'the process ended with signal SIGSEGV',
  ): StudyChange => ({ type: 'trial_failed', trialNumber, kind, message, willRetry }),
  ended: (reason: 'completed' | 'stopped' | 'failed'): StudyChange => ({
    type: 'tuning_ended',
    reason,
    message: reason === 'failed' ? 'Too many trials failed.' : null,
  }),
  resumed: (): StudyChange => ({ type: 'study_resumed', nProcesses: 2, engineVersion: '3.4.1' }),
} as const;

/** Hears each event of a journal with the state after it. */
export type JournalReader = (event: StudyEvent, state: StudyState) => void;

/** Number and time changes as a journal does, one second apart from 1,000,000 ms on, and tell of each. Gives the last state. */
export function playJournal(changes: readonly StudyChange[], tell: JournalReader): StudyState {
  let state: StudyState | null = null;
  for (const [i, each] of changes.entries()) {
    const event = studyEventSchema.parse({ ...each, sequence: i + 1, atMs: 1_000_000 + 1000 * i });
    state = studyAfter(state, event);
    tell(event, state);
  }
  if (state === null) throw new Error('A journal has events');
  return state;
}
