import { createHash } from 'node:crypto';
import { readFile, rm, stat } from 'node:fs/promises';
import { ExpectedFailure, fail, type Result, succeed } from '@/lib/core/result';
import { decodeDataset } from '@/lib/features/dataset-arrow';
import type { TrainingDataset } from '@/lib/features/matrix';
import { commitTemporary, isMissing, writeTemporary } from './durable-write';
import type { Home } from './home';

/** A dataset that the server holds. */
export interface StoredDataset {
  /** SHA-256 of the file's bytes. */
  readonly digest: string;
  readonly path: string;
  readonly nBytes: number;
  readonly nRows: number;
  readonly nFeatures: number;
}

/** What a dataset is, without its values. */
export interface DatasetFacts {
  readonly nRows: number;
  /** In the order of the columns. */
  readonly featureNames: readonly string[];
}

/** What `putDataset` is told beside the bytes. */
export interface PutDatasetOptions {
  /** What the sender says the digest is; checked when given. */
  readonly expectedDigest?: string;
  /** Refuse after this many bytes. */
  readonly capBytes: number;
}

/**
 * Take in a training dataset: stream it to a temporary file up to a cap, hashing on the way, check that it is a dataset
 * that can be trained on, and keep it under its SHA-256. The same bytes twice are one file. Nothing is left of what was
 * refused. The check reads the file into memory once (about 4 bytes a value, 240 MB for a million rows of 60 features).
 *
 * @returns a failure `payload_too_large`, `dataset_digest_mismatch`, or what `decodeDataset` says
 */
export async function putDataset(
  home: Home,
  stream: AsyncIterable<Uint8Array>,
  options: PutDatasetOptions,
): Promise<Result<StoredDataset>> {
  const hash = createHash('sha256');
  let nBytes = 0;
  try {
    const temporary = await writeTemporary(home.datasetPath('0'.repeat(64)), async (file) => {
      for await (const chunk of stream) {
        nBytes += chunk.byteLength;
        if (nBytes > options.capBytes) throw new ExpectedFailure(tooLarge(options.capBytes));
        hash.update(chunk);
        await file.writeFile(chunk);
      }
    });
    return await keep(home, { temporary, digest: hash.digest('hex'), nBytes }, options.expectedDigest);
  } catch (error) {
    if (error instanceof ExpectedFailure) return { ok: false, error: error.failure };
    throw error;
  }
}

interface Received {
  readonly temporary: string;
  readonly digest: string;
  readonly nBytes: number;
}

async function keep(
  home: Home,
  { temporary, digest, nBytes }: Received,
  expectedDigest: string | undefined,
): Promise<Result<StoredDataset>> {
  try {
    if (expectedDigest !== undefined && digest !== expectedDigest) {
      return fail(
        'dataset_digest_mismatch',
        `The dataset that arrived has SHA-256 ${digest}, not ${expectedDigest} as announced.`,
        'Send it again; it was damaged on the way.',
      );
    }
    const decoded = decodeDataset(await readFile(temporary));
    if (!decoded.ok) return decoded;
    const { nRows, featureNames } = decoded.value.matrix;
    const path = home.datasetPath(digest);
    await commitTemporary(temporary, path);
    await rememberFacts(path, { nRows, featureNames });
    return succeed({ digest, path, nBytes, nRows, nFeatures: featureNames.length });
  } finally {
    await rm(temporary, { force: true });
  }
}

/**
 * Read a dataset that the server holds and check that its bytes still are what its name says.
 *
 * @returns a failure `dataset_missing` or `dataset_damaged`, or what `decodeDataset` says
 */
export async function readDataset(home: Home, digest: string): Promise<Result<TrainingDataset>> {
  const bytes = await bytesOf(home.datasetPath(digest));
  if (bytes === null) return missing(digest);
  if (createHash('sha256').update(bytes).digest('hex') !== digest) {
    return fail(
      'dataset_damaged',
      `The stored dataset ${digest.slice(0, 12)}… no longer has the SHA-256 that it was stored under.`,
      'Prepare the features again; the dataset is sent anew.',
    );
  }
  return decodeDataset(bytes);
}

/**
 * Tell what a stored dataset is. A file is read whole and checked once by this process; as long as its size and time of
 * change stay the same, it is not read again.
 *
 * @returns failures as `readDataset`
 */
export async function datasetFacts(home: Home, digest: string): Promise<Result<DatasetFacts>> {
  const path = home.datasetPath(digest);
  const mark = await markOf(path);
  if (mark === null) return missing(digest);
  const known = rememberedFacts().get(path);
  if (known?.mark === mark) return succeed(known.facts);
  const dataset = await readDataset(home, digest);
  if (!dataset.ok) return dataset;
  const { nRows, featureNames } = dataset.value.matrix;
  await rememberFacts(path, { nRows, featureNames });
  return succeed({ nRows, featureNames });
}

const MOST_REMEMBERED = 100;
const REMEMBERED_KEY = Symbol.for('leadbench.dataset-facts');

type Remembered = Map<string, { readonly mark: string; readonly facts: DatasetFacts }>;

/** One for the process: Next may load this module once for its routes and once for its actions. */
function rememberedFacts(): Remembered {
  const known: Remembered | undefined = Reflect.get(globalThis, REMEMBERED_KEY);
  if (known !== undefined) return known;
  const created: Remembered = new Map();
  Reflect.set(globalThis, REMEMBERED_KEY, created);
  return created;
}

async function rememberFacts(path: string, facts: DatasetFacts): Promise<void> {
  const mark = await markOf(path);
  if (mark === null) return;
  const remembered = rememberedFacts();
  remembered.delete(path);
  remembered.set(path, { mark, facts });
  const [oldest] = remembered.keys();
  if (remembered.size > MOST_REMEMBERED && oldest !== undefined) remembered.delete(oldest);
}

/** What changes whenever a file is written to; null where there is none. */
async function markOf(path: string): Promise<string | null> {
  try {
    const { size, mtimeMs, ctimeMs, ino } = await stat(path);
    return `${ino} ${size} ${mtimeMs} ${ctimeMs}`;
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
}

/** Whether the server holds a dataset, so that a client need not send it again. */
export async function hasDataset(home: Home, digest: string): Promise<boolean> {
  try {
    return (await stat(home.datasetPath(digest))).isFile();
  } catch (error) {
    if (isMissing(error)) return false;
    throw error;
  }
}

async function bytesOf(path: string): Promise<Buffer | null> {
  try {
    return await readFile(path);
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
}

function missing(digest: string) {
  return fail(
    'dataset_missing',
    `The server does not hold the dataset ${digest.slice(0, 12)}….`,
    'Prepare the features again; the dataset is sent anew.',
  );
}

function tooLarge(capBytes: number) {
  return fail(
    'payload_too_large',
    `The dataset is larger than ${Math.round(capBytes / 1_000_000)} MB, the most this server takes.`,
    'Use fewer tags or countries, or a shorter list.',
  ).error;
}
