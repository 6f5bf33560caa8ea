import type { Failure } from '@/lib/core/result';
import type { TrialReport } from '@/lib/server/xgboost/trial-executor';
import type { StudyEvent } from '@/lib/tuning/study/study-events';
import type { StudyActivity, StudyView } from '@/lib/tuning/study/study-view';
import type { StoredStudyLog } from './study-log';

/** Who follows a study, for example an open page. */
export interface StudyWatcher {
  /** Each event after the sequence number asked for, in order, each once. */
  readonly onEvent: (event: StudyEvent) => void;
  /** The activity at once, and whenever it changes. */
  readonly onActivity: (activity: StudyActivity) => void;
  /** How trials do while they train. Not part of the journal: what is missed comes with the trial's end. */
  readonly onReport?: (report: TrialReport) => void;
}

/** A study as the service holds it: its log, and what is being done with it. */
export interface StudyEntry {
  readonly log: StoredStudyLog;
  view(): StudyView;
  setActivity(kind: StudyActivity['kind'], problem?: Failure): void;
  /** Pass on how a trial does. */
  report(report: TrialReport): void;
  /** Give a watcher what it missed, then all that comes, without a gap or repetition. Gives the function that ends it. */
  watch(afterSequence: number, watcher: StudyWatcher): () => void;
}

/**
 * Hold a study.
 *
 * @param onActivity told whenever what is done with it changes; it must not throw
 */
export function createStudyEntry(
  log: StoredStudyLog,
  onActivity: (studyId: string, activity: StudyActivity) => void = () => undefined,
): StudyEntry {
  let activity: StudyActivity = { kind: 'idle', problem: null };
  const watchers = new Set<(activity: StudyActivity) => void>();
  const reportWatchers = new Set<(report: TrialReport) => void>();
  return {
    log,
    view: () => ({ state: log.state(), activity }),
    setActivity(kind, problem) {
      activity = { kind, problem: problem ?? null };
      onActivity(log.studyId, activity);
      for (const tell of [...watchers]) tell(activity);
    },
    report(report) {
      for (const tell of [...reportWatchers]) tell(report);
    },
    watch(afterSequence, watcher) {
      const end = () => {
        watchers.delete(tellActivity);
        reportWatchers.delete(tellReport);
        stopListening();
      };
      // Whatever goes wrong in a watcher ends that watcher, not the study.
      const guarded =
        <T>(tell: (value: T) => void) =>
        (value: T) => {
          try {
            tell(value);
          } catch (error) {
            end();
            console.error(`A watcher of ${log.studyId} failed:`, error);
          }
        };
      const tellEvent = guarded(watcher.onEvent);
      const tellActivity = guarded(watcher.onActivity);
      const tellReport = guarded((report: TrialReport) => watcher.onReport?.(report));
      // Nothing can be recorded between these lines: they run in one turn.
      const missed = log.events().slice(Math.max(0, afterSequence));
      const stopListening = log.listen(tellEvent);
      watchers.add(tellActivity);
      reportWatchers.add(tellReport);
      tellActivity(activity);
      for (const event of missed) tellEvent(event);
      return end;
    },
  };
}
