import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { ExpectedFailure, fail } from '@/lib/core/result';
import { decodeDataset } from '@/lib/features/dataset-arrow';
import type { TrainingDataset } from '@/lib/features/matrix';
import { isMissing } from '@/lib/server/storage/durable-write';
import { type Home, homeAt } from '@/lib/server/storage/home';
import type { DatasetFile } from '@/lib/server/xgboost/trial-executor';
import { unwrapped } from './crm-file';
import { withFileWords } from './file-failure';

/** Where the dataset of a model may be. */
export interface DatasetSearch {
  /** What the user named; null where it is to be found. */
  readonly given: string | null;
  /** SHA-256 that the model names. */
  readonly digest: string;
  readonly modelFolder: string;
  readonly home: Home;
}

/** A dataset that was found, and read. */
export interface FoundDataset {
  readonly file: DatasetFile;
  readonly dataset: TrainingDataset;
}

/**
 * Find the dataset that a model was trained on: the file that the user named, `dataset.arrow` beside the model's folder as
 * `pipeline` leaves it, or the one that a server keeps under its digest, in the home that the model lies in or the usual one.
 *
 * @throws ExpectedFailure `dataset_missing`, `dataset_digest_mismatch`, or what `decodeDataset` says
 */
export async function foundDataset(search: DatasetSearch): Promise<FoundDataset> {
  const { given, digest } = search;
  for (const path of candidates(search)) {
    const bytes = await bytesOrNull(path);
    if (bytes === null) continue;
    const found = createHash('sha256').update(bytes).digest('hex');
    if (found === digest) {
      return { file: { path, digest }, dataset: unwrapped(decodeDataset(bytes)) };
    }
    if (given !== null) throw mismatch(path, found, digest);
  }
  throw missing(search);
}

function candidates({ given, digest, modelFolder, home }: DatasetSearch): readonly string[] {
  if (given !== null) return [given];
  const around = homeAt(join(modelFolder, '..', '..'));
  return [join(dirname(modelFolder), 'dataset.arrow'), around.datasetPath(digest), home.datasetPath(digest)];
}

async function bytesOrNull(path: string): Promise<Uint8Array | null> {
  return withFileWords(path, async () => {
    try {
      return await readFile(path);
    } catch (error) {
      if (isMissing(error)) return null;
      throw error;
    }
  });
}

function missing(search: DatasetSearch): ExpectedFailure {
  const looked = candidates(search).join(', ');
  return new ExpectedFailure(
    fail(
      'dataset_missing',
      `The dataset that the model was trained on, SHA-256 ${search.digest}, is not at ${looked}.`,
      'Give its file with --dataset: dataset.arrow of a run, or one under .leadbench/datasets/ of a server.',
    ).error,
  );
}

function mismatch(path: string, found: string, digest: string): ExpectedFailure {
  return new ExpectedFailure(
    fail(
      'dataset_digest_mismatch',
      `${path} has SHA-256 ${found}, and the model was trained on ${digest}.`,
      'Give the dataset that the model names.',
    ).error,
  );
}
