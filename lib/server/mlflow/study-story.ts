import type { StudyEvent } from '@/lib/tuning/study/study-events';
import { type StudyState, studyAfter } from '@/lib/tuning/study/study-state';
import type { RunImage, StudyImage } from './run-image';
import { milestonesAfter, NO_MILESTONES } from './study-milestones';
import { sharedTags, studyRunImage } from './study-run-image';
import { createTakeBook } from './take-book';
import { type TrialTake, takeImage } from './trial-takes';

/** What a study's journal comes to for MLflow; grows with the journal. */
export interface StudyStory {
  /** Take in a journal, whole each time: events that were seen already are passed over. */
  add(events: readonly StudyEvent[]): void;
  /** @throws before the first event */
  image(): StudyImage;
}

/**
 * Begin a study's story. The image is a function of the events alone, so whoever delivers it, and when, gives the same.
 *
 * @param leadbenchVersion as in package.json
 */
export function createStudyStory(leadbenchVersion: string): StudyStory {
  const takes = createTakeBook();
  const images = new WeakMap<TrialTake, RunImage>();
  let state: StudyState | null = null;
  let milestones = NO_MILESTONES;
  // The version of XGBoost is the same for all trials: a study does not go on with another.
  let shared: Readonly<Record<string, string>> = {};

  const imageOf = (studyId: string, take: TrialTake): RunImage => {
    const known = images.get(take);
    if (known !== undefined) return known;
    const image = takeImage(studyId, take, shared);
    images.set(take, image);
    return image;
  };

  return {
    add(events) {
      for (const event of events.slice(state?.lastSequence ?? 0)) {
        const after = studyAfter(state, event);
        if (after === state) continue;
        if (state === null) shared = sharedTags(after, leadbenchVersion);
        state = after;
        milestones = milestonesAfter(milestones, event, after);
        takes.apply(event, after);
      }
    },
    image() {
      if (state === null) throw new Error('A story without an event has no image');
      const { studyId, config, phase, lastSequence } = state;
      return {
        studyId,
        study: studyRunImage(state, milestones, shared),
        trials: takes.all().map((take) => imageOf(studyId, take)),
        models: milestones.models,
        lastSequence,
        isLive: phase !== 'paused' && phase !== 'tuned' && phase !== 'evaluated' && phase !== 'failed',
        datasetDigest: config.datasetDigest,
      };
    },
  };
}
