import { normalCdf } from '@/lib/core/normal-distribution';
import { adjustedPValues } from '@/lib/explore/statistics/benjamini-hochberg';
import type { SliceGroup } from './slice-groups';
import {
  type Bounded,
  boundedDifference,
  type JudgedRows,
  rowsAt,
  type SliceMeasures,
  sliceMeasures,
} from './slice-measures';
import { MOST_FALSE_FINDINGS, SLICE_FLOOR, type SliceFloor } from './slice-search';

/** How a model treats one country beside all others. */
export interface CountryGap {
  readonly country: string;
  readonly n: number;
  readonly nBuyers: number;
  /** Recall less that of all other rows; Newcombe's interval. Null where either has none. */
  readonly recall: Bounded | null;
  /** Buyers over expected buyers, less that of all other rows; MOVER of Wilson's intervals. */
  readonly calibration: Bounded | null;
  /** Of each gap, two-sided, adjusted over all countries and both gaps (Benjamini-Hochberg); null where it cannot be tested. */
  readonly recallPValue: number | null;
  readonly calibrationPValue: number | null;
}

/** Gaps between countries. */
export interface CountryGaps {
  readonly floor: SliceFloor;
  /** The largest gap of recall first. */
  readonly countries: readonly CountryGap[];
  /**
   * Those where other numbers bought than were expected, beyond chance. A gap of recall alone is none of them: recall at one
   * threshold is lower wherever fewer buy.
   */
  readonly unequal: readonly string[];
}

/** Measure gaps of recall and of calibration between each country that has enough test rows and all others. */
export function countryGaps(
  rows: JudgedRows,
  groups: readonly SliceGroup[],
  { threshold, floor = SLICE_FLOOR }: { readonly threshold: number; readonly floor?: SliceFloor },
): CountryGaps {
  const measured = groups.flatMap(({ parts, members }) => {
    const [part] = parts;
    if (part?.dimension !== 'country' || parts.length > 1) return [];
    const inside = rowsAt(rows, members);
    const own = sliceMeasures(inside, threshold);
    if (own.n < floor.minRows || own.nBuyers < floor.minBuyers) return [];
    const others = sliceMeasures(rowsAt(rows, otherRows(rows.labels.length, members)), threshold);
    return [{ country: part.level, own, others, variance: buyerVariance(inside) }];
  });
  const pValues = measured.flatMap(({ own, others, variance }) => [
    recallPValue(own, others),
    calibrationPValue(own, variance),
  ]);
  const testable = pValues.filter((pValue) => pValue !== null);
  const adjusted = adjustedPValues(testable);
  let next = 0;
  const given = pValues.map((pValue) => (pValue === null ? null : adjusted[next++]!));
  const countries = measured
    .map(({ country, own, others }, i): CountryGap => {
      const gap = (of: (measures: SliceMeasures) => Bounded | null) => {
        const [first, second] = [of(own), of(others)];
        return first === null || second === null ? null : boundedDifference(first, second);
      };
      return {
        country,
        n: own.n,
        nBuyers: own.nBuyers,
        recall: gap(({ recall }) => recall),
        calibration: gap(({ observedToExpected }) => observedToExpected),
        recallPValue: given[2 * i]!,
        calibrationPValue: given[2 * i + 1]!,
      };
    })
    .toSorted((a, b) => Math.abs(b.recall?.value ?? 0) - Math.abs(a.recall?.value ?? 0));
  const unequal = countries.filter(({ calibrationPValue: p }) => p !== null && p <= MOST_FALSE_FINDINGS);
  return { floor, countries, unequal: unequal.map(({ country }) => country) };
}

function otherRows(n: number, members: Uint32Array): Uint32Array {
  const mask = new Uint8Array(n);
  for (const member of members) mask[member] = 1;
  return Uint32Array.from(mask.keys()).filter((row) => mask[row] === 0);
}

function buyerVariance({ probabilities }: JudgedRows): number {
  return probabilities.reduce((sum, probability) => sum + probability * (1 - probability), 0);
}

function recallPValue(own: SliceMeasures, others: SliceMeasures): number | null {
  const nBuyers = own.nBuyers + others.nBuyers;
  const pooled = (own.nBuyersReached + others.nBuyersReached) / nBuyers;
  const variance = pooled * (1 - pooled) * (1 / own.nBuyers + 1 / others.nBuyers);
  if (!(variance > 0) || own.recall === null || others.recall === null) return null;
  return 2 * normalCdf(-Math.abs(own.recall.value - others.recall.value) / Math.sqrt(variance));
}

function calibrationPValue({ nBuyers, expectedBuyers }: SliceMeasures, variance: number): number | null {
  return variance > 0 ? 2 * normalCdf(-Math.abs(nBuyers - expectedBuyers) / Math.sqrt(variance)) : null;
}
