import { countText, percentText } from '@/lib/explore/summary/plain-numbers';
import { type CountryGaps, countryGaps } from './country-gaps';
import { groupLabel, type SliceDimension, type SliceGroup } from './slice-groups';
import { type JudgedRows, rowsAt, type SliceMeasures, sliceMeasures } from './slice-measures';
import { SLICE_FLOOR, type SliceQuestion, type SliceSearch } from './slice-search';

/** Rows of one level of one dimension. */
export interface MeasuredSlice {
  readonly dimension: SliceDimension;
  readonly level: string;
  readonly label: string;
  readonly measures: SliceMeasures;
}

/** A model on the test rows, slice by slice. */
export interface SliceReport {
  readonly threshold: number;
  readonly all: SliceMeasures;
  /** By dimension, the largest first; levels with fewer rows than `minRows` are only counted. */
  readonly slices: readonly MeasuredSlice[];
  readonly minRows: number;
  readonly nTooSmall: number;
  readonly gaps: CountryGaps;
  readonly sentence: string;
}

/** A level with fewer test rows says next to nothing. */
const MIN_ROWS_SHOWN = 30;

/** Measure every slice of one dimension that has enough rows, and the gaps between countries. */
export function sliceReport(rows: JudgedRows, groups: readonly SliceGroup[], threshold: number): SliceReport {
  const shown = groups.filter(({ members }) => members.length >= MIN_ROWS_SHOWN);
  const dimensions = [...new Set(groups.map(({ parts }) => parts[0]!.dimension))];
  const slices = shown
    .map((group): MeasuredSlice => {
      const { dimension, level } = group.parts[0]!;
      const measures = sliceMeasures(rowsAt(rows, group.members), threshold);
      return { dimension, level, label: groupLabel(group), measures };
    })
    .toSorted(
      (a, b) =>
        dimensions.indexOf(a.dimension) - dimensions.indexOf(b.dimension) || b.measures.n - a.measures.n,
    );
  const all = sliceMeasures(rows, threshold);
  const gaps = countryGaps(rows, groups, { threshold });
  return {
    threshold,
    all,
    slices,
    minRows: MIN_ROWS_SHOWN,
    nTooSmall: groups.length - shown.length,
    gaps,
    sentence: slicesSentence(all, slices, gaps),
  };
}

function slicesSentence(all: SliceMeasures, slices: readonly MeasuredSlice[], gaps: CountryGaps): string {
  const judged = slices.filter(
    ({ measures }) => measures.rocAuc !== null && measures.nBuyers >= SLICE_FLOOR.minBuyers,
  );
  const [worst] = judged.toSorted((a, b) => a.measures.rocAuc!.value - b.measures.rocAuc!.value);
  const overall = all.rocAuc === null ? 'not measurable' : all.rocAuc.value.toFixed(3);
  if (worst === undefined) {
    return `Over ${countText(all.n)} test rows ROC AUC is ${overall}; no slice has ${SLICE_FLOOR.minBuyers} buyers to be judged by.`;
  }
  const { value, low, high } = worst.measures.rocAuc!;
  const unequal =
    gaps.unequal.length === 0
      ? 'in no country do buyers differ from those expected beyond chance'
      : `other numbers bought than were expected, beyond chance, in ${gaps.unequal.join(', ')}`;
  return `ROC AUC is ${overall} over ${countText(all.n)} test rows and lowest, ${value.toFixed(3)} (95 %: ${low.toFixed(3)} to ${high.toFixed(3)}), for ${worst.label}; ${unequal}.`;
}

const WORSE: Readonly<Record<SliceQuestion, (difference: number) => string>> = {
  ranking: (difference) => `ROC AUC is ${Math.abs(difference).toFixed(3)} lower than elsewhere`,
  calibration: (difference) =>
    difference < 0
      ? `${percentText(-difference, 0)} fewer bought than expected`
      : `${percentText(difference, 0)} more bought than expected`,
};

/** Say what the search for the worst slice found. */
export function searchSentence({ found, worst, nSearched, floor }: SliceSearch): string {
  const searched = `${countText(nSearched)} slices and pairs of slices with at least ${floor.minRows} test rows and ${floor.minBuyers} buyers`;
  if (worst === null)
    return `There are no slices with at least ${floor.minRows} test rows and ${floor.minBuyers} buyers.`;
  const told = found[0] ?? worst;
  const finding = told.findings.toSorted((a, b) => a.pValue - b.pValue)[0]!;
  const what = `${told.label}: ${WORSE[finding.question](finding.difference)} (adjusted p ${finding.adjustedPValue.toPrecision(2)})`;
  return found.length === 0
    ? `Of ${searched} none is worse beyond chance; the nearest to it is ${what}.`
    : `Of ${searched} ${found.length === 1 ? 'one is' : `${found.length} are`} worse beyond chance, first ${what}.`;
}
