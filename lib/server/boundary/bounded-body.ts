import { fail, type Result, succeed } from '@/lib/core/result';

/** Read what a route's caller sent, without taking in more bytes than it may send. Fails with `payload_too_large`. */
export async function boundedBody(
  body: ReadableStream<Uint8Array> | null,
  { capBytes, hint }: { readonly capBytes: number; readonly hint: string },
): Promise<Result<Uint8Array<ArrayBuffer>>> {
  const pieces: Uint8Array[] = [];
  let nBytes = 0;
  const reader = body?.getReader();
  for (let read = await reader?.read(); read !== undefined && !read.done; read = await reader?.read()) {
    nBytes += read.value.byteLength;
    if (nBytes > capBytes) {
      await reader?.cancel();
      return fail('payload_too_large', `The request is larger than ${capBytes} bytes.`, hint);
    }
    pieces.push(read.value);
  }
  return succeed(Buffer.concat(pieces));
}
