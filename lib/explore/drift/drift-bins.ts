import { quantileOfSorted } from '../statistics/quantile';
import type { MonitoredColumn } from './drift-columns';

/** Which values belong to which bin, so that others can count them too. `labels` does not hold the bin of missing values. */
export type BinRule = { readonly labels: readonly string[] } & (
  | {
      readonly kind: 'number';
      /** Upper ends, inclusive, of all bins but the last. */
      readonly ends: readonly number[];
    }
  | {
      readonly kind: 'level';
      /** A bin each, before that of all others where there is one. */
      readonly kept: readonly string[];
    }
);

/** How a column's values are put into bins, as the reference has them. */
export interface Binning {
  readonly rule: BinRule;
  readonly labels: readonly string[];
  /** Level of the column's dimension that a bin is, to filter to; null where it is none. */
  readonly levels: readonly (string | null)[];
  /** Whether neighbouring bins are alike. */
  readonly isOrdered: boolean;
  /** Bin of each row of a column of this name; `labels.length` where missing. */
  codesOf(column: MonitoredColumn): ArrayLike<number>;
}

/** Numbers with at most so many distinct values are not put together. */
const MOST_DISTINCT = 10;
const N_QUANTILE_BINS = 10;
/** Levels kept apart, beside `other`. */
const MOST_LEVELS = 9;
const OTHER = 'other';

/**
 * Make the bins of a column from its reference rows: for numbers their distinct values or, where these are more than ten, ten
 * quantile bins (type 7, upper ends inclusive, equal ends taken once; the outer bins are open); for levels the nine that most
 * rows hold and `other`.
 *
 * @param isReference 1 where a row belongs to the reference
 */
export function binningOf(column: MonitoredColumn, isReference: Uint8Array): Binning {
  return column.kind === 'number' ? numberBinning(column, isReference) : levelBinning(column, isReference);
}

function numberBinning(
  column: MonitoredColumn & { readonly kind: 'number' },
  isReference: Uint8Array,
): Binning {
  const sorted = referenceValues(column.values, isReference).sort();
  const distinct = firstDistinct(sorted, MOST_DISTINCT + 1);
  const ends =
    distinct.length <= MOST_DISTINCT
      ? distinct.slice(0, -1)
      : [...new Set(Array.from({ length: N_QUANTILE_BINS - 1 }, (_, i) => quantileEnd(sorted, i + 1)))];
  const binOf = (value: number) => {
    let bin = 0;
    while (bin < ends.length && value > ends[bin]!) bin++;
    return bin;
  };
  const labels = binLabels(sorted, ends);
  const isRated = column.dimension === 'member_rating';
  return {
    rule: { kind: 'number', labels, ends },
    labels,
    levels: labels.map((label) => (isRated && /^[1-5]$/.test(label) ? label : null)),
    isOrdered: true,
    codesOf: (other) => {
      if (other.kind !== 'number') throw new Error(`Expected numbers in ${other.name}`);
      return codesOfNumbers(other.values, binOf, labels.length);
    },
  };
}

function referenceValues(values: ArrayLike<number>, isReference: Uint8Array): Float64Array {
  const found = new Float64Array(values.length);
  let n = 0;
  for (let row = 0; row < values.length; row++) {
    const value = values[row]!;
    if (isReference[row] === 1 && !Number.isNaN(value)) found[n++] = value;
  }
  return found.slice(0, n);
}

function firstDistinct(sorted: Float64Array, most: number): number[] {
  const found: number[] = [];
  for (const value of sorted) {
    if (found.length === most) break;
    if (value !== found.at(-1)) found.push(value);
  }
  return found;
}

function quantileEnd(sorted: Float64Array, tenth: number): number {
  const end = quantileOfSorted(sorted, tenth / N_QUANTILE_BINS);
  if (end === null) throw new Error('Quantiles need a value');
  return end;
}

/** Name bins by the smallest and the largest value that the reference has in them. */
function binLabels(sorted: Float64Array, ends: readonly number[]): string[] {
  let at = 0;
  const labels: string[] = [];
  for (let bin = 0; bin <= ends.length; bin++) {
    const first = at;
    while (at < sorted.length && (bin === ends.length || sorted[at]! <= ends[bin]!)) at++;
    const [low, high] = [sorted[first], sorted[at - 1]];
    if (low === undefined || high === undefined || at === first) labels.push('none');
    else if (low === high) labels.push(numberText(low));
    else if (bin === ends.length) labels.push(`${numberText(low)} or more`);
    else labels.push(`${numberText(low)}–${numberText(high)}`);
  }
  return labels;
}

const numberText = (value: number) => String(Number(value.toPrecision(3)));

/** Few numbers carry many rows: each distinct one is looked up once. */
function codesOfNumbers(
  values: ArrayLike<number>,
  binOf: (value: number) => number,
  missing: number,
): Uint8Array {
  const known = new Map<number, number>();
  const codes = new Uint8Array(values.length);
  for (let row = 0; row < values.length; row++) {
    const value = values[row]!;
    let code = known.get(value);
    if (code === undefined) {
      code = Number.isNaN(value) ? missing : binOf(value);
      known.set(value, code);
    }
    codes[row] = code;
  }
  return codes;
}

function levelBinning(
  column: MonitoredColumn & { readonly kind: 'level' },
  isReference: Uint8Array,
): Binning {
  const { levels, isOrdered } = column;
  const isWhole = levels.length <= MOST_LEVELS && isOrdered;
  const kept = isWhole ? levels : mostHeld(column, isReference);
  const hasOther = !isWhole;
  const labels = hasOther ? [...kept, OTHER] : [...kept];
  return {
    rule: { kind: 'level', labels, kept },
    labels,
    levels: labels.map((label, bin) => (column.dimension === null || bin === kept.length ? null : label)),
    isOrdered,
    codesOf: (other) => {
      if (other.kind !== 'level') throw new Error(`Expected levels in ${other.name}`);
      return codesOfLevels(other, kept, labels.length);
    },
  };
}

function mostHeld(
  { levels, codes }: MonitoredColumn & { readonly kind: 'level' },
  isReference: Uint8Array,
): readonly string[] {
  const counts = new Uint32Array(levels.length);
  for (let row = 0; row < codes.length; row++) {
    const code = codes[row]!;
    if (code >= 0 && isReference[row] === 1) counts[code]! += 1;
  }
  return levels
    .map((level, code) => ({ level, n: counts[code]! }))
    .filter(({ n }) => n > 0)
    .sort((a, b) => b.n - a.n || (a.level < b.level ? -1 : 1))
    .slice(0, MOST_LEVELS)
    .map(({ level }) => level);
}

function codesOfLevels(
  { levels, codes }: MonitoredColumn & { readonly kind: 'level' },
  kept: readonly string[],
  missing: number,
): ArrayLike<number> {
  // Indicators are their own codes.
  if (codes instanceof Uint8Array && levels.length === kept.length) return codes;
  const placeOf = new Map(kept.map((level, bin) => [level, bin]));
  const bins = Uint8Array.from(levels, (level) => placeOf.get(level) ?? kept.length);
  const found = new Uint8Array(codes.length);
  for (let row = 0; row < codes.length; row++) {
    const code = codes[row]!;
    found[row] = code < 0 ? missing : bins[code]!;
  }
  return found;
}
