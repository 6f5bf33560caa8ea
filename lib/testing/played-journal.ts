import type { StudyChange, StudyConfig, StudyEvent, TrialMetrics } from '@/lib/tuning/study/study-events';
import { type StudyState, studyAfter } from '@/lib/tuning/study/study-state';
import { journalOf, started, studyConfig, trialMetrics } from './study-fixture';

/** How a stretch of training in a test ended, where it matters. */
export interface StretchEnd {
  readonly metrics?: Partial<TrialMetrics>;
  /** 50 when left out. */
  readonly rounds?: number;
  readonly durationMs?: number;
}

function stretchEnd(type: 'trial_completed' | 'trial_paused' | 'trial_pruned') {
  return (
    trialNumber: number,
    { metrics = {}, rounds = 50, durationMs = 120 }: StretchEnd = {},
  ): StudyChange => ({
    type,
    trialNumber,
    metrics: { ...trialMetrics(0.8), ...metrics },
    standardError: null,
    rounds,
    trainedRounds: rounds,
    curve: [[rounds, 0.8]],
    durationMs,
    worker: 0,
  });
}

/** The changes of a study's journal, with what a test of counting does not care about filled in. */
export const change = {
  created: (studyId: string, config: Partial<StudyConfig> = {}): StudyChange => ({
    type: 'study_created',
    studyId,
    config: studyConfig(config),
    engineVersion: '3.4.1',
    nProcesses: 2,
    gateOverrideReason: null,
  }),
  started: (trialNumber: number, attempt = 1): StudyChange => started(trialNumber, { attempt }),
  promoted: (trialNumber: number, step: number): StudyChange => ({
    type: 'trial_promoted',
    trialNumber,
    step,
    rung: 1,
    attempt: 1,
    toRounds: 100,
  }),
  completed: stretchEnd('trial_completed'),
  paused: stretchEnd('trial_paused'),
  pruned: stretchEnd('trial_pruned'),
  failed: (
    trialNumber: number,
    kind: 'crashed' | 'hung' | 'memory' | 'refused',
    willRetry: boolean,
    message = 'the process ended',
  ): StudyChange => ({ type: 'trial_failed', trialNumber, kind, message, willRetry }),
  ended: (reason: 'completed' | 'stopped' | 'failed', message: string | null = null): StudyChange => ({
    type: 'tuning_ended',
    reason,
    message,
  }),
  resumed: (): StudyChange => ({ type: 'study_resumed', nProcesses: 2, engineVersion: '3.4.1' }),
} as const;

/** Number and time changes as `journalOf` does, and tell of each with the state after it. Gives the last state. */
export function playJournal(
  changes: readonly StudyChange[],
  tell: (event: StudyEvent, state: StudyState) => void = () => undefined,
): StudyState {
  let state: StudyState | null = null;
  for (const event of journalOf(...changes)) {
    state = studyAfter(state, event);
    tell(event, state);
  }
  if (state === null) throw new Error('A journal has events');
  return state;
}
