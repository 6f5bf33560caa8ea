/** Outcome of a two-sample Kolmogorov–Smirnov test. */
export interface KsTest {
  /** Largest distance between the two empirical distribution functions. */
  readonly statistic: number;
  /** Two-sided. With ties it is higher than the true one, as everywhere. */
  readonly pValue: number;
  /** `exact` counts all orders of the two samples; `asymptotic` is Kolmogorov's limit at √(nm / (n + m)) · D. */
  readonly method: 'exact' | 'asymptotic';
}

/** Products of the sizes up to this are counted exactly. */
const MOST_EXACT_CELLS = 1_000_000;

/**
 * Test whether two samples come from one distribution (as scipy `ks_2samp`: its `method='exact'` where the product of the
 * sizes is at most a million, above it `kstwobign.sf`). Null where a sample is empty.
 *
 * @param a ascending, without NaN
 * @param b ascending, without NaN
 */
export function ksTwoSample(a: Float64Array, b: Float64Array): KsTest | null {
  const [n, m] = [a.length, b.length];
  if (n === 0 || m === 0) return null;
  // In units of 1 / (n · m), so that equal distances are equal numbers.
  const distance = largestDistance(a, b);
  const statistic = distance / (n * m);
  if (n * m <= MOST_EXACT_CELLS) {
    return { statistic, pValue: exactPValue(n, m, distance), method: 'exact' };
  }
  return {
    statistic,
    pValue: kolmogorovAbove(Math.sqrt((n * m) / (n + m)) * statistic),
    method: 'asymptotic',
  };
}

function largestDistance(a: Float64Array, b: Float64Array): number {
  let [i, j, largest] = [0, 0, 0];
  while (i < a.length && j < b.length) {
    const value = Math.min(a[i]!, b[j]!);
    while (i < a.length && a[i] === value) i++;
    while (j < b.length && b[j] === value) j++;
    largest = Math.max(largest, Math.abs(i * b.length - j * a.length));
  }
  return largest;
}

/** Share of all orders of n and m values in which the distance reaches `distance` / (n · m) (Hodges 1957, §2). */
function exactPValue(n: number, m: number, distance: number): number {
  // inside[j]: of the ways to have i values of one and j of the other, the share that stays below the distance.
  const inside = new Float64Array(m + 1);
  for (let j = 0; j <= m; j++) inside[j] = j * n < distance ? 1 : 0;
  for (let i = 1; i <= n; i++) {
    inside[0] = i * m < distance ? 1 : 0;
    for (let j = 1; j <= m; j++) {
      const stays = Math.abs(i * m - j * n) < distance;
      inside[j] = stays ? (i * inside[j]! + j * inside[j - 1]!) / (i + j) : 0;
    }
  }
  return Math.min(1, Math.max(0, 1 - inside[m]!));
}

/** Give the probability that Kolmogorov's limiting variable is above `x` (as scipy `kstwobign.sf`). */
export function kolmogorovAbove(x: number): number {
  if (x <= 0) return 1;
  if (x < 0.8) {
    // Jacobi's form, which is quick where the alternating series is slow.
    let below = 0;
    for (let k = 1; k <= 19; k += 2) below += Math.exp(-((k * Math.PI) ** 2) / (8 * x * x));
    return 1 - (Math.sqrt(2 * Math.PI) / x) * below;
  }
  let above = 0;
  for (let k = 1; k <= 20; k++) above += (k % 2 === 1 ? 2 : -2) * Math.exp(-2 * k * k * x * x);
  return Math.min(1, Math.max(0, above));
}
