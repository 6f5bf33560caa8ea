import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, openSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { crmBytes } from '@/lib/demo/generate-crm';
import { bundleNode } from '@/lib/setup/bundle.mjs';
import { openTestCli, type TestCli } from '@/lib/testing/cli';
import { projectRoot } from '@/lib/testing/engine';

/** Enough trials that a signal after the third finds the study at work. */
const STUDY = ['--trials', '14', '--workers', '2'];

let cli: TestCli;
let db: string;
/** The command line as a program of its own. */
let program: string;

beforeAll(async () => {
  cli = await openTestCli();
  const outdir = dirname(cli.engineChildPath);
  await bundleNode({ root: projectRoot, names: ['cli'], outdir });
  program = join(outdir, 'cli.mjs');
  db = await cli.written('crm.sqlite', crmBytes({ nSubscribers: 2_000, seed: 5 }));
}, 60_000);
afterAll(() => cli.close());

/** Start the program as a shell does: leader of a process group of its own. */
function started(words: readonly string[], stdout: 'pipe' | number = 'pipe') {
  const child = spawn(process.execPath, [program, ...words], {
    detached: true,
    stdio: ['ignore', stdout, 'pipe'],
  });
  let stderr = '';
  child.stderr?.on('data', (piece) => {
    stderr += piece;
  });
  return { child, ended: once(child, 'close').then(([code]) => ({ code, stderr })) };
}

/** Start a pipeline, send a signal when its third trial is over, and give its end. */
async function interrupted(out: string, send: (pid: number) => void) {
  const { child, ended } = started(['pipeline', '--json', '--db', db, '--out', out, ...STUDY]);
  const { pid, stdout } = child;
  if (pid === undefined || stdout === null) throw new Error('Expected a process with an output');
  const events: Record<string, unknown>[] = [];
  for await (const line of createInterface(stdout)) {
    const event = JSON.parse(line);
    events.push(event);
    if (event.stage === 'tune' && event.event === 'progress' && event.done === 3) send(pid);
  }
  return { events, ...(await ended) };
}

/** Processes of this test's own engine bundle. */
function nEngineProcesses(): number {
  const listed = execFileSync('ps', ['-eo', 'args='], { encoding: 'utf8' });
  return listed.split('\n').filter((args) => args.includes(cli.engineChildPath)).length;
}

describe('Ctrl-C', () => {
  it('ends with 130, leaves no child, keeps what is finished, and the same words go on to the same model', async () => {
    const out = cli.path('interrupted');
    // A terminal sends the signal to the whole process group.
    const { code, stderr, events } = await interrupted(out, (pid) => process.kill(-pid, 'SIGINT'));
    expect(code).toBe(130);
    expect(stderr).toBe(
      'leadbench: The command was ended by SIGINT. Finished trials are kept; the same command goes on from there.\n',
    );
    expect(events.at(-1)).toMatchObject({
      stage: 'tune',
      event: 'failed',
      code: 'interrupted',
      exit_code: 130,
    });
    expect(nEngineProcesses()).toBe(0);
    expect(existsSync(`${out}/trials.csv`)).toBe(false);

    const again = await cli.run('pipeline', '--db', db, '--out', out, ...STUDY);
    expect(again).toMatchObject({ exitCode: 0, stderr: '' });
    expect(again.stdout).toMatch(/tune .* 14 of 14 trials \(\d at once, \d+ from before\)/);
    const whole = cli.path('uninterrupted');
    expect(await cli.run('pipeline', '--db', db, '--out', whole, ...STUDY)).toMatchObject({ exitCode: 0 });
    for (const name of readdirSync(`${whole}/model`)) {
      const [left, right] = [out, whole].map((folder) => readFileSync(`${folder}/model/${name}`));
      expect([name, left]).toEqual([name, right]);
    }
  });
});

describe('SIGTERM', () => {
  it('ends with 143 and leaves no child', async () => {
    const { code, stderr } = await interrupted(cli.path('terminated'), (pid) => process.kill(pid, 'SIGTERM'));
    expect(code).toBe(143);
    expect(stderr.split('\n')).toHaveLength(2);
    expect(nEngineProcesses()).toBe(0);
  });
});

describe('study', () => {
  it('ended by Ctrl-C leaves its study to be resumed, and leaves the folder to the next', async () => {
    const out = cli.path('terminated');
    const [id = ''] = readdirSync(`${out}/.leadbench/studies`).filter((name) => name.startsWith('study-'));
    const { child, ended } = started(['study', id, 'resume', '--json', '--home', out]);
    const { pid, stdout } = child;
    if (pid === undefined || stdout === null) throw new Error('Expected a process with an output');
    let isAsked = false;
    for await (const line of createInterface(stdout)) {
      if (isAsked || JSON.parse(line).event !== 'progress') continue;
      // Once: a second signal would end it at once.
      isAsked = child.kill('SIGINT');
    }
    expect(await ended).toEqual({
      code: 130,
      stderr: `leadbench: The command was ended by SIGINT. Finished trials are kept; "leadbench study ${id} resume" goes on from there.\n`,
    });
    expect(nEngineProcesses()).toBe(0);
    const resumed = await cli.run('study', id, 'resume', '--home', out);
    expect(resumed).toMatchObject({ exitCode: 0, stderr: '' });
    expect(resumed.stdout).toMatch(
      / is done: 14\/14 trials, best roc_auc 0\.\d{4} .*; model-[0-9a-f]{20}\n$/,
    );
  });
});

describe('standard output', () => {
  it('may be closed by its reader: the work goes on', async () => {
    const out = cli.path('closed');
    const words = ['pipeline', '--db', db, '--out', out, '--trials', '2', '--workers', '2'];
    const { child, ended } = started(words);
    child.stdout?.once('data', () => child.stdout?.destroy());
    expect(await ended).toEqual({ code: 0, stderr: '' });
    expect(existsSync(`${out}/scored_leads.csv`)).toBe(true);
  });

  it.runIf(existsSync('/dev/full'))('may be full: that is told', async () => {
    const words = ['generate', '--out', cli.path('full.sqlite'), '--subscribers', '1000'];
    const { code, stderr } = await started(words, openSync('/dev/full', 'w')).ended;
    expect(code).toBe(2);
    expect(stderr).toMatch(/^leadbench: Standard output could not be written \(ENOSPC\)\..*\n$/);
    expect(existsSync(cli.path('full.sqlite'))).toBe(true);
  });
});

describe('the program', () => {
  it('hands on the exit code', async () => {
    expect((await started(['pipelin']).ended).code).toBe(2);
    expect((await started(['--version']).ended).code).toBe(0);
  });
});
