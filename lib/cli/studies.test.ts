import { once } from 'node:events';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { crmBytes } from '@/lib/demo/generate-crm';
import { writeControlFile } from '@/lib/server/control/control-file';
import { homeAt } from '@/lib/server/storage/home';
import { takeHome } from '@/lib/server/storage/home-lock';
import { type CliOutcome, openTestCli, type TestCli } from '@/lib/testing/cli';

const UNKNOWN = `study-${'0'.repeat(20)}`;

let cli: TestCli;
let db: string;
/** What a pipeline of three trials left, a study of which more and more is made. */
let out: string;

beforeAll(async () => {
  cli = await openTestCli();
  db = await cli.written('crm.sqlite', crmBytes({ nSubscribers: 2_000, seed: 5 }));
  out = cli.path('out');
  expect(await pipeline(out, 3)).toMatchObject({ exitCode: 0, stderr: '' });
}, 120_000);
afterAll(() => cli.close());

const pipeline = (folder: string, nTrials: number) =>
  cli.run('pipeline', '--db', db, '--out', folder, '--trials', String(nTrials), '--workers', '2');

const tuned = (nTrials: number, ...words: string[]) =>
  cli.run('tune', '--out', out, '--trials', String(nTrials), '--workers', '2', ...words);

/** The last JSON line of a command. */
function told({ exitCode, stdout, stderr }: CliOutcome): Record<string, unknown> {
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
  return JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? '');
}

async function studies(home = out): Promise<Record<string, unknown>[]> {
  const { studies: all } = told(await cli.run('studies', '--json', '--home', home));
  return all as Record<string, unknown>[];
}

const study = (id: string, ...words: string[]) => cli.run('study', id, ...words, '--json', '--home', out);

/** The one line on standard error of a command that was refused. */
function refusal({ exitCode, stderr }: CliOutcome): { readonly exitCode: number; readonly line: string } {
  expect(stderr.split('\n')).toEqual([expect.stringMatching(/^leadbench: \S.*\.$/), '']);
  return { exitCode, line: stderr.trimEnd() };
}

const idOf = (found: Record<string, unknown> | undefined) => String(found?.study_id);

describe('tune', () => {
  it('extends the study of the same words to more trials, and comes to what they would have from the start', async () => {
    const [first] = await studies();
    expect(first).toMatchObject({ state: 'tuned', n_trials: 3, n_complete: 3 });
    const outcome = told(await tuned(6, '--json', '--learning-curves'));
    expect(outcome).toMatchObject({
      n_trials: 6,
      n_complete: 6,
      n_from_before: 3,
      study_id: first?.study_id,
    });
    expect((await studies()).map((found) => [found.study_id, found.n_complete])).toEqual([
      [first?.study_id, 6],
    ]);
    const journal = readFileSync(`${out}/.leadbench/studies/${idOf(first)}/journal.log`, 'utf8');
    expect(journal.match(/"type":"study_extended","nTrials":6/g)).toHaveLength(1);
    const curves = readFileSync(`${out}/learning_curves.csv`, 'utf8').trimEnd().split('\r\n');
    expect(curves[0]).toBe('trial_number,rounds,roc_auc');
    expect(new Set(curves.slice(1).map((line) => line.split(',')[0]))).toEqual(new Set([...'123456']));

    expect(await cli.run('evaluate', '--out', out)).toMatchObject({ exitCode: 0, stderr: '' });
    const fresh = cli.path('fresh');
    expect(await pipeline(fresh, 6)).toMatchObject({ exitCode: 0 });
    for (const name of readdirSync(`${fresh}/model`)) {
      const [left, right] = [out, fresh].map((folder) => readFileSync(`${folder}/model/${name}`));
      expect([name, left]).toEqual([name, right]);
    }
  });

  it('makes a study of its own for fewer trials, another plan, or the same words again', async () => {
    const before = (await studies()).length;
    expect(await tuned(3)).toMatchObject({ exitCode: 0 });
    expect(await tuned(3, '--objective', 'average_precision', '--space', 'wide')).toMatchObject({
      exitCode: 0,
    });
    expect(await tuned(6)).toMatchObject({ exitCode: 0 });
    expect((await studies()).length - before).toBe(2);
    // The study of three trials from above was the one to extend: that of six was finished.
    expect((await studies()).filter((found) => found.n_complete === 6)).toHaveLength(2);
    expect(readdirSync(out)).not.toContain('learning_curves.csv');
  });

  it('refuses a grid with fewer points than trials, and features that there are not', async () => {
    const space = await cli.written(
      'grid.json',
      JSON.stringify({ n_estimators: { type: 'choice', values: [5, 10] } }),
    );
    const grid = refusal(await tuned(3, '--sampler', 'grid', '--space', space));
    expect(grid).toMatchObject({
      exitCode: 2,
      line: expect.stringContaining('has 2 points, fewer than the 3 trials'),
    });
    const feature = refusal(await tuned(3, '--monotone', 'tag_count=1,height=1'));
    expect(feature).toMatchObject({
      exitCode: 2,
      line: expect.stringContaining('There is no feature height'),
    });
  });
});

