import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { fail, succeed } from '@/lib/core/result';
import type { FeatureSpec } from '@/lib/features/spec';
import { specDigest } from '@/lib/features/spec-json';
import type { Home } from '@/lib/server/storage/home';
import { TrialFailure } from '@/lib/server/xgboost/trial-executor';
import {
  completedTrial,
  eventOf,
  launchOf,
  openStudyRig,
  RIG_CONFIG,
  RIG_MODEL_ID,
  RIG_SPEC,
  type RigChange,
  rigHome,
  type StudyRig,
  settled,
  unwrapped,
} from '@/lib/testing/study-rig';
import type { StudyConfig } from '@/lib/tuning/study/study-config';
import { bestTrial } from '@/lib/tuning/study/study-state';
import { isInterrupted, type StudyActivity } from '@/lib/tuning/study/study-view';
import { type StudyLaunch, studyJournalPath } from './study-launch';

const parent = mkdtempSync(join(tmpdir(), 'leadbench-service-'));
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

describe('launch', () => {
  it('runs a study to its model', async () => {
    const { service, models, executors } = rig();
    const launched = unwrapped(await service.launch(launchOf('one')));
    expect(launched.activity).toEqual({ kind: 'running', problem: null });
    const view = await settled(service, launched.state.studyId);
    expect(view.state).toMatchObject({ phase: 'evaluated', modelId: RIG_MODEL_ID, nProcesses: 2 });
    expect(models.map((study) => bestTrial(study)?.number)).toEqual([bestTrial(view.state)?.number]);
    expect(executors.map((executor) => executor.isClosed)).toEqual([true]);
  });

  it('launches once for one key, however often and at once it is asked', async () => {
    const { service, executors } = rig();
    const answers = await Promise.all(Array.from({ length: 50 }, () => service.launch(launchOf('twice'))));
    expect(new Set(answers.map((answer) => unwrapped(answer).state.studyId)).size).toBe(1);
    const id = unwrapped(answers[0]!).state.studyId;
    await settled(service, id);
    expect(unwrapped(await service.launch(launchOf('twice'))).state.phase).toBe('evaluated');
    expect(executors).toHaveLength(1);
    const again = rig();
    expect(unwrapped(await again.service.launch(launchOf('twice'))).state.phase).toBe('evaluated');
    expect(again.executors).toHaveLength(0);
  });

  it('refuses a key that was used for something else', async () => {
    const { service } = rig();
    await service.launch(launchOf('same'));
    const other = await service.launch(launchOf('same', { seed: 43 }));
    expect(other).toMatchObject({ ok: false, error: { code: 'launch_conflict' } });
  });

  it('runs 50 studies launched at once, one after the other, in order', async () => {
    const order: string[] = [];
    const { service, executors } = rig({
      makeModel: async ({ study }) => {
        order.push(study.studyId);
        return succeed(RIG_MODEL_ID);
      },
    });
    const views = await Promise.all(
      Array.from({ length: 50 }, (_, i) => service.launch(launchOf(`many-${i}`, { nTrials: 1 }))),
    );
    const ids = views.map((view) => unwrapped(view).state.studyId);
    expect(new Set(ids).size).toBe(50);
    for (const id of ids) expect((await settled(service, id)).state.phase).toBe('evaluated');
    expect(new Set(order)).toEqual(new Set(ids));
    expect(executors).toHaveLength(50);
    expect((await service.list()).studies).toHaveLength(50);
  });

  it('refuses without the engine, the dataset or the right specification, and leaves nothing', async () => {
    const missing = fail('engine_missing', 'The XGBoost library is not installed.', 'Run "npm run setup".');
    expect(await rig({ engine: missing }).service.launch(launchOf('a-1'))).toEqual(missing);
    const { service } = rig();
    const launches: [StudyLaunch, string][] = [
      [launchOf('a-2', { datasetDigest: 'e'.repeat(64) }), 'dataset_missing'],
      [{ ...launchOf('a-3'), spec: { ...RIG_SPEC, paretoShare: 0.9 } }, 'feature_spec_mismatch'],
      [otherColumns(), 'dataset_spec_mismatch'],
      [smallGrid(), 'grid_too_small'],
      [launchOf('a-6', { monotoneConstraints: { age: 1 } }), 'feature_unknown'],
      [foldedTarget(), 'target_encoding_leaks'],
    ];
    for (const [launch, code] of launches) {
      expect(await service.launch(launch)).toMatchObject({ ok: false, error: { code } });
    }
    expect(readdirSync(home.studiesFolder)).toEqual([]);
  });
});

