import type { StudyEvent } from '@/lib/tuning/study/study-events';
import { type StudyState, studyAfter } from '@/lib/tuning/study/study-state';
import type { StudyActivity } from '@/lib/tuning/study/study-view';
import type { TrainingService, TrialReport } from './services';
import type { FollowedStudy, LiveReports } from './workbench-state';

/** Who watches a study grow. */
export interface StudyWatcher {
  /** The study as it stands, and the events since it was shown last, in order. */
  readonly onStudy: (study: FollowedStudy, events: readonly StudyEvent[]) => void;
  /** The study cannot be shown; nothing is told after it. */
  readonly onBroken: (error: unknown) => void;
}

/**
 * Follow a study from its first event and fold what arrives; it is shown whenever the stream has settled. Nothing is shown
 * before the first event.
 *
 * @returns how to leave
 */
export function watchStudy(
  training: Pick<TrainingService, 'follow'>,
  studyId: string,
  watcher: StudyWatcher,
): () => void {
  let state: StudyState | null = null;
  let activity: StudyActivity = { kind: 'running', problem: null };
  let connection: FollowedStudy['connection'] = 'live';
  let liveReports: LiveReports = new Map();
  let unshown: StudyEvent[] = [];
  let isOver = false;
  let unfollow: (() => void) | null = null;
  const end = () => {
    if (isOver) return;
    isOver = true;
    unfollow?.();
  };
  const broken = (error: unknown) => {
    if (isOver) return;
    end();
    watcher.onBroken(error);
  };
  unfollow = training.follow(studyId, {
    onEvents: (events) => {
      try {
        for (const event of events) {
          state = studyAfter(state, event);
          liveReports = reportsAfter(liveReports, event);
          unshown.push(event);
        }
      } catch (error) {
        broken(error);
      }
    },
    onReport: (report) => {
      if (state?.trials[report.trialNumber - 1]?.state === 'running')
        liveReports = withReport(liveReports, report);
    },
    onActivity: (now) => {
      activity = now;
    },
    onConnection: (now) => {
      connection = now;
    },
    onSettled: () => {
      if (isOver || state === null) return;
      const events = unshown;
      unshown = [];
      watcher.onStudy({ state, activity, connection, liveReports }, events);
    },
    onBroken: broken,
  });
  if (isOver) unfollow();
  return end;
}

/** Drop what a trial reported when it begins or ends, and all reports when no trial runs any more. */
function reportsAfter(reports: LiveReports, event: StudyEvent): LiveReports {
  if (reports.size === 0) return reports;
  if ('trialNumber' in event) {
    if (!reports.has(event.trialNumber)) return reports;
    const left = new Map(reports);
    left.delete(event.trialNumber);
    return left;
  }
  const isHalt = ['tuning_ended', 'study_paused', 'study_resumed'].includes(event.type);
  return isHalt ? new Map() : reports;
}

/** Rounds that do not rise are those of a new attempt. */
function withReport(reports: LiveReports, report: TrialReport): LiveReports {
  const before = reports.get(report.trialNumber) ?? [];
  const isNewAttempt = (before.at(-1)?.rounds ?? 0) >= report.rounds;
  return new Map(reports).set(report.trialNumber, isNewAttempt ? [report] : [...before, report]);
}
