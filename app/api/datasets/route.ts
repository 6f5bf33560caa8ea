import { Readable } from 'node:stream';
import type { ReadableStream as NodeReadableStream } from 'node:stream/web';
import { z } from 'zod';
import { parsedInput } from '@/lib/server/boundary/parsed-input';
import { failureResponse } from '@/lib/server/boundary/refusal';
import { requireTrustedRequest } from '@/lib/server/boundary/trusted-caller';
import { hasDataset, putDataset } from '@/lib/server/storage/dataset-store';
import { trainingServer } from '@/lib/server/training-server';

/** A million rows of 100 features are 400 MB. */
const CAP_BYTES = 1024 * 1024 * 1024;

const digestSchema = z.string().regex(/^[0-9a-f]{64}$/, { error: 'sha256 must be 64 hexadecimal digits' });

const digestOf = (request: Request) =>
  parsedInput(digestSchema, new URL(request.url).searchParams.get('sha256'));

/** Say whether a dataset is here, so that it need not be sent again. */
export async function GET(request: Request): Promise<Response> {
  const caller = requireTrustedRequest(request);
  if (!caller.ok) return failureResponse(caller.error);
  const digest = digestOf(request);
  if (!digest.ok) return failureResponse(digest.error);
  const home = await trainingServer().home();
  if (!home.ok) return failureResponse(home.error, 507);
  const present = await hasDataset(home.value, digest.value);
  return Response.json({ present }, { headers: { 'cache-control': 'no-store' } });
}

/** Take in a dataset: an Arrow IPC stream of numbers, kept under its SHA-256. */
export async function PUT(request: Request): Promise<Response> {
  const caller = requireTrustedRequest(request);
  if (!caller.ok) return failureResponse(caller.error);
  const digest = digestOf(request);
  if (!digest.ok) return failureResponse(digest.error);
  const body = Readable.fromWeb((request.body ?? new ReadableStream()) as NodeReadableStream<Uint8Array>);
  const home = await trainingServer().home();
  if (!home.ok) return failureResponse(home.error, 507);
  const stored = await putDataset(home.value, body, {
    expectedDigest: digest.value,
    capBytes: CAP_BYTES,
  });
  if (!stored.ok) return failureResponse(stored.error, stored.error.code === 'payload_too_large' ? 413 : 400);
  const { nRows, nFeatures } = stored.value;
  return Response.json({ nRows, nFeatures }, { status: 201 });
}
