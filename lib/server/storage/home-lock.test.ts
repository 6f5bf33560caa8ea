import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface, type Interface } from 'node:readline';
import { build } from 'esbuild';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { projectRoot } from '@/lib/testing/engine';
import { homeHolder, takeHome } from './home-lock';
import { journalStart } from './journal';

let folder: string;
let program: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'leadbench-lock-'));
  program = join(folder, 'holder.mjs');
  await build({
    entryPoints: [join(projectRoot, 'lib/testing/home-holder.ts')],
    outfile: program,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    alias: { '@': projectRoot },
    logLevel: 'error',
  });
});
afterAll(() => rmSync(folder, { recursive: true }));

let nHomes = 0;
function freshHome(): string {
  nHomes += 1;
  const home = join(folder, `home-${nHomes}`);
  mkdirSync(home);
  const record = { sequence: 1, writer: 'nobody' };
  writeFileSync(join(home, 'journal.log'), journalStart([record]));
  return home;
}

/** Another Leadbench: what it said first, and what it answers. */
interface Other {
  readonly child: ChildProcess;
  readonly first: Record<string, unknown>;
  ask(word: string): Promise<Record<string, unknown>>;
  /** Send a signal and, where it ends the process, wait for that. */
  signal(name: 'SIGSTOP' | 'SIGCONT' | 'SIGKILL'): Promise<void>;
}

const others = new Set<Other>();
afterEach(async () => {
  for (const other of others) await other.signal('SIGKILL');
  others.clear();
});

