import { ExpectedFailure } from '@/lib/core/result';
import type { ProbeJob, ProbeScores } from '@/lib/evaluation/probe/probe-job';
import { pickedRows } from '@/lib/evaluation/probe/probe-rows';
import type { TrainingDataset } from '@/lib/features/matrix';
import { boosterParams } from './booster-params';
import { buyerShare, denseRows } from './dataset-rows';
import type { DenseRows, XgboostLibrary } from './library';
import type { Pause } from './live-trial';

/**
 * Train a model on the rows and features of a probe, score the rows it asks for, and throw the model away.
 *
 * @throws ExpectedFailure as `pickedRows` and `buyerShare`; `no_feature_left`
 */
export async function probeScores(
  library: XgboostLibrary,
  dataset: TrainingDataset,
  job: ProbeJob,
  pause: Pause,
): Promise<ProbeScores> {
  const picked = pickedRows(dataset, job.rows);
  const kept = keptColumns(dataset, job.leftOut);
  const trained = withColumns(denseRows(dataset, picked.train), kept);
  const scored = withColumns(denseRows(dataset, picked.scored), kept);
  const { featureNames } = trained;
  const train = library.createMatrix(trained);
  const measured = library.createMatrix(scored);
  const recipe = { params: job.params, seed: job.seed, monotoneConstraints: job.monotoneConstraints ?? {} };
  try {
    const baseScore = buyerShare(trained.labels);
    const booster = library.createBooster(train, boosterParams(recipe, { baseScore, featureNames }));
    try {
      for (let round = 0; round < job.params.n_estimators; round++) {
        booster.update(round, train);
        await pause();
      }
      const probabilities = booster.predict(measured, 'probability');
      return {
        rows: picked.scored,
        labels: scored.labels,
        probabilities,
        nTrained: trained.labels.length,
        nBuyersTrained: trained.labels.reduce((sum, label) => sum + label, 0),
      };
    } finally {
      booster.free();
    }
  } finally {
    train.free();
    measured.free();
  }
}

function keptColumns({ matrix }: TrainingDataset, leftOut: readonly string[]): readonly number[] {
  const out = new Set(leftOut);
  const kept = [...matrix.featureNames.keys()].filter((column) => !out.has(matrix.featureNames[column]!));
  if (kept.length > 0) return kept;
  throw new ExpectedFailure({
    code: 'no_feature_left',
    message: 'Without the features left out none is left to train on.',
    hint: 'Leave fewer of them out.',
  });
}

function withColumns({ values, labels, featureNames }: DenseRows, columns: readonly number[]): DenseRows {
  if (columns.length === featureNames.length) return { values, labels, featureNames };
  const from = featureNames.length;
  const to = columns.length;
  const kept = new Float32Array(labels.length * to);
  for (let row = 0; row < labels.length; row++) {
    for (let i = 0; i < to; i++) kept[row * to + i] = values[row * from + columns[i]!]!;
  }
  return { values: kept, labels, featureNames: columns.map((column) => featureNames[column]!) };
}
