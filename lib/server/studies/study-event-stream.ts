import type { Result } from '@/lib/core/result';
import type { StudyService } from './study-service';

/** Proxies and browsers drop connections that say nothing for long. */
const HEARTBEAT_MS = 15_000;

/**
 * Give a study's events as a server-sent event stream: `study` events carry a `StudyEvent` and its sequence number as id,
 * `activity` events what the server does with the study, `report` events how a trial does while it trains. Ends when the signal aborts or the reader leaves.
 *
 * @returns a failure `study_unknown` for a study that does not exist
 */
export async function studyEventStream(options: {
  readonly studies: StudyService;
  readonly studyId: string;
  /** The last sequence number that the reader has; 0 for none. */
  readonly afterSequence: number;
  readonly signal: AbortSignal;
}): Promise<Result<ReadableStream<Uint8Array>>> {
  const { studies, studyId, afterSequence, signal } = options;
  const encoder = new TextEncoder();
  const channel = new TransformStream<string, Uint8Array>(
    { transform: (text, controller) => controller.enqueue(encoder.encode(text)) },
    { highWaterMark: 1024 },
    { highWaterMark: 1024 },
  );
  const writer = channel.writable.getWriter();
  let unsubscribe: (() => void) | null = null;
  let heartbeat: NodeJS.Timeout | null = null;
  const end = () => {
    unsubscribe?.();
    if (heartbeat) clearInterval(heartbeat);
    signal.removeEventListener('abort', end);
    // Refused where the stream is closed or broken already, which is what was wanted.
    writer.close().catch(() => undefined);
  };
  // A write fails when the reader left: that ends the stream and is no fault.
  const send = (text: string) => void writer.write(text).catch(end);
  const subscribed = await studies.subscribe(studyId, afterSequence, {
    onEvent: (event) => send(`event: study\nid: ${event.sequence}\ndata: ${JSON.stringify(event)}\n\n`),
    onActivity: (activity) => send(`event: activity\ndata: ${JSON.stringify(activity)}\n\n`),
    onReport: (report) => send(`event: report\ndata: ${JSON.stringify(report)}\n\n`),
  });
  if (!subscribed.ok) return subscribed;
  unsubscribe = subscribed.value;
  if (signal.aborted) end();
  else {
    signal.addEventListener('abort', end);
    heartbeat = setInterval(() => send(': still here\n\n'), HEARTBEAT_MS);
    heartbeat.unref();
  }
  return { ok: true, value: channel.readable };
}
