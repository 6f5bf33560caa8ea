import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { sha256Hex } from '@/lib/core/digest';
import { encodeDataset } from '@/lib/features/dataset-arrow';
import { readUbjson } from '@/lib/onnx/ubjson';
import { openTestEngine, type TestEngine } from '@/lib/testing/engine';
import { drawnDataset } from '@/lib/testing/training-dataset';
import { bearableProcesses, type ChildPool, type ChildPoolOptions, createChildPool } from './child-pool';
import type { DatasetFile, FinalFit, TrainingPlan, TrialJob, TrialReport } from './trial-executor';

const PARAMS = { max_depth: 4, learning_rate: 0.1, n_estimators: 20, subsample: 0.8, colsample_bytree: 0.8 };
const PLAN: TrainingPlan = {
  objective: 'roc_auc',
  threshold: { rule: 'fixed', probability: 0.5 },
  economics: { saleValueUsd: 2000, contactCostUsd: 20 },
  validation: { type: 'split' },
  scheduler: { type: 'none' },
  reportEveryRounds: 5,
  earlyStoppingRounds: null,
  monotoneConstraints: {},
};
const jobNumber = (trialNumber: number, change: Partial<TrialJob> = {}): TrialJob => ({
  studyKey: 'study',
  trialNumber,
  params: PARAMS,
  seed: trialNumber,
  plan: PLAN,
  toRounds: change.params?.n_estimators ?? PARAMS.n_estimators,
  pruneBelow: [],
  ...change,
});
/** Runs until it is stopped: its rounds take minutes. */
const ENDLESS = jobNumber(1, {
  params: { ...PARAMS, n_estimators: 10_000 },
  plan: { ...PLAN, reportEveryRounds: 1000 },
});
const finalJob = (seed: number) => ({ params: PARAMS, seed, monotoneConstraints: {} });
const preparationOf = (file: DatasetFile) => ({ dataset: file, validation: PLAN.validation, seed: 1 });
const LONG_MS = 60_000;

let testEngine: TestEngine;
let folder: string;
let dataset: DatasetFile;
let otherDataset: DatasetFile;
const signal = new AbortController().signal;
const pools: ChildPool[] = [];

beforeAll(async () => {
  testEngine = await openTestEngine();
  folder = await mkdtemp(join(tmpdir(), 'child-pool-'));
  dataset = await datasetFile('one.arrow', 1);
  otherDataset = await datasetFile('two.arrow', 2);
});
afterEach(async () => {
  await Promise.all(pools.splice(0).map((pool) => pool.close()));
});
afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
  await testEngine.close();
});

async function datasetFile(name: string, seed: number, nRows = 800): Promise<DatasetFile> {
  const bytes = encodeDataset(drawnDataset({ nRows, nFeatures: 6, seed }));
  const path = join(folder, name);
  await writeFile(path, bytes);
  return { path, digest: sha256Hex(bytes) };
}

