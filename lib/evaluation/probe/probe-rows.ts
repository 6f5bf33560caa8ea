import { z } from 'zod';
import { derivedSeed, randomSource, shuffle } from '@/lib/core/random';
import { ExpectedFailure } from '@/lib/core/result';
import { SplitPart, type TrainingDataset } from '@/lib/features/matrix';
import { stratifiedFolds } from '@/lib/features/stratified-folds';

const seed = z.int32();

/**
 * Which rows a model is trained on and which it scores; test rows are never among them. `fold`: one fold of a stratified
 * k-fold over training and validation rows. `oldest`: trained on the longest on the list, scoring the newest.
 * `sample`: trained on some of the training rows, drawn stratified, scoring the validation rows. `training`: trained on the
 * training rows, or on as many drawn from them with replacement, scoring the validation rows.
 */
export const probeRowsSchema = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('fold'),
    nSplits: z.int().min(2).max(20),
    fold: z.int().min(0).max(19),
    seed,
  }),
  z.strictObject({
    type: z.literal('oldest'),
    /** Feature that says how long a row is on the list, in days; larger is older. */
    daysFeature: z.string().min(1).max(200),
    /** What stands for a missing value of it beside NaN. */
    missingValue: z.number().nullable(),
    share: z.number().gt(0).lt(1),
  }),
  z.strictObject({ type: z.literal('sample'), nRows: z.int().min(1), seed }),
  z.strictObject({ type: z.literal('training'), bootstrapSeed: seed.nullable() }),
]);

export type ProbeRows = z.infer<typeof probeRowsSchema>;

/** Rows of a dataset by their numbers, rising; rows drawn with replacement stand as often as they were drawn. */
export interface PickedRows {
  readonly train: Uint32Array;
  readonly scored: Uint32Array;
}

/**
 * Pick the rows of a probe. The same dataset and plan give the same rows anywhere.
 *
 * @throws ExpectedFailure `too_few_for_folds`, `no_time_split`, `feature_unknown`
 */
export function pickedRows(dataset: TrainingDataset, plan: ProbeRows): PickedRows {
  switch (plan.type) {
    case 'fold':
      return foldRows(dataset, plan);
    case 'oldest':
      return oldestRows(dataset, plan);
    case 'sample':
      return sampleRows(dataset, plan);
    case 'training':
      return trainingRows(dataset, plan);
    default:
      return plan satisfies never;
  }
}

function rowsWhere(dataset: TrainingDataset, isIn: (row: number) => boolean): Uint32Array {
  return Uint32Array.from(dataset.labels.keys()).filter(isIn);
}

function foldRows(dataset: TrainingDataset, plan: ProbeRows & { readonly type: 'fold' }): PickedRows {
  const rows = rowsWhere(dataset, (row) => dataset.split[row] !== SplitPart.test);
  const labels = Uint8Array.from(rows, (row) => dataset.labels[row]!);
  const folds = stratifiedFolds(labels, { nSplits: plan.nSplits, nRepeats: 1, seed: plan.seed });
  const fold = folds?.[plan.fold];
  if (fold === undefined) {
    throw new ExpectedFailure({
      code: 'too_few_for_folds',
      message: `The training and validation rows hold fewer than ${plan.nSplits} buyers or others, too few for ${plan.nSplits} folds.`,
      hint: 'Use a list with more buyers.',
    });
  }
  const picked = (indices: Uint32Array) => indices.map((index) => rows[index]!);
  return { train: picked(fold.train), scored: picked(fold.measured) };
}

function oldestRows(dataset: TrainingDataset, plan: ProbeRows & { readonly type: 'oldest' }): PickedRows {
  const { matrix, split, labels } = dataset;
  const column = matrix.featureNames.indexOf(plan.daysFeature);
  if (column === -1) throw new ExpectedFailure(noTimeSplit(`there is no feature ${plan.daysFeature}`));
  const stride = matrix.featureNames.length;
  const daysOf = (row: number) => matrix.values[row * stride + column]!;
  const rows = rowsWhere(
    dataset,
    (row) => split[row] !== SplitPart.test && daysOf(row) !== plan.missingValue && !Number.isNaN(daysOf(row)),
  );
  const days = Float32Array.from(rows, daysOf).sort();
  // Days of the same date stay together, so the newest are a day's rows fewer or more than their share.
  const cut = days[Math.floor((1 - plan.share) * days.length)] ?? Number.NaN;
  const picked = {
    train: rows.filter((row) => daysOf(row) >= cut),
    scored: rows.filter((row) => daysOf(row) < cut),
  };
  for (const part of [picked.train, picked.scored]) {
    const nBuyers = part.reduce((sum, row) => sum + labels[row]!, 0);
    if (nBuyers < 2 || part.length - nBuyers < 2) {
      throw new ExpectedFailure(
        noTimeSplit('the newest or the oldest hold fewer than two buyers or two others'),
      );
    }
  }
  return picked;
}

function noTimeSplit(why: string) {
  return {
    code: 'no_time_split',
    message: `The list cannot be split by time: ${why}.`,
    hint: 'It takes opt-in dates that differ.',
  };
}

function sampleRows(dataset: TrainingDataset, plan: ProbeRows & { readonly type: 'sample' }): PickedRows {
  const { split, labels } = dataset;
  const ofTraining = rowsWhere(dataset, (row) => split[row] === SplitPart.train);
  const nRows = Math.min(plan.nRows, ofTraining.length);
  const kinds = [1, 0].map((label) => ofTraining.filter((row) => labels[row] === label));
  const nBuyers = Math.round((nRows * kinds[0]!.length) / ofTraining.length);
  const random = randomSource(derivedSeed(plan.seed, 'sample'));
  const taken = kinds.map((rows, kind) => {
    shuffle(rows, random);
    // The first ones, so that a larger sample of the same seed holds the smaller one.
    return rows.subarray(0, kind === 0 ? nBuyers : nRows - nBuyers);
  });
  const train = Uint32Array.from(taken.flatMap((rows) => [...rows])).sort();
  return { train, scored: rowsWhere(dataset, (row) => split[row] === SplitPart.validation) };
}

function trainingRows(dataset: TrainingDataset, plan: ProbeRows & { readonly type: 'training' }): PickedRows {
  const { split } = dataset;
  const ofTraining = rowsWhere(dataset, (row) => split[row] === SplitPart.train);
  const scored = rowsWhere(dataset, (row) => split[row] === SplitPart.validation);
  if (plan.bootstrapSeed === null) return { train: ofTraining, scored };
  const random = randomSource(derivedSeed(plan.bootstrapSeed, 'bootstrap'));
  const drawn = ofTraining.map(() => ofTraining[Math.floor(random() * ofTraining.length)]!);
  return { train: drawn.sort(), scored };
}
