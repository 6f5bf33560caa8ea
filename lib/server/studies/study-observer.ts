import type { SamplerName } from '@/lib/tuning/study/study-config';
import type { StudyEvent } from '@/lib/tuning/study/study-events';
import type { StudyState } from '@/lib/tuning/study/study-state';
import type { StudyActivity } from '@/lib/tuning/study/study-view';

/** Hears what happens in all studies of a process, for metrics and for sending results elsewhere. It must not throw, and not wait. */
export interface StudyObserver {
  /** An event is on disk; `state` is the one after it. */
  readonly onEvent?: (event: StudyEvent, state: StudyState) => void;
  /** What the server does with a study has changed. */
  readonly onActivity?: (studyId: string, activity: StudyActivity) => void;
  /** What choosing the parameters of one trial took. */
  readonly onSuggested?: (sampler: SamplerName, durationMs: number) => void;
  /** What saving one event took, and whether it was saved. */
  readonly onSaved?: (durationMs: number, isSaved: boolean) => void;
}

/** Make one observer of several; whatever goes wrong in one is logged and reaches neither the study nor the others. */
export function observersTogether(observers: readonly StudyObserver[]): Required<StudyObserver> {
  const each = (tell: (observer: StudyObserver) => void) => {
    for (const observer of observers) {
      try {
        tell(observer);
      } catch (error) {
        console.error('An observer of the studies failed:', error);
      }
    }
  };
  return {
    onEvent: (event, state) => each((observer) => observer.onEvent?.(event, state)),
    onActivity: (studyId, activity) => each((observer) => observer.onActivity?.(studyId, activity)),
    onSuggested: (sampler, durationMs) => each((observer) => observer.onSuggested?.(sampler, durationMs)),
    onSaved: (durationMs, isSaved) => each((observer) => observer.onSaved?.(durationMs, isSaved)),
  };
}
