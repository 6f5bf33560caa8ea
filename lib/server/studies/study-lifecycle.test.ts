import { mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Home } from '@/lib/server/storage/home';
import { fileHandlePrototype } from '@/lib/testing/file-handles';
import {
  completedTrial,
  eventOf,
  launchOf,
  openStudyRig,
  type RigChange,
  rigHome,
  type StudyRig,
  settled,
  unwrapped,
} from '@/lib/testing/study-rig';
import { studyProgress } from '@/lib/tuning/study/study-progress';
import { studySummary } from '@/lib/tuning/study/study-summary';
import { isInterrupted } from '@/lib/tuning/study/study-view';
import { studyJournalPath } from './study-launch';

const parent = mkdtempSync(join(tmpdir(), 'leadbench-lifecycle-'));
let home: Home;
let nHomes = 0;
beforeEach(async () => {
  home = await rigHome(join(parent, String(nHomes++)));
});
afterEach(async () => {
  for (const { service } of started.splice(0)) await service.close();
  vi.restoreAllMocks();
});
afterAll(() => rmSync(parent, { recursive: true }));

const started: StudyRig[] = [];

function rig(change: RigChange = {}): StudyRig {
  const made = openStudyRig(home, change);
  started.push(made);
  return made;
}

const paramsOf = async ({ service }: StudyRig, studyId: string) =>
  unwrapped(await service.get(studyId)).state.trials.map((trial) => trial?.params);

/** Launch a study and close its service after so many trials, as a machine that is switched off would. */
async function interrupted(key: string, nTrials: number): Promise<string> {
  const before = openStudyRig(home);
  const { studyId } = unwrapped(await before.service.launch(launchOf(key))).state;
  await eventOf(before.service, studyId, completedTrial(nTrials));
  await before.service.close();
  return studyId;
}

describe('pause', () => {
  it('finishes what runs, begins nothing more, and goes on when resumed to the same trials', async () => {
    const whole = rig();
    const wholeId = unwrapped(await whole.service.launch(launchOf('whole'))).state.studyId;
    await settled(whole.service, wholeId);

    const paused = rig({ executor: { onEnd: ({ trialNumber }) => trialNumber === 3 && void pausing() } });
    const { studyId } = unwrapped(await paused.service.launch(launchOf('paused'))).state;
    const pausing = () => paused.service.pause(studyId);
    const view = await settled(paused.service, studyId);
    expect(view.state.phase).toBe('paused');
    expect(isInterrupted(view)).toBe(false);
    expect(studyProgress(view.state).nRunning).toBe(0);
    expect(studyProgress(view.state).nComplete).toBeLessThan(8);
    expect(paused.models).toEqual([]);
    unwrapped(await paused.service.resume(studyId));
    expect((await settled(paused.service, studyId)).state.phase).toBe('evaluated');
    expect(await paramsOf(paused, studyId)).toEqual(await paramsOf(whole, wholeId));
  });

  it('takes a study out of the queue, and says so when there is nothing to pause', async () => {
    const { service, executors } = rig({ onExecutor: (executor) => executor.hold() });
    const first = unwrapped(await service.launch(launchOf('first')));
    const second = unwrapped(await service.launch(launchOf('second')));
    unwrapped(await service.pause(second.state.studyId));
    expect(unwrapped(await service.get(second.state.studyId))).toMatchObject({
      state: { phase: 'paused' },
      activity: { kind: 'idle' },
    });
    executors[0]?.release();
    await settled(service, first.state.studyId);
    expect(await service.pause(first.state.studyId)).toMatchObject({
      ok: false,
      error: { code: 'study_not_running' },
    });
  });

  it('is not taken up again by a restart', async () => {
    const { service } = rig();
    const { studyId } = unwrapped(await service.launch(launchOf('asleep'))).state;
    await service.pause(studyId);
    await settled(service, studyId);
    expect(await rig().service.resumeInterrupted()).toEqual([]);
  });
});

