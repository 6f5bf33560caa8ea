import type { StoreApi } from 'zustand/vanilla';
import { validationCounts } from '@/lib/quality/validation-counts';
import { studyConfigOf } from '@/lib/tuning/study/pipeline-params';
import { type CellRuns, failureOf } from './cell-runs';
import { planOfConfig } from './plan-of-config';
import type { WorkbenchServices } from './services';
import { StudyFollower } from './study-follower';
import { StudyShelf } from './study-shelf';
import { canLaunchStudy, shownStudy, type WorkbenchState } from './workbench-state';

/** Launches studies, commands them, and takes up again the one that fits the prepared dataset. */
export class StudyDesk {
  /** The other studies of the server. */
  readonly shelf: StudyShelf;
  readonly #store: StoreApi<WorkbenchState>;
  readonly #runs: CellRuns;
  readonly #services: WorkbenchServices;
  readonly #follower: StudyFollower;
  /** Grows whenever another study is wanted, or none, so that an older answer of the server comes too late. */
  #nWishes = 0;

  constructor(parts: {
    store: StoreApi<WorkbenchState>;
    runs: CellRuns;
    services: WorkbenchServices;
    onEvaluated: (modelId: string) => void;
  }) {
    const { store, runs, services } = parts;
    this.#store = store;
    this.#runs = runs;
    this.#services = services;
    this.shelf = new StudyShelf({ store, training: services.training });
    this.#follower = new StudyFollower({
      store,
      runs,
      training: services.training,
      now: services.now,
      onEvaluated: parts.onEvaluated,
      onListed: () => this.shelf.refreshIfListed(),
    });
  }

  /** Stop following. The study itself goes on. */
  leave(): void {
    this.#nWishes += 1;
    this.#follower.leave();
    this.shelf.putBack();
  }

  /** Show what evaluating took on the server. */
  showEvaluated(): void {
    this.#follower.showEvaluated();
  }

  /** Start a study on the prepared dataset with the plan as it stands. Does nothing where `canLaunchStudy` is false. */
  async launch(): Promise<void> {
    const state = this.#store.getState();
    const { features, params, gateOverrideReason, quality, ingest } = state;
    if (features === null || !canLaunchStudy(state)) return;
    const { training, crm, newKey } = this.#services;
    await this.#begin('Sending the matrix', async () => {
      const { datasetDigest, specDigest, spec } = features;
      const config = studyConfigOf(params, { datasetDigest, featureSpecDigest: specDigest });
      await training.putDataset(datasetDigest, await crm.dataset());
      const launched = await training.launch({
        config,
        spec,
        gateOverrideReason,
        validation: quality && validationCounts(quality, ingest?.outcomes ?? []),
        idempotencyKey: newKey(),
      });
      // What is launched is no longer only written here.
      this.#store.setState({ isPlanEdited: false, spaceDraft: null });
      return launched;
    });
  }

  /** Run the page's own study again with another seed, as a new study. */
  async rerun(seed: number): Promise<void> {
    const { study } = this.#store.getState();
    if (study === null) return;
    const again = { seed, idempotencyKey: this.#services.newKey() };
    await this.#begin('Asking for the same study again', () =>
      this.#services.training.rerun(study.state.studyId, again),
    );
  }

  /** End the trials of the study that is shown; what is finished is kept. */
  stop(): Promise<void> {
    return this.#command((studyId) => this.#services.training.stop(studyId));
  }

  /** Let the trials that run come to their end, and begin no more. */
  pause(): Promise<void> {
    return this.#command((studyId) => this.#services.training.pause(studyId));
  }

  /** Go on with an interrupted, paused, stopped or failed study. */
  resume(): Promise<void> {
    return this.#command((studyId) => this.#services.training.resume(studyId));
  }

  /** Build and judge the model of a study that was stopped early. */
  evaluate(): Promise<void> {
    return this.#command((studyId) => this.#services.training.evaluate(studyId));
  }

  /** Give the study more trials than it has, and go on with it. */
  extend(nMore: number): Promise<void> {
    return this.#command((studyId, nTrials) => this.#services.training.extend(studyId, nTrials + nMore));
  }

  /** Put the plan of the study that is shown into the editor; what an edited plan made stale is fresh again. */
  takePlan(): void {
    const state = this.#store.getState();
    const study = shownStudy(state);
    if (study === null) return;
    const params = { ...state.params, ...planOfConfig(study.state.config) };
    const isOwn = study.state.studyId === this.#follower.studyId;
    this.#store.setState({ params, isPlanEdited: !isOwn, spaceDraft: null });
    if (isOwn && state.statuses.tuning.kind === 'stale') this.#follower.follow(study.state.studyId);
  }

  /** Follow a study of the prepared features; look at one of other data beside the page's own. */
  open(studyId: string): void {
    const { features, statuses } = this.#store.getState();
    this.shelf.putBack();
    if (studyId === this.#follower.studyId) return;
    const here = statuses.features.kind === 'done' ? features : null;
    const reason = this.shelf.foreignness(studyId, here);
    if (reason !== null) this.shelf.view(studyId, reason);
    else {
      this.leave();
      this.#followNew(studyId);
    }
  }

  /**
   * Take up the newest study of the prepared dataset, if the server has one.
   *
   * @param isWanted whether nothing newer has begun while the server was asked
   */
  async attachLatest(isWanted: () => boolean): Promise<void> {
    const { features, study } = this.#store.getState();
    if (!features) return;
    const wish = this.#nWishes;
    const isNewest = () => isWanted() && this.#nWishes === wish;
    try {
      const studyId = await this.#services.training.latest(features.datasetDigest, features.specDigest);
      if (!isNewest()) return;
      if (studyId) this.#follower.follow(studyId);
      else if (study) this.#runs.outdateOne('tuning', 'The features changed since this study ran.');
      else this.#runs.tell('tuning', { type: 'reset', reason: 'Ready to start.' });
    } catch (error) {
      if (!isNewest()) return;
      const failure = failureOf(error, 'Tuning study');
      this.#runs.tell('tuning', { type: 'failed', atMs: this.#services.now(), failure });
    }
  }

  /** Ask for a new study and follow it in the place of the one before. */
  async #begin(label: string, ask: () => Promise<string>): Promise<void> {
    this.leave();
    const wish = this.#nWishes;
    this.#store.setState({ commandFailure: null });
    let studyId: string | null = null;
    await this.#runs.run('tuning', async (onProgress) => {
      onProgress({ label, done: 0, total: 0 });
      studyId = await ask();
      return {};
    });
    // Meanwhile another file may be open, or the features may be others: this study is not of what the page shows.
    if (studyId !== null && this.#nWishes === wish) this.#followNew(studyId);
    this.shelf.refreshIfListed();
  }

  #followNew(studyId: string): void {
    this.#store.setState({ study: null, model: null, scores: null, leads: null, commandFailure: null });
    this.#runs.outdate('tuning');
    // Until its first event arrives, so that nobody takes it for done and starts another.
    this.#runs.tell('tuning', { type: 'started', atMs: this.#services.now() });
    this.#follower.follow(studyId);
  }

  /** Send a command to the study that is shown. One that is refused leaves the study as it is. */
  async #command(send: (studyId: string, nTrials: number) => Promise<void>): Promise<void> {
    const study = shownStudy(this.#store.getState());
    if (study === null) return;
    this.#store.setState({ commandFailure: null });
    try {
      await send(study.state.studyId, study.state.config.nTrials);
    } catch (error) {
      this.#store.setState({ commandFailure: failureOf(error, 'Tuning study') });
    }
    this.shelf.refreshIfListed();
  }
}
