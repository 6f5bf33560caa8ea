/** ROC AUC as it grows with the number of training rows: `ceiling − drop · n^(−rate)`. */
export interface PowerLaw {
  /** What it comes to with endless rows; at most 1. */
  readonly ceiling: number;
  /** 0 where more rows bring nothing. */
  readonly drop: number;
  readonly rate: number;
}

/** A value measured at a size. */
export interface SizedValue {
  readonly n: number;
  readonly value: number;
  /** How much it counts; in proportion to one over its variance. */
  readonly weight: number;
}

const [LOWEST_RATE, HIGHEST_RATE] = [0.02, 4];
const N_RATES = 80;
const TOLERANCE = 1e-10;

/**
 * Fit an inverse power law by weighted least squares (the usual form of a learning curve: Viering and Loog 2023). For each
 * rate the best ceiling and drop are linear; the rate is searched for on a grid and refined by golden section.
 *
 * @param values at two sizes at least, each size above 0
 * @returns a curve that does not fall: `drop` is at least 0, and `ceiling` at most 1
 */
export function fittedPowerLaw(values: readonly SizedValue[]): PowerLaw {
  if (new Set(values.map(({ n }) => n)).size < 2) throw new Error('Expected values at two sizes at least');
  // In units of the largest size, so that the powers stay near 1.
  const unit = Math.max(...values.map(({ n }) => n));
  const error = (rate: number) => linearFit(values, unit, rate).error;
  const ratio = (HIGHEST_RATE / LOWEST_RATE) ** (1 / (N_RATES - 1));
  const rates = Array.from({ length: N_RATES }, (_, i) => LOWEST_RATE * ratio ** i);
  const errors = rates.map(error);
  const best = errors.indexOf(Math.min(...errors));
  const rate = goldenSection(error, rates[Math.max(0, best - 1)]!, rates[Math.min(N_RATES - 1, best + 1)]!);
  const { ceiling, drop } = linearFit(values, unit, rate);
  return { ceiling, drop: drop * unit ** rate, rate };
}

/** Read the curve at a number of rows. */
export function powerLawAt({ ceiling, drop, rate }: PowerLaw, n: number): number {
  return ceiling - drop * n ** -rate;
}

/** Give the number of rows at which the curve reaches a value; infinite where it never does. */
export function rowsForValue({ ceiling, drop, rate }: PowerLaw, value: number): number {
  if (value >= ceiling || drop === 0) return Number.POSITIVE_INFINITY;
  return (drop / (ceiling - value)) ** (1 / rate);
}

function linearFit(values: readonly SizedValue[], unit: number, rate: number) {
  let [weights, sumX, sumY, sumXX, sumXY] = [0, 0, 0, 0, 0];
  for (const { n, value, weight } of values) {
    const x = (n / unit) ** -rate;
    weights += weight;
    sumX += weight * x;
    sumY += weight * value;
    sumXX += weight * x * x;
    sumXY += weight * x * value;
  }
  const slope = (weights * sumXY - sumX * sumY) / (weights * sumXX - sumX ** 2);
  let drop = Math.max(0, -slope);
  let ceiling = (sumY + drop * sumX) / weights;
  if (ceiling > 1) {
    ceiling = 1;
    drop = Math.max(0, (sumX - sumXY) / sumXX);
  }
  const error = values.reduce(
    (sum, { n, value, weight }) => sum + weight * (value - ceiling + drop * (n / unit) ** -rate) ** 2,
    0,
  );
  return { ceiling, drop, error };
}

const GOLDEN = (Math.sqrt(5) - 1) / 2;

function goldenSection(f: (x: number) => number, from: number, to: number): number {
  let [low, high] = [from, to];
  let a = high - GOLDEN * (high - low);
  let b = low + GOLDEN * (high - low);
  let [fa, fb] = [f(a), f(b)];
  while (high - low > TOLERANCE * (Math.abs(a) + Math.abs(b))) {
    if (fa <= fb) {
      [high, b, fb] = [b, a, fa];
      a = high - GOLDEN * (high - low);
      fa = f(a);
    } else {
      [low, a, fa] = [a, b, fb];
      b = low + GOLDEN * (high - low);
      fb = f(b);
    }
  }
  return (low + high) / 2;
}
