/**
 * Give ranks from 1, ties sharing the mean of theirs.
 *
 * @example midRanks(Float64Array.of(5, 1, 5)) // 2.5, 1, 2.5
 */
export function midRanks(values: Float64Array): Float64Array {
  const sorted = values.slice().sort();
  const rankOfValue = new Map<number, number>();
  for (let first = 0; first < sorted.length; ) {
    let end = first;
    while (end < sorted.length && sorted[end] === sorted[first]) end++;
    // Ranks first + 1 … end.
    rankOfValue.set(sorted[first]!, (first + 1 + end) / 2);
    first = end;
  }
  return values.map((value) => rankOfValue.get(value)!);
}

/** Shift and stretch values to mean 0 and length 1; null where they do not vary. */
export function unitColumn(values: Float64Array): Float64Array | null {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const centred = values.map((value) => value - mean);
  const length = Math.sqrt(centred.reduce((sum, value) => sum + value * value, 0));
  return length > 0 && values.some((value) => value !== values[0])
    ? centred.map((value) => value / length)
    : null;
}

/** Number the distinct values in the order they are met. */
function codesOf(values: Float64Array): { readonly codes: Uint32Array; readonly nLevels: number } {
  const codeOfValue = new Map<number, number>();
  const codes = Uint32Array.from(values, (value) => {
    const code = codeOfValue.get(value) ?? codeOfValue.size;
    codeOfValue.set(value, code);
    return code;
  });
  return { codes, nLevels: codeOfValue.size };
}

/**
 * Give Cramér's V of two columns of levels, without correction for bias (as scipy `contingency.association`). Null where
 * either does not vary.
 */
export function cramersV(a: Float64Array, b: Float64Array): number | null {
  const along = codesOf(a);
  const up = codesOf(b);
  const fewest = Math.min(along.nLevels, up.nLevels);
  if (fewest < 2) return null;
  const counts = new Float64Array(along.nLevels * up.nLevels);
  const nAlong = new Float64Array(along.nLevels);
  const nUp = new Float64Array(up.nLevels);
  for (let row = 0; row < a.length; row++) {
    const i = along.codes[row]!;
    const j = up.codes[row]!;
    counts[i * up.nLevels + j]! += 1;
    nAlong[i]! += 1;
    nUp[j]! += 1;
  }
  // χ² / n = Σ n_ij² / (n_i n_j) − 1
  let sum = -1;
  for (let i = 0; i < along.nLevels; i++) {
    for (let j = 0; j < up.nLevels; j++) {
      const count = counts[i * up.nLevels + j]!;
      sum += (count / nAlong[i]!) * (count / nUp[j]!);
    }
  }
  return Math.sqrt(Math.min(1, Math.max(0, sum) / (fewest - 1)));
}

/**
 * Give the correlation ratio η of numbers on levels: the root of the share of their variance that lies between the levels.
 * Null where either does not vary.
 */
export function correlationRatio(levels: Float64Array, numbers: Float64Array): number | null {
  const { codes, nLevels } = codesOf(levels);
  if (nLevels < 2 || numbers.every((value) => value === numbers[0])) return null;
  const mean = numbers.reduce((sum, value) => sum + value, 0) / numbers.length;
  const n = new Float64Array(nLevels);
  const sums = new Float64Array(nLevels);
  let total = 0;
  for (let row = 0; row < numbers.length; row++) {
    const distance = numbers[row]! - mean;
    n[codes[row]!]! += 1;
    sums[codes[row]!]! += distance;
    total += distance * distance;
  }
  const between = sums.reduce((sum, ofLevel, level) => sum + (ofLevel * ofLevel) / n[level]!, 0);
  return Math.sqrt(Math.min(1, between / total));
}
