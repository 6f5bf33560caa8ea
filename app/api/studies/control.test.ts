import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  type BoundaryState,
  createBoundaryState,
  installBoundary,
  removeBoundary,
} from '@/lib/server/boundary/boundary-state';
import { studyAnswerSchema, studyListAnswerSchema } from '@/lib/server/control/study-answers';
import {
  launchOf,
  openStudyRig,
  RIG_MODEL_ID,
  rigHome,
  type StudyRig,
  settled,
  unwrapped,
} from '@/lib/testing/study-rig';
import { POST as order, GET as show } from './[id]/route';
import { GET as list } from './route';

const HOST = '127.0.0.1:3000';
const SERVER_KEY = Symbol.for('leadbench.training-server');
const UNKNOWN = `study-${'0'.repeat(20)}`;

let folder: string;
let state: BoundaryState;
let rig: StudyRig;
let isHeld: boolean;
beforeEach(async () => {
  isHeld = true;
  folder = mkdtempSync(join(tmpdir(), 'leadbench-routes-'));
  state = createBoundaryState({ port: 3000, extraNames: [], needsLogin: true, now: () => 0 });
  installBoundary(state);
  rig = openStudyRig(await rigHome(folder), { onExecutor: (executor) => isHeld && executor.hold() });
  Reflect.set(globalThis, SERVER_KEY, { studies: rig.service });
});
afterEach(async () => {
  await rig.service.close();
  Reflect.deleteProperty(globalThis, SERVER_KEY);
  removeBoundary();
  rmSync(folder, { recursive: true });
});

function request(path: string, body?: string): Request {
  const isAct = body !== undefined;
  return new Request(`http://${HOST}${path}`, {
    method: isAct ? 'POST' : 'GET',
    headers: {
      host: HOST,
      'x-leadbench-token': state.controlToken,
      ...(isAct ? { origin: `http://${HOST}` } : {}),
    },
    ...(isAct ? { body } : {}),
  });
}

const at = (id: string) => ({ params: Promise.resolve({ id }) });

async function ordered(id: string, words: unknown): Promise<{ status: number; body: unknown }> {
  const text = typeof words === 'string' ? words : JSON.stringify(words);
  const answer = await order(request(`/api/studies/${id}`, text), at(id));
  return { status: answer.status, body: await answer.json() };
}

async function launched(key: string): Promise<string> {
  return unwrapped(await rig.service.launch(launchOf(key))).state.studyId;
}

/** Let the trials go on, those that run and those to come. */
function release(): void {
  isHeld = false;
  for (const executor of rig.executors) executor.release();
}

describe('GET /api/studies', () => {
  it('tells of all studies, newest first, and of what is done with them', async () => {
    const first = await launched('first');
    const second = await launched('second');
    const answer = await list(request('/api/studies'));
    expect(answer.headers.get('cache-control')).toBe('no-store');
    const { studies, unreadable } = studyListAnswerSchema.parse(await answer.json());
    expect(unreadable).toEqual([]);
    expect(studies.map(({ study, activity }) => [study.studyId, study.phase, activity.kind])).toEqual([
      [second, 'tuning', 'queued'],
      [first, 'tuning', 'running'],
    ]);
  });
});

describe('GET /api/studies/[id]', () => {
  it('tells of one study, and of none that is not there', async () => {
    const id = await launched('one');
    release();
    await settled(rig.service, id);
    const answer = await show(request(`/api/studies/${id}`), at(id));
    expect(studyAnswerSchema.parse(await answer.json())).toMatchObject({
      study: { studyId: id, phase: 'evaluated', nComplete: 8, modelId: RIG_MODEL_ID },
      activity: { kind: 'idle', problem: null },
    });
    const unknown = await show(request(`/api/studies/${UNKNOWN}`), at(UNKNOWN));
    expect([unknown.status, await unknown.json()]).toMatchObject([404, { code: 'study_unknown' }]);
    const bad = await show(request('/api/studies/x'), at('../x'));
    expect([bad.status, await bad.json()]).toMatchObject([404, { code: 'bad_id' }]);
  });
});

