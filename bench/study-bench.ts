import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { trainingPlan } from '@/lib/server/studies/run-step';
import type { Preparation } from '@/lib/server/xgboost/child-pool';
import { createEngineProcess } from '@/lib/server/xgboost/engine-process';
import { DEFAULT_PIPELINE_PARAMS } from '@/lib/tuning/study/pipeline-params';
import type { StudyEvent } from '@/lib/tuning/study/study-events';
import { trialSeed } from '@/lib/tuning/study/trial-seed';
import { type BenchContext, repeated } from './bench-context';
import type { BenchRow, BenchTable } from './bench-table';
import { type FinishedStudy, finishedStudy, openStudyBench, type StudyBench } from './finished-study';
import { spreadOf } from './spread';

/** Where a study's processes spent their time, in ms of one process each. */
interface StudyTimes {
  /** Launch to the last trial's end. */
  readonly wallMs: number;
  readonly nProcesses: number;
  readonly trainingMs: number;
  /** Launch to the first trial's start. */
  readonly headMs: number;
  /** Within trials as the service counts them, but not training: starting a process, reading the dataset, talking to it. */
  readonly aroundMs: number;
  /** Last trial's end to the model's being published. */
  readonly evaluationMs: number;
}

const TRIAL_LIMIT_MS = 600_000;

/**
 * Measure a study of the page's 24 trials through the study service, beside the same trials one after the other without
 * it: with training processes that hold the dataset already, as the page's server keeps them, and with new ones.
 */
export async function studyBench(context: BenchContext): Promise<BenchTable[]> {
  const tables: BenchTable[] = [];
  for (const isKeptWarm of [true, false]) {
    const { root, scratch, demoPath } = context;
    const bench = await openStudyBench({ root, folder: scratch, crmPath: demoPath, isKeptWarm });
    try {
      tables.push(await studyTable(context, bench, isKeptWarm));
    } finally {
      await bench.close();
    }
  }
  return tables;
}

async function studyTable(
  context: BenchContext,
  bench: StudyBench,
  isKeptWarm: boolean,
): Promise<BenchTable> {
  const how = isKeptWarm ? 'processes ready, as in the page' : 'processes started by the study';
  const { nRuns } = context.options;
  const measured = await repeated(context, { what: `study, ${how}`, nRuns }, async () => {
    if (isKeptWarm) await bench.engine.warm(preparationOf(bench));
    const study = await finishedStudy(bench, randomUUID());
    return { ...studyTimes(study), aloneMs: await trialsAloneMs(context.root, bench, study) };
  });
  const nProcesses = measured[0]?.nProcesses ?? 1;
  return {
    title: `Study: 24 trials, 6 workers asked, on the demo CRM; ${how}`,
    columns: [
      { key: 'time', label: 'time', unit: 'ms' },
      { key: 'share', label: 'share', unit: 'share' },
      { key: 'ratio', label: 'ratio', unit: '×' },
    ],
    rows: studyRows(measured, nProcesses),
    notes: [
      'Aim: share outside training under 5 % in the page. Share = 1 − sum of the trials’ own times / (processes × wall time).',
      `At best the ratio is ${nProcesses}: as many processes as this machine bears, each training on a core of its own.`,
    ],
  };
}

function preparationOf({ prepared }: StudyBench): Preparation {
  return {
    dataset: { path: prepared.path, digest: prepared.digest },
    validation: DEFAULT_PIPELINE_PARAMS.plan.validation,
    seed: DEFAULT_PIPELINE_PARAMS.seed,
  };
}

type Measured = StudyTimes & { readonly aloneMs: number };

