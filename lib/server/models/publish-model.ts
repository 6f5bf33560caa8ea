import type { FileHandle } from 'node:fs/promises';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fail, type Result, succeed } from '@/lib/core/result';
import { SplitPart, type TrainingDataset } from '@/lib/features/matrix';
import { labelCsvChunks, matrixCsvChunks } from '@/lib/features/matrix-csv';
import { rowsOfPart } from '@/lib/features/split';
import {
  isMissing,
  makeFolderDurably,
  withTemporary,
  writeFileDurably,
  writeFolderDurably,
} from '@/lib/server/storage/durable-write';
import type { Home } from '@/lib/server/storage/home';
import type { TrialMetrics } from '@/lib/tuning/study/study-events';
import type { BuiltModel } from './build-model';
import { DIGEST_FILE, digestList, MODEL_FILES } from './model-files';

/** A built model, and what is published beside it. */
export interface Publication {
  readonly model: BuiltModel;
  readonly studyId: string;
  /** What the best trial scored on the rows that the study measures on. */
  readonly bestMetrics: TrialMetrics;
  readonly dataset: TrainingDataset;
}

/**
 * Publish a model: `data/X_test.csv` and `data/y_test.csv`, `checkpoints/<study>/best.ubj` and `best.json`, and last the
 * folder `models/<id>`, which appears whole. The checkpoint is written here and not during tuning: the study's journal
 * holds the best trial's parameters, and training them again gives the same bytes. Publishing the same model again changes nothing but `metadata.json`, which
 * tells of the newest study that found it.
 *
 * @returns the model's id; or `model_conflict` where a folder of that id holds another model
 */
export async function publishModel(home: Home, publication: Publication): Promise<Result<string>> {
  const { model, dataset } = publication;
  await writeTestRows(home, dataset);
  await writeCheckpoint(home, publication);
  const folder = home.modelFolder(model.modelId);
  const published = await publishedFiles(folder);
  if (published === null) {
    await makeFolderDurably(home.modelsFolder);
    await writeFolderDurably(folder, { ...model.files, [DIGEST_FILE]: digestList(model.files) });
    return succeed(model.modelId);
  }
  const other = MODEL_FILES.find(
    (name) => name !== 'metadata.json' && !published.get(name)?.equals(model.files[name]),
  );
  if (other !== undefined) return conflict(model.modelId, other);
  if (!published.get('metadata.json')?.equals(model.files['metadata.json'])) {
    await writeFileDurably(join(folder, 'metadata.json'), model.files['metadata.json']);
  }
  return succeed(model.modelId);
}

async function writeTestRows(home: Home, { matrix, labels, split }: TrainingDataset): Promise<void> {
  const rows = rowsOfPart(split, SplitPart.test);
  await makeFolderDurably(home.dataFolder);
  await withTemporary(join(home.dataFolder, 'X_test.csv'), (file) =>
    writeChunks(file, matrixCsvChunks(matrix, rows)),
  );
  await withTemporary(join(home.dataFolder, 'y_test.csv'), (file) =>
    writeChunks(file, labelCsvChunks(labels, rows)),
  );
}

async function writeChunks(file: FileHandle, chunks: Iterable<string>): Promise<void> {
  for (const chunk of chunks) await file.writeFile(chunk);
}

async function writeCheckpoint(home: Home, { model, studyId, bestMetrics }: Publication): Promise<void> {
  const folder = home.checkpointFolder(studyId);
  await makeFolderDurably(folder);
  await writeFileDurably(join(folder, 'best.ubj'), model.files['model.ubj']);
  const best = { study_id: studyId, validation_metrics: bestMetrics, ...model.metadata };
  await writeFileDurably(join(folder, 'best.json'), `${JSON.stringify(best, null, 2)}\n`);
}

/** The files of a published model that are there, or null if none is. */
async function publishedFiles(folder: string): Promise<ReadonlyMap<string, Buffer> | null> {
  const files = new Map<string, Buffer>();
  for (const name of MODEL_FILES) {
    try {
      files.set(name, await readFile(join(folder, name)));
    } catch (error) {
      if (!isMissing(error)) throw error;
    }
  }
  return files.size === 0 ? null : files;
}

function conflict(modelId: string, name: string) {
  return fail(
    'model_conflict',
    `The folder of ${modelId} exists, and its ${name} is not the one of this model.`,
    'It was changed after it was published: move that folder away, then evaluate the study again.',
  );
}
