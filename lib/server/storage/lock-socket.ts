import { randomInt, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import { connect, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

/**
 * Where the one socket of a lock is.
 *
 * `name`: in a space of names that the system hands to one process each and takes back in the moment that process dies:
 * Linux' abstract sockets, Windows' pipes. `folder`: a folder of socket files, where neither is to be had; see
 * `heldInFolder`.
 */
export type LockPlace =
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'folder'; readonly folder: string };

/**
 * Give the place of a lock on this system.
 *
 * @param key hex digits, the same for whoever must not hold it at the same time
 */
export function lockPlace(key: string, platform: NodeJS.Platform): LockPlace {
  const name = `leadbench-${key.slice(0, 32)}`;
  if (platform === 'linux') return { kind: 'name', name: `\0${name}` };
  if (platform === 'win32') return { kind: 'name', name: `\\\\.\\pipe\\${name}` };
  // Not the temporary folder: that may be another one for each user and shell. And a socket's path has few characters.
  return { kind: 'folder', folder: `/tmp/${name}` };
}

/** A lock that is held; whoever connects to its place reaches the server that was made for it. */
export interface HeldSocket {
  /** Let it go. */
  close(): Promise<void>;
}

/**
 * Hold a place alone, by listening there. While the process lives nobody else gets it, even when it is stopped; however
 * it dies, the place is free at once.
 *
 * @param createServer makes the server that answers whoever asks; asked again for each attempt
 * @returns null where somebody else holds it
 */
export async function heldSocket(place: LockPlace, createServer: () => Server): Promise<HeldSocket | null> {
  if (place.kind === 'folder') return heldInFolder(place.folder, createServer);
  const server = createServer();
  try {
    await listening(server, place.name);
  } catch (error) {
    if (hasCode(error, 'EADDRINUSE')) return null;
    throw error;
  }
  return { close: () => closed(server) };
}

/** Give the addresses at which a place may be held or contended for. */
export async function lockAddresses(place: LockPlace): Promise<readonly string[]> {
  if (place.kind === 'name') return [place.name];
  return (await socketsIn(place.folder)).map((name) => join(place.folder, name));
}

const N_ATTEMPTS = 5;

/**
 * Hold a folder of socket files. Each contender puts its own file there, under a name that nobody uses again and only
 * when it listens, and then looks at all others: so of two at the same time at least one sees the other, and gives way. A
 * file that nobody listens to is a dead process's and stays that, so it can be removed without harm.
 */
async function heldInFolder(folder: string, createServer: () => Server): Promise<HeldSocket | null> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  for (let attempt = 1; attempt <= N_ATTEMPTS; attempt++) {
    const server = createServer();
    const name = randomUUID();
    const hidden = join(folder, `${name}.tmp`);
    const shown = join(folder, `${name}.sock`);
    await listening(server, hidden);
    await rename(hidden, shown);
    const close = async () => {
      await rm(shown, { force: true });
      await closed(server);
    };
    if (await isAlone(folder, `${name}.sock`)) return { close };
    await close();
    // Two that give way to each other must not meet again.
    if (attempt < N_ATTEMPTS) await delay(randomInt(5, 40));
  }
  return null;
}

async function isAlone(folder: string, own: string): Promise<boolean> {
  for (const name of await socketsIn(folder)) {
    if (name === own) continue;
    const other = await connected(join(folder, name));
    if (other !== null) {
      if (other !== 'silent') other.destroy();
      return false;
    }
    await rm(join(folder, name), { force: true });
  }
  return true;
}

async function socketsIn(folder: string): Promise<readonly string[]> {
  try {
    return (await readdir(folder)).filter((name) => name.endsWith('.sock')).sort();
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return [];
    throw error;
  }
}

/**
 * Connect to an address of a lock: null where nobody listens, `silent` where somebody does and takes no connection. The
 * caller ends the connection.
 */
export async function connected(path: string): Promise<Socket | 'silent' | null> {
  const socket = connect(path);
  try {
    await once(socket, 'connect');
    return socket;
  } catch (error) {
    socket.destroy();
    if (hasCode(error, 'ECONNREFUSED') || hasCode(error, 'ENOENT')) return null;
    return 'silent';
  }
}

async function listening(server: Server, path: string): Promise<void> {
  server.listen(path);
  await once(server, 'listening');
}

async function closed(server: Server): Promise<void> {
  const ended = once(server, 'close');
  server.close();
  await ended;
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
