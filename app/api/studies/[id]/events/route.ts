import { parseStudyId } from '@/lib/server/boundary/parsed-ids';
import { failureResponse } from '@/lib/server/boundary/refusal';
import { requireTrustedRequest } from '@/lib/server/boundary/trusted-caller';
import { studyEventStream } from '@/lib/server/studies/study-event-stream';
import { trainingServer } from '@/lib/server/training-server';

/** A study's progress as server-sent events, resumed after `Last-Event-ID`. */
export async function GET(
  request: Request,
  { params }: { params: Promise<{ id: string }> },
): Promise<Response> {
  const caller = requireTrustedRequest(request);
  if (!caller.ok) return failureResponse(caller.error);
  const id = parseStudyId((await params).id);
  if (!id.ok) return failureResponse(id.error, 404);
  const lastSeen = Number(request.headers.get('last-event-id') ?? 0);
  const stream = await studyEventStream({
    studies: trainingServer().studies,
    studyId: id.value,
    afterSequence: Number.isSafeInteger(lastSeen) && lastSeen > 0 ? lastSeen : 0,
    signal: request.signal,
  });
  if (!stream.ok) return failureResponse(stream.error, 404);
  return new Response(stream.value, {
    headers: {
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store, no-transform',
    },
  });
}