describe('studies', () => {
  it('shows a table, newest first', async () => {
    const { exitCode, stdout } = await cli.run('studies', '--home', out);
    expect(exitCode).toBe(0);
    const lines = stdout.trimEnd().split('\n');
    expect(lines[0]).toMatch(/^STUDY +STATE +BEST +TRIALS +SAMPLER +SEED +CREATED \(UTC\)$/);
    expect(lines.slice(1)).toHaveLength((await studies()).length);
    for (const line of lines.slice(1))
      expect(line).toMatch(/^study-[0-9a-f]{20} {2}tuned +\w+ 0\.\d{4} ± 0\.\d{4} +\d\/\d +tpe +42 +20/);
  });

  it('says where there are none, and leaves nothing there', async () => {
    const empty = cli.path('empty');
    mkdirSync(empty);
    expect(await cli.run('studies', '--home', empty)).toEqual({
      exitCode: 0,
      stdout: `There are no studies in ${empty}.\n`,
      stderr: '',
    });
    expect(readdirSync(empty)).toEqual([]);
    const absent = refusal(await cli.run('studies', '--home', cli.path('absent')));
    expect(absent).toMatchObject({ exitCode: 2, line: expect.stringContaining('/absent does not exist.') });
    expect(refusal(await cli.run('studies', '--home', db)).line).toContain('is a file, not a folder.');
  });

  it('lists those that can be read, and says why the others cannot', async () => {
    const broken = `${out}/.leadbench/studies/study-${'f'.repeat(20)}`;
    mkdirSync(broken);
    writeFileSync(`${broken}/journal.log`, 'nothing that was ever written here');
    const { stdout } = await cli.run('studies', '--home', out);
    expect(stdout).toMatch(/study-f{20} cannot be read: Record 0 of the journal .* is damaged/);
    rmSync(broken, { recursive: true });
  });
});

