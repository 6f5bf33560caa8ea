import { fail, type Result, succeed } from '@/lib/core/result';

/** Read what a route's caller sent as JSON, without taking in more bytes than it may send. Fails with `bad_input` or `payload_too_large`. */
export async function smallJson(
  body: ReadableStream<Uint8Array> | null,
  capBytes: number,
): Promise<Result<unknown>> {
  const pieces: Uint8Array[] = [];
  let nBytes = 0;
  const reader = body?.getReader();
  for (let read = await reader?.read(); read !== undefined && !read.done; read = await reader?.read()) {
    nBytes += read.value.byteLength;
    if (nBytes > capBytes) {
      await reader?.cancel();
      return fail(
        'payload_too_large',
        `The request is larger than ${capBytes} bytes.`,
        'Send a command alone.',
      );
    }
    pieces.push(read.value);
  }
  return parsedJson(new TextDecoder().decode(Buffer.concat(pieces)));
}

function parsedJson(text: string): Result<unknown> {
  try {
    return succeed(JSON.parse(text));
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return fail('bad_input', 'The request’s body is no JSON.', 'Send a command such as {"command":"stop"}.');
  }
}
