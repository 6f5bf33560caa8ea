import { normalCdf } from '@/lib/core/normal-distribution';
import { adjustedPValues } from '@/lib/explore/statistics/benjamini-hochberg';
import { aucFromComponents, rocAucComponents } from '../paired-roc-auc';
import { groupLabel, pairedGroups, type SliceGroup } from './slice-groups';
import { type JudgedRows, rowsAt, type SliceMeasures, sliceMeasures } from './slice-measures';

/** Rows and buyers that a slice must have to be searched. */
export interface SliceFloor {
  readonly minRows: number;
  readonly minBuyers: number;
}

/** In a hundred test rows with ten buyers a difference worth acting on can be seen. */
export const SLICE_FLOOR: SliceFloor = { minRows: 100, minBuyers: 10 };
/** A finding counts as more than chance below this share of false ones. */
export const MOST_FALSE_FINDINGS = 0.05;

/** In what way a slice is worse than the rows outside it. */
export type SliceQuestion = 'ranking' | 'calibration' | 'recall';

/** A slice as it was searched. */
export interface SearchedSlice {
  readonly label: string;
  readonly parts: SliceGroup['parts'];
  readonly measures: SliceMeasures;
  readonly findings: readonly SliceFinding[];
}

/** How a slice stands to the rows outside it in one respect. */
export interface SliceFinding {
  readonly question: SliceQuestion;
  /** ROC AUC or recall less that of all other rows; for calibration buyers over expected, less 1. */
  readonly difference: number;
  readonly pValue: number;
  /** Benjamini-Hochberg over all slices and questions. */
  readonly adjustedPValue: number;
}

/** What the search came to. */
export interface SliceSearch {
  readonly floor: SliceFloor;
  /** Slices and pairs of slices that were large enough. */
  readonly nSearched: number;
  readonly nTests: number;
  /** Worst first, by adjusted p-value; those that are worse beyond chance. */
  readonly found: readonly SearchedSlice[];
  /** The one with the smallest p-value, found or not; null where none was large enough. */
  readonly worst: SearchedSlice | null;
}

interface Test {
  readonly slice: number;
  readonly question: SliceQuestion;
  readonly difference: number;
  readonly pValue: number;
}

/**
 * Search the slices, and the pairs of slices of two dimensions, for those where the model is worse than outside them: it
 * ranks worse (ROC AUC, DeLong's variances, one-sided), finds fewer of the buyers (recall, pooled two-proportion z,
 * one-sided), or expects other numbers of buyers than came (standardised residual, two-sided). Because many are looked
 * at, p-values are adjusted together after Benjamini and Hochberg (1995).
 */
export function slicesSearched(
  rows: JudgedRows,
  groups: readonly SliceGroup[],
  options: { readonly threshold: number; readonly floor?: SliceFloor },
): SliceSearch {
  const { threshold, floor = SLICE_FLOOR } = options;
  const n = rows.labels.length;
  const all = [...groups, ...pairedGroups(groups, n, floor.minRows)];
  const candidates = all.filter(({ members }) => isLarge(rows, members, floor));
  const measured = candidates.map(({ members }) => sliceMeasures(rowsAt(rows, members), threshold));
  const tests = candidates.flatMap(({ members }, slice) =>
    testsOf(rows, members, { slice, threshold, measures: measured[slice]! }),
  );
  const adjusted = adjustedPValues(tests.map(({ pValue }) => pValue));
  const slices = candidates.map((group, slice): SearchedSlice => {
    const findings = tests.flatMap((test, i): SliceFinding[] => {
      const { question, difference, pValue } = test;
      return test.slice === slice ? [{ question, difference, pValue, adjustedPValue: adjusted[i]! }] : [];
    });
    return { label: groupLabel(group), parts: group.parts, measures: measured[slice]!, findings };
  });
  const byWorst = slices
    .filter(({ findings }) => findings.length > 0)
    .toSorted((a, b) => smallest(a) - smallest(b));
  const found = byWorst.filter(({ findings }) =>
    findings.some(({ adjustedPValue }) => adjustedPValue <= MOST_FALSE_FINDINGS),
  );
  return { floor, nSearched: candidates.length, nTests: tests.length, found, worst: byWorst[0] ?? null };
}

function smallest({ findings }: SearchedSlice): number {
  return Math.min(...findings.map(({ pValue }) => pValue));
}

function isLarge({ labels }: JudgedRows, members: Uint32Array, { minRows, minBuyers }: SliceFloor): boolean {
  if (members.length < minRows) return false;
  let nBuyers = 0;
  for (const member of members) nBuyers += labels[member]!;
  return nBuyers >= minBuyers;
}

function testsOf(
  rows: JudgedRows,
  members: Uint32Array,
  context: { readonly slice: number; readonly threshold: number; readonly measures: SliceMeasures },
): readonly Test[] {
  const { slice, threshold, measures } = context;
  const calibration = calibrationTest(rowsAt(rows, members), measures);
  const tests: Test[] = calibration === null ? [] : [{ slice, question: 'calibration', ...calibration }];
  const outside = outsideOf(rows, members);
  const ranking = rankingTest(rowsAt(rows, members), outside);
  if (ranking !== null) tests.push({ slice, question: 'ranking', ...ranking });
  const recall = recallTest(measures, outside, threshold);
  if (recall !== null) tests.push({ slice, question: 'recall', ...recall });
  return tests;
}

function outsideOf(rows: JudgedRows, members: Uint32Array): JudgedRows {
  const mask = new Uint8Array(rows.labels.length);
  for (const member of members) mask[member] = 1;
  return rowsAt(
    rows,
    Uint32Array.from(mask.keys()).filter((row) => mask[row] === 0),
  );
}

type Outcome = Pick<Test, 'difference' | 'pValue'> | null;

function rankingTest(inside: JudgedRows, outside: JudgedRows): Outcome {
  const [own, other] = [inside, outside].map(({ labels, probabilities }) =>
    aucFromComponents(labels, rocAucComponents(labels, probabilities)),
  );
  const variance = own!.variance + other!.variance;
  if (!(variance > 0)) return null;
  const difference = own!.value - other!.value;
  return { difference, pValue: normalCdf(difference / Math.sqrt(variance)) };
}

/** Compare the buyers that came with those expected: of independent buyers with these probabilities. */
function calibrationTest({ probabilities }: JudgedRows, measures: SliceMeasures): Outcome {
  const { nBuyers, expectedBuyers, observedToExpected } = measures;
  let variance = 0;
  for (const probability of probabilities) variance += probability * (1 - probability);
  if (!(variance > 0) || observedToExpected === null) return null;
  const z = (nBuyers - expectedBuyers) / Math.sqrt(variance);
  return { difference: observedToExpected.value - 1, pValue: 2 * normalCdf(-Math.abs(z)) };
}

function recallTest(measures: SliceMeasures, outside: JudgedRows, threshold: number): Outcome {
  const others = sliceMeasures(outside, threshold);
  if (measures.recall === null || others.recall === null) return null;
  const nBuyers = measures.nBuyers + others.nBuyers;
  const pooled = (measures.nBuyersReached + others.nBuyersReached) / nBuyers;
  const variance = pooled * (1 - pooled) * (1 / measures.nBuyers + 1 / others.nBuyers);
  if (!(variance > 0)) return null;
  const difference = measures.recall.value - others.recall.value;
  return { difference, pValue: normalCdf(difference / Math.sqrt(variance)) };
}
