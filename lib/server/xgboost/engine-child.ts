import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { setPriority } from 'node:os';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { ExpectedFailure } from '@/lib/core/result';
import { decodeDataset } from '@/lib/features/dataset-arrow';
import type { TrainingDataset } from '@/lib/features/matrix';
import { type AnswerTo, type ChildAnswer, type ChildRequest, childRequestSchema } from './child-messages';
import { finalFit, nativeTestMargins } from './final-fit';
import { openLibrary, XgboostError, type XgboostLibrary } from './library';
import { beginTrial, type LiveTrial } from './live-trial';
import { probeScores } from './probe';
import { createTrialData, type TrialData } from './trial-data';
import type { DatasetFile, TrialJob } from './trial-executor';

/** A disposable process around libxgboost. It knows a dataset of numbers, and nobody's name. */

/** As `nice`: the page and its workers go before training, which takes what they leave. */
const TRAINING_NICENESS = 10;
const REPORT_INTERVAL_MS = 100;

setPriority(TRAINING_NICENESS);

let openedLibrary: XgboostLibrary | null = null;
let trialData: TrialData | null = null;
/** The dataset of the last probe: a measurement makes many. */
let probed: { readonly digest: string; readonly dataset: TrainingDataset } | null = null;
/** Paused trials of one study, by number. */
let liveTrials: { readonly studyKey: string; readonly byNumber: Map<number, LiveTrial> } | null = null;

function library(): XgboostLibrary {
  const path = process.env.XGBOOST_LIB;
  if (path === undefined) throw new Error('Expected XGBOOST_LIB in the environment of the engine process');
  openedLibrary ??= openLibrary(path);
  return openedLibrary;
}

async function answerTo(request: ChildRequest): Promise<ChildAnswer> {
  switch (request.type) {
    case 'info': {
      const { version, features } = library();
      return { type: 'info', version, features: { ...features } };
    }
    case 'prepare_trials': {
      await prepareTrials(request);
      // The file, its decoded values and the rows handed over are dead now; left to itself V8 keeps them for long.
      globalThis.gc?.();
      return { type: 'prepare_trials' };
    }
    case 'run_trial':
      return trainedStretch(request.job);
    case 'final_fit': {
      const fit = await finalFit(library(), await datasetAt(request.dataset), request.job, pause);
      return { type: 'final_fit', fit };
    }
    case 'native_score': {
      const margins = nativeTestMargins(library(), await datasetAt(request.dataset), request.modelUbj);
      return { type: 'native_score', margins };
    }
    case 'probe': {
      const { digest } = request.dataset;
      if (probed?.digest !== digest) {
        probed = null;
        probed = { digest, dataset: await datasetAt(request.dataset) };
      }
      return { type: 'probe', scores: await probeScores(library(), probed.dataset, request.job, pause) };
    }
  }
}

async function prepareTrials(request: ChildRequest & { readonly type: 'prepare_trials' }): Promise<void> {
  const { dataset, validation, seed } = request;
  probed = null;
  forgetTrials();
  trialData?.free();
  trialData = null;
  trialData = createTrialData(library(), await datasetAt(dataset), { validation, seed });
}

function forgetTrials(): void {
  for (const trial of liveTrials?.byNumber.values() ?? []) trial.free();
  liveTrials = null;
}

async function trainedStretch(job: TrialJob): Promise<AnswerTo<'run_trial'>> {
  if (trialData === null) throw new Error('Expected prepare_trials before run_trial');
  const startedAtMs = performance.now();
  const { studyKey, trialNumber } = job;
  if (liveTrials?.studyKey !== studyKey) {
    forgetTrials();
    liveTrials = { studyKey, byNumber: new Map() };
  }
  const { byNumber } = liveTrials;
  const trial = byNumber.get(trialNumber) ?? beginTrial(library(), trialData, job);
  // Taken out while it trains: whatever goes wrong, half a trial is never gone on with.
  byNumber.delete(trialNumber);
  let isKept = false;
  try {
    const stretch = await trial.advance(job, pause, reporter(trialNumber));
    if (stretch.state === 'paused') {
      byNumber.set(trialNumber, trial);
      isKept = true;
    }
    const curve = stretch.curve.map(([rounds, value]): [number, number] => [rounds, value]);
    return { type: 'run_trial', ...stretch, curve, durationMs: performance.now() - startedAtMs };
  } finally {
    if (!isKept) trial.free();
  }
}

function reporter(trialNumber: number): (rounds: number, value: number) => void {
  let saidAtMs = performance.now();
  return (rounds, value) => {
    const nowMs = performance.now();
    if (nowMs - saidAtMs < REPORT_INTERVAL_MS || !Number.isFinite(value)) return;
    saidAtMs = nowMs;
    process.send?.({ type: 'report', trialNumber, rounds, value });
  };
}

async function datasetAt({ path, digest }: DatasetFile): Promise<TrainingDataset> {
  const bytes = await readFile(path);
  const actual = createHash('sha256').update(bytes).digest('hex');
  if (actual !== digest) {
    throw new ExpectedFailure({
      code: 'dataset_digest_mismatch',
      message: `The training dataset does not have the SHA-256 it is filed under (${digest.slice(0, 12)}…).`,
      hint: 'Prepare the features again; the dataset is made anew.',
    });
  }
  const decoded = decodeDataset(bytes);
  if (!decoded.ok) throw new ExpectedFailure(decoded.error);
  return decoded.value;
}

const LONGEST_SILENCE_MS = 20;
let heardAtMs = performance.now();

/** Let the event loop turn now and then: a parent that is gone is noticed only there. */
async function pause(): Promise<void> {
  if (performance.now() - heardAtMs < LONGEST_SILENCE_MS) return;
  await nextTurn();
  heardAtMs = performance.now();
}

function refusalOf(error: unknown): ChildAnswer {
  if (error instanceof ExpectedFailure) return { type: 'refused', ...error.failure };
  if (error instanceof XgboostError) {
    return {
      type: 'refused',
      code: 'xgboost_error',
      message: `XGBoost refused to go on: ${error.message}`,
      hint: 'Check the search space and the features.',
    };
  }
  // A bug ends the process; its pool reports a crash and the log keeps the stack.
  throw error;
}

process.on('disconnect', () => process.exit(0));
process.on('message', async (message) => {
  const answer = await answerTo(childRequestSchema.parse(message)).catch(refusalOf);
  process.send?.(answer);
});
