import { normalCdf } from '@/lib/core/normal-distribution';
import { adjustedPValues } from '@/lib/explore/statistics/benjamini-hochberg';
import { reliability } from '../calibration/reliability';
import { type Measured, measuredChange } from '../leakage/measured-auc';
import { pairedAucDifference, rocAucComponents } from '../paired-roc-auc';
import { brierScore, logLoss } from '../probability-metrics';
import { groupLabel, type SliceGroup } from '../slices/slice-groups';
import { rowsAt, type SliceMeasures, sliceMeasures } from '../slices/slice-measures';
import { MOST_FALSE_FINDINGS, SLICE_FLOOR, type SliceFloor } from '../slices/slice-search';
import { type McNemar, mcnemar, rightAndWrong } from './mcnemar';

/** A model's scores of the compared rows. */
export interface ComparedScores {
  /** 0–1, one a row. */
  readonly probabilities: Float32Array;
  /** Its own, at which a lead counts as a buyer to be. */
  readonly threshold: number;
}

/** Challenger less champion, on the same rows. */
export interface PairedChange extends Measured {
  /** Two-sided, by the normal distribution. */
  readonly pValue: number;
}

/** How the challenger stands to the champion in one slice. */
export interface ComparedSlice {
  readonly label: string;
  readonly parts: SliceGroup['parts'];
  readonly champion: SliceMeasures;
  readonly challenger: SliceMeasures;
  /** Mean log loss; above 0 the challenger is worse. */
  readonly logLoss: PairedChange;
  /** Below 0 the challenger is worse; null where it cannot be estimated. */
  readonly rocAuc: PairedChange | null;
  /** Smaller of the two p-values, Benjamini-Hochberg over all slices and both questions. */
  readonly adjustedPValue: number;
  readonly verdict: 'worse' | 'better' | 'no difference seen';
  /** By which question the verdict is. */
  readonly by: 'log_loss' | 'roc_auc';
}

/** One model on all rows. */
export interface ModelMeasures extends SliceMeasures {
  readonly logLoss: number;
  readonly brierScore: number;
  /** Expected calibration error. */
  readonly calibrationError: number;
}

/** Two models on the same rows. */
export interface ModelComparison {
  readonly n: number;
  readonly nBuyers: number;
  readonly champion: ModelMeasures;
  readonly challenger: ModelMeasures;
  /** DeLong's paired difference. */
  readonly rocAuc: PairedChange;
  readonly logLoss: PairedChange;
  readonly brierScore: PairedChange;
  /** First is the champion. */
  readonly mcnemar: McNemar;
  readonly slices: readonly ComparedSlice[];
}

/** Probabilities are held so far from 0 and 1, as `logLoss` holds them. */
const EPSILON = 2 ** -23;

/**
 * Compare two models on the same rows: paired, so that what is hard for both counts for neither.
 *
 * Differences of ROC AUC are DeLong's, of log loss and Brier score those of the mean of the rows' differences. In each slice
 * that is large enough both log loss and ROC AUC are tested, and all p-values adjusted together (Benjamini and Hochberg 1995).
 *
 * @throws where lengths differ or a score is NaN
 */
export function compareModels(
  labels: Uint8Array,
  models: { readonly champion: ComparedScores; readonly challenger: ComparedScores },
  groups: readonly SliceGroup[],
  floor: SliceFloor = SLICE_FLOOR,
): ModelComparison {
  const { champion, challenger } = models;
  const rows = (model: ComparedScores) => ({ labels, probabilities: model.probabilities });
  const all = Uint32Array.from(labels.keys());
  const ofModel = (model: ComparedScores): ModelMeasures => ({
    ...sliceMeasures(rows(model), model.threshold),
    logLoss: logLoss(labels, model.probabilities),
    brierScore: brierScore(labels, model.probabilities),
    calibrationError: reliability(labels, model.probabilities).expectedCalibrationError,
  });
  const rocAuc = aucChange(labels, models, all);
  if (rocAuc === null) throw new Error('Expected at least two buyers and two others to compare on');
  const losses = lossChanges(labels, models, rowLoss);
  const first = ofModel(champion);
  return {
    n: labels.length,
    nBuyers: first.nBuyers,
    champion: first,
    challenger: ofModel(challenger),
    rocAuc,
    logLoss: meanChange(losses, all),
    brierScore: meanChange(lossChanges(labels, models, squaredLoss), all),
    mcnemar: mcnemar(rightAndWrong(labels, champion, challenger)),
    slices: comparedSlices(labels, models, { groups, floor, losses }),
  };
}

