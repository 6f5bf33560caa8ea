import { dirname } from 'node:path';
import { type Result, succeed } from '@/lib/core/result';
import {
  EMPTY_REGISTRY,
  type RegistryEvent,
  type RegistryState,
  registryAfter,
  registryEventSchema,
} from '@/lib/scoring/model-registry';
import { isMissing, makeFolderDurably, writeFileDurably } from '@/lib/server/storage/durable-write';
import type { Home } from '@/lib/server/storage/home';
import { journalStart, openJournal, readJournal } from '@/lib/server/storage/journal';

/** Read what happened to the models of a home; nothing where no model was published yet. Failures as `readJournal`. */
export async function readRegistry({ registryPath }: Home): Promise<Result<RegistryState>> {
  try {
    const content = await readJournal(registryPath, registryEventSchema);
    if (!content.ok) return content;
    return succeed(content.value.records.reduce(registryAfter, EMPTY_REGISTRY));
  } catch (error) {
    if (isMissing(error)) return succeed(EMPTY_REGISTRY);
    throw error;
  }
}

/**
 * Append an event; when it resolves, the event is on disk. The journal begins with the first one.
 *
 * @throws ExpectedFailure as `Journal.append`
 */
export async function appendRegistryEvent(
  { registryPath }: Home,
  state: RegistryState,
  event: RegistryEvent,
): Promise<void> {
  if (state.events.length === 0) {
    await makeFolderDurably(dirname(registryPath));
    await writeFileDurably(registryPath, journalStart([event]));
    return;
  }
  const opened = await openJournal(registryPath, registryEventSchema);
  if (!opened.ok) throw new Error(`The registry was read and then not: ${opened.error.message}`);
  const { journal } = opened.value;
  try {
    await journal.append(event);
  } finally {
    await journal.close();
  }
}
