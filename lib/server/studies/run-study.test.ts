import { describe, expect, it } from 'vitest';
import { randomSource } from '@/lib/core/random';
import { ExpectedFailure } from '@/lib/core/result';
import { type TrialExecutor, TrialFailure, type TrialOutcome } from '@/lib/server/xgboost/trial-executor';
import {
  createFakeExecutor,
  type FakeExecutor,
  type FakeExecutorOptions,
} from '@/lib/testing/fake-study-executor';
import { studyConfig } from '@/lib/testing/study-fixture';
import { type StudyConfig, type StudyEvent, studyEventSchema } from '@/lib/tuning/study/study-events';
import { studyProgress } from '@/lib/tuning/study/study-progress';
import { bestTrial, type StudyState, studyAfter } from '@/lib/tuning/study/study-state';
import { runStudy, StudyHalt } from './run-study';
import { createStudyLog, type EventSink, type StudyLog } from './study-log';
import type { StudyRun } from './study-run';

const CONFIG = studyConfig();
const DATASET = { path: 'dataset.arrow', digest: CONFIG.datasetDigest };
const NEVER = new AbortController().signal;

function created(change: Partial<StudyConfig> = {}): StudyEvent {
  return studyEventSchema.parse({
    type: 'study_created',
    sequence: 1,
    atMs: 0,
    studyId: `study-${'0'.repeat(20)}`,
    config: { ...CONFIG, ...change },
    engineVersion: '3.4.1',
    nProcesses: 2,
    gateOverrideReason: null,
  });
}

/** A log in memory with the events that were written to it. */
function memoryLog(events: readonly [StudyEvent, ...StudyEvent[]], onAppend?: (event: StudyEvent) => void) {
  const written: StudyEvent[] = [...events];
  let time = 0;
  const sink: EventSink = {
    append: async (event) => {
      onAppend?.(event);
      written.push(event);
    },
  };
  return { log: createStudyLog(events, sink, () => ++time), written };
}

async function ranStudy(options: FakeExecutorOptions, change: Partial<StudyConfig> = {}) {
  const executor = createFakeExecutor(options);
  const { log, written } = memoryLog([created(change)]);
  const state = await runStudy(runOf(log, executor));
  return { state, executor, written };
}

function runOf(log: StudyLog, executor: TrialExecutor): StudyRun {
  return { log, dataset: DATASET, executor, signal: NEVER, elapsed: () => 0 };
}

const paramsOf = (state: StudyState) => state.trials.map((trial) => trial?.params);
/** The best trial without the times at which it ran. */
const bestOf = (state: StudyState) => ({ ...bestTrial(state), stretches: [] });
const crash = () => new TrialFailure('crashed', 'The training process ended with SIGSEGV.');