function smallGrid(): StudyLaunch {
  const searchSpace: StudyConfig['searchSpace'] = { n_estimators: { type: 'choice', values: [50, 100] } };
  return launchOf('a-5', { sampler: 'grid', nTrials: 3, searchSpace });
}

function foldedTarget(): StudyLaunch {
  const source = {
    type: 'country_target' as const,
    rates: [0.1, 0.2],
    smoothing: 'empirical_bayes' as const,
    minRows: 5,
    folds: 5,
  };
  const missing = { optin_time: 0, member_rating: 0, country_code: 0, user_email: 0 };
  const spec: FeatureSpec = {
    ...RIG_SPEC,
    version: 2,
    features: [{ name: 'tag_count', kind: 'numeric', source }],
    switchedOff: [],
    training: { nRows: 2, missing, nOtherCountry: 0, nWithTag: 0 },
  };
  const validation = { type: 'kfold', nSplits: 2, nRepeats: 1 } as const;
  return { ...launchOf('a-7', { featureSpecDigest: specDigest(spec), validation }), spec };
}

function otherColumns(): StudyLaunch {
  const spec: FeatureSpec = {
    ...RIG_SPEC,
    features: [{ name: 'member_rating', kind: 'ordinal', source: { type: 'member_rating' } }],
  };
  return { ...launchOf('a-4', { featureSpecDigest: specDigest(spec) }), spec };
}

describe('stop', () => {
  it('ends the trials, keeps the finished ones and waits to be asked for the evaluation', async () => {
    const { service, models } = rig({
      executor: { onEnd: ({ trialNumber }) => trialNumber === 4 && void stopping() },
    });
    const { studyId } = unwrapped(await service.launch(launchOf('stop'))).state;
    const stopping = () => service.stop(studyId);
    const view = await settled(service, studyId);
    expect(view.state.phase).toBe('tuned');
    expect(isInterrupted(view)).toBe(false);
    const nComplete = view.state.trials.filter((trial) => trial?.state === 'complete').length;
    expect(nComplete).toBeGreaterThanOrEqual(3);
    expect(nComplete).toBeLessThan(8);
    expect(models).toEqual([]);
    unwrapped(await service.evaluate(studyId));
    expect((await settled(service, studyId)).state).toMatchObject({
      phase: 'evaluated',
      modelId: RIG_MODEL_ID,
    });
  });

  it('ends an interrupted study once when two tabs ask at the same time', async () => {
    const before = rig();
    const { studyId } = unwrapped(await before.service.launch(launchOf('twice'))).state;
    await eventOf(before.service, studyId, completedTrial(3));
    await before.service.close();

    const { service } = rig();
    const views = await Promise.all([service.stop(studyId), service.stop(studyId)]);
    expect(views.map(({ ok }) => ok)).toEqual([true, true]);
    expect(await settled(service, studyId)).toMatchObject({
      state: { phase: 'tuned' },
      activity: { kind: 'idle', problem: null },
    });
    const told: string[] = [];
    const leave = unwrapped(
      await service.subscribe(studyId, 0, {
        onEvent: ({ type }) => told.push(type),
        onActivity: () => undefined,
      }),
    );
    leave();
    expect(told.slice(-2)).toEqual(['study_stop_requested', 'tuning_ended']);
    expect(told.filter((type) => type === 'tuning_ended')).toHaveLength(1);
  });

  it('takes a study out of the queue', async () => {
    const { service, executors } = rig({ onExecutor: (executor) => executor.hold() });
    const first = unwrapped(await service.launch(launchOf('first')));
    const second = unwrapped(await service.launch(launchOf('second')));
    expect(second.activity.kind).toBe('queued');
    const stopped = unwrapped(await service.stop(second.state.studyId));
    expect(stopped).toMatchObject({ state: { phase: 'tuned', trials: [] }, activity: { kind: 'idle' } });
    executors[0]?.release();
    expect((await settled(service, first.state.studyId)).state.phase).toBe('evaluated');
    expect(executors).toHaveLength(1);
  });

  it('says so when there is nothing to stop', async () => {
    const { service } = rig();
    const { studyId } = unwrapped(await service.launch(launchOf('done'))).state;
    await settled(service, studyId);
    expect(await service.stop(studyId)).toMatchObject({ ok: false, error: { code: 'study_not_running' } });
    expect(await service.stop('../../etc')).toMatchObject({ ok: false, error: { code: 'study_unknown' } });
    expect(await service.get(`study-${'9'.repeat(20)}`)).toMatchObject({
      ok: false,
      error: { code: 'study_unknown' },
    });
  });
});