describe('extend', () => {
  it('goes on with a study that is over, to the trials of one launched with as many', async () => {
    const whole = rig();
    const wholeId = unwrapped(await whole.service.launch(launchOf('twelve', { nTrials: 12 }))).state.studyId;
    await settled(whole.service, wholeId);
    const { service, ...rest } = rig();
    const { studyId } = unwrapped(await service.launch(launchOf('eight'))).state;
    expect((await settled(service, studyId)).state.phase).toBe('evaluated');
    unwrapped(await service.extend(studyId, 12));
    const { state } = await settled(service, studyId);
    expect(state).toMatchObject({ phase: 'evaluated', config: { nTrials: 12 } });
    expect(await paramsOf({ service, ...rest }, studyId)).toEqual(await paramsOf(whole, wholeId));
    // The launch of eight finds it still.
    expect(unwrapped(await service.launch(launchOf('eight'))).state.studyId).toBe(studyId);
  });

  it('gives a running study more to do', async () => {
    const { service, executors } = rig({ onExecutor: (executor) => executor.hold() });
    const { studyId } = unwrapped(await service.launch(launchOf('running'))).state;
    unwrapped(await service.extend(studyId, 10));
    executors[0]?.release();
    const { state } = await settled(service, studyId);
    expect(studyProgress(state)).toMatchObject({ nTrials: 10, nComplete: 10 });
    expect(executors).toHaveLength(1);
  });

  it('refuses fewer or as many trials, and more than there can be', async () => {
    const { service } = rig();
    const { studyId } = unwrapped(await service.launch(launchOf('fewer'))).state;
    await settled(service, studyId);
    for (const nTrials of [4, 8, 10_001]) {
      expect(await service.extend(studyId, nTrials)).toMatchObject({
        ok: false,
        error: { code: 'extension_too_small' },
      });
    }
  });
});

describe('rerun', () => {
  it('runs the same study with another seed beside the first', async () => {
    const { service } = rig();
    const { studyId } = unwrapped(await service.launch(launchOf('seeded'))).state;
    const first = await settled(service, studyId);
    const again = unwrapped(await service.rerun(studyId, { seed: 7, idempotencyKey: 'again-and-again' }));
    expect(again.state.studyId).not.toBe(studyId);
    const second = await settled(service, again.state.studyId);
    expect(second.state.config).toEqual({ ...first.state.config, seed: 7 });
    expect(second.state.trials[0]?.params).not.toEqual(first.state.trials[0]?.params);
    const same = unwrapped(await service.rerun(studyId, { seed: 7, idempotencyKey: 'again-and-again' }));
    expect(same.state.studyId).toBe(again.state.studyId);
  });
});

describe('resumeInterrupted', () => {
  it('goes on with what was at work when the machine died, oldest first, and with nothing else', async () => {
    const whole = rig();
    const wholeId = unwrapped(await whole.service.launch(launchOf('whole'))).state.studyId;
    await settled(whole.service, wholeId);
    const cut = await interrupted('cut', 3);
    const after = rig();
    expect(await after.service.resumeInterrupted()).toEqual([cut]);
    expect((await settled(after.service, cut)).state.phase).toBe('evaluated');
    expect(await paramsOf(after, cut)).toEqual(await paramsOf(whole, wholeId));
    expect(await after.service.resumeInterrupted()).toEqual([]);
  });

  it('ends what was being stopped, and says why a study cannot go on', async () => {
    const studyId = await interrupted('stopping', 2);
    const other = rig({ version: '2.1.4' });
    expect(await other.service.resumeInterrupted()).toEqual([]);
    expect(unwrapped(await other.service.get(studyId)).activity).toMatchObject({
      kind: 'idle',
      problem: { code: 'engine_changed' },
    });
    const { service } = rig();
    unwrapped(await service.stop(studyId));
    expect(await rig().service.resumeInterrupted()).toEqual([]);
  });
});

