import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { fail, type Result, succeed } from '@/lib/core/result';
import { championOf } from '@/lib/scoring/model-registry';
import { readRegistry } from '@/lib/server/models/registry-journal';
import { isMissing } from '@/lib/server/storage/durable-write';
import type { Home } from '@/lib/server/storage/home';
import { modelIdSchema } from '@/lib/tuning/study/study-events';

/**
 * Choose the model that scores where none is named: the one in use, and before any was published the newest that was made.
 * Fails with `model_unknown` where there is none, or as `readRegistry`.
 */
export async function servedModelId(home: Home): Promise<Result<string>> {
  const registry = await readRegistry(home);
  if (!registry.ok) return registry;
  const champion = championOf(registry.value);
  if (champion !== null) return succeed(champion);
  let newest: { readonly id: string; readonly madeAtMs: number } | null = null;
  for (const id of await modelIds(home)) {
    const { mtimeMs } = await stat(join(home.modelFolder(id), 'metadata.json'));
    if (newest === null || mtimeMs > newest.madeAtMs) newest = { id, madeAtMs: mtimeMs };
  }
  return newest === null
    ? fail('model_unknown', 'There is no model on this server.', 'Tune a model in the page first.')
    : succeed(newest.id);
}

async function modelIds({ modelsFolder }: Home): Promise<string[]> {
  try {
    return (await readdir(modelsFolder)).filter((name) => modelIdSchema.safeParse(name).success);
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}
