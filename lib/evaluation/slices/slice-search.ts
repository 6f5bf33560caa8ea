import { normalCdf } from '@/lib/core/normal-distribution';
import { adjustedPValues } from '@/lib/explore/statistics/benjamini-hochberg';
import { descendingOrder } from '../descending-order';
import { aucFromComponents, sortedRocAucComponents } from '../paired-roc-auc';
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
export type SliceQuestion = 'ranking' | 'calibration';

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
  /** ROC AUC less that of all other rows; for calibration buyers over expected, less 1. */
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
 * ranks worse (ROC AUC, DeLong's variances, one-sided), or expects other numbers of buyers than came (standardised residual,
 * two-sided). Recall at one threshold is no such question: it is lower wherever fewer buy, however good the model. Because
 * many are looked at, p-values are adjusted together after Benjamini and Hochberg (1995).
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
  const sorted = { rows, order: descendingOrder(rows.probabilities).reverse() };
  const tests = candidates.flatMap(({ members }, slice) =>
    testsOf(sorted, members, { slice, measures: measured[slice]! }),
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
  sorted: SortedRows,
  members: Uint32Array,
  { slice, measures }: { readonly slice: number; readonly measures: SliceMeasures },
): readonly Test[] {
  const { inside, outside } = parted(sorted, members);
  const calibration = calibrationTest(inside, measures);
  const tests: Test[] = calibration === null ? [] : [{ slice, question: 'calibration', ...calibration }];
  const ranking = rankingTest(inside, outside);
  if (ranking !== null) tests.push({ slice, question: 'ranking', ...ranking });
  return tests;
}

/** All rows by rising score, so that each slice of them comes sorted too. */
interface SortedRows {
  readonly rows: JudgedRows;
  readonly order: Uint32Array;
}

function parted({ rows, order }: SortedRows, members: Uint32Array) {
  const isMember = new Uint8Array(order.length);
  for (const member of members) isMember[member] = 1;
  const nInside = members.length;
  const side = (n: number) => ({ labels: new Uint8Array(n), probabilities: new Float32Array(n) });
  const [inside, outside] = [side(nInside), side(order.length - nInside)];
  let [atInside, atOutside] = [0, 0];
  for (const row of order) {
    const label = rows.labels[row]!;
    const probability = rows.probabilities[row]!;
    if (isMember[row] === 1) {
      inside.labels[atInside] = label;
      inside.probabilities[atInside++] = probability;
    } else {
      outside.labels[atOutside] = label;
      outside.probabilities[atOutside++] = probability;
    }
  }
  return { inside, outside };
}

type Outcome = Pick<Test, 'difference' | 'pValue'> | null;

function rankingTest(inside: JudgedRows, outside: JudgedRows): Outcome {
  const [own, other] = [inside, outside].map(({ labels, probabilities }) =>
    aucFromComponents(labels, sortedRocAucComponents(labels, probabilities)),
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