describe('POST /api/studies/[id]', () => {
  it('pauses a study, resumes and stops it', async () => {
    const id = await launched('orders');
    expect(await ordered(id, { command: 'pause' })).toMatchObject({
      status: 200,
      body: { study: { phase: 'pausing' } },
    });
    release();
    expect((await settled(rig.service, id)).state.phase).toBe('paused');
    expect(await ordered(id, { command: 'resume' })).toMatchObject({
      status: 200,
      body: { study: { studyId: id }, activity: { kind: 'running' } },
    });
    expect(await ordered(id, { command: 'stop' })).toMatchObject({
      status: 200,
      body: { study: { phase: 'tuned' }, activity: { kind: 'idle' } },
    });
    expect(await ordered(id, { command: 'stop' })).toMatchObject({
      status: 409,
      body: { code: 'study_not_running' },
    });
  });

  it('extends a study, and refuses to make it smaller', async () => {
    const id = await launched('extend');
    expect(await ordered(id, { command: 'extend', nTrials: 12 })).toMatchObject({
      status: 200,
      body: { study: { nTrials: 12 } },
    });
    expect(await ordered(id, { command: 'extend', nTrials: 12 })).toMatchObject({
      status: 409,
      body: { code: 'extension_too_small' },
    });
    release();
    expect((await settled(rig.service, id)).state.config.nTrials).toBe(12);
  });

  it('runs a study again with another seed, once for one seed', async () => {
    const id = await launched('again');
    release();
    await settled(rig.service, id);
    const again = await ordered(id, { command: 'rerun', seed: 7 });
    const { study } = studyAnswerSchema.parse(again.body);
    expect(study).toMatchObject({ seed: 7, nTrials: 8 });
    expect(study.studyId).not.toBe(id);
    release();
    await settled(rig.service, study.studyId);
    const same = studyAnswerSchema.parse((await ordered(id, { command: 'rerun', seed: 7 })).body);
    expect(same).toMatchObject({ study: { studyId: study.studyId, phase: 'evaluated' } });
    expect(await ordered(id, { command: 'evaluate' })).toMatchObject({
      status: 409,
      body: { code: 'study_not_resumable' },
    });
    expect((await rig.service.list()).studies).toHaveLength(2);
  });

  it.each([
    ['no JSON', '{"command":', 400, 'bad_input'],
    ['nothing', '', 400, 'bad_input'],
    ['an unknown command', { command: 'delete' }, 400, 'bad_input'],
    ['a word too many', { command: 'stop', force: true }, 400, 'bad_input'],
    ['no total', { command: 'extend' }, 400, 'bad_input'],
    ['half a trial', { command: 'extend', nTrials: 1.5 }, 400, 'bad_input'],
    ['a list', [], 400, 'bad_input'],
    ['too much', JSON.stringify({ command: 'x'.repeat(2_000) }), 413, 'payload_too_large'],
  ])('refuses %s', async (_, words, status, code) => {
    const id = await launched('refused');
    expect(await ordered(id, words)).toMatchObject({ status, body: { code } });
    expect(unwrapped(await rig.service.get(id)).state.phase).toBe('tuning');
  });

  it('does nothing for a stranger', async () => {
    const id = await launched('stranger');
    const strangers = [
      { 'x-leadbench-token': state.token },
      { origin: 'http://evil.example' },
      { host: 'evil.example' },
    ];
    for (const headers of strangers) {
      const asked = request(`/api/studies/${id}`, JSON.stringify({ command: 'stop' }));
      for (const [name, value] of Object.entries(headers)) asked.headers.set(name, value);
      expect((await order(asked, at(id))).status).toBeGreaterThanOrEqual(401);
    }
    expect(unwrapped(await rig.service.get(id)).state.phase).toBe('tuning');
  });
});
