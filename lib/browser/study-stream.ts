import { createParser } from 'eventsource-parser';
import { ExpectedFailure } from '@/lib/core/result';
import type { StudyListener } from '@/lib/store/services';
import { isFailure } from './reached';
import { type PageTime, StudySlices } from './study-slices';

const FIRST_RETRY_MS = 500;
const LAST_RETRY_MS = 10_000;

/** Where a study's events come from. */
export interface StudySource {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
}

/**
 * Follow a study's server-sent events from the first. After a cut it asks again with `Last-Event-ID`, waiting twice
 * as long each time, and passes each sequence number on once. `fetch` instead of `EventSource`, because the latter
 * cannot send the page's token in a header.
 *
 * @returns how to stop
 */
export function followStudy(source: StudySource, listener: StudyListener, time: PageTime): () => void {
  const stop = new AbortController();
  const slices = new StudySlices(listener, time);
  const end = () => {
    stop.abort();
    slices.end();
  };
  followUntilStopped(source, slices, { time, signal: stop.signal }).catch((error: unknown) => {
    if (stop.signal.aborted) return;
    end();
    listener.onBroken(error);
  });
  return end;
}

/** @throws where the study does not exist or what comes cannot be understood: asking again would change nothing */
async function followUntilStopped(
  source: StudySource,
  slices: StudySlices,
  { time, signal }: { readonly time: PageTime; readonly signal: AbortSignal },
): Promise<void> {
  let retryMs = FIRST_RETRY_MS;
  while (!signal.aborted) {
    const body = await openedStream(source, slices.lastSequence, signal);
    if (body !== null) {
      slices.connection('live');
      retryMs = FIRST_RETRY_MS;
      await readToTheEnd(body, slices);
    }
    if (signal.aborted) return;
    slices.connection('reconnecting');
    await new Promise<void>((resolve) => {
      time.later(resolve, retryMs);
      signal.addEventListener('abort', () => resolve(), { once: true });
    });
    retryMs = Math.min(retryMs * 2, LAST_RETRY_MS);
  }
}

/** Ask for the events after a number; null where the server does not answer or refuses for now. */
async function openedStream(
  { url, headers }: StudySource,
  lastSequence: number,
  signal: AbortSignal,
): Promise<ReadableStream<Uint8Array> | null> {
  let response: Response;
  try {
    response = await fetch(url, {
      headers: { ...headers, accept: 'text/event-stream', 'last-event-id': String(lastSequence) },
      signal,
      cache: 'no-store',
    });
  } catch (error) {
    if (!signal.aborted) console.warn('The study’s events were cut; asking again.', error);
    return null;
  }
  if (response.ok && response.body) return response.body;
  if (response.status === 404) {
    const body: unknown = await response.json();
    throw isFailure(body) ? new ExpectedFailure(body) : new Error('The server does not know this study');
  }
  console.warn(`The study’s events answered ${response.status}; asking again.`);
  return null;
}

async function readToTheEnd(body: ReadableStream<Uint8Array>, slices: StudySlices): Promise<void> {
  const parser = createParser({ onEvent: (message) => slices.push(message) });
  const decoder = new TextDecoder();
  const reader = body.getReader();
  for (;;) {
    const chunk = await nextChunk(reader);
    if (chunk === null) return;
    parser.feed(decoder.decode(chunk, { stream: true }));
    await slices.drained();
  }
}

/** Give the next bytes; null at the end, and where the connection was cut. */
async function nextChunk(reader: ReadableStreamDefaultReader<Uint8Array>): Promise<Uint8Array | null> {
  try {
    const { done, value } = await reader.read();
    return done ? null : value;
  } catch (error) {
    if (!(error instanceof DOMException && error.name === 'AbortError')) {
      console.warn('The study’s events were cut; asking again.', error);
    }
    return null;
  }
}
