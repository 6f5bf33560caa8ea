import { ExpectedFailure } from '@/lib/core/result';
import { averagePrecision, rocAuc } from '@/lib/evaluation/ranking-metrics';
import { thresholdMetrics } from '@/lib/evaluation/threshold-metrics';
import { SplitPart, type TrainingDataset } from '@/lib/features/matrix';
import type { TrialParams } from '@/lib/tuning/search-space';
import type { TrialMetrics } from '@/lib/tuning/study-events';
import type { Booster, DenseRows, DMatrix, XgboostLibrary } from './library';
import type { FinalFit, FinalFitJob, TrialJob } from './trial-executor';

/** Decision threshold of the trial table, as in the design's scripts. */
const TRIAL_THRESHOLD = 0.5;

/** Waits between boosting rounds, so that a process stays able to hear its parent. */
export type Pause = () => Promise<void>;

/** What trials train and are measured on, held by libxgboost. */
export interface TrialData {
  readonly train: DMatrix;
  readonly baseScore: number;
  readonly validation: DMatrix;
  readonly validationLabels: Uint8Array;
  free(): void;
}

/** Hand the training and the validation rows of a dataset to libxgboost, once for many trials. */
export function createTrialData(library: XgboostLibrary, dataset: TrainingDataset): TrialData {
  const trainRows = rowsOf(dataset, [SplitPart.train]);
  const validationRows = rowsOf(dataset, [SplitPart.validation]);
  const train = library.createMatrix(trainRows);
  const validation = library.createMatrix(validationRows);
  return {
    train,
    baseScore: buyerShare(trainRows.labels),
    validation,
    validationLabels: validationRows.labels,
    free: () => {
      train.free();
      validation.free();
    },
  };
}

/** Train one trial on the training rows and measure it on the validation rows. */
export async function trialMetrics(
  library: XgboostLibrary,
  data: TrialData,
  job: TrialJob,
  pause: Pause,
): Promise<TrialMetrics> {
  const booster = await trainedBooster(library, data.train, data.baseScore, job, pause);
  try {
    const probabilities = booster.predict(data.validation, 'probability');
    const atThreshold = thresholdMetrics(data.validationLabels, probabilities, TRIAL_THRESHOLD);
    return {
      roc_auc: rocAuc(data.validationLabels, probabilities),
      average_precision: averagePrecision(data.validationLabels, probabilities),
      f1_score: atThreshold.f1_score,
      recall: atThreshold.recall,
    };
  } finally {
    booster.free();
  }
}

/**
 * Train twice with the same parameters: on the training rows, for probabilities of the validation rows that no model has
 * trained on, and on training and validation rows together in the dataset's row order, for the final model.
 */
export async function finalFit(
  library: XgboostLibrary,
  dataset: TrainingDataset,
  job: FinalFitJob,
  pause: Pause,
): Promise<FinalFit> {
  const validation = await validationProbabilities(library, dataset, job, pause);
  const rows = rowsOf(dataset, [SplitPart.train, SplitPart.validation]);
  const testRows = rowsOf(dataset, [SplitPart.test]);
  const train = library.createMatrix(rows);
  const test = library.createMatrix(testRows);
  const booster = await trainedBooster(library, train, buyerShare(rows.labels), job, pause);
  try {
    return {
      ...validation,
      modelUbj: booster.save('ubj'),
      modelJson: new TextDecoder().decode(booster.save('json')),
      testProbabilities: booster.predict(test, 'probability'),
      testMargins: booster.predict(test, 'margin'),
      testLabels: testRows.labels,
    };
  } finally {
    booster.free();
    train.free();
    test.free();
  }
}

async function validationProbabilities(
  library: XgboostLibrary,
  dataset: TrainingDataset,
  job: FinalFitJob,
  pause: Pause,
): Promise<Pick<FinalFit, 'validationProbabilities' | 'validationLabels'>> {
  const data = createTrialData(library, dataset);
  const booster = await trainedBooster(library, data.train, data.baseScore, job, pause);
  try {
    return {
      validationProbabilities: booster.predict(data.validation, 'probability'),
      validationLabels: data.validationLabels,
    };
  } finally {
    booster.free();
    data.free();
  }
}

async function trainedBooster(
  library: XgboostLibrary,
  train: DMatrix,
  baseScore: number,
  { params, seed }: { readonly params: TrialParams; readonly seed: number },
  pause: Pause,
): Promise<Booster> {
  const booster = library.createBooster(train, boosterParams(params, seed, baseScore));
  try {
    for (let round = 0; round < params.n_estimators; round++) {
      booster.update(round, train);
      await pause();
    }
    return booster;
  } catch (error) {
    booster.free();
    throw error;
  }
}

/**
 * Spell out every XGBoost parameter that a model's bytes depend on.
 *
 * `nthread` is 1 because several processes with several threads each wait on one another for ever on a busy machine.
 * `seed_per_iteration` makes a model independent of what the process trained before. `base_score` is given because
 * versions differ in what they assume.
 */
export function boosterParams(params: TrialParams, seed: number, baseScore: number): Record<string, string> {
  return {
    booster: 'gbtree',
    objective: 'binary:logistic',
    tree_method: 'hist',
    max_bin: '256',
    max_depth: String(params.max_depth),
    learning_rate: String(params.learning_rate),
    subsample: String(params.subsample),
    colsample_bytree: String(params.colsample_bytree),
    base_score: String(baseScore),
    seed: String(seed),
    seed_per_iteration: '1',
    nthread: '1',
    verbosity: '0',
    disable_default_eval_metric: '1',
  };
}

function buyerShare(labels: Uint8Array): number {
  let nBuyers = 0;
  for (const label of labels) nBuyers += label;
  if (nBuyers === 0 || nBuyers === labels.length) {
    throw new ExpectedFailure({
      code: 'dataset_part_unusable',
      message: `The training rows hold ${nBuyers} buyers among ${labels.length}; both kinds are needed.`,
      hint: 'Use a list with more buyers, so that every part of the split gets some.',
    });
  }
  return nBuyers / labels.length;
}

/** Copy the rows of some parts of the split, in the dataset's row order. */
function rowsOf({ matrix, labels, split }: TrainingDataset, parts: readonly number[]): DenseRows {
  const nFeatures = matrix.featureNames.length;
  const rows: number[] = [];
  for (let row = 0; row < matrix.nRows; row++) if (parts.includes(split[row]!)) rows.push(row);
  const values = new Float32Array(rows.length * nFeatures);
  const partLabels = new Uint8Array(rows.length);
  rows.forEach((row, i) => {
    values.set(matrix.values.subarray(row * nFeatures, (row + 1) * nFeatures), i * nFeatures);
    partLabels[i] = labels[row]!;
  });
  return { values, labels: partLabels, featureNames: matrix.featureNames };
}
