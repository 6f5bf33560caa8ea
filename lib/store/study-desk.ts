import type { StoreApi } from 'zustand/vanilla';
import { studyConfigOf } from '@/lib/tuning/pipeline-params';
import { type CellRuns, failureOf } from './cell-runs';
import type { WorkbenchServices } from './services';
import { StudyFollower } from './study-follower';
import type { WorkbenchState } from './workbench-state';

/** Launches studies, commands them, and takes up again the one that fits the prepared dataset. */
export class StudyDesk {
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
    this.#store = parts.store;
    this.#runs = parts.runs;
    this.#services = parts.services;
    this.#follower = new StudyFollower({
      store: parts.store,
      runs: parts.runs,
      training: parts.services.training,
      onEvaluated: parts.onEvaluated,
    });
  }

  /** Stop following. The study itself goes on. */
  leave(): void {
    this.#nWishes += 1;
    this.#follower.leave();
  }

  /** Show what evaluating took on the server. */
  showEvaluated(): void {
    this.#follower.showEvaluated();
  }

  /** Start a study on the prepared dataset with the parameters as they stand. */
  async launch(): Promise<void> {
    const { features, params, gateOverrideReason } = this.#store.getState();
    if (!features) return;
    this.leave();
    const wish = this.#nWishes;
    const { training, crm, newKey } = this.#services;
    const config = studyConfigOf(params, {
      datasetDigest: features.datasetDigest,
      featureSpecDigest: features.specDigest,
    });
    let studyId: string | null = null;
    await this.#runs.run('tuning', async (onProgress) => {
      onProgress({ label: 'Sending the matrix', done: 0, total: 0 });
      await training.putDataset(features.datasetDigest, await crm.dataset());
      studyId = await training.launch({
        config,
        spec: features.spec,
        gateOverrideReason,
        idempotencyKey: newKey(),
      });
      return {};
    });
    // Meanwhile another file may be open, or the features may be others: this study is not of what the page shows.
    if (studyId === null || this.#nWishes !== wish) return;
    this.#store.setState({ study: null, model: null, scores: null, leads: null });
    this.#runs.outdate('tuning');
    // Until its first event arrives, so that nobody takes it for done and starts another.
    this.#runs.tell('tuning', { type: 'started', atMs: this.#services.now() });
    this.#follower.follow(studyId);
  }

  /** Send a command to the study at hand. */
  async command(name: 'stop' | 'resume' | 'evaluate'): Promise<void> {
    const { study } = this.#store.getState();
    if (!study) return;
    try {
      await this.#services.training[name](study.state.studyId);
    } catch (error) {
      this.#fail(error);
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
      if (isNewest()) this.#fail(error);
    }
  }

  #fail(error: unknown): void {
    const failure = failureOf(error, 'Tuning study');
    this.#runs.tell('tuning', { type: 'failed', atMs: this.#services.now(), failure });
  }
}
