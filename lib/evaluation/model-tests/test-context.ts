import type { JoinedTable } from '@/lib/crm/joined-table';
import { encodeFeatures } from '@/lib/features/encode';
import { type FeatureMatrix, SplitPart, type TrainingDataset } from '@/lib/features/matrix';
import type { FeatureSpec } from '@/lib/features/spec';
import { rowsOfPart } from '@/lib/features/split';
import type { ProbeScores } from '../probe/probe-job';
import type { JudgedRows } from '../slices/slice-measures';
import { type RowsAsLeads, rowsAsLeads } from './rows-as-leads';

/** Scores of rows, by the ONNX file. */
export interface RowScores {
  readonly probabilities: Float32Array;
  readonly margins: Float32Array;
}

/** A model that can score: its specification, and its ONNX file behind a function. */
export interface ScoringModel {
  readonly modelId: string;
  readonly spec: FeatureSpec;
  /** At which a lead counts as a buyer to be. */
  readonly threshold: number;
  readonly scoreMatrix: (matrix: FeatureMatrix) => Promise<RowScores>;
}

/** The model in use, and what it was made on. */
export interface ChampionModel extends ScoringModel {
  /** Null where it cannot be had; then nobody knows which of the test rows it was trained on. */
  readonly dataset: TrainingDataset | null;
}

/** A model that is trained again: on the training rows, or on as many drawn from them with replacement. Scores the validation rows. */
export interface TrainingAgain {
  readonly seed: number;
  readonly isBootstrap: boolean;
}

/** Everything that tests look at. */
export interface TestContext {
  readonly model: ScoringModel;
  readonly dataset: TrainingDataset;
  /** Margins that libxgboost gave the test rows, in row order. */
  readonly nativeTestMargins: Float32Array;
  /** The model in use; null where there is none, or it is the one tested. */
  readonly champion: ChampionModel | null;
  readonly seed: number;
  /** Train models of the same parameters. */
  readonly trainAgain: (plans: readonly TrainingAgain[]) => Promise<readonly ProbeScores[]>;
  /** Milliseconds of a clock that does not go backwards. */
  readonly elapsed: () => number;
}

/** The test rows, worked out once for all tests. */
export interface TestRows {
  /** Numbers in the dataset. */
  readonly rows: Uint32Array;
  readonly matrix: FeatureMatrix;
  readonly scores: RowScores;
  readonly judged: JudgedRows;
  readonly asLeads: RowsAsLeads;
}

/** Encode leads as scoring does, and score them. */
export async function scoredLeads(
  { spec, scoreMatrix }: ScoringModel,
  table: JoinedTable,
): Promise<RowScores> {
  return scoreMatrix(encodeFeatures(spec, table).matrix);
}

/** Take the test rows of the dataset and score them. */
export async function testRowsOf({ dataset, model }: TestContext): Promise<TestRows> {
  const rows = rowsOfPart(dataset.split, SplitPart.test);
  const matrix = matrixAt(dataset.matrix, rows);
  const scores = await model.scoreMatrix(matrix);
  return {
    rows,
    matrix,
    scores,
    judged: {
      labels: Uint8Array.from(rows, (row) => dataset.labels[row]!),
      probabilities: scores.probabilities,
    },
    asLeads: rowsAsLeads(model.spec, dataset.matrix, rows),
  };
}

/** Take rows of a matrix. */
export function matrixAt({ values, featureNames }: FeatureMatrix, rows: Uint32Array): FeatureMatrix {
  const stride = featureNames.length;
  const taken = new Float32Array(rows.length * stride);
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i]!;
    taken.set(values.subarray(row * stride, (row + 1) * stride), i * stride);
  }
  return { values: taken, nRows: rows.length, featureNames };
}
