import type { StudyEvent } from '@/lib/tuning/study/study-events';
import { bestTrial, type StudyState } from '@/lib/tuning/study/study-state';
import type { TuningMetrics } from './tuning-metrics';

/** Shows the best objective of the study whose trials moved last, and none of another study or objective. */
export interface BestFollower {
  /** `state` is the one after the event. */
  follow(event: StudyEvent, state: StudyState): void;
}

/** Create a follower that has shown nothing yet. */
export function createBestFollower(best: TuningMetrics['best']): BestFollower {
  let shownStudyId: string | null = null;
  return {
    follow(event, state) {
      const isNew = event.type.startsWith('trial_') && state.studyId !== shownStudyId;
      const mayBeBetter = event.type === 'trial_completed' && state.studyId === shownStudyId;
      if (!isNew && !mayBeBetter) return;
      if (isNew) for (const gauge of Object.values(best)) gauge.set(null);
      shownStudyId = state.studyId;
      const { objective } = state.config;
      best[objective].set(bestTrial(state)?.metrics[objective] ?? null);
    },
  };
}
