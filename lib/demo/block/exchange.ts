import type { RandomSource } from '@/lib/core/random';

/**
 * A total over the rows that a column must reach: the sum of `rowWeight(row) × valueWeight(value of row)`.
 * With 0/1 weights it counts the rows of a cell; with numbers it fixes a mean or a correlation.
 */
export interface SumFigure {
  readonly rowWeight: (row: number) => number;
  readonly valueWeight: (value: number) => number;
  readonly target: number;
  /** Deviation that counts as one unit of error. */
  readonly scale: number;
}

/** What `exchangeValues` works on. */
export interface ExchangeTask {
  /** The column, a small non-negative integer a row; its values are moved, never changed. */
  readonly values: Uint16Array;
  /** A small number a row, the same only for rows that have the same `rowWeight` in every figure. */
  readonly rowClasses: Uint16Array;
  /** Values are below this. */
  readonly nValues: number;
  readonly figures: readonly SumFigure[];
  /**
   * A value so common that most pairs of rows share it: one row of each pair is then taken from the others, which
   * finds useful exchanges sooner.
   */
  readonly commonValue?: number;
  /** Most pairs of rows to try. */
  readonly nProposals: number;
  readonly random: RandomSource;
}

/** Error a figure at which an exchange is good enough: a deviation of about half its scale. */
const GOOD_ENOUGH = 0.3;

/**
 * Proposals after which an exchange counts as stuck, and how many then may also raise the error (as Metropolis at
 * temperature 1) to find another way down.
 */
const PATIENCE = 80_000;
const N_LOOSE = 4_000;

/** Whether a proposal may raise the error: a short while, each time that patience runs out. */
function isLoose(proposal: number): boolean {
  return proposal >= PATIENCE && proposal % PATIENCE < N_LOOSE;
}

/**
 * Exchange values between random pairs of rows, as long as that brings the totals no further from their targets.
 * How often each value occurs stays exactly as it was; only who has it moves. Gives the error left over: the sum
 * of squared deviations in units of `scale`. Stops early once it is below 0.3 a figure.
 */
export function exchangeValues(task: ExchangeTask): number {
  const { values, rowClasses, figures, random } = task;
  const k = figures.length;
  const n = values.length;
  const rowWeights = classWeights(rowClasses, figures);
  const valueWeights = weightTable(task.nValues, figures, (figure, value) => figure.valueWeight(value));
  const deviations = initialDeviations(task, rowWeights, valueWeights);
  const movers = Uint32Array.from(values.keys()).filter((row) => values[row] !== task.commonValue);
  let error = deviations.reduce((sum, d) => sum + d * d, 0);
  for (let proposal = 0; proposal < task.nProposals && error > GOOD_ENOUGH * k; proposal++) {
    const mover = Math.floor(random() * movers.length);
    const rowA = movers[mover]!;
    const rowB = Math.floor(random() * n);
    const a = rowClasses[rowA]! * k;
    const b = rowClasses[rowB]! * k;
    const valueA = values[rowA]! * k;
    const valueB = values[rowB]! * k;
    if (valueA === valueB || a === b) continue;
    let change = 0;
    for (let f = 0; f < k; f++) {
      const gap = rowWeights[a + f]! - rowWeights[b + f]!;
      if (gap === 0) continue;
      const shift = gap * (valueWeights[valueB + f]! - valueWeights[valueA + f]!);
      change += shift * (2 * deviations[f]! + shift);
    }
    if (change > 0 && (!isLoose(proposal) || random() >= Math.exp(-change))) continue;
    for (let f = 0; f < k; f++) {
      const gap = rowWeights[a + f]! - rowWeights[b + f]!;
      deviations[f]! += gap * (valueWeights[valueB + f]! - valueWeights[valueA + f]!);
    }
    const held = values[rowA]!;
    values[rowA] = values[rowB]!;
    values[rowB] = held;
    error += change;
    if (values[rowA] === task.commonValue) movers[mover] = rowB;
  }
  return error;
}

/** The row weights of all figures in units of their scales, side by side for each class. */
function classWeights(rowClasses: Uint16Array, figures: readonly SumFigure[]): Float64Array {
  const nClasses = rowClasses.reduce((most, rowClass) => Math.max(most, rowClass), 0) + 1;
  const sampleRows = new Int32Array(nClasses).fill(-1);
  rowClasses.forEach((rowClass, row) => {
    sampleRows[rowClass] = row;
  });
  return weightTable(nClasses, figures, (figure, rowClass) =>
    sampleRows[rowClass] === -1 ? 0 : figure.rowWeight(sampleRows[rowClass]!) / figure.scale,
  );
}

/** The weights of all figures, side by side for each class or value. */
function weightTable(
  n: number,
  figures: readonly SumFigure[],
  weight: (figure: SumFigure, index: number) => number,
): Float64Array {
  const k = figures.length;
  const table = new Float64Array(n * k);
  figures.forEach((figure, f) => {
    for (let i = 0; i < n; i++) table[i * k + f] = weight(figure, i);
  });
  return table;
}

function initialDeviations(
  { values, rowClasses, figures }: ExchangeTask,
  rowWeights: Float64Array,
  valueWeights: Float64Array,
): Float64Array {
  const k = figures.length;
  const deviations = Float64Array.from(figures, ({ target, scale }) => -target / scale);
  for (let row = 0; row < values.length; row++) {
    const a = rowClasses[row]! * k;
    const v = values[row]! * k;
    for (let f = 0; f < k; f++) deviations[f]! += rowWeights[a + f]! * valueWeights[v + f]!;
  }
  return deviations;
}