/** Slices where the challenger is worse beyond chance, worst first. */
export function worseSlices({ slices }: Pick<ModelComparison, 'slices'>): readonly ComparedSlice[] {
  return slices
    .filter(({ verdict }) => verdict === 'worse')
    .toSorted((a, b) => a.adjustedPValue - b.adjustedPValue);
}

function rowLoss(label: number, probability: number): number {
  const held = Math.min(Math.max(probability, EPSILON), 1 - EPSILON);
  return -Math.log(label === 1 ? held : 1 - held);
}

function squaredLoss(label: number, probability: number): number {
  return (label - probability) ** 2;
}

interface Models {
  readonly champion: ComparedScores;
  readonly challenger: ComparedScores;
}

function lossChanges(
  labels: Uint8Array,
  { champion, challenger }: Models,
  loss: (label: number, probability: number) => number,
): Float64Array {
  return Float64Array.from(
    labels,
    (label, row) => loss(label, challenger.probabilities[row]!) - loss(label, champion.probabilities[row]!),
  );
}

/** Mean of paired differences with the standard error of a mean. */
function meanChange(differences: Float64Array, members: Uint32Array): PairedChange {
  const n = members.length;
  let sum = 0;
  for (const member of members) sum += differences[member]!;
  const mean = sum / n;
  let squares = 0;
  for (const member of members) squares += (differences[member]! - mean) ** 2;
  return tested(mean, squares / (n - 1) / n);
}

function aucChange(labels: Uint8Array, models: Models, members: Uint32Array): PairedChange | null {
  const { champion, challenger } = models;
  const own = rowsAt({ labels, probabilities: challenger.probabilities }, members);
  const other = rowsAt({ labels, probabilities: champion.probabilities }, members);
  const estimate = pairedAucDifference(
    own.labels,
    rocAucComponents(own.labels, own.probabilities),
    rocAucComponents(other.labels, other.probabilities),
  );
  return Number.isNaN(estimate.variance) ? null : tested(estimate.value, estimate.variance);
}

function tested(value: number, variance: number): PairedChange {
  const change = measuredChange(value, variance);
  const { standardError } = change;
  // Without any spread the models score alike, or one is better in each row by the same.
  const pValue = standardError > 0 ? 2 * normalCdf(-Math.abs(value) / standardError) : value === 0 ? 1 : 0;
  return { ...change, pValue };
}

function comparedSlices(
  labels: Uint8Array,
  models: Models,
  { groups, floor, losses }: { groups: readonly SliceGroup[]; floor: SliceFloor; losses: Float64Array },
): readonly ComparedSlice[] {
  const measured = groups.flatMap((group) => {
    const { members } = group;
    const of = ({ probabilities, threshold }: ComparedScores) =>
      sliceMeasures(rowsAt({ labels, probabilities }, members), threshold);
    const champion = of(models.champion);
    if (champion.n < floor.minRows || champion.nBuyers < floor.minBuyers) return [];
    const rocAuc = aucChange(labels, models, members);
    return [
      { group, champion, challenger: of(models.challenger), logLoss: meanChange(losses, members), rocAuc },
    ];
  });
  const pValues = measured.flatMap(({ logLoss, rocAuc }) => [logLoss.pValue, rocAuc?.pValue ?? 1]);
  const adjusted = adjustedPValues(pValues);
  return measured.map(({ group, rocAuc, ...slice }, i): ComparedSlice => {
    const [ofLoss, ofAuc] = [adjusted[2 * i]!, adjusted[2 * i + 1]!];
    const by = ofAuc < ofLoss ? 'roc_auc' : 'log_loss';
    const isWorse = by === 'roc_auc' ? (rocAuc?.value ?? 0) < 0 : slice.logLoss.value > 0;
    const adjustedPValue = Math.min(ofLoss, ofAuc);
    const isBeyondChance = adjustedPValue <= MOST_FALSE_FINDINGS;
    const verdict = isBeyondChance ? (isWorse ? 'worse' : 'better') : 'no difference seen';
    return { label: groupLabel(group), parts: group.parts, ...slice, rocAuc, adjustedPValue, verdict, by };
  });
}
