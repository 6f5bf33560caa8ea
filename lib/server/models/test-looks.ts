import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseModelMetadata } from '@/lib/scoring/model-metadata';
import { isMissing, namesIn } from '@/lib/server/storage/durable-write';
import type { Home } from '@/lib/server/storage/home';
import { modelIdSchema } from '@/lib/tuning/study/study-events';

/** How many metadata files are read at once. */
const N_AT_ONCE = 8;

/**
 * Count how often test rows have been looked at: one look is one distinct model of this home that was judged on them. The more
 * models are judged on the same rows, and the best of them kept, the more these rows flatter it.
 *
 * Models that cannot be read, or are of another version, are not counted.
 */
export async function testLooks(home: Home, testRowsSha256: string): Promise<number> {
  const names = (await namesIn(home.modelsFolder)).filter((name) => modelIdSchema.safeParse(name).success);
  let nLooks = 0;
  for (let from = 0; from < names.length; from += N_AT_ONCE) {
    const digests = await Promise.all(
      names.slice(from, from + N_AT_ONCE).map((name) => judgedOn(join(home.modelsFolder, name))),
    );
    nLooks += digests.filter((digest) => digest === testRowsSha256).length;
  }
  return nLooks;
}

async function judgedOn(folder: string): Promise<string | null> {
  try {
    const metadata = parseModelMetadata(await readFile(join(folder, 'metadata.json'), 'utf8'));
    return metadata.ok ? metadata.value.test_rows_sha256 : null;
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
}
