import { type CountedValues, nCounted } from './counted-values';

/** How much one feature alone tells of who bought. */
export type FeatureRelation =
  /** Chance that a buyer has the larger value, ties counting half; 0.5 tells nothing. The 95 % interval is null with fewer than two rows of a class. */
  | {
      readonly measure: 'roc_auc';
      readonly value: number;
      readonly low: number | null;
      readonly high: number | null;
    }
  /** Between 0, nothing, and 1; for values without an order. */
  | { readonly measure: 'cramers_v'; readonly value: number };

const Z_95 = 1.959963984540054;

/**
 * Relate a feature to the label over the rows that have a value: the area under the ROC curve of the values as they are, or
 * Cramér's V where more than two values have no order. Null where no buyer or no other row has a value.
 *
 * The interval is DeLong's (DeLong, DeLong and Clarke-Pearson 1988), cut to 0 … 1; V is without correction for bias (as scipy
 * `contingency.association`).
 */
export function featureRelation(counted: CountedValues, isNominal: boolean): FeatureRelation | null {
  const nRows = nCounted(counted);
  const nBuyers = counted.buyers.reduce((sum, count) => sum + count, 0);
  if (nBuyers === 0 || nBuyers === nRows) return null;
  if (isNominal && counted.values.length > 2) {
    return { measure: 'cramers_v', value: cramersVWithLabel(counted, nRows, nBuyers) };
  }
  const { area, variance } = areaOfCounted(counted, nRows, nBuyers);
  if (Number.isNaN(variance)) return { measure: 'roc_auc', value: area, low: null, high: null };
  const half = Z_95 * Math.sqrt(variance);
  return {
    measure: 'roc_auc',
    value: area,
    low: Math.max(0, area - half),
    high: Math.min(1, area + half),
  };
}

function areaOfCounted({ n, buyers }: CountedValues, nRows: number, nBuyers: number) {
  const nOthers = nRows - nBuyers;
  // For a buyer: the share of others below, ties half; for another: the share of buyers above.
  const ofBuyer = new Float64Array(n.length);
  const ofOther = new Float64Array(n.length);
  let area = 0;
  let buyersBelow = 0;
  let othersBelow = 0;
  for (let place = 0; place < n.length; place++) {
    const buyersHere = buyers[place]!;
    const othersHere = n[place]! - buyersHere;
    ofBuyer[place] = (othersBelow + othersHere / 2) / nOthers;
    ofOther[place] = (nBuyers - buyersBelow - buyersHere / 2) / nBuyers;
    area += (ofBuyer[place]! * buyersHere) / nBuyers;
    buyersBelow += buyersHere;
    othersBelow += othersHere;
  }
  if (nBuyers < 2 || nOthers < 2) return { area, variance: Number.NaN };
  let squaresOfBuyers = 0;
  let squaresOfOthers = 0;
  for (let place = 0; place < n.length; place++) {
    squaresOfBuyers += buyers[place]! * (ofBuyer[place]! - area) ** 2;
    squaresOfOthers += (n[place]! - buyers[place]!) * (ofOther[place]! - area) ** 2;
  }
  const variance = squaresOfBuyers / (nBuyers - 1) / nBuyers + squaresOfOthers / (nOthers - 1) / nOthers;
  return { area, variance };
}

function cramersVWithLabel({ n, buyers }: CountedValues, nRows: number, nBuyers: number): number {
  const share = nBuyers / nRows;
  let chiSquare = 0;
  for (let place = 0; place < n.length; place++) {
    const expected = n[place]! * share;
    const distance = buyers[place]! - expected;
    chiSquare += distance ** 2 / expected + distance ** 2 / (n[place]! - expected);
  }
  return Math.min(1, Math.sqrt(chiSquare / nRows));
}
