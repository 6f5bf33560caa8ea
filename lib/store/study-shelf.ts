import type { StoreApi } from 'zustand/vanilla';
import { ExpectedFailure, type Failure } from '@/lib/core/result';
import type { StudyState } from '@/lib/tuning/study/study-state';
import { failureOf } from './cell-runs';
import type { TrainingService } from './services';
import { watchStudy } from './study-feed';
import type { WorkbenchState } from './workbench-state';

type Digests = Pick<NonNullable<WorkbenchState['features']>, 'datasetDigest' | 'specDigest'>;

/** All studies of the server: lists them, looks at one of other data, and reads several to compare. */
export class StudyShelf {
  readonly #store: StoreApi<WorkbenchState>;
  readonly #training: TrainingService;
  #isAsking = false;
  /** Something changed while the server was being asked. */
  #isAskedAgain = false;
  #leaveViewed: (() => void) | null = null;
  #leaveRead: (() => void) | null = null;
  #nComparisons = 0;

  constructor(parts: { store: StoreApi<WorkbenchState>; training: TrainingService }) {
    this.#store = parts.store;
    this.#training = parts.training;
  }

  /** Ask for the list. Asked while an answer is under way, it asks once more after it. */
  async refresh(): Promise<void> {
    this.#isAskedAgain = true;
    if (this.#isAsking) return;
    this.#isAsking = true;
    this.#setList({ isLoading: true });
    try {
      while (this.#isAskedAgain) {
        this.#isAskedAgain = false;
        this.#setList({ listing: await this.#training.studies(), failure: null });
      }
    } catch (error) {
      this.#setList({ failure: failureOf(error, 'the list of studies') });
    } finally {
      this.#isAsking = false;
      this.#setList({ isLoading: false });
    }
  }

  /** Ask for the list again if it was ever asked for. */
  refreshIfListed(): void {
    const { listing, isLoading } = this.#store.getState().studies;
    if (listing !== null || isLoading) void this.refresh();
  }

  /** Say why a listed study's model cannot score what is open here; null when it can. */
  foreignness(studyId: string, here: Digests | null): string | null {
    const { listing } = this.#store.getState().studies;
    const listed = listing?.studies.find((study) => study.studyId === studyId);
    if (here === null) return 'The features of this file are not prepared yet.';
    if (listed === undefined) return 'It is not on the list of studies.';
    if (listed.datasetDigest !== here.datasetDigest) {
      return 'It was trained on another matrix: another file, seed of the split or share of sales.';
    }
    if (listed.featureSpecDigest !== here.specDigest) return 'It was trained on other features.';
    return null;
  }

  /** Look at a study of other data, beside the page's own. */
  view(studyId: string, reason: string): void {
    this.putBack();
    this.#store.setState({ viewed: { studyId, study: null, reason }, commandFailure: null });
    this.#leaveViewed = watchStudy(this.#training, studyId, {
      onStudy: (study, events) => {
        this.#store.setState({ viewed: { studyId, study, reason } });
        if (events.some(({ type }) => !type.startsWith('trial_'))) this.refreshIfListed();
      },
      onBroken: (error) => {
        this.putBack();
        this.#store.setState({ commandFailure: failureOf(error, 'the study') });
      },
    });
  }

  /** Go back to the page's own study. */
  putBack(): void {
    this.#leaveViewed?.();
    this.#leaveViewed = null;
    if (this.#store.getState().viewed !== null) this.#store.setState({ viewed: null, commandFailure: null });
  }

  /**
   * Read studies for comparison into `comparedStudies`, in the order given; none clears it. The newest request wins, and an
   * older one may never end. One that fails leaves what was compared before.
   */
  async compare(studyIds: readonly string[]): Promise<void> {
    this.#leaveRead?.();
    this.#leaveRead = null;
    this.#nComparisons += 1;
    const comparison = this.#nComparisons;
    try {
      const states: StudyState[] = [];
      for (const studyId of studyIds) {
        // One after the other: a browser opens few connections to a server at once.
        states.push(await this.#stateOf(studyId));
        if (this.#nComparisons !== comparison) return;
      }
      this.#store.setState({ comparedStudies: states });
    } catch (error) {
      this.#setList({ failure: failureOf(error, 'the comparison of studies') });
    }
  }

  async #stateOf(studyId: string): Promise<StudyState> {
    const { study, viewed, studies } = this.#store.getState();
    const followed = [study, viewed?.study].find((one) => one?.state.studyId === studyId);
    if (followed) return followed.state;
    const summary = studies.listing?.studies.find((one) => one.studyId === studyId);
    if (summary === undefined) throw new ExpectedFailure(UNLISTED);
    return new Promise((resolve, reject) => {
      this.#leaveRead = watchStudy(this.#training, studyId, {
        onStudy: ({ state }) => {
          // What was listed is here; what is newer may come or not.
          if (state.updatedAtMs < summary.updatedAtMs) return;
          this.#leaveRead?.();
          resolve(state);
        },
        onBroken: reject,
      });
    });
  }

  #setList(change: Partial<WorkbenchState['studies']>): void {
    this.#store.setState(({ studies }) => ({ studies: { ...studies, ...change } }));
  }
}

const UNLISTED: Failure = {
  code: 'study_unlisted',
  message: 'One of the studies is not on the list any more.',
  hint: 'Refresh the list and tick the studies again.',
};
