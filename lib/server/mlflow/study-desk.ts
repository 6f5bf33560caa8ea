import type { Failure } from '@/lib/core/result';
import type { StudyEvent } from '@/lib/tuning/study/study-events';
import type { Connection } from './connection';
import { deliverStudy, nPendingParts } from './deliver-study';
import type { MlflowApi } from './mlflow-api';
import type { Outbox } from './outbox';
import type { StudyImage } from './run-image';
import { createSurvey, removeDoubles, type Survey } from './settle-study';
import { createSessionMemory, type SessionMemory, type StudySession } from './study-session';
import { createStudyStory } from './study-story';

/** What a delivery is given by the process around it. */
export interface DeskEnvironment
  extends Pick<
    StudySession,
    'readModelFiles' | 'readDatasetFacts' | 'registeredModelName' | 'mlflowHost' | 'now'
  > {
  readonly leadbenchVersion: string;
  /** A request without an answer is thought to be able to come to pass for so long. */
  readonly settleMs: number;
  readonly warn: (line: string) => void;
}

/** How a study stands with the server. */
export interface DeskCount {
  readonly nPending: number;
  readonly nRefused: number;
  readonly lastRefusal: Failure | null;
  /** Whether something may be there twice. */
  readonly isDoubtful: boolean;
}

/** Delivers one study. */
export interface StudyDesk {
  /** Take in the study's journal, whole each time, and count what is to be delivered. Asks the server nothing. */
  read(events: readonly StudyEvent[]): void;
  count(): DeskCount;
  isLive(): boolean;
  /** The last event that is known to be on the server, once only; 0 for none. Needs no reading. */
  settledThrough(): number;
  /** Whether everything read is on the server, once only. */
  isSettled(): boolean;
  /**
   * Deliver what is missing, or until there are news.
   *
   * @param watch says whether there are, and is told of each step that is done for good
   * @returns when a doubt can be settled by calling it again, milliseconds since 1970; null where there is none
   * @throws MlflowAway; MlflowRefused where the experiment is gone; ExpectedFailure where the outbox cannot be written
   */
  deliver(
    api: MlflowApi,
    connection: Connection,
    watch: Pick<StudySession, 'isStale' | 'onProgress'>,
  ): Promise<number | null>;
  /** Write down that things may be on the server that have no receipt. */
  doubt(): Promise<void>;
  close(): Promise<void>;
}

const AT_ONCE_LIVE = 1;
const AT_ONCE = 3;

/** Open the desk of a study over its outbox. */
export function createStudyDesk(outbox: Outbox, environment: DeskEnvironment): StudyDesk {
  const { now, settleMs, warn, leadbenchVersion, ...given } = environment;
  const story = createStudyStory(leadbenchVersion);
  const memory = createSessionMemory(outbox, now());
  let image: StudyImage | null = null;
  let survey: Survey = createSurvey();

  const required = (): StudyImage => {
    if (image === null) throw new Error('The study was not read');
    return image;
  };
  const count = (): DeskCount => {
    const refusals = [...memory.refused.values()];
    const nPending = nPendingParts({ outbox, memory }, required());
    return {
      nPending,
      nRefused: refusals.length,
      lastRefusal: refusals.at(-1)?.failure ?? null,
      isDoubtful: memory.doubtAtMs !== null,
    };
  };
  const isSettled = () => outbox.settledThrough() >= required().lastSequence;

  /** Give the time from which doubles can be looked for; null once there are none. */
  const settled = async (session: StudySession): Promise<number | null> => {
    const current = required();
    if (memory.doubtAtMs !== null) {
      const dueAtMs = memory.doubtAtMs + settleMs;
      if (now() < dueAtMs) return dueAtMs;
      const nRemoved = await removeDoubles(session, current, survey);
      if (nRemoved > 0)
        warn(`MLflow had ${nRemoved} of the runs of ${current.studyId} twice; the doubles are deleted.`);
      clearDoubt(memory);
      survey = createSurvey();
    }
    await outbox.write({ type: 'settled', throughSequence: current.lastSequence });
    return null;
  };

  return {
    read(events) {
      story.add(events);
      image = story.image();
    },
    count,
    isLive: () => required().isLive,
    settledThrough: () => outbox.settledThrough(),
    isSettled,
    async deliver(api, { experimentId }, watch) {
      const current = required();
      const nAtOnce = current.isLive ? AT_ONCE_LIVE : AT_ONCE;
      const session: StudySession = { ...given, now, api, outbox, experimentId, nAtOnce, memory, ...watch };
      if (nPendingParts(session, current) > 0) {
        // From here on a crash may leave something there that is not written down.
        if (outbox.settledThrough() > 0) await outbox.write({ type: 'begun' });
        survey = createSurvey();
        await deliverStudy(session, current);
      }
      // A live study goes on, so there is nothing to settle yet.
      return current.isLive || nPendingParts(session, current) > 0 ? null : settled(session);
    },
    doubt: () => outbox.write({ type: 'begun' }),
    close: () => outbox.close(),
  };
}

function clearDoubt(memory: SessionMemory): void {
  memory.doubtAtMs = null;
  memory.isDoubtful = false;
  memory.askedFor.clear();
}
