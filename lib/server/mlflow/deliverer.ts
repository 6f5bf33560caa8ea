import { ExpectedFailure, type Failure, fail } from '@/lib/core/result';
import type { DeliveryQueue } from './delivery-queue';
import type { DeliveryTally } from './delivery-tally';
import type { DeskShelf } from './desk-shelf';
import { deliveryFailure, MlflowAway, MlflowRefused } from './mlflow-failures';
import type { ServerLink } from './server-link';
import { REFUSED_REST_MS } from './study-session';
import type { MlflowSyncOptions } from './sync-options';

/** An outbox that cannot be written is tried again after so long. */
const OUTBOX_REST_MS = 60_000;

/** What a deliverer works with. */
export interface DelivererParts extends Pick<MlflowSyncOptions, 'now' | 'random' | 'warn' | 'readStudy'> {
  readonly link: ServerLink;
  readonly shelf: DeskShelf;
  readonly queue: DeliveryQueue;
  readonly tally: DeliveryTally;
  /** Aborted when the process ends. */
  readonly signal: AbortSignal;
}

/** Delivers studies one by one. */
export interface Deliverer {
  /** Look at a study and deliver it if the server is there; what is left goes back into the queue. Never throws. */
  deliver(studyId: string, isInHaste: boolean): Promise<void>;
  /** What went wrong on this machine, not with the server. */
  localFailure(): Failure | null;
}

/** Create a deliverer. */
export function createDeliverer(parts: DelivererParts): Deliverer {
  const { now, random, warn, link, shelf, queue, tally, signal } = parts;
  const reconnectedFor = new Set<string>();
  let localFailure: Failure | null = null;

  const done = async (studyId: string) => {
    tally.done(studyId);
    await shelf.close(studyId);
  };

  const tried = async (studyId: string, isInHaste: boolean) => {
    const desk = await shelf.desk(studyId);
    const lastSequence = tally.takeListed(studyId);
    if (lastSequence !== undefined && desk.settledThrough() >= lastSequence) return done(studyId);
    const study = await parts.readStudy(studyId);
    if (study === null) return done(studyId);
    desk.read(study.events);
    tally.counted(studyId, desk.count());
    if (desk.isSettled()) return done(studyId);
    if (now() < link.retryAtMs()) {
      queue.add(studyId, link.retryAtMs(), 'away');
      return;
    }
    link.setSparing(desk.isLive() && !isInHaste);
    const connection = await link.connect();
    const settleAtMs = await desk.deliver(link.api, connection, {
      isStale: () => queue.isDue(studyId, now()),
      onProgress: link.progressed,
    });
    link.worked();
    localFailure = null;
    reconnectedFor.delete(studyId);
    const count = desk.count();
    tally.counted(studyId, count);
    if (desk.isSettled()) return done(studyId);
    if (count.nRefused > 0) queue.add(studyId, now() + REFUSED_REST_MS, 'later');
    if (settleAtMs !== null) queue.add(studyId, settleAtMs, 'later');
  };

  /** The server lost its experiment, say: ask for it anew, once. */
  const refusedWhole = (studyId: string, error: MlflowRefused) => {
    link.disconnect();
    localFailure = deliveryFailure(error);
    if (reconnectedFor.has(studyId)) queue.add(studyId, now() + REFUSED_REST_MS, 'later');
    else {
      reconnectedFor.add(studyId);
      queue.add(studyId, now(), 'away');
    }
  };

  /** Another process delivers this study too. Write down that things may be there twice. */
  const doubted = async (studyId: string) => {
    try {
      await (await shelf.desk(studyId)).doubt();
      await shelf.close(studyId);
    } catch (error) {
      warn(`A doubt about ${studyId} in MLflow could not be written down: ${error}`);
    }
  };

  return {
    localFailure: () => localFailure,
    async deliver(studyId, isInHaste) {
      try {
        await tried(studyId, isInHaste);
      } catch (error) {
        if (signal.aborted) return;
        if (error instanceof MlflowAway) {
          queue.add(studyId, link.failed(error), 'away');
          return;
        }
        await shelf.close(studyId).catch((closing: unknown) => warn(`An outbox did not close: ${closing}`));
        if (error instanceof MlflowRefused) return refusedWhole(studyId, error);
        localFailure = error instanceof ExpectedFailure ? error.failure : undelivered(studyId, error);
        warn(`${localFailure.message} ${localFailure.hint}`);
        if (localFailure.code === 'journal_taken') await doubted(studyId);
        // Spread, so that two processes on one folder do not meet again and again.
        queue.add(studyId, now() + OUTBOX_REST_MS * (0.5 + random()), 'later');
      }
    },
  };
}

/** What went wrong is no fault of the server: a full disk, or a bug. */
function undelivered(studyId: string, error: unknown): Failure {
  const why = error instanceof Error ? error.message : String(error);
  return fail(
    'mlflow_not_prepared',
    `${studyId} could not be made ready for MLflow: ${why}.`,
    'It is tried again in a minute; training goes on.',
  ).error;
}
