import { join } from 'node:path';
import { z } from 'zod';
import type { ModelMetadata } from '@/lib/scoring/model-metadata';
import { makeFolderDurably } from '@/lib/server/storage/durable-write';
import { modelIdSchema } from '@/lib/tuning/study/study-events';
import { withFileWords } from './file-failure';
import { type RunFolder, readableJson, writePieces } from './run-folder';
import { textOrNull } from './run-record';

const looksSchema = z.strictObject({
  version: z.literal(1),
  /** Distinct models judged in this folder, by the digest of the test rows that they were judged on. */
  models: z.record(z.string().regex(/^[0-9a-f]{64}$/), z.array(modelIdSchema)),
});

/**
 * Count a look at the test rows of a run's folder, in `.leadbench/test_looks.json`, which outlives the stages that begin anew:
 * one look is one distinct model.
 *
 * @returns looks at these rows, this one among them
 */
export async function countedLook(
  folder: RunFolder,
  { model_id, test_rows_sha256 }: Pick<ModelMetadata, 'model_id' | 'test_rows_sha256'>,
): Promise<number> {
  const path = join(folder.path, '.leadbench', 'test_looks.json');
  const text = await withFileWords(path, () => textOrNull(path));
  const { models } = looksSchema.parse(text === null ? { version: 1, models: {} } : JSON.parse(text));
  const looks = new Set([...(models[test_rows_sha256] ?? []), model_id]);
  await withFileWords(path, () => makeFolderDurably(join(folder.path, '.leadbench')));
  await writePieces(
    path,
    readableJson({ version: 1, models: { ...models, [test_rows_sha256]: [...looks] } }),
  );
  return looks.size;
}
