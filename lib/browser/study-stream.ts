import { createParser } from 'eventsource-parser';
import { z } from 'zod';
import { type StudyEvent, studyEventSchema } from '@/lib/tuning/study-events';
import type { StudyActivity } from '@/lib/tuning/study-view';

const activitySchema = z.strictObject({
  kind: z.enum(['queued', 'running', 'idle']),
  problem: z.strictObject({ code: z.string(), message: z.string(), hint: z.string() }).nullable(),
});
const FIRST_RETRY_MS = 500;
const LAST_RETRY_MS = 10_000;

/** Who listens to a study. */
export interface StudyListener {
  readonly onEvent: (event: StudyEvent) => void;
  readonly onActivity: (activity: StudyActivity) => void;
  readonly onConnection: (state: 'live' | 'reconnecting') => void;
}

/**
 * Follow a study's server-sent events from the first. After a cut it asks again with `Last-Event-ID`, waiting twice
 * as long each time, and passes each sequence number on once. `fetch` instead of `EventSource`, because the latter
 * cannot send the page's token in a header.
 *
 * @returns how to stop
 */
export function followStudy(
  url: string,
  headers: Readonly<Record<string, string>>,
  listener: StudyListener,
): () => void {
  const stop = new AbortController();
  void followUntilStopped(url, headers, listener, stop.signal);
  return () => stop.abort();
}

async function followUntilStopped(
  url: string,
  headers: Readonly<Record<string, string>>,
  listener: StudyListener,
  signal: AbortSignal,
): Promise<void> {
  let lastSequence = 0;
  let retryMs = FIRST_RETRY_MS;
  const parser = createParser({
    onEvent: ({ event, data }) => {
      if (signal.aborted) return;
      if (event === 'activity') listener.onActivity(activitySchema.parse(JSON.parse(data)));
      else if (event === 'study') {
        const parsed = studyEventSchema.parse(JSON.parse(data));
        if (parsed.sequence <= lastSequence) return;
        lastSequence = parsed.sequence;
        listener.onEvent(parsed);
      }
    },
  });
  while (!signal.aborted) {
    try {
      const response = await fetch(url, {
        headers: { ...headers, accept: 'text/event-stream', 'last-event-id': String(lastSequence) },
        signal,
        cache: 'no-store',
      });
      if (!response.ok || !response.body) throw new Error(`The study's events answered ${response.status}`);
      listener.onConnection('live');
      retryMs = FIRST_RETRY_MS;
      const decoder = new TextDecoder();
      for (const reader = response.body.getReader(); ; ) {
        const { done, value } = await reader.read();
        if (done) break;
        parser.feed(decoder.decode(value, { stream: true }));
      }
    } catch (error) {
      if (signal.aborted) return;
      console.warn('The study’s events were cut; asking again.', error);
    }
    if (signal.aborted) return;
    parser.reset();
    listener.onConnection('reconnecting');
    await new Promise((resolve) => setTimeout(resolve, retryMs));
    retryMs = Math.min(retryMs * 2, LAST_RETRY_MS);
  }
}