async function started(home: string, options: { platform?: string; writer?: string } = {}): Promise<Other> {
  const { platform = process.platform, writer = 'first' } = options;
  const child = spawn(process.execPath, [program, home, join(home, 'journal.log'), platform, writer], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const { stdin, stdout } = child;
  if (stdin === null || stdout === null) throw new Error('Expected pipes');
  const lines = createInterface(stdout);
  const first = await nextLine(lines);
  const other: Other = {
    child,
    first,
    ask(word) {
      const answer = nextLine(lines);
      stdin.write(`${word}\n`);
      return answer;
    },
    async signal(name) {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const exited = name === 'SIGKILL' ? once(child, 'exit') : null;
      child.kill(name);
      await exited;
    },
  };
  others.add(other);
  return other;
}

async function nextLine(lines: Interface): Promise<Record<string, unknown>> {
  const [line] = await once(lines, 'line');
  return JSON.parse(line);
}

/** Who wrote each record of a home's journal, in order. */
function writers(home: string): unknown[] {
  const lines = readFileSync(join(home, 'journal.log'), 'utf8').trimEnd().split('\n');
  return lines.slice(1).map((line) => JSON.parse(line.slice(line.indexOf('{'))).writer);
}

describe('takeHome', () => {
  it('gives a home to one, tells who that is, and gives it to the next when it is let go', async () => {
    const home = freshHome();
    expect(await homeHolder(home)).toBeNull();
    const first = await takeHome(home);
    if (!first.ok) throw new Error(first.error.message);
    expect(await homeHolder(home)).toEqual({ pid: process.pid, address: null });
    first.value.announce('http://127.0.0.1:3000');
    expect(await homeHolder(home)).toEqual({ pid: process.pid, address: 'http://127.0.0.1:3000' });
    expect(await takeHome(home)).toEqual({
      ok: false,
      error: {
        code: 'home_taken',
        message: `The folder ${home} is in use by the Leadbench that runs at http://127.0.0.1:3000 (process ${process.pid}).`,
        hint: 'Use that one, end it, or choose another folder (LEADBENCH_HOME, --out).',
      },
    });
    await first.value.release();
    expect(await homeHolder(home)).toBeNull();
    const next = await takeHome(home);
    expect(next.ok).toBe(true);
    if (next.ok) await next.value.release();
  });

  it('knows a home by whatever path it is reached, and other homes as others', async () => {
    const home = freshHome();
    const link = join(folder, 'link');
    symlinkSync(home, link);
    const first = await takeHome(link);
    expect((await takeHome(home)).ok).toBe(false);
    expect((await takeHome(`${home}/../${home.split('/').at(-1)}`)).ok).toBe(false);
    const other = await takeHome(freshHome());
    expect(other.ok).toBe(true);
    for (const taken of [first, other]) if (taken.ok) await taken.value.release();
  });

  it('lets nobody keep it from being let go', async () => {
    const home = freshHome();
    const held = await takeHome(home, { platform: 'darwin' });
    await Promise.all(Array.from({ length: 40 }, () => homeHolder(home, { platform: 'darwin' })));
    if (held.ok) await held.value.release();
    expect(await homeHolder(home, { platform: 'darwin' })).toBeNull();
  });
});

describe.each([
  { platform: 'linux', nBatches: 5, nTurns: 10 },
  { platform: 'darwin', nBatches: 2, nTurns: 4 },
] as const)('two processes, as on $platform', ({ platform, nBatches, nTurns }) => {
  // Linux' way is to be had on Linux alone; the other works on both.
  const isHere = platform === 'darwin' || process.platform === 'linux';
  const A_BATCH = 10;

  it.runIf(isHere)(
    'never hold one home, start the second as often as you like, the first stopped or not',
    async () => {
      const home = freshHome();
      const first = await started(home, { platform });
      expect(first.first).toEqual({ held: true });
      expect(await first.ask('open')).toEqual({ opened: 1 });
      for (let batch = 1; batch <= nBatches; batch++) {
        const isStopped = batch % 2 === 0;
        if (isStopped) await first.signal('SIGSTOP');
        const seconds = await Promise.all(
          Array.from({ length: A_BATCH }, () => started(home, { platform, writer: 'second' })),
        );
        for (const { first: said } of seconds) {
          expect(said).toMatchObject({ held: false, code: 'home_taken' });
          expect(said.message).toContain(`The folder ${home} is in use by the Leadbench that runs`);
          if (isStopped) expect(said.message).toContain('(another process)');
        }
        if (isStopped) await first.signal('SIGCONT');
        expect(await first.ask('append')).toEqual({ appended: batch + 1 });
      }
      expect(writers(home)).toEqual(['nobody', ...Array.from({ length: nBatches }, () => 'first')]);
    },
  );

  it.runIf(isHere)(
    'follow each other at once when one is killed, though its children still live',
    async () => {
      const home = freshHome();
      for (let turn = 1; turn <= nTurns; turn++) {
        const one = await started(home, { platform });
        expect(one.first).toEqual({ held: true });
        const { pid } = await one.ask('child');
        if (turn % 2 === 0) await one.signal('SIGSTOP');
        await one.signal('SIGKILL');
        const next = await takeHome(home, { platform });
        process.kill(Number(pid), 'SIGKILL');
        expect(next.ok).toBe(true);
        if (next.ok) await next.value.release();
      }
    },
  );

  it.runIf(isHere)('are never two at once, however many come at the same time', async () => {
    const home = freshHome();
    for (let round = 1; round <= 5; round++) {
      const all = await Promise.all(Array.from({ length: 12 }, () => takeHome(home, { platform })));
      const held = all.filter((taken) => taken.ok);
      expect(held.length).toBeLessThanOrEqual(1);
      if (platform === 'linux') expect(held.length).toBe(1);
      for (const taken of held) await taken.value.release();
    }
    const alone = await takeHome(home, { platform });
    expect(alone.ok).toBe(true);
    if (alone.ok) await alone.value.release();
  });
});

describe('the second fence', () => {
  it('keeps one that was stopped, and came back after another had written, from writing: 50 times, 0 records', async () => {
    const home = freshHome();
    // As if the first had lost its lock: it holds another home, and has this one's journal open.
    const elsewhere = freshHome();
    rmSync(join(elsewhere, 'journal.log'));
    symlinkSync(join(home, 'journal.log'), join(elsewhere, 'journal.log'));
    const first = await started(elsewhere, { writer: 'stale' });
    const second = await started(home, { writer: 'second' });
    for (let turn = 1; turn <= 50; turn++) {
      expect(await first.ask('open')).toEqual({ opened: turn });
      await first.signal('SIGSTOP');
      await second.ask('open');
      expect(await second.ask('append')).toEqual({ appended: turn + 1 });
      await second.ask('close');
      await first.signal('SIGCONT');
      expect(await first.ask('append')).toEqual({ failed: 'journal_taken' });
      await first.ask('close');
    }
    expect(writers(home)).toEqual(['nobody', ...Array.from({ length: 50 }, () => 'second')]);
  });
});
