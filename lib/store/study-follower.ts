import type { StoreApi } from 'zustand/vanilla';
import type { StudyEvent } from '@/lib/tuning/study/study-events';
import { type CellRuns, failureOf } from './cell-runs';
import { planOfConfig } from './plan-of-config';
import type { TrainingService } from './services';
import { watchStudy } from './study-feed';
import { studyMessages } from './study-statuses';
import type { FollowedStudy, WorkbenchState } from './workbench-state';

/** Follows the page's own study on the server and keeps the tuning and evaluation cells in step with it. */
export class StudyFollower {
  readonly #store: StoreApi<WorkbenchState>;
  readonly #runs: CellRuns;
  readonly #training: TrainingService;
  readonly #now: () => number;
  readonly #onEvaluated: (modelId: string) => void;
  readonly #onListed: () => void;
  #unfollow: (() => void) | null = null;
  #studyId: string | null = null;
  #evaluationStartedAtMs: number | null = null;

  constructor(parts: {
    store: StoreApi<WorkbenchState>;
    runs: CellRuns;
    training: TrainingService;
    now: () => number;
    onEvaluated: (modelId: string) => void;
    /** Something that a list of studies shows of others too has changed, such as who runs. */
    onListed: () => void;
  }) {
    this.#store = parts.store;
    this.#runs = parts.runs;
    this.#training = parts.training;
    this.#now = parts.now;
    this.#onEvaluated = parts.onEvaluated;
    this.#onListed = parts.onListed;
  }

  /** The study that is followed, also before its first event is here; null when none is. */
  get studyId(): string | null {
    return this.#studyId;
  }

  /** Follow a study from its first event, leaving any other. */
  follow(studyId: string): void {
    this.leave();
    this.#studyId = studyId;
    this.#evaluationStartedAtMs = null;
    this.#unfollow = watchStudy(this.#training, studyId, {
      onStudy: (study, events) => this.#show(study, events),
      onBroken: (error) => {
        this.leave();
        const failure = failureOf(error, 'Tuning study');
        this.#runs.tell('tuning', { type: 'failed', atMs: this.#now(), failure });
      },
    });
  }

  /** Stop following. */
  leave(): void {
    this.#unfollow?.();
    this.#unfollow = null;
    this.#studyId = null;
  }

  /** Show what evaluating took on the server, not what it took to fetch its result. */
  showEvaluated(): void {
    const state = this.#store.getState().study?.state;
    if (state?.phase !== 'evaluated') return;
    const atMs = this.#evaluationStartedAtMs ?? state.updatedAtMs;
    this.#runs.tell('evaluation', { type: 'started', atMs });
    this.#runs.tell('evaluation', { type: 'finished', atMs: state.updatedAtMs });
  }

  #show(study: FollowedStudy, events: readonly StudyEvent[]): void {
    const isShown = this.#store.getState().study !== null;
    for (const event of events) {
      if (event.type === 'evaluation_started') this.#evaluationStartedAtMs = event.atMs;
      if (event.type === 'study_resumed') {
        this.#evaluationStartedAtMs = null;
        if (isShown) this.#runs.outdate('tuning');
      }
    }
    this.#adoptPlan(study, events);
    this.#store.setState({ study });
    for (const { cell, message } of studyMessages(study, this.#evaluationStartedAtMs)) {
      this.#runs.tell(cell, message);
    }
    const { phase, modelId } = study.state;
    const isEvaluatedNow = events.some(({ type }) => type === 'evaluation_completed');
    if (isEvaluatedNow && phase === 'evaluated' && modelId !== null) this.#onEvaluated(modelId);
    if (events.some(({ type }) => !type.startsWith('trial_'))) this.#onListed();
  }

  /** A study found on the server shows the plan it was started with, unless another one is being written here. */
  #adoptPlan({ state }: FollowedStudy, events: readonly StudyEvent[]): void {
    if (!events.some(({ type }) => type === 'study_created' || type === 'study_extended')) return;
    this.#store.setState(({ params, isPlanEdited }) =>
      isPlanEdited ? {} : { params: { ...params, ...planOfConfig(state.config) }, spaceDraft: null },
    );
  }
}
