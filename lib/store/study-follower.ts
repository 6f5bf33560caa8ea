import type { StoreApi } from 'zustand/vanilla';
import { studyProgress } from '@/lib/tuning/study-progress';
import { type StudyState, studyAfter } from '@/lib/tuning/study-state';
import { isInterrupted, type StudyActivity } from '@/lib/tuning/study-view';
import type { CellRuns } from './cell-runs';
import type { TrainingService } from './services';
import type { FollowedStudy, WorkbenchState } from './workbench-state';

const RESUME_HINT = 'Resume it to try again, or start a new study.';

/** Follows one study on the server and keeps the tuning and evaluation cells in step with it. */
export class StudyFollower {
  readonly #store: StoreApi<WorkbenchState>;
  readonly #runs: CellRuns;
  readonly #training: TrainingService;
  readonly #onEvaluated: (modelId: string) => void;
  #unfollow: (() => void) | null = null;
  #evaluationStartedAtMs = 0;

  constructor(parts: {
    store: StoreApi<WorkbenchState>;
    runs: CellRuns;
    training: TrainingService;
    onEvaluated: (modelId: string) => void;
  }) {
    this.#store = parts.store;
    this.#runs = parts.runs;
    this.#training = parts.training;
    this.#onEvaluated = parts.onEvaluated;
  }

  /** Follow a study from its first event, leaving any other. */
  follow(studyId: string): void {
    this.leave();
    let state: StudyState | null = null;
    let activity: StudyActivity = { kind: 'running', problem: null };
    let connection: FollowedStudy['connection'] = 'live';
    const show = () => {
      if (state === null) return;
      const study = { state, activity, connection };
      this.#store.setState({ study });
      this.#showStatus(study);
    };
    this.#unfollow = this.#training.follow(studyId, {
      onEvent: (event) => {
        const isFirst = state === null;
        const wasEvaluated = state?.phase === 'evaluated';
        state = studyAfter(state, event);
        if (isFirst) this.#adoptParams(state);
        if (event.type === 'study_resumed') this.#runs.outdate('tuning');
        if (event.type === 'evaluation_started') this.#evaluationStartedAtMs = event.atMs;
        show();
        if (!wasEvaluated && state.phase === 'evaluated' && state.modelId) this.#onEvaluated(state.modelId);
      },
      onActivity: (now) => {
        activity = now;
        show();
      },
      onConnection: (now) => {
        connection = now;
        show();
      },
    });
  }

  /** Stop following. */
  leave(): void {
    this.#unfollow?.();
    this.#unfollow = null;
  }

  /** Show what evaluating took on the server, not what it took to fetch its result. */
  showEvaluated(): void {
    const state = this.#store.getState().study?.state;
    if (state?.phase !== 'evaluated') return;
    this.#runs.tell('evaluation', { type: 'started', atMs: this.#evaluationStartedAtMs });
    this.#runs.tell('evaluation', { type: 'finished', atMs: state.updatedAtMs });
  }

  /** A study found after a reload shows the parameters it was started with. */
  #adoptParams({ config }: StudyState): void {
    this.#store.setState(({ params }) => ({
      params: { ...params, nTrials: config.nTrials, workers: config.workers, sampler: config.sampler },
    }));
  }

  #showStatus(study: FollowedStudy): void {
    const { state, activity } = study;
    if (state.phase === 'tuning' || state.phase === 'stopping') this.#showTuning(study);
    else if (state.phase === 'failed') this.#showFailure(state);
    else this.#tellTuned(state);
    const { nTrials, nComplete, nFailed } = studyProgress(state);
    if (activity.problem) {
      const cell = state.tunedAtMs === null ? 'tuning' : 'evaluation';
      this.#runs.tell(cell, { type: 'failed', atMs: state.updatedAtMs, failure: activity.problem });
    } else if (state.phase === 'tuned') {
      const isWhole = nComplete + nFailed >= nTrials;
      const reason = isWhole
        ? 'Waits for the server.'
        : `The study was stopped after ${nComplete} of ${nTrials} trials.`;
      this.#runs.tell('evaluation', { type: 'reset', reason });
    } else if (state.phase === 'evaluating') {
      if (isInterrupted(study)) {
        this.#runs.tell('evaluation', { type: 'started', atMs: this.#evaluationStartedAtMs });
        this.#runs.tell('evaluation', {
          type: 'outdated',
          reason: 'Interrupted when the server stopped: resume the study.',
        });
      } else this.#runs.tell('evaluation', { type: 'started', atMs: this.#evaluationStartedAtMs });
    }
  }

  #showTuning(study: FollowedStudy): void {
    const { state, activity } = study;
    const { nTrials, nComplete, nFailed } = studyProgress(state);
    this.#runs.tell('tuning', { type: 'started', atMs: state.createdAtMs });
    if (isInterrupted(study)) {
      const reason = `Interrupted when the server stopped: ${nComplete} of ${nTrials} trials are kept. Resume it to go on.`;
      this.#runs.tell('tuning', { type: 'outdated', reason });
      return;
    }
    const label =
      activity.kind === 'queued'
        ? 'Waiting for another study; trials'
        : state.phase === 'stopping'
          ? 'Stopping; trials'
          : 'Trials';
    this.#runs.tell('tuning', {
      type: 'progressed',
      progress: { label, done: nComplete + nFailed, total: nTrials },
    });
  }

  #showFailure(state: StudyState): void {
    const failure = {
      code: 'study_failed',
      message: state.failure ?? 'The study failed.',
      hint: RESUME_HINT,
    };
    const { nTrials, nComplete, nFailed } = studyProgress(state);
    const wasTuned = nComplete > 0 && nComplete + nFailed >= nTrials;
    if (wasTuned) this.#tellTuned(state);
    this.#runs.tell(wasTuned ? 'evaluation' : 'tuning', { type: 'failed', atMs: state.updatedAtMs, failure });
  }

  #tellTuned(state: StudyState): void {
    this.#runs.tell('tuning', { type: 'started', atMs: state.createdAtMs });
    this.#runs.tell('tuning', { type: 'finished', atMs: state.tunedAtMs ?? state.updatedAtMs });
  }
}
