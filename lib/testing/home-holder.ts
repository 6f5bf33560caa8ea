import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { z } from 'zod';
import { ExpectedFailure } from '@/lib/core/result';
import { takeHome } from '@/lib/server/storage/home-lock';
import { type Journal, openJournal } from '@/lib/server/storage/journal';

/** What the tests of the home's lock tell this program, a line each; it answers each with a line of JSON. */
type Word = 'open' | 'append' | 'close' | 'child';

const recordSchema = z.strictObject({ sequence: z.int(), writer: z.string() });
type HeldRecord = z.infer<typeof recordSchema>;

const [root = '', journalPath = '', platform = process.platform, writer = ''] = process.argv.slice(2);
const say = (answer: unknown) => process.stdout.write(`${JSON.stringify(answer)}\n`);

let journal: Journal<HeldRecord> | null = null;
let lastSequence = 0;

async function opened(): Promise<unknown> {
  const found = await openJournal(journalPath, recordSchema);
  if (!found.ok) return { failed: found.error.code };
  journal = found.value.journal;
  lastSequence = found.value.content.records.length;
  return { opened: lastSequence };
}

async function appended(): Promise<unknown> {
  if (journal === null) throw new Error('Expected an open journal');
  try {
    await journal.append({ sequence: lastSequence + 1, writer });
    lastSequence += 1;
    return { appended: lastSequence };
  } catch (error) {
    if (error instanceof ExpectedFailure) return { failed: error.failure.code };
    throw error;
  }
}

async function closed(): Promise<unknown> {
  await journal?.close();
  journal = null;
  return { closed: true };
}

/** A process that outlives this one, as an engine process may for a moment. */
async function childStarted(): Promise<unknown> {
  const child = spawn(process.execPath, ['-e', 'setTimeout(() => undefined, 30_000)'], {
    detached: true,
    stdio: 'ignore',
  });
  child.unref();
  return { pid: child.pid };
}

const ANSWERS: Readonly<Record<Word, () => Promise<unknown>>> = {
  open: opened,
  append: appended,
  close: closed,
  child: childStarted,
};

const taken = await takeHome(root, { platform: z.enum(['linux', 'darwin', 'win32']).parse(platform) });
if (taken.ok) {
  taken.value.announce('http://127.0.0.1:3000');
  say({ held: true });
  for await (const line of createInterface(process.stdin)) {
    say(await ANSWERS[z.enum(['open', 'append', 'close', 'child']).parse(line)]());
  }
} else {
  say({ held: false, ...taken.error });
  process.exitCode = 2;
}