describe('runStudy', () => {
  it('runs every trial once, with the study’s seed, and ends', async () => {
    const { state, executor, written } = await ranStudy({ nProcesses: 2 });
    expect(state.phase).toBe('tuned');
    expect(state.trials.map((trial) => trial?.state)).toEqual(Array.from({ length: 24 }, () => 'complete'));
    expect(executor.jobs.map((job) => job.trialNumber).sort((a, b) => a - b)).toEqual(
      Array.from({ length: 24 }, (_, i) => i + 1),
    );
    expect(new Set(executor.jobs.map((job) => job.seed))).toEqual(new Set([42]));
    expect(written.map((event) => event.sequence)).toEqual(Array.from({ length: 50 }, (_, i) => i + 1));
    expect(written.reduce<StudyState | null>(studyAfter, null)).toEqual(state);
  });

  it('runs as many at once as there are processes and workers', async () => {
    expect((await ranStudy({ nProcesses: 2 })).executor.nAtOnce).toBe(2);
    expect((await ranStudy({ nProcesses: 8 })).executor.nAtOnce).toBe(6);
    expect((await ranStudy({ nProcesses: 8 }, { workers: 1 })).executor.nAtOnce).toBe(1);
  });

  it('gives the same trials with any number of processes and any order of completion', async () => {
    const expected = paramsOf((await ranStudy({ nProcesses: 1 })).state);
    for (let seed = 1; seed <= 10; seed++) {
      const random = randomSource(seed);
      const pick = (running: readonly unknown[]) => Math.floor(random() * running.length);
      const { state } = await ranStudy({ nProcesses: 1 + (seed % 7), pick });
      expect(paramsOf(state)).toEqual(expected);
    }
  });

  it('tries a crashed trial again and completes it with the same parameters', async () => {
    const failureOf = (job: { trialNumber: number }, attempt: number) =>
      job.trialNumber === 5 && attempt < 3 ? crash() : null;
    const { state } = await ranStudy({ nProcesses: 2, failureOf });
    expect(state.trials[4]).toMatchObject({ state: 'complete', attempts: 3, failure: null });
    expect(paramsOf(state)).toEqual(paramsOf((await ranStudy({ nProcesses: 2 })).state));
  });

  it('gives a poison trial up after three attempts and completes the others', async () => {
    const failureOf = (job: { trialNumber: number }) => (job.trialNumber === 5 ? crash() : null);
    const { state, executor } = await ranStudy({ nProcesses: 2, failureOf });
    expect(state.phase).toBe('tuned');
    expect(executor.jobs.filter((job) => job.trialNumber === 5)).toHaveLength(3);
    expect(state.trials[4]).toMatchObject({
      state: 'failed',
      attempts: 3,
      failure: 'The training process ended with SIGSEGV.',
    });
    expect(state.trials.filter((trial) => trial?.state === 'complete')).toHaveLength(23);
  });

  it('does not repeat a trial that was refused', async () => {
    const failureOf = (job: { trialNumber: number }) =>
      job.trialNumber === 2 ? new TrialFailure('refused', 'Parameter out of range') : null;
    const { state, executor } = await ranStudy({ nProcesses: 2, failureOf });
    expect(executor.jobs.filter((job) => job.trialNumber === 2)).toHaveLength(1);
    expect(state.phase).toBe('tuned');
  });

  it('fails as a whole when the first three trials fail', async () => {
    const failureOf = () => new TrialFailure('refused', 'The dataset cannot be read.');
    const { state, executor } = await ranStudy({ nProcesses: 1, failureOf });
    expect(state).toMatchObject({
      phase: 'failed',
      failure: 'The first 3 trials failed; trial 1 said: The dataset cannot be read.',
    });
    // The longest of the first six begin first; the study fails as soon as 1, 2 and 3 are among the failed.
    expect(executor.jobs.length).toBeLessThanOrEqual(6);
  });

  it('takes a metric that is no number as a failed trial', async () => {
    const executor = createFakeExecutor({ nProcesses: 1 });
    const { log } = memoryLog([created({ nTrials: 1 })]);
    const broken: TrialExecutor = {
      ...executor,
      run: async (...args): Promise<TrialOutcome> => {
        const outcome = await executor.run(...args);
        return { ...outcome, metrics: { ...outcome.metrics, roc_auc: Number.NaN } };
      },
    };
    const state = await runStudy(runOf(log, broken));
    expect(state.phase).toBe('failed');
    expect(state.trials[0]?.failure).toContain('not numbers');
  });

  it('stops when asked, keeps what is complete and drops what ran', async () => {
    const { state, halt } = await haltedAfter(5, new StudyHalt('stopped'));
    expect(halt.signal.aborted).toBe(true);
    expect(state.phase).toBe('tuned');
    expect(state.trials.filter((trial) => trial?.state === 'complete')).toHaveLength(5);
    expect(state.trials.filter((trial) => trial?.state === 'running')).toEqual([]);
  });

  it('records nothing more when the process shuts down', async () => {
    const { state, written } = await haltedAfter(5, new StudyHalt('shutdown'));
    expect(state.phase).toBe('tuning');
    expect(written.at(-1)?.type).not.toBe('tuning_ended');
  });

  it('goes on after a halt at any moment to the same trials and the same best', async () => {
    const whole = (await ranStudy({ nProcesses: 2 })).state;
    for (let nComplete = 1; nComplete < 24; nComplete += 3) {
      const { written } = await haltedAfter(nComplete, new StudyHalt('shutdown'));
      const [first, ...rest] = written;
      if (first === undefined) throw new Error('nothing was written');
      const { log } = memoryLog([first, ...rest]);
      await log.record({ type: 'study_resumed', nProcesses: 4, engineVersion: '3.4.1' });
      const executor = createFakeExecutor({ nProcesses: 4, pick: (running) => running.length - 1 });
      const state = await runStudy(runOf(log, executor));
      expect(paramsOf(state)).toEqual(paramsOf(whole));
      expect(bestOf(state)).toEqual(bestOf(whole));
      const nAgain = executor.jobs.length - (24 - nComplete);
      expect(nAgain).toBe(0);
    }
  });

  it('goes on from whatever part of the journal is left to the same trials, none counted twice', async () => {
    const { state: whole, written } = await ranStudy({
      nProcesses: 3,
      pick: (running) => running.length - 1,
    });
    for (let nKept = 1; nKept < written.length; nKept++) {
      const [first, ...rest] = written.slice(0, nKept);
      if (first === undefined) throw new Error('nothing was written');
      const { log } = memoryLog([first, ...rest]);
      const nCompleteBefore = rest.filter((event) => event.type === 'trial_completed').length;
      await log.record({ type: 'study_resumed', nProcesses: 2, engineVersion: '3.4.1' });
      const executor = createFakeExecutor({ nProcesses: 2 });
      const state = await runStudy(runOf(log, executor));
      expect(paramsOf(state)).toEqual(paramsOf(whole));
      expect(bestOf(state)).toEqual(bestOf(whole));
      expect(executor.jobs).toHaveLength(24 - nCompleteBefore);
    }
  });

  it('ends the run when the journal cannot be written, and leaves nothing running', async () => {
    const full = new ExpectedFailure({
      code: 'journal_not_saved',
      message: 'The disk is full.',
      hint: 'Free space.',
    });
    const { log } = memoryLog([created()], (event) => {
      if (event.sequence === 9) throw full;
    });
    const executor = createFakeExecutor({ nProcesses: 3 });
    await expect(runStudy(runOf(log, executor))).rejects.toBe(full);
    expect(log.state().lastSequence).toBe(8);
    await new Promise((resolve) => setImmediate(resolve));
    expect(log.state().lastSequence).toBe(8);
  });
});