describe('resume', () => {
  it('goes on after a restart in the middle to the trials of an uninterrupted study', async () => {
    const whole = rig();
    const wholeId = unwrapped(await whole.service.launch(launchOf('whole'))).state.studyId;
    const expected = (await settled(whole.service, wholeId)).state;

    const before = rig();
    const { studyId } = unwrapped(await before.service.launch(launchOf('cut'))).state;
    await eventOf(before.service, studyId, completedTrial(3));
    await before.service.close();

    const after = rig({ executor: { pick: (running) => running.length - 1 } });
    const interrupted = unwrapped(await after.service.get(studyId));
    expect(interrupted.activity.kind).toBe('idle');
    expect(isInterrupted(interrupted)).toBe(true);
    unwrapped(await after.service.resume(studyId));
    const { state } = await settled(after.service, studyId);
    expect(state.trials.map((trial) => trial?.params)).toEqual(expected.trials.map((trial) => trial?.params));
    expect(bestTrial(state)?.params).toEqual(bestTrial(expected)?.params);
    expect(state.phase).toBe('evaluated');
    expect(after.executors[0]?.jobs.map((job) => job.trialNumber)).not.toContain(1);
  });

  it('evaluates a study cut short in its evaluation', async () => {
    const before = rig({
      makeModel: ({ signal }) =>
        new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason))),
    });
    const { studyId } = unwrapped(await before.service.launch(launchOf('evaluating'))).state;
    await eventOf(before.service, studyId, (event) => event.type === 'evaluation_started');
    await before.service.close();
    const after = rig();
    expect(isInterrupted(unwrapped(await after.service.get(studyId)))).toBe(true);
    unwrapped(await after.service.resume(studyId));
    expect((await settled(after.service, studyId)).state.phase).toBe('evaluated');
    expect(after.executors[0]?.jobs).toEqual([]);
  });

  it('tries a failed evaluation again', async () => {
    const before = rig({
      makeModel: async () => fail('onnx_mismatch', 'The ONNX file differs.', 'Report this.'),
    });
    const { studyId } = unwrapped(await before.service.launch(launchOf('mismatch'))).state;
    const failed = await settled(before.service, studyId);
    expect(failed.state).toMatchObject({ phase: 'failed', failure: 'The ONNX file differs. Report this.' });
    const after = rig();
    unwrapped(await after.service.resume(studyId));
    expect((await settled(after.service, studyId)).state.phase).toBe('evaluated');
  });

  it('tries everything again after the engine failed every trial', async () => {
    const refusal = new TrialFailure('refused', 'The dataset cannot be read.');
    const before = rig({ executor: { failureOf: () => refusal } });
    const { studyId } = unwrapped(await before.service.launch(launchOf('no-engine'))).state;
    expect((await settled(before.service, studyId)).state.phase).toBe('failed');
    const after = rig();
    unwrapped(await after.service.resume(studyId));
    const { state } = await settled(after.service, studyId);
    expect(state.phase).toBe('evaluated');
    expect(state.trials.every((trial) => trial?.state === 'complete')).toBe(true);
  });

  it('refuses a study that is done, and another version of the library', async () => {
    const { service } = rig();
    const { studyId } = unwrapped(await service.launch(launchOf('once'))).state;
    await settled(service, studyId);
    expect(await service.resume(studyId)).toMatchObject({
      ok: false,
      error: { code: 'study_not_resumable' },
    });
    expect(await service.evaluate(studyId)).toMatchObject({
      ok: false,
      error: { code: 'study_not_resumable' },
    });
    const other = rig({ version: '2.1.4' });
    expect(await other.service.resume(studyId)).toMatchObject({
      ok: false,
      error: { code: 'engine_changed' },
    });
  });

  it('reports a journal that another process wrote to, keeps what is saved, and can go on', async () => {
    let nExecutors = 0;
    const { service, executors } = rig({ onExecutor: (executor) => nExecutors++ === 0 && executor.hold() });
    const { studyId } = unwrapped(await service.launch(launchOf('taken'))).state;
    await eventOf(service, studyId, (event) => event.sequence === 3);
    const path = studyJournalPath(home, studyId);
    const saved = readFileSync(path);
    writeFileSync(path, Buffer.concat([saved, Buffer.from('17 ')]));
    executors[0]?.release();
    const view = await settled(service, studyId);
    expect(view.activity).toMatchObject({ kind: 'idle', problem: { code: 'journal_taken' } });
    expect(isInterrupted(view)).toBe(true);
    expect(executors[0]?.isClosed).toBe(true);
    unwrapped(await service.resume(studyId));
    const resumed = await settled(service, studyId);
    expect(resumed.state.phase).toBe('evaluated');
    expect(resumed.activity.problem).toBeNull();
  });

  it('ends one study with a bug in it and runs the next', async () => {
    const reported = vi.spyOn(console, 'error').mockImplementation(() => undefined);
    const { service } = rig({
      makeModel: async ({ study }) => {
        if (study.config.seed === 1) throw new TypeError('undefined is not a function');
        return succeed(RIG_MODEL_ID);
      },
    });
    const bad = unwrapped(await service.launch(launchOf('bad-study', { seed: 1 })));
    const good = unwrapped(await service.launch(launchOf('good-study')));
    expect((await settled(service, bad.state.studyId)).activity.problem?.code).toBe('study_crashed');
    expect((await settled(service, good.state.studyId)).state.phase).toBe('evaluated');
    expect(reported).toHaveBeenCalledOnce();
  });
});

