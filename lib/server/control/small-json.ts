import { fail, type Result, succeed } from '@/lib/core/result';
import { boundedBody } from '@/lib/server/boundary/bounded-body';

/** Read what a route's caller sent as JSON, without taking in more bytes than it may send. Fails with `bad_input` or `payload_too_large`. */
export async function smallJson(
  body: ReadableStream<Uint8Array> | null,
  capBytes: number,
): Promise<Result<unknown>> {
  const read = await boundedBody(body, { capBytes, hint: 'Send a command alone.' });
  return read.ok ? parsedJson(new TextDecoder().decode(read.value)) : read;
}

function parsedJson(text: string): Result<unknown> {
  try {
    return succeed(JSON.parse(text));
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return fail('bad_input', 'The request’s body is no JSON.', 'Send a command such as {"command":"stop"}.');
  }
}