const ASHA: Partial<StudyConfig> = { scheduler: { type: 'asha', minRounds: 20, reductionFactor: 3 } };
const MEDIAN: Partial<StudyConfig> = { scheduler: { type: 'median', minRounds: 20, nStartupTrials: 5 } };

/** What a study came to, without the times. */
const outcomeOf = (state: StudyState) =>
  state.trials.map((trial) => [trial?.params, trial?.state, trial?.metrics, trial?.curve]);

describe('runStudy with a scheduler', () => {
  it('trains the longest of the trials that may begin first', async () => {
    const { executor } = await ranStudy({ nProcesses: 1 });
    const cost = ({ params }: (typeof executor.jobs)[number]) =>
      params.n_estimators *
      (1 + (params.max_depth ?? 0)) *
      (0.5 + (params.subsample ?? 0)) *
      (0.5 + (params.colsample_bytree ?? 0));
    const firstSix = executor.jobs.slice(0, 1).map(cost);
    expect(firstSix[0]).toBe(Math.max(...executor.jobs.filter((job) => job.trialNumber <= 6).map(cost)));
  });

  it.each([
    ['successive halving', ASHA],
    ['the median rule', MEDIAN],
  ])('gives the same under %s with any number of processes and any order of completion', async (_, plan) => {
    const expected = outcomeOf((await ranStudy({ nProcesses: 1 }, plan)).state);
    for (let seed = 1; seed <= 10; seed++) {
      const random = randomSource(seed);
      const pick = (running: readonly unknown[]) => Math.floor(random() * running.length);
      const { state } = await ranStudy({ nProcesses: 1 + (seed % 7), pick }, plan);
      expect(outcomeOf(state)).toEqual(expected);
    }
  });

  it('trains fewer rounds under successive halving, and its best to the end', async () => {
    const whole = (await ranStudy({ nProcesses: 2 }, { sampler: 'random' })).state;
    const halved = (await ranStudy({ nProcesses: 2 }, { sampler: 'random', ...ASHA })).state;
    expect(paramsOf(halved)).toEqual(paramsOf(whole));
    expect(studyProgress(halved).nRounds).toBeLessThan(studyProgress(whole).nRounds / 2);
    const { nComplete, nPruned, nTrials } = studyProgress(halved);
    expect(nComplete).toBeGreaterThan(0);
    expect(nComplete + nPruned).toBe(nTrials);
    expect(halved.phase).toBe('tuned');
  });

  it('prunes by the median rule', async () => {
    const { state } = await ranStudy({ nProcesses: 2 }, { sampler: 'random', ...MEDIAN });
    expect(studyProgress(state)).toMatchObject({ nPaused: 0, nRunning: 0 });
    expect(studyProgress(state).nPruned).toBeGreaterThan(2);
    expect(state.trials.slice(0, 5).map((trial) => trial?.state)).not.toContain('pruned');
  });

  it('goes on from whatever part of the journal is left to the same end', async () => {
    const { state: whole, written } = await ranStudy({ nProcesses: 3, pick: (all) => all.length - 1 }, ASHA);
    for (let nKept = 1; nKept < written.length; nKept += 2) {
      const [first, ...rest] = written.slice(0, nKept);
      if (first === undefined) throw new Error('nothing was written');
      const { log } = memoryLog([first, ...rest]);
      await log.record({ type: 'study_resumed', nProcesses: 2, engineVersion: '3.4.1' });
      const state = await runStudy(runOf(log, createFakeExecutor({ nProcesses: 2 })));
      expect(outcomeOf(state)).toEqual(outcomeOf(whole));
    }
  });
});

