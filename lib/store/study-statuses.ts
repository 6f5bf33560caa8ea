import { isTuningOver } from '@/lib/tuning/study/study-plan';
import { studyProgress } from '@/lib/tuning/study/study-progress';
import type { StudyState } from '@/lib/tuning/study/study-state';
import { isInterrupted, type StudyView } from '@/lib/tuning/study/study-view';
import type { CellMessage } from './cells';

/** What a cell is told about a study. */
export interface StudyMessage {
  readonly cell: 'tuning' | 'evaluation';
  readonly message: CellMessage;
}

const FAILED_HINT = 'Resume it to try again, or start a new study.';

/**
 * Say what the tuning and evaluation cells show of a study, as the messages that bring them there from any state.
 *
 * @param evaluationStartedAtMs of the last evaluation since tuning began or went on; null before it
 */
export function studyMessages(
  view: StudyView,
  evaluationStartedAtMs: number | null,
): readonly StudyMessage[] {
  const { state, activity } = view;
  const problem = activity.kind === 'idle' ? activity.problem : null;
  const isEvaluating = isAtEvaluation(state, evaluationStartedAtMs);
  const messages = isEvaluating ? tuned(state) : tuning(view);
  const failure = problem ?? (state.phase === 'failed' ? studyFailure(state) : null);
  if (failure !== null) {
    const cell = isEvaluating ? 'evaluation' : 'tuning';
    return [...messages, { cell, message: { type: 'failed', atMs: state.updatedAtMs, failure } }];
  }
  return isEvaluating ? [...messages, ...evaluation(view, evaluationStartedAtMs)] : messages;
}

/** Whether the trials are behind the study for now: what happens, happens to its model. */
function isAtEvaluation({ phase }: StudyState, evaluationStartedAtMs: number | null): boolean {
  switch (phase) {
    case 'tuning':
    case 'stopping':
    case 'pausing':
    case 'paused':
      return false;
    case 'tuned':
    case 'evaluating':
    case 'evaluated':
      return true;
    case 'failed':
      return evaluationStartedAtMs !== null;
  }
}

function studyFailure({ failure }: StudyState) {
  return { code: 'study_failed', message: failure ?? 'The study failed.', hint: FAILED_HINT };
}

function tuned(state: StudyState): readonly StudyMessage[] {
  return [
    { cell: 'tuning', message: { type: 'started', atMs: state.createdAtMs } },
    { cell: 'tuning', message: { type: 'finished', atMs: state.tunedAtMs ?? state.updatedAtMs } },
  ];
}

function tuning(view: StudyView): readonly StudyMessage[] {
  const { state } = view;
  const { nTrials, nOver, nPaused } = studyProgress(state);
  const started: StudyMessage = { cell: 'tuning', message: { type: 'started', atMs: state.createdAtMs } };
  const nKept = nOver + nPaused;
  if (state.phase === 'paused') {
    const reason = `${nKept} of ${nTrials} trials have a result. Resume it to go on.`;
    return [started, { cell: 'tuning', message: { type: 'paused', reason } }];
  }
  if (isInterrupted(view)) {
    const reason = `Interrupted when the server stopped: ${nKept} of ${nTrials} trials are kept. Resume it to go on.`;
    return [started, { cell: 'tuning', message: { type: 'outdated', reason } }];
  }
  const progress = { label: progressLabel(view), done: nKept, total: nTrials };
  return [started, { cell: 'tuning', message: { type: 'progressed', progress } }];
}

function progressLabel({ state, activity }: StudyView): string {
  if (activity.kind === 'queued') return 'Waiting for another study; trials';
  if (activity.kind === 'held') return 'Waiting for the disk; trials';
  if (state.phase === 'stopping') return 'Stopping; trials';
  if (state.phase === 'pausing') return 'Pausing; trials';
  return 'Trials';
}

function evaluation(view: StudyView, startedAtMs: number | null): readonly StudyMessage[] {
  const { state } = view;
  if (state.phase === 'tuned') {
    const { nTrials, nOver } = studyProgress(state);
    const reason = isTuningOver(state)
      ? 'Waits for the server.'
      : `The study was stopped after ${nOver} of ${nTrials} trials.`;
    return [{ cell: 'evaluation', message: { type: 'reset', reason } }];
  }
  // The model of an evaluated study is fetched, and its cell told, by who fetches it.
  if (state.phase !== 'evaluating') return [];
  const atMs = startedAtMs ?? state.updatedAtMs;
  const started: StudyMessage = { cell: 'evaluation', message: { type: 'started', atMs } };
  if (!isInterrupted(view)) return [started];
  const reason = 'Interrupted when the server stopped: resume the study.';
  return [started, { cell: 'evaluation', message: { type: 'outdated', reason } }];
}
