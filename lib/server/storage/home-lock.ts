import { createHash } from 'node:crypto';
import { realpath } from 'node:fs/promises';
import { createServer, type Server, type Socket } from 'node:net';
import { z } from 'zod';
import { fail, type Result, succeed } from '@/lib/core/result';
import { connected, heldSocket, type LockPlace, lockAddresses, lockPlace } from './lock-socket';

const holderSchema = z.strictObject({
  pid: z.int().min(1).nullable(),
  /** Where the page is, such as `http://127.0.0.1:3000`; null for a command, or for a server that still starts. */
  address: z.string().max(500).nullable(),
});

/** Who works on a home. Both are null where it does not say, as while it is stopped. */
export type HomeHolder = z.infer<typeof holderSchema>;

/** The right to work on a home. It ends with the process, however that ends. */
export interface HomeLock {
  /** Tell whoever asks from now on where the page is. */
  announce(address: string): void;
  release(): Promise<void>;
}

/** What a lock is taken with. */
export interface HomeLockOptions {
  /** That of this process unless told. */
  readonly platform?: NodeJS.Platform;
  /** Where a holder that does not answer was last known to be. */
  readonly lastKnown?: () => Promise<HomeHolder | null>;
}

/**
 * Take a home for this process alone. Two processes on one machine never hold the same home, by whatever path they came to
 * it: not while the one is stopped, and not because its id was given to another process since. On Linux that holds within
 * a network namespace; across machines, the journals' own check is what is left.
 *
 * @param root the home's root folder, which must exist
 * @returns a failure `home_taken`, naming the folder and who holds it
 */
export async function takeHome(root: string, options: HomeLockOptions = {}): Promise<Result<HomeLock>> {
  const place = await placeOf(root, options.platform);
  // Who only contends for it is not who works there.
  let holder = UNKNOWN;
  const held = await heldSocket(place, () => answering(() => holder));
  if (held === null) return homeTaken(root, await foundHolder(place, options));
  holder = { pid: process.pid, address: null };
  return succeed({
    announce(address) {
      holder = { ...holder, address };
    },
    release: () => held.close(),
  });
}

/** Ask who works on a home; null where nobody does. The folder must exist. */
export async function homeHolder(root: string, options: HomeLockOptions = {}): Promise<HomeHolder | null> {
  return askedHolder(await placeOf(root, options.platform));
}

/** The failure of working on a home that another process holds. */
export function homeTaken(root: string, { pid, address }: HomeHolder) {
  const who = pid === null ? 'another process' : `process ${pid}`;
  const where = address === null ? '' : ` at ${address}`;
  return fail(
    'home_taken',
    `The folder ${root} is in use by the Leadbench that runs${where} (${who}).`,
    address === null
      ? 'Wait for it, or end it.'
      : 'Use that one, end it, or choose another folder (LEADBENCH_HOME, --out).',
  );
}

const UNKNOWN: HomeHolder = { pid: null, address: null };
const ANSWER_LIMIT_MS = 500;
const MAX_ANSWER_CHARACTERS = 2_000;

async function placeOf(root: string, platform: NodeJS.Platform = process.platform): Promise<LockPlace> {
  const real = await realpath(root);
  return lockPlace(createHash('sha256').update(real).digest('hex'), platform);
}

/** A server that says who holds the lock, in one line of JSON, to whoever connects. */
function answering(holder: () => HomeHolder): Server {
  const server = createServer((socket) => {
    // Whoever asked may be gone by now.
    socket.on('error', () => socket.destroy());
    // Destroyed then, because one that never hangs up would keep the lock from being let go.
    socket.end(`${JSON.stringify(holder())}\n`, () => socket.destroy());
  });
  server.maxConnections = 16;
  // The lock is no reason to go on living.
  server.unref();
  return server;
}

async function foundHolder(place: LockPlace, { lastKnown }: HomeLockOptions): Promise<HomeHolder> {
  const asked = (await askedHolder(place)) ?? UNKNOWN;
  return asked.pid === null ? ((await lastKnown?.()) ?? asked) : asked;
}

async function askedHolder(place: LockPlace): Promise<HomeHolder | null> {
  const addresses = await lockAddresses(place);
  const answers = await Promise.all(addresses.map(answerAt));
  const found = answers.filter((answer) => answer !== null);
  return found.find(({ pid }) => pid !== null) ?? found[0] ?? null;
}

async function answerAt(address: string): Promise<HomeHolder | null> {
  const socket = await connected(address);
  if (socket === null) return null;
  return socket === 'silent' ? UNKNOWN : answerOf(socket);
}

function answerOf(socket: Socket): Promise<HomeHolder> {
  return new Promise((resolve) => {
    let text = '';
    const settle = () => {
      clearTimeout(patience);
      socket.destroy();
      resolve(parsedHolder(text));
    };
    const patience = setTimeout(settle, ANSWER_LIMIT_MS);
    socket.setEncoding('utf8');
    socket.on('data', (piece: string) => {
      text += piece;
      if (text.length > MAX_ANSWER_CHARACTERS) settle();
    });
    socket.on('end', settle);
    // It died while it answered: somebody held it when we asked.
    socket.on('error', settle);
  });
}

function parsedHolder(text: string): HomeHolder {
  try {
    return holderSchema.parse(JSON.parse(text));
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof z.ZodError) return UNKNOWN;
    throw error;
  }
}
