import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@playwright/test';
import { type ControlClient, createControlClient } from '@/lib/server/control/control-client';
import { readControlFile } from '@/lib/server/control/control-file';
import type { StudyAnswer } from '@/lib/server/control/study-answers';
import { leadbench } from './command-line';
import { type StormStudy, stormStudy } from './kill-storm';
import { type RunningServer, startServer } from './running-server';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
/** Far more than are trained while a test looks. */
const N_TRIALS = 5_000;

test.describe('one folder', () => {
  let folder: string;
  let study: StormStudy;
  const servers: RunningServer[] = [];

  test.beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'leadbench-one-home-'));
    study = await stormStudy(folder);
  });
  test.afterEach(async () => {
    for (const server of servers.splice(0)) await server.stop('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  });

  /** Start a server on the folder, whose study it takes up. */
  async function served(): Promise<{ readonly server: RunningServer; readonly client: ControlClient }> {
    const server = await startServer({ env: { LEADBENCH_HOME: folder } });
    servers.push(server);
    return { server, client: await clientOf() };
  }

  async function clientOf(): Promise<ControlClient> {
    const control = await readControlFile(study.home);
    if (control === null) throw new Error('The server left no word of itself');
    return createControlClient(control);
  }

  async function shown(client: ControlClient): Promise<StudyAnswer> {
    const answer = await client.show(study.studyId);
    if (!answer.ok) throw new Error(`${answer.error.code}: ${answer.error.message}`);
    return answer.value;
  }

  const workOn = async (client: ControlClient) => {
    const { study: found, activity } = await shown(client);
    return `${found.phase}, ${activity.kind}`;
  };
  const nComplete = async (client: ControlClient) => (await shown(client)).study.nComplete;

  /** What the command line says of the study at its end. */
  async function commanded(...words: readonly string[]): Promise<Record<string, unknown>> {
    const lines = await leadbench('study', study.studyId, ...words, '--json', '--home', folder);
    return JSON.parse(lines.trimEnd().split('\n').at(-1) ?? '');
  }

  test('has one server; a second is refused, and the command line asks the first', async () => {
    const { server, client } = await served();
    const address = `http://127.0.0.1:${server.port}`;
    expect(await client.order(study.studyId, { command: 'extend', nTrials: N_TRIALS })).toMatchObject({
      ok: true,
    });

    const second = await refusedStart();
    expect(second.exitCode).toBe(2);
    expect(second.said).toContain(
      `The folder ${folder} is in use by the Leadbench that runs at ${address} (process`,
    );
    expect(second.said.trimEnd().split('\n')).toHaveLength(1);

    const { studies } = JSON.parse(await leadbench('studies', '--json', '--home', folder));
    expect(studies).toMatchObject([{ study_id: study.studyId, state: 'running', n_trials: N_TRIALS }]);
    expect(await commanded('pause')).toMatchObject({
      event: 'finished',
      phase: expect.stringMatching(/^paus/),
    });
    await expect.poll(() => workOn(client)).toBe('paused, idle');
    expect(await commanded('resume')).toMatchObject({ activity: 'running' });
    await expect.poll(() => workOn(client)).toBe('tuning, running');
    expect(await commanded('stop')).toMatchObject({ state: 'stopped', activity: 'idle' });
    expect(await commanded('show')).toMatchObject({ state: 'stopped', n_complete: await nComplete(client) });
  });

  test('tells nobody its secrets, and is left tidy', async () => {
    const { server } = await served();
    const path = join(folder, '.leadbench', 'control.json');
    expect(statSync(path).mode & 0o777).toBe(0o600);
    const token = (await readControlFile(study.home))?.token ?? '';
    expect(token).toHaveLength(43);
    expect(token).not.toBe(await server.token());
    const { exitCode, elapsedMs } = await server.stop();
    expect(exitCode).toBe(0);
    expect(elapsedMs).toBeLessThan(10_000);
    expect(existsSync(path)).toBe(false);
    expect(server.output()).not.toContain(token);
  });

  test('has its study go on by itself after a kill and after a stop, and on the command line', async () => {
    const first = await served();
    expect(await first.client.order(study.studyId, { command: 'extend', nTrials: N_TRIALS })).toMatchObject({
      ok: true,
    });
    await expect.poll(() => nComplete(first.client)).toBeGreaterThan(2);
    const nBefore = await nComplete(first.client);
    await first.server.stop('SIGKILL');
    expect(await commanded('show')).toMatchObject({ state: 'interrupted' });

    const second = await served();
    await expect.poll(() => workOn(second.client), { timeout: 5_000 }).toBe('tuning, running');
    await expect.poll(() => nComplete(second.client)).toBeGreaterThan(nBefore + 2);
    const { exitCode, elapsedMs } = await second.server.stop('SIGTERM');
    expect(exitCode).toBe(0);
    expect(elapsedMs).toBeLessThan(10_000);
    expect(await commanded('show')).toMatchObject({ state: 'interrupted' });

    const third = await served();
    await expect.poll(() => workOn(third.client), { timeout: 5_000 }).toBe('tuning, running');
    expect(await third.client.order(study.studyId, { command: 'stop' })).toMatchObject({ ok: true });
    await third.server.stop();
    expect(await commanded('evaluate')).toMatchObject({
      state: 'done',
      model_id: expect.stringMatching(/^model-/),
    });
  });

  /** Start a second server on the folder, and give its end. */
  function refusedStart(): Promise<{ readonly exitCode: unknown; readonly said: string }> {
    return new Promise((resolve) => {
      const env = { ...process.env, LEADBENCH_HOME: folder, NODE_ENV: 'production' as const };
      const words = ['.build/server.mjs', '--port', '0'];
      execFile(process.execPath, words, { cwd: ROOT, env, timeout: 20_000 }, (error, stdout, stderr) => {
        resolve({ exitCode: error?.code ?? 0, said: `${stdout}${stderr}` });
      });
    });
  }
});