function studyRows(measured: readonly Measured[], nProcesses: number): BenchRow[] {
  const figure = (value: (times: Measured) => number) => spreadOf(measured.map(value));
  const processMs = (times: Measured) => times.wallMs * times.nProcesses;
  const row = (label: string, figures: BenchRow['figures']): BenchRow => ({ label, figures });
  return [
    row('wall time, launch to last trial', { time: figure(({ wallMs }) => wallMs) }),
    row(`share outside training (of ${nProcesses} processes)`, {
      share: figure((times) => 1 - times.trainingMs / processMs(times)),
    }),
    row('… before the first trial starts', {
      time: figure(({ headMs }) => headMs),
      share: figure(({ headMs, wallMs }) => headMs / wallMs),
    }),
    row('… around trials: start of processes, dataset, journal', {
      time: figure(({ aroundMs }) => aroundMs),
      share: figure((times) => times.aroundMs / processMs(times)),
    }),
    row('… processes without a trial, mostly at the end', {
      share: figure((times) => idleMs(times) / processMs(times)),
    }),
    row('training, summed over the trials', { time: figure(({ trainingMs }) => trainingMs) }),
    row('final fit, evaluation, publishing', { time: figure(({ evaluationMs }) => evaluationMs) }),
    row('peer: the same 24 trials in one process, no service', { time: figure(({ aloneMs }) => aloneMs) }),
    row('peer / study', { ratio: figure(({ aloneMs, wallMs }) => aloneMs / wallMs) }),
  ];
}

function studyTimes({ state, events, launchedAtMs }: FinishedStudy): StudyTimes {
  const starts = eventsOf(events, 'trial_started');
  const ends = eventsOf(events, 'trial_completed');
  const startOf = new Map(starts.map(({ trialNumber, atMs }) => [trialNumber, atMs]));
  const trainingMs = sum(ends.map(({ durationMs }) => durationMs));
  const inTrialsMs = sum(
    ends.map(({ trialNumber, atMs }) => atMs - (startOf.get(trialNumber) ?? Number.NaN)),
  );
  const lastEndMs = Math.max(...ends.map(({ atMs }) => atMs));
  return {
    wallMs: lastEndMs - launchedAtMs,
    nProcesses: state.nProcesses,
    trainingMs,
    headMs: Math.min(...starts.map(({ atMs }) => atMs)) - launchedAtMs,
    aroundMs: inTrialsMs - trainingMs,
    evaluationMs: state.updatedAtMs - lastEndMs,
  };
}

function idleMs({ wallMs, nProcesses, trainingMs, headMs, aroundMs }: StudyTimes): number {
  return (wallMs - headMs) * nProcesses - trainingMs - aroundMs;
}

function eventsOf<T extends StudyEvent['type']>(events: readonly StudyEvent[], type: T) {
  return events.filter((event): event is Extract<StudyEvent, { type: T }> => event.type === type);
}

/** Pure training time of a study's trials in one process that holds the dataset already. */
async function trialsAloneMs(
  root: string,
  { engine, prepared }: StudyBench,
  { state }: FinishedStudy,
): Promise<number> {
  const child = createEngineProcess({
    childPath: join(root, '.build', 'engine-child.mjs'),
    engine: engine.info,
    onLog: () => undefined,
  });
  const limits = { timeoutMs: TRIAL_LIMIT_MS, signal: new AbortController().signal };
  const dataset = { path: prepared.path, digest: prepared.digest };
  try {
    const { validation, seed } = state.config;
    await child.ask({ type: 'prepare_trials', dataset, validation, seed }, limits);
    let trainingMs = 0;
    for (const trial of state.trials) {
      if (trial === undefined) continue;
      const job = {
        studyKey: 'alone',
        trialNumber: trial.number,
        params: trial.params,
        seed: trialSeed(state.config),
        plan: trainingPlan(state.config),
        toRounds: trial.params.n_estimators,
        pruneBelow: [],
      };
      const { durationMs, metrics } = await child.ask({ type: 'run_trial', job }, limits);
      if (metrics.roc_auc !== trial.metrics?.roc_auc)
        throw new Error(`Trial ${trial.number} gave another model`);
      trainingMs += durationMs;
    }
    return trainingMs;
  } finally {
    await child.kill();
  }
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
