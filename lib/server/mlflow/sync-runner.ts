import { createAlarm } from './alarm';
import { BACKOFF } from './backoff';
import { createDeliverer } from './deliverer';
import { createDeliveryQueue } from './delivery-queue';
import { createDeliveryTally } from './delivery-tally';
import { createDeskShelf } from './desk-shelf';
import { TRANSPORT_LIMITS } from './http-transport';
import type { MlflowSettings } from './mlflow-settings';
import { outboxFolder } from './outbox';
import { createServerLink } from './server-link';
import { type MlflowSync, type MlflowSyncOptions, pauseFor, type SyncLimits } from './sync-options';

const LIMITS: SyncLimits = { ...TRANSPORT_LIMITS, backoff: BACKOFF, gatherMs: 1000, settleMs: 90_000 };

/** Create a synchronisation with a server, and start it; see `MlflowSync`. */
export function createSyncRunner(settings: MlflowSettings, options: MlflowSyncOptions): MlflowSync {
  const { now } = options;
  const limits = { ...LIMITS, ...options.limits };
  const pause = options.pause ?? pauseFor;
  const ending = new AbortController();
  const { signal } = ending;
  const link = createServerLink(settings, { ...options, limits, pause, signal });
  const queue = createDeliveryQueue();
  const tally = createDeliveryTally();
  const alarm = createAlarm(pause, signal);
  const shelf = createDeskShelf(
    outboxFolder(options.home, settings),
    { ...options, ...settings, mlflowHost: new URL(settings.baseUrl).host, settleMs: limits.settleMs },
    () => {
      link.progressed();
      tally.received(now());
    },
  );
  const deliverer = createDeliverer({ ...options, link, shelf, queue, tally, signal });
  const drainWaiters: (() => void)[] = [];
  let isClosing = false;

  const tellDrained = () => {
    for (const tell of drainWaiters.splice(0)) tell();
  };

  const run = async () => {
    while (!signal.aborted) {
      const isHopeless = isClosing && link.isHopeless();
      if (isClosing) queue.dropLater();
      const studyId = isHopeless ? null : isClosing ? queue.takeLast(now()) : queue.takeDue(now());
      if (studyId !== null) {
        await deliverer.deliver(studyId, isClosing);
        continue;
      }
      if (queue.isDrained()) tellDrained();
      if (isHopeless || (isClosing && queue.isDrained())) return;
      const dueAtMs = queue.nextDueAtMs();
      await alarm.sleep(dueAtMs === null ? null : dueAtMs - now());
    }
  };
  const running = run();

  const note = (studyId: string, dueAtMs: number) => {
    if (queue.add(studyId, dueAtMs, 'news')) alarm.ring();
  };

  return {
    noteStudy(studyId) {
      if (!isClosing) note(studyId, now() + limits.gatherMs);
    },
    async resumeAll() {
      for (const { studyId, lastSequence } of await options.listStudies()) {
        if (!tally.isKnown(studyId) && !queue.isWaiting(studyId)) tally.listed(studyId, lastSequence);
        note(studyId, now());
      }
    },
    status() {
      const { lastRefusal, ...totals } = tally.totals();
      const { lastError, ...server } = link.state;
      return {
        configured: true,
        uri: settings.baseUrl,
        ...server,
        ...totals,
        lastError: lastError ?? deliverer.localFailure() ?? lastRefusal,
      };
    },
    drained() {
      return new Promise((resolve) => {
        drainWaiters.push(resolve);
        alarm.ring();
      });
    },
    async close(limitMs) {
      isClosing = true;
      alarm.ring();
      const end = () => ending.abort(new Error('Leadbench is ending'));
      const timer = setTimeout(end, limitMs);
      await running;
      clearTimeout(timer);
      end();
      link.close();
      await shelf.closeAll();
      tellDrained();
    },
  };
}