describe('a pause', () => {
  it('lets what runs come to its end, begins nothing, and goes on later to the same trials', async () => {
    const whole = (await ranStudy({ nProcesses: 2 })).state;
    const { log, written } = memoryLog([created()]);
    log.listen((event) => {
      if (event.type === 'trial_completed' && log.latest().phase === 'tuning') {
        void log.record({ type: 'study_pause_requested' });
      }
    });
    const paused = await runStudy(runOf(log, createFakeExecutor({ nProcesses: 3 })));
    expect(paused.phase).toBe('paused');
    expect(studyProgress(paused)).toMatchObject({ nRunning: 0 });
    const nDone = studyProgress(paused).nComplete;
    expect(nDone).toBeGreaterThanOrEqual(3);
    expect(nDone).toBeLessThan(6);
    const [first, ...rest] = written;
    if (first === undefined) throw new Error('nothing was written');
    const again = memoryLog([first, ...rest]);
    await again.log.record({ type: 'study_resumed', nProcesses: 2, engineVersion: '3.4.1' });
    const state = await runStudy(runOf(again.log, createFakeExecutor({ nProcesses: 2 })));
    expect(paramsOf(state)).toEqual(paramsOf(whole));
  });
});

describe('an extension', () => {
  it('gives the trials that a study launched with more would have', async () => {
    const whole = (await ranStudy({ nProcesses: 2 }, { nTrials: 30 })).state;
    const { log } = memoryLog([created()]);
    log.listen((event) => {
      if (event.type === 'trial_completed' && log.latest().config.nTrials === 24) {
        void log.record({ type: 'study_extended', nTrials: 30 });
      }
    });
    const state = await runStudy(runOf(log, createFakeExecutor({ nProcesses: 2 })));
    expect(paramsOf(state)).toEqual(paramsOf(whole));
  });
});

/** Run a study and abort it when so many trials have completed. */
async function haltedAfter(nComplete: number, why: StudyHalt) {
  const halt = new AbortController();
  const { log, written } = memoryLog([created()]);
  let nSeen = 0;
  log.listen((event) => {
    if (event.type === 'trial_completed' && ++nSeen === nComplete) halt.abort(why);
  });
  const executor: FakeExecutor = createFakeExecutor({ nProcesses: 2 });
  const state = await runStudy({ ...runOf(log, executor), signal: halt.signal });
  return { state, written, halt };
}