describe('a disk that is full', () => {
  it('holds the study where it is, says so, and lets it go on by itself to the same trials', async () => {
    const whole = rig();
    const wholeId = unwrapped(await whole.service.launch(launchOf('whole'))).state.studyId;
    await settled(whole.service, wholeId);
    const disk = await breakableDisk('ENOSPC');
    const { service, executors, ...rest } = rig({
      executor: { onEnd: ({ trialNumber }) => trialNumber === 4 && disk.breakNow() },
    });
    const { studyId } = unwrapped(await service.launch(launchOf('held'))).state;
    const told: string[] = [];
    await service.subscribe(studyId, 0, {
      onEvent: () => undefined,
      onActivity: ({ kind, problem }) => told.push(problem === null ? kind : `${kind} ${problem.code}`),
    });
    await expect.poll(() => told.at(-1)).toBe('held disk_full');
    const held = unwrapped(await service.get(studyId));
    expect(held.state.phase).toBe('tuning');
    expect(isInterrupted(held)).toBe(false);
    expect(held.activity.problem?.message).toMatch(
      /^The disk is full \(.* MB free\), so nothing can be saved/,
    );
    expect(studyProgress(held.state).nComplete).toBeGreaterThan(0);
    expect(executors[0]?.isClosed).toBe(true);
    // A second study waits its turn meanwhile; launching it needs the disk, so it is refused in words.
    expect(await service.launch(launchOf('another'))).toMatchObject({
      ok: false,
      error: { code: 'home_not_writable' },
    });
    disk.mend();
    const view = await settled(service, studyId);
    expect(view).toMatchObject({ state: { phase: 'evaluated' }, activity: { problem: null } });
    expect(await paramsOf({ service, executors, ...rest }, studyId)).toEqual(await paramsOf(whole, wholeId));
    expect(told.slice(0, 2)).toEqual(['running', 'held disk_full']);
    expect(told.slice(-2)).toEqual(['running', 'idle']);
  });

  it('ends a held study as interrupted when the server stops, and the next server goes on with it', async () => {
    const disk = await breakableDisk('EIO');
    const { service } = rig({
      executor: { onEnd: ({ trialNumber }) => trialNumber === 2 && disk.breakNow() },
    });
    const { studyId } = unwrapped(await service.launch(launchOf('cut off'))).state;
    await expect
      .poll(async () => unwrapped(await service.get(studyId)).activity.problem?.code)
      .toBe('disk_error');
    await service.close();
    disk.mend();
    const after = rig();
    expect(await after.service.resumeInterrupted()).toEqual([studyId]);
    expect((await settled(after.service, studyId)).state.phase).toBe('evaluated');
  });
});

/** Let every write and sync of this process fail as the system would say it, between `breakNow` and `mend`. */
async function breakableDisk(code: 'ENOSPC' | 'EIO') {
  const proto = await fileHandlePrototype();
  let isBroken = false;
  let hasBroken = false;
  for (const method of ['write', 'writeFile', 'sync', 'datasync'] as const) {
    const real = proto[method] as (...args: unknown[]) => Promise<unknown>;
    vi.spyOn(proto, method).mockImplementation(function (this: FileHandle, ...args: unknown[]) {
      if (!isBroken) return real.apply(this, args) as never;
      return Promise.reject(Object.assign(new Error(`${code}: it does not work`), { code })) as never;
    });
  }
  return {
    /** Once: a trial that is cut short by it ends again. */
    breakNow: () => {
      isBroken = !hasBroken;
      hasBroken = true;
    },
    mend: () => {
      isBroken = false;
    },
  };
}

describe('list', () => {
  it('reads journals once: an index tells of those that have not changed', async () => {
    const { service } = rig();
    const ids: string[] = [];
    for (let i = 0; i < 3; i++) {
      const { studyId } = unwrapped(await service.launch(launchOf(`listed-${i}`))).state;
      ids.push(studyId);
      await settled(service, studyId);
    }
    const path = studyJournalPath(home, ids[2] ?? '');
    const wholeSecond = new Date(1_700_000_000_000);
    utimesSync(path, wholeSecond, wholeSecond);
    const { studies } = await service.list();
    expect(studies.map(({ studyId }) => studyId)).toEqual(ids.reverse());
    const views = await Promise.all(ids.map(async (id) => unwrapped(await service.get(id)).state));
    expect(studies).toEqual(views.map(studySummary));
    // Damage that keeps size and time shows that the journal is not read: the index still tells.
    writeFileSync(path, readFileSync(path, 'utf8').replace('"seed":42', '"seed":43'));
    utimesSync(path, wholeSecond, wholeSecond);
    expect((await rig().service.list()).studies).toHaveLength(3);
    utimesSync(path, wholeSecond, new Date(wholeSecond.getTime() + 5_000));
    expect((await rig().service.list()).unreadable).toMatchObject([{ studyId: ids[0] }]);
  });

  it('makes an index that is damaged, cut or of another version anew', async () => {
    const { service } = rig();
    const { studyId } = unwrapped(await service.launch(launchOf('indexed'))).state;
    await settled(service, studyId);
    const expected = await service.list();
    const path = join(home.studiesFolder, 'index.json');
    const text = readFileSync(path, 'utf8');
    for (const bad of ['', text.slice(0, -20), '[]', text.replace('"version":1', '"version":2')]) {
      writeFileSync(path, bad);
      expect(await rig().service.list()).toEqual(expected);
      expect(readFileSync(path, 'utf8')).toBe(text);
    }
  });
});
