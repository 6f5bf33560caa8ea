import { ExpectedFailure } from '@/lib/core/result';
import { SplitPart, type TrainingDataset } from '@/lib/features/matrix';
import { stratifiedFolds } from '@/lib/features/stratified-folds';
import type { ValidationPlan } from '@/lib/tuning/study/study-config';
import { buyerShare, denseRows, rowsOfParts } from './dataset-rows';
import type { DMatrix, XgboostLibrary } from './library';

/** Rows to train on and rows to measure on, held by libxgboost. */
export interface Fold {
  readonly train: DMatrix;
  readonly baseScore: number;
  readonly measured: DMatrix;
  readonly measuredLabels: Uint8Array;
}

/** What the trials of a study train and are measured on: one fold for the design's split, several for k-fold. */
export interface TrialData {
  readonly folds: readonly Fold[];
  free(): void;
}

/**
 * Hand the rows of a dataset to libxgboost, once for many trials. Test rows are never among them.
 *
 * @param options.seed decides the folds of k-fold
 * @throws ExpectedFailure `too_few_for_folds`, `dataset_part_unusable`
 */
export function createTrialData(
  library: XgboostLibrary,
  dataset: TrainingDataset,
  options: { readonly validation: ValidationPlan; readonly seed: number },
): TrialData {
  const folds: Fold[] = [];
  const free = () => {
    for (const { train, measured } of folds) {
      train.free();
      measured.free();
    }
  };
  try {
    for (const { train, measured } of foldRows(dataset, options)) {
      folds.push(foldOf(library, dataset, train, measured));
    }
  } catch (error) {
    free();
    throw error;
  }
  return { folds, free };
}

interface FoldRows {
  readonly train: Uint32Array;
  readonly measured: Uint32Array;
}

function foldRows(
  dataset: TrainingDataset,
  { validation, seed }: { readonly validation: ValidationPlan; readonly seed: number },
): readonly FoldRows[] {
  if (validation.type === 'split') {
    return [
      {
        train: rowsOfParts(dataset, [SplitPart.train]),
        measured: rowsOfParts(dataset, [SplitPart.validation]),
      },
    ];
  }
  const rows = rowsOfParts(dataset, [SplitPart.train, SplitPart.validation]);
  const labels = Uint8Array.from(rows, (row) => dataset.labels[row]!);
  const folds = stratifiedFolds(labels, { ...validation, seed });
  if (folds === null) {
    throw new ExpectedFailure({
      code: 'too_few_for_folds',
      message: `The training and validation rows hold fewer than ${validation.nSplits} buyers or non-buyers, too few for ${validation.nSplits} folds.`,
      hint: 'Choose fewer folds, or the design’s single split.',
    });
  }
  const picked = (indices: Uint32Array) => indices.map((index) => rows[index]!);
  return folds.map(({ train, measured }) => ({ train: picked(train), measured: picked(measured) }));
}

function foldOf(
  library: XgboostLibrary,
  dataset: TrainingDataset,
  trainRows: Uint32Array,
  measuredRows: Uint32Array,
): Fold {
  const trainDense = denseRows(dataset, trainRows);
  const baseScore = buyerShare(trainDense.labels);
  const measuredDense = denseRows(dataset, measuredRows);
  const train = library.createMatrix(trainDense);
  try {
    const measured = library.createMatrix(measuredDense);
    return { train, baseScore, measured, measuredLabels: measuredDense.labels };
  } catch (error) {
    train.free();
    throw error;
  }
}