describe('study', () => {
  it('shows one, and knows no other', async () => {
    const [newest] = await studies();
    expect(told(await study(idOf(newest), 'show'))).toMatchObject({ event: 'ended', ...newest });
    const { stdout } = await cli.run('study', idOf(newest), 'show', '--home', out);
    expect(stdout).toMatch(/^study +study-[0-9a-f]{20}\nstate +tuned\nbest +\w+ 0\.\d{4} ± /);
    const unknown = refusal(await cli.run('study', UNKNOWN, 'show', '--home', out));
    expect(unknown).toMatchObject({
      exitCode: 2,
      line: expect.stringContaining(`There is no ${UNKNOWN} in ${out}.`),
    });
  });

  it('works here, in the foreground, where no server does: evaluates, extends, runs again', async () => {
    const [newest] = await studies();
    const id = idOf(newest);
    const evaluated = told(await study(id, 'evaluate'));
    expect(evaluated).toMatchObject({ event: 'finished', state: 'done', n_complete: newest?.n_trials });
    expect(readdirSync(`${out}/models`)).toEqual([evaluated.model_id]);
    const nTrials = Number(newest?.n_trials) + 2;
    const extended = await study(id, 'extend', '--trials', String(nTrials));
    expect(told(extended)).toMatchObject({ study_id: id, state: 'done', n_complete: nTrials });
    expect(extended.stdout).toMatch(/"stage":"study","event":"progress",.*"total":\d/);
    const again = told(await study(id, 'rerun', '--seed', '7'));
    expect(again).toMatchObject({ state: 'done', seed: 7, n_complete: nTrials });
    expect(again.study_id).not.toBe(id);
    // The same order once more finds what is done.
    expect(told(await study(id, 'rerun', '--seed', '7'))).toMatchObject({ study_id: again.study_id });
    expect(refusal(await cli.run('study', id, 'stop', '--home', out))).toMatchObject({
      exitCode: 2,
      line: expect.stringContaining('This study is not running.'),
    });
  });

  it('is refused while another command works on the folder, which can be looked at all the same', async () => {
    const lock = await takeHome(out);
    if (!lock.ok) throw new Error(lock.error.message);
    const [newest] = await studies();
    for (const words of [
      ['study', idOf(newest), 'resume', '--home', out],
      ['tune', '--out', out],
    ]) {
      const { exitCode, line } = refusal(await cli.run(...words));
      expect(exitCode).toBe(2);
      expect(line).toContain(
        `${out} is in use by the Leadbench that runs (process ${process.pid}). Wait for it`,
      );
    }
    expect(told(await study(idOf(newest), 'show'))).toMatchObject({ study_id: newest?.study_id });
    await lock.value.release();
  });
});

describe('a folder that a server works on', () => {
  let server: Server;
  let address: string;
  let received: string[];
  let answer: unknown;

  beforeAll(async () => {
    server = createServer(async (request, response) => {
      received.push(`${request.method} ${request.url} ${await text(request)}`);
      response.end(JSON.stringify(answer));
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const bound = server.address();
    if (bound === null || typeof bound === 'string') throw new Error('Expected a port');
    address = `http://127.0.0.1:${bound.port}`;
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });

  it('is asked, never worked on beside it', async () => {
    const [newest] = await studies();
    const id = idOf(newest);
    const lock = await takeHome(out);
    if (!lock.ok) throw new Error(lock.error.message);
    await writeControlFile(homeAt(out), { pid: process.pid, address, token: 'a token' });
    received = [];
    answer = { studies: [], unreadable: [] };
    expect(await cli.run('studies', '--home', out)).toMatchObject({
      stdout: `There are no studies in ${out}.\n`,
    });
    answer = {
      code: 'study_not_running',
      message: 'This study is not running.',
      hint: 'There is nothing to stop.',
    };
    for (const words of [
      ['stop'],
      ['pause'],
      ['resume'],
      ['evaluate'],
      ['extend', '--trials', '9'],
      ['rerun', '--seed', '3'],
    ]) {
      // An answer that is no study: what is sent is what counts here.
      expect(refusal(await study(id, ...words)).line).toContain(
        `The Leadbench at ${address} holds this folder`,
      );
    }
    expect(received).toEqual([
      'GET /api/studies ',
      ...[
        '{"command":"stop"}',
        '{"command":"pause"}',
        '{"command":"resume"}',
        '{"command":"evaluate"}',
        '{"command":"extend","nTrials":9}',
        '{"command":"rerun","seed":3}',
      ].map((order) => `POST /api/studies/${id} ${order}`),
    ]);
    await lock.value.release();
  });

  it('is free again when the server has died, whatever its file says', async () => {
    received = [];
    const [newest] = await studies();
    expect(newest).toMatchObject({ study_id: expect.stringMatching(/^study-/) });
    expect(received).toEqual([]);
  });

  it('is another’s when a command came after the server that died', async () => {
    await writeControlFile(homeAt(out), { pid: process.pid + 1, address, token: 'a token' });
    received = [];
    const lock = await takeHome(out);
    if (!lock.ok) throw new Error(lock.error.message);
    expect(refusal(await study(UNKNOWN, 'stop')).line).toContain(`(process ${process.pid})`);
    expect(received).toEqual([]);
    await lock.value.release();
  });
});
