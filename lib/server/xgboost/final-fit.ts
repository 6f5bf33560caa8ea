import { SplitPart, type TrainingDataset } from '@/lib/features/matrix';
import { boosterParams } from './booster-params';
import { buyerShare, denseRows, rowsOfParts } from './dataset-rows';
import type { Booster, DMatrix, XgboostLibrary } from './library';
import type { Pause } from './live-trial';
import { createTrialData } from './trial-data';
import type { FinalFit, FinalFitJob } from './trial-executor';

/**
 * Train twice with the same parameters: on the training rows, for margins of the validation rows by a model that has
 * not seen them, and on training and validation rows together in the dataset's row order, for the final model.
 */
export async function finalFit(
  library: XgboostLibrary,
  dataset: TrainingDataset,
  job: FinalFitJob,
  pause: Pause,
): Promise<FinalFit> {
  const validation = await validationScores(library, dataset, job, pause);
  const rows = denseRows(dataset, rowsOfParts(dataset, [SplitPart.train, SplitPart.validation]));
  const testRows = denseRows(dataset, rowsOfParts(dataset, [SplitPart.test]));
  const train = library.createMatrix(rows);
  const test = library.createMatrix(testRows);
  const booster = await trainedBooster(library, { train, baseScore: buyerShare(rows.labels) }, job, pause);
  try {
    return {
      ...validation,
      modelUbj: booster.save('ubj'),
      testMargins: booster.predict(test, 'margin'),
      testLabels: testRows.labels,
    };
  } finally {
    booster.free();
    train.free();
    test.free();
  }
}

/** Score the test rows of a dataset with a stored model: margins in the dataset's row order. */
export function nativeTestMargins(
  library: XgboostLibrary,
  dataset: TrainingDataset,
  modelUbj: Uint8Array,
): Float32Array {
  const test = library.createMatrix(denseRows(dataset, rowsOfParts(dataset, [SplitPart.test])));
  try {
    const booster = library.loadBooster(modelUbj);
    try {
      return booster.predict(test, 'margin');
    } finally {
      booster.free();
    }
  } finally {
    test.free();
  }
}

async function validationScores(
  library: XgboostLibrary,
  dataset: TrainingDataset,
  job: FinalFitJob,
  pause: Pause,
): Promise<Pick<FinalFit, 'validationMargins' | 'validationLabels'>> {
  const data = createTrialData(library, dataset, { validation: { type: 'split' }, seed: job.seed });
  try {
    const [fold] = data.folds;
    if (fold === undefined) throw new Error('Expected the split to give one fold');
    const booster = await trainedBooster(library, fold, job, pause);
    try {
      return {
        validationMargins: booster.predict(fold.measured, 'margin'),
        validationLabels: fold.measuredLabels,
      };
    } finally {
      booster.free();
    }
  } finally {
    data.free();
  }
}

async function trainedBooster(
  library: XgboostLibrary,
  { train, baseScore }: { readonly train: DMatrix; readonly baseScore: number },
  job: FinalFitJob,
  pause: Pause,
): Promise<Booster> {
  const { featureNames } = train;
  const booster = library.createBooster(train, boosterParams(job, { baseScore, featureNames }));
  try {
    for (let round = 0; round < job.params.n_estimators; round++) {
      booster.update(round, train);
      await pause();
    }
    return booster;
  } catch (error) {
    booster.free();
    throw error;
  }
}