function openPool(options: Partial<ChildPoolOptions> = {}): ChildPool {
  const pool = createChildPool({
    childPath: testEngine.childPath,
    engine: testEngine.engine,
    nProcesses: 1,
    trialTimeoutMs: LONG_MS,
    onLog: () => {},
    ...options,
  });
  pools.push(pool);
  return pool;
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

/** Count the splits on a feature whose right side scores higher, and lower, by the mean leaf of each side. */
function risingAndFalling(model: { learner: unknown }, feature: number) {
  const { trees } = gradientBooster(model);
  let rises = 0;
  let falls = 0;
  for (const tree of trees) {
    const bestLeaf = (node: number, pick: (a: number, b: number) => number): number =>
      tree.left_children[node] === -1
        ? (tree.split_conditions[node] ?? 0)
        : pick(bestLeaf(tree.left_children[node] ?? 0, pick), bestLeaf(tree.right_children[node] ?? 0, pick));
    tree.split_indices.forEach((index, node) => {
      const left = tree.left_children[node] ?? -1;
      const right = tree.right_children[node] ?? -1;
      if (index !== feature || left === -1) return;
      // Under a constraint every leaf of one side is beyond every leaf of the other.
      if (bestLeaf(left, Math.max) > bestLeaf(right, Math.min)) falls += 1;
      if (bestLeaf(right, Math.max) > bestLeaf(left, Math.min)) rises += 1;
    });
  }
  return { rises, falls };
}

interface ModelTree {
  readonly left_children: readonly number[];
  readonly right_children: readonly number[];
  readonly split_indices: readonly number[];
  readonly split_conditions: readonly number[];
}

function modelOf({ modelUbj }: FinalFit): { learner: unknown } {
  const model = readUbjson(modelUbj);
  if (!model.ok) throw new Error(model.error.message);
  return z.looseObject({ learner: z.unknown() }).parse(model.value);
}

function gradientBooster(model: { learner: unknown }): { readonly trees: readonly ModelTree[] } {
  const { learner } = model as { learner: { gradient_booster: { model: { trees: ModelTree[] } } } };
  return learner.gradient_booster.model;
}

/** Write a program that answers every request in its own way. */
async function impostor(name: string, body: string): Promise<string> {
  const path = join(folder, `${name}.mjs`);
  await writeFile(
    path,
    `process.on('disconnect', () => process.exit());\nprocess.on('message', (request) => { ${body} });`,
  );
  return path;
}

describe('createChildPool', () => {
  it('gives the same metrics with one process, with two, and again', async () => {
    const jobs = [1, 2, 3, 4, 5, 6].map((number) => jobNumber(number));
    const metricsWith = async (nProcesses: number) => {
      const pool = openPool({ nProcesses });
      const outcomes = await Promise.all(jobs.map((job) => pool.run(job, dataset, { signal })));
      return outcomes.map((outcome) => outcome.metrics);
    };
    const alone = await metricsWith(1);
    expect(alone[0]?.roc_auc).toBeGreaterThan(0.6);
    expect(new Set(alone.map((metrics) => metrics.roc_auc)).size).toBeGreaterThan(1);
    expect(await metricsWith(2)).toEqual(alone);
    expect(await metricsWith(2)).toEqual(alone);
  });

  it('goes on with a paused trial in the process that holds it, to the very model of one stretch', async () => {
    const pool = openPool({ nProcesses: 2 });
    const plan: TrainingPlan = { ...PLAN, scheduler: { type: 'asha', minRounds: 8, reductionFactor: 4 } };
    const whole = await pool.run(jobNumber(1, { plan }), dataset, { signal });
    const first = await pool.run(jobNumber(1, { studyKey: 'halved', toRounds: 8, plan }), dataset, {
      signal,
    });
    expect(first).toMatchObject({ state: 'paused', rounds: 8, trainedRounds: 8 });
    expect(first.curve.map(([rounds]) => rounds)).toEqual([4, 5, 6, 7, 8]);
    expect(pool.holderOf({ studyKey: 'halved', trialNumber: 1 })).toBe('idle');
    expect(pool.holderOf({ studyKey: 'study', trialNumber: 1 })).toBe('none');
    const second = await pool.run(jobNumber(1, { studyKey: 'halved', plan }), dataset, { signal });
    expect(second).toMatchObject({ state: 'complete', trainedRounds: 20, worker: first.worker });
    expect(second.metrics).toEqual(whole.metrics);
    // One stretch reports at the end of the rung too, so nobody can tell the two apart.
    expect(second.curve.map(([rounds]) => rounds)).toEqual([4, 5, 6, 7, 8, 10, 15, 16, 20]);
    expect(second.curve).toEqual(whole.curve);
    // The same from the beginning, where the process that held it is lost.
    await pool.run(jobNumber(2, { studyKey: 'lost', toRounds: 8 }), dataset, { signal });
    for (const pid of pool.pids()) process.kill(pid, 'SIGKILL');
    await expect.poll(() => pool.pids()).toEqual([]);
    expect(pool.holderOf({ studyKey: 'lost', trialNumber: 2 })).toBe('none');
    const begunAgain = await pool.run(jobNumber(2, { studyKey: 'lost' }), dataset, { signal });
    expect(begunAgain.metrics).toEqual((await pool.run(jobNumber(2), dataset, { signal })).metrics);
  });

  it('ends a trial below its threshold, and one that no longer gets better at its best', async () => {
    const pool = openPool();
    const pruned = await pool.run(jobNumber(1, { pruneBelow: [{ rounds: 10, value: 0.999 }] }), dataset, {
      signal,
    });
    expect(pruned).toMatchObject({ state: 'pruned', rounds: 10, trainedRounds: 10 });
    const params = { ...PARAMS, n_estimators: 400, learning_rate: 0.5 };
    const plan = { ...PLAN, earlyStoppingRounds: 20 };
    const stopped = await pool.run(jobNumber(2, { params, plan }), dataset, { signal });
    expect(stopped.state).toBe('complete');
    expect(stopped.trainedRounds).toBeLessThan(400);
    expect(stopped.trainedRounds - stopped.rounds).toBe(20);
    const best = Math.max(...stopped.curve.map(([, value]) => value));
    expect(stopped.metrics.roc_auc).toBe(best);
    // A model of just those rounds measures the same.
    const short = { ...params, n_estimators: stopped.rounds };
    expect((await pool.run(jobNumber(2, { params: short }), dataset, { signal })).metrics).toEqual(
      stopped.metrics,
    );
  });

  it('measures by repeated stratified k-fold with its standard error, the same in any process', async () => {
    const plan: TrainingPlan = { ...PLAN, validation: { type: 'kfold', nSplits: 4, nRepeats: 2 } };
    const one = await openPool().run(jobNumber(1, { plan }), dataset, { signal });
    const split = await openPool().run(jobNumber(1), dataset, { signal });
    expect(one.metrics).not.toEqual(split.metrics);
    expect(one.standardError).toBeGreaterThan(0);
    expect(one.standardError).toBeLessThan(split.standardError ?? 0);
    expect(await openPool().run(jobNumber(1, { plan }), dataset, { signal })).toEqual({
      ...one,
      durationMs: expect.any(Number),
    });
    const tooMany: TrainingPlan = { ...PLAN, validation: { type: 'kfold', nSplits: 20, nRepeats: 1 } };
    const few = await datasetFile('few.arrow', 1, 60);
    await expect(openPool().run(jobNumber(1, { plan: tooMany }), few, { signal })).rejects.toMatchObject({
      kind: 'refused',
      cause: { failure: { code: 'too_few_for_folds' } },
    });
  });

  it('keeps a score from falling where a feature rises, if asked', async () => {
    const pool = openPool();
    const fitted = (monotoneConstraints: Record<string, 1 | -1>) =>
      pool.runFinalFit({ ...finalJob(1), monotoneConstraints }, dataset, signal);
    const free = modelOf(await fitted({}));
    const bound = modelOf(await fitted({ feature_0: 1, feature_1: -1 }));
    expect(bound).not.toEqual(free);
    expect(risingAndFalling(bound, 0).falls).toBe(0);
    expect(risingAndFalling(bound, 1).rises).toBe(0);
    expect(risingAndFalling(free, 0).falls).toBeGreaterThan(0);
  });

  it('tells how a long trial does', async () => {
    const reports: TrialReport[] = [];
    // Longer than any machine needs for a few reports; it is cut short after them.
    const params = { ...PARAMS, n_estimators: 10_000 };
    const cut = new AbortController();
    const run = openPool().run(jobNumber(3, { params, toRounds: params.n_estimators }), dataset, {
      signal: cut.signal,
      onReport: (report) => {
        reports.push(report);
        if (reports.length === 3) cut.abort(new Error('heard enough'));
      },
    });
    await expect(run).rejects.toThrow('heard enough');
    expect(reports.every(({ trialNumber, rounds }) => trialNumber === 3 && rounds % 5 === 0)).toBe(true);
    expect(reports.map(({ rounds }) => rounds)).toEqual(
      reports.map(({ rounds }) => rounds).toSorted((x, y) => x - y),
    );
  });

  it('scores the test rows with a stored model as it did when it was made', async () => {
    const pool = openPool();
    const fit = await pool.runFinalFit(finalJob(4), dataset, signal);
    const margins = await pool.runNativeScore({ modelUbj: fit.modelUbj }, dataset, signal);
    expect(margins).toEqual(fit.testMargins);
  });

  it('makes the same final model, byte for byte, before and after other work', async () => {
    const pool = openPool({ nProcesses: 2 });
    const job = finalJob(9);
    const first = await pool.runFinalFit(job, dataset, signal);
    await Promise.all([
      pool.run(jobNumber(1), dataset, { signal }),
      pool.run(jobNumber(2), dataset, { signal }),
    ]);
    const [second, third] = await Promise.all([
      pool.runFinalFit(job, dataset, signal),
      pool.runFinalFit(job, dataset, signal),
    ]);
    expect([sha256Hex(second.modelUbj), sha256Hex(third.modelUbj)]).toEqual(
      Array(2).fill(sha256Hex(first.modelUbj)),
    );
    expect(second).toEqual(first);
    expect(gradientBooster(modelOf(first)).trees).toHaveLength(20);
  });

  it('starts no more processes than it may, keeps them, and changes datasets', async () => {
    const pool = openPool({ nProcesses: 2 });
    expect(pool.pids()).toEqual([]);
    await pool.prepare(preparationOf(dataset), signal);
    const pids = [...pool.pids()].sort();
    expect(pids).toHaveLength(2);
    const one = await pool.run(jobNumber(1), dataset, { signal });
    const two = await pool.run(jobNumber(1), otherDataset, { signal });
    expect(two.metrics).not.toEqual(one.metrics);
    expect((await pool.run(jobNumber(1), dataset, { signal })).metrics).toEqual(one.metrics);
    expect([...pool.pids()].sort()).toEqual(pids);
  });

  it('fails a trial whose process is killed, and runs the next in a new one', async () => {
    const pool = openPool();
    await pool.prepare(preparationOf(dataset), signal);
    const [pid = 0] = pool.pids();
    const running = pool.run(ENDLESS, dataset, { signal });
    process.kill(pid, 'SIGKILL');
    await expect(running).rejects.toMatchObject({ name: 'TrialFailure', kind: 'crashed' });
    expect((await pool.run(jobNumber(1), dataset, { signal })).metrics.roc_auc).toBeGreaterThan(0.6);
    expect(pool.pids()).not.toContain(pid);
  });

  it('replaces a process that died while idle', async () => {
    const pool = openPool();
    const first = await pool.run(jobNumber(1), dataset, { signal });
    const [pid = 0] = pool.pids();
    process.kill(pid, 'SIGKILL');
    await expect.poll(() => pool.pids()).toEqual([]);
    expect((await pool.run(jobNumber(1), dataset, { signal })).metrics).toEqual(first.metrics);
  });

  it('kills a process that hangs', async () => {
    const pool = openPool({ trialTimeoutMs: 2_500 });
    await pool.prepare(preparationOf(dataset), signal);
    const [pid = 0] = pool.pids();
    process.kill(pid, 'SIGSTOP');
    await expect(pool.run(jobNumber(1), dataset, { signal })).rejects.toMatchObject({
      kind: 'hung',
      message: 'The training process gave no answer within 2.5 s.',
    });
    expect(isRunning(pid)).toBe(false);
    expect((await pool.run(jobNumber(1), dataset, { signal })).metrics.roc_auc).toBeGreaterThan(0.6);
  });

  it('kills a process that needs too much memory', async () => {
    const pool = openPool({ memoryLimitBytes: 1024 * 1024 });
    await expect(pool.run(ENDLESS, dataset, { signal })).rejects.toMatchObject({
      kind: 'memory',
      message: 'The training process needed more than the 1 MB it may have.',
    });
    expect(pool.pids()).toEqual([]);
  });

  it('stops at once when aborted, with the reason given, and goes on with the next', async () => {
    const pool = openPool();
    await pool.prepare(preparationOf(dataset), signal);
    const [pid = 0] = pool.pids();
    const stop = new AbortController();
    const running = pool.run(ENDLESS, dataset, { signal: stop.signal });
    const waiting = pool.run(jobNumber(2), dataset, { signal: stop.signal });
    const next = pool.run(jobNumber(3), dataset, { signal });
    const reason = new Error('stopped by the user');
    // Let the request be sent first.
    await new Promise(setImmediate);
    stop.abort(reason);
    expect(await Promise.allSettled([running, waiting])).toEqual(
      Array(2).fill({ status: 'rejected', reason }),
    );
    expect(isRunning(pid)).toBe(false);
    expect((await next).metrics.roc_auc).toBeGreaterThan(0.6);
  });

  it('leaves no process behind when closed, twice too, and takes no more work', async () => {
    const pool = openPool({ nProcesses: 2 });
    await pool.prepare(preparationOf(dataset), signal);
    const pids = pool.pids();
    const cut = [ENDLESS, ENDLESS, ENDLESS].map((job) => pool.run(job, dataset, { signal }));
    const settled = Promise.allSettled(cut);
    await Promise.all([pool.close(), pool.close()]);
    expect(pids.map(isRunning)).toEqual([false, false]);
    expect((await settled).map((outcome) => outcome.status)).toEqual(Array(3).fill('rejected'));
    await expect(pool.run(jobNumber(1), dataset, { signal })).rejects.toMatchObject({ kind: 'refused' });
    await expect(pool.runFinalFit(finalJob(1), dataset, signal)).rejects.toMatchObject({ kind: 'refused' });
    expect(pool.pids()).toEqual([]);
  });

  it('refuses a dataset whose digest does not fit, one that is malformed, and keeps the process', async () => {
    const pool = openPool();
    await expect(
      pool.run(jobNumber(1), { ...dataset, digest: otherDataset.digest }, { signal }),
    ).rejects.toMatchObject({
      kind: 'refused',
      cause: { failure: { code: 'dataset_digest_mismatch' } },
    });
    const pids = pool.pids();
    const noise = new Uint8Array([1, 2, 3]);
    await writeFile(join(folder, 'noise.arrow'), noise);
    const malformed = { path: join(folder, 'noise.arrow'), digest: sha256Hex(noise) };
    await expect(pool.run(jobNumber(1), malformed, { signal })).rejects.toMatchObject({
      kind: 'refused',
      cause: { failure: { code: 'dataset_malformed' } },
    });
    await expect(pool.runFinalFit(finalJob(1), malformed, signal)).rejects.toMatchObject({
      kind: 'refused',
    });
    await pool.run(jobNumber(1), dataset, { signal });
    expect(pool.pids()).toEqual(pids);
  });

  it('refuses parameters that libxgboost refuses', async () => {
    const pool = openPool();
    const job = { ...jobNumber(1), params: { ...PARAMS, gamma: 1e300 } };
    await expect(pool.run(job, dataset, { signal })).rejects.toMatchObject({
      kind: 'refused',
      message: expect.stringContaining('XGBoost refused to go on: '),
    });
  });

  it('names the command that installs a missing library', async () => {
    const pool = openPool({ engine: { path: '/nowhere/libxgboost.so', source: 'project cache' } });
    await expect(pool.run(jobNumber(1), dataset, { signal })).rejects.toMatchObject({
      kind: 'refused',
      cause: { failure: { code: 'engine_unusable', hint: expect.stringContaining('npm run setup') } },
    });
  });

  it('fails the trial when the program is not there', async () => {
    const lines: string[] = [];
    const pool = openPool({ childPath: join(folder, 'nothing.mjs'), onLog: (line) => lines.push(line) });
    await expect(pool.run(jobNumber(1), dataset, { signal })).rejects.toMatchObject({ kind: 'crashed' });
  });

  it('shows a process none of the server secrets', async () => {
    const body = `process.send({ type: 'refused', code: 'seen', message: Object.keys(process.env).sort().join(' '), hint: '' })`;
    process.env.LEADBENCH_TEST_SECRET = 'secret';
    const pool = openPool({ childPath: await impostor('environment', body) });
    const failure = await pool.run(jobNumber(1), dataset, { signal }).catch((error: unknown) => error);
    delete process.env.LEADBENCH_TEST_SECRET;
    const names = failure instanceof Error ? failure.message.split(' ') : [];
    expect(names).toEqual(expect.arrayContaining(['OMP_WAIT_POLICY', 'PATH', 'XGBOOST_LIB']));
    const allowed =
      /^(PATH|LD_LIBRARY_PATH|DYLD_LIBRARY_PATH|SystemRoot|TMPDIR|TEMP|XGBOOST_LIB|OMP_\w+|NODE_ENV|NODE_CHANNEL_\w+|__CF\w+)$/;
    expect(names.filter((name) => !allowed.test(name))).toEqual([]);
  });

  it('takes neither a wrong nor a shapeless answer for a result', async () => {
    const wrong = openPool({
      childPath: await impostor('wrong', `process.send({ type: 'prepare_trials' })`),
    });
    await expect(wrong.run(jobNumber(1), dataset, { signal })).rejects.toThrow(
      'Expected an answer to run_trial, got prepare_trials',
    );
    const shapeless = openPool({ childPath: await impostor('shapeless', `process.send({ metrics: 1 })`) });
    await expect(shapeless.run(jobNumber(1), dataset, { signal })).rejects.toThrow('got something else');
  });

  it('ends its processes when the server is killed', async () => {
    const parent = `
      const { fork } = require('node:child_process');
      const child = fork(process.argv[1], [], { serialization: 'advanced', stdio: ['ignore', 'inherit', 'inherit', 'ipc'], env: { ...process.env, XGBOOST_LIB: process.argv[2] } });
      child.send({ type: 'prepare_trials', ...JSON.parse(process.argv[3]) });
      child.once('message', () => { child.send({ type: 'run_trial', job: JSON.parse(process.argv[4]) }, () => process.kill(process.pid, 'SIGKILL')); });
    `;
    const args = [
      '-e',
      parent,
      testEngine.childPath,
      testEngine.engine.path,
      JSON.stringify(preparationOf(dataset)),
      JSON.stringify(ENDLESS),
    ];
    const server = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    // The pipes end only when the engine process, which shares them, has ended too.
    expect(await Promise.all([text(server.stdout), text(server.stderr)])).toEqual(['', '']);
    expect(server.signalCode).toBe('SIGKILL');
  });
});

describe('bearableProcesses', () => {
  it('gives what was asked for, at least one and at most one a core', () => {
    expect([bearableProcesses(0), bearableProcesses(1), bearableProcesses(10_000)]).toEqual([
      1,
      1,
      availableParallelism(),
    ]);
  });
});
