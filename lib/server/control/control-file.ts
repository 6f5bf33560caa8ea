import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { isMissing, writeFileDurably } from '@/lib/server/storage/durable-write';
import type { Home } from '@/lib/server/storage/home';

/** How the command line finds the server that works on a home, and what it shows to be let in. */
const controlFileSchema = z.strictObject({
  version: z.literal(1),
  pid: z.int().min(1),
  /** Where this machine reaches the server, such as `http://127.0.0.1:3000`. */
  address: z.string().regex(/^http:\/\/[^\s/]+$/),
  /** Secret of that process for the routes that the command line asks for. Whoever can read the file may use it. */
  token: z.string().min(1),
});

export type ControlFile = z.infer<typeof controlFileSchema>;

/** Leave word, for the owner's eyes alone (mode 0600), of the server that works on a home. Its folders must exist. */
export async function writeControlFile(
  home: Home,
  { pid, address, token }: Omit<ControlFile, 'version'>,
): Promise<void> {
  const content: ControlFile = { version: 1, pid, address, token };
  await writeFileDurably(controlPath(home), `${JSON.stringify(content)}\n`);
}

/**
 * Read what the last server on a home left; null where there is nothing, or nothing that this version understands. It may
 * be of a server that died: believe it only where the home's lock is held by that process.
 */
export async function readControlFile(home: Home): Promise<ControlFile | null> {
  try {
    return controlFileSchema.parse(JSON.parse(await readFile(controlPath(home), 'utf8')));
  } catch (error) {
    if (isMissing(error) || error instanceof SyntaxError || error instanceof z.ZodError) return null;
    throw error;
  }
}

/** Take the word back. */
export async function removeControlFile(home: Home): Promise<void> {
  await rm(controlPath(home), { force: true });
}

function controlPath(home: Home): string {
  return join(home.root, '.leadbench', 'control.json');
}