describe('subscribe', () => {
  it('gives every event once from wherever it begins, whenever it begins', async () => {
    const { service } = rig();
    const { studyId } = unwrapped(await service.launch(launchOf('stream'))).state;
    const heard: { from: number; sequences: number[] }[] = [];
    const follow = async (from: number) => {
      const sequences: number[] = [];
      heard.push({ from, sequences });
      await service.subscribe(studyId, from, {
        onEvent: ({ sequence }) => sequences.push(sequence),
        onActivity: () => undefined,
      });
    };
    await follow(0);
    await eventOf(service, studyId, (event) => event.sequence === 5);
    await follow(3);
    await follow(0);
    const { state } = await settled(service, studyId);
    await follow(state.lastSequence - 2);
    await follow(state.lastSequence);
    for (const { from, sequences } of heard) {
      expect(sequences).toEqual(Array.from({ length: state.lastSequence - from }, (_, i) => from + 1 + i));
    }
  });

  it('tells the activity at once and as it changes, until it is ended', async () => {
    const { service, executors } = rig({ onExecutor: (executor) => executor.hold() });
    const { studyId } = unwrapped(await service.launch(launchOf('activity'))).state;
    const heard: StudyActivity['kind'][] = [];
    const ended: StudyActivity['kind'][] = [];
    const watch = (kinds: StudyActivity['kind'][]) =>
      service.subscribe(studyId, 0, { onEvent: () => undefined, onActivity: ({ kind }) => kinds.push(kind) });
    await watch(heard);
    unwrapped(await watch(ended))();
    await eventOf(service, studyId, (event) => event.type === 'trial_started');
    executors[0]?.release();
    await settled(service, studyId);
    expect(heard).toEqual(['running', 'idle']);
    expect(ended).toEqual(['running']);
  });

  it('drops a watcher that fails, not the study', async () => {
    const reported = vi.spyOn(console, 'error').mockImplementation(() => undefined);
    const { service } = rig();
    const { studyId } = unwrapped(await service.launch(launchOf('watcher'))).state;
    let nTold = 0;
    await service.subscribe(studyId, 0, {
      onEvent: () => {
        nTold++;
        throw new Error('the connection is closed');
      },
      onActivity: () => undefined,
    });
    expect((await settled(service, studyId)).state.phase).toBe('evaluated');
    expect(nTold).toBe(1);
    expect(reported).toHaveBeenCalledOnce();
  });
});

describe('list and latest', () => {
  it('find studies on disk, newest first, and say which cannot be read', async () => {
    const { service } = rig();
    const first = unwrapped(await service.launch(launchOf('list-1'))).state.studyId;
    const second = unwrapped(await service.launch(launchOf('list-2', { seed: 7 }))).state.studyId;
    await settled(service, second);
    const damaged = unwrapped(await service.launch(launchOf('list-3'))).state.studyId;
    await settled(service, damaged);
    const path = studyJournalPath(home, damaged);
    writeFileSync(path, readFileSync(path, 'utf8').replace('"seed":42', '"seed":43'));
    const { service: fresh } = rig();
    const { studies, unreadable } = await fresh.list();
    expect(studies.map(({ studyId }) => studyId)).toEqual([second, first]);
    expect(unreadable).toMatchObject([{ studyId: damaged, failure: { code: 'journal_damaged' } }]);
    const { datasetDigest, featureSpecDigest } = RIG_CONFIG;
    expect((await fresh.latest(datasetDigest, featureSpecDigest))?.studyId).toBe(second);
    expect(await fresh.latest(datasetDigest, '0'.repeat(64))).toBeNull();
  });
});
