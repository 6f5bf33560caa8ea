import type { StudyEvent } from '@/lib/tuning/study/study-events';
import type { StudyState } from '@/lib/tuning/study/study-state';
import { type TrialTake, takeInState, takeMeasured, takeStarted } from './trial-takes';

/** The takes of a study's trials, brought up to date event by event. */
export interface TakeBook {
  /** `after` is the study's state after the event. @throws where the event's trial has not begun */
  apply(event: StudyEvent, after: StudyState): void;
  /** In the order in which the trials began. */
  all(): readonly TrialTake[];
}

/** Open an empty book. */
export function createTakeBook(): TakeBook {
  /** By trial number, latest take last. */
  const takes = new Map<number, TrialTake[]>();

  const replace = (take: TrialTake) => {
    const ofTrial = takes.get(take.trialNumber) ?? [];
    ofTrial[take.take - 1] = take;
    takes.set(take.trialNumber, ofTrial);
  };
  const latest = (trialNumber: number): TrialTake => {
    const take = takes.get(trialNumber)?.at(-1);
    if (take === undefined) throw new Error(`Trial ${trialNumber} has no beginning`);
    return take;
  };

  /** After an event that concerns all trials, bring every latest take to where its trial stands. */
  const alignAll = (event: StudyEvent, after: StudyState) => {
    const withoutRecord = after.tunedAtMs === null ? 'waiting' : 'lost';
    for (const trialNumber of takes.keys()) {
      const take = latest(trialNumber);
      if (take.state === 'superseded') continue;
      const state = after.trials[trialNumber - 1]?.state ?? withoutRecord;
      if (take.state !== state) replace(takeInState(take, state, event));
    }
  };

  const start = (event: Extract<StudyEvent, { type: 'trial_started' }>) => {
    const before = takes.get(event.trialNumber)?.at(-1);
    const take = takeStarted(before, event);
    if (before !== undefined && take.take !== before.take) replace(takeInState(before, 'superseded', event));
    replace(take);
  };

  return {
    all: () => [...takes.values()].flat(),
    apply(event, after) {
      switch (event.type) {
        case 'trial_started':
          return start(event);
        case 'trial_promoted': {
          const take = takeInState(latest(event.trialNumber), 'running', event);
          return replace({ ...take, attempts: event.attempt, failureKind: null });
        }
        case 'trial_paused':
        case 'trial_pruned':
        case 'trial_completed': {
          const durationMs = after.trials[event.trialNumber - 1]?.durationMs ?? null;
          const { objective } = after.config;
          return replace(takeMeasured(latest(event.trialNumber), event, { objective, durationMs }));
        }
        case 'trial_failed': {
          const state = event.willRetry ? 'running' : 'failed';
          return replace({
            ...takeInState(latest(event.trialNumber), state, event),
            failureKind: event.kind,
          });
        }
        default:
          return alignAll(event, after);
      }
    },
  };
}
