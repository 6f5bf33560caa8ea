import { normalCdf } from '@/lib/core/normal-distribution';
import { chiSquareAbove } from '@/lib/core/special-functions';
import { fitLogistic } from '../statistics/logistic-regression';
import { type ShareInterval, wilsonInterval } from '../statistics/wilson-interval';
import type { AxisLevels, InteractionAxis } from './interaction-axes';

/** Subscribers who hold a level of each axis. */
export interface GridCell {
  readonly n: number;
  readonly buyers: number;
  /** Null, like the interval, where nobody is in the cell. */
  readonly conversion: number | null;
  readonly interval: ShareInterval | null;
}

/** How conversion goes along an axis, at every level of the other. */
export type Direction = 'rising' | 'falling' | 'level' | 'mixed';

/** Conversion over two axes, and how far one changes what the other does. */
export interface Interaction {
  readonly along: AxisLevels;
  readonly up: AxisLevels;
  /** One a level of `up`, each with one a level of `along`. */
  readonly cells: readonly (readonly GridCell[])[];
  readonly test: InteractionTest | null;
  /** Null for an axis without an order. */
  readonly alongDirection: Direction | null;
  readonly upDirection: Direction | null;
}

/**
 * Likelihood-ratio test of the interaction: a logistic model with a term for each cell against one with a term for each
 * level alone.
 */
export interface InteractionTest {
  /** Difference of the deviances. */
  readonly gSquare: number;
  readonly degreesOfFreedom: number;
  readonly pValue: number;
  /** Share of all deviance between the cells that the levels alone leave unexplained. */
  readonly strength: number;
}

interface Counted {
  readonly madePurchase: Uint8Array;
  readonly rows?: Uint32Array | undefined;
}

/** Count conversion over two axes and test their interaction. The test is null where it has no degree of freedom or nobody, or everybody, bought. */
export function interactionOf(along: InteractionAxis, up: InteractionAxis, counted: Counted): Interaction {
  const grid = gridOf(along, up, counted);
  const cells = up.levels.map((_, j) =>
    along.levels.map((_, i) => cellOf(grid.buyers, grid.n, j * along.levels.length + i)),
  );
  const columns = along.levels.map((_, i) => cells.map((row) => row[i]!));
  return {
    along: levelsOf(along),
    up: levelsOf(up),
    cells,
    test: interactionTest(grid, along.levels.length),
    alongDirection: along.isOrdered ? directionOf(cells, along) : null,
    upDirection: up.isOrdered ? directionOf(columns, up) : null,
  };
}

function levelsOf({ name, levels, isOrdered, rest }: InteractionAxis): AxisLevels {
  return { name, levels, isOrdered, rest };
}

interface Grid {
  readonly n: Uint32Array;
  readonly buyers: Uint32Array;
}

function gridOf(along: InteractionAxis, up: InteractionAxis, { madePurchase, rows }: Counted): Grid {
  const width = along.levels.length;
  const n = new Uint32Array(width * up.levels.length);
  const buyers = new Uint32Array(n.length);
  const nCounted = rows?.length ?? madePurchase.length;
  for (let i = 0; i < nCounted; i++) {
    const row = rows === undefined ? i : rows[i]!;
    const cell = up.codes[row]! * width + along.codes[row]!;
    n[cell]! += 1;
    buyers[cell]! += madePurchase[row]!;
  }
  return { n, buyers };
}

function cellOf(buyers: Uint32Array, n: Uint32Array, cell: number): GridCell {
  const interval = wilsonInterval(buyers[cell]!, n[cell]!);
  return {
    n: n[cell]!,
    buyers: buyers[cell]!,
    conversion: interval === null ? null : buyers[cell]! / n[cell]!,
    interval,
  };
}

function interactionTest({ n, buyers }: Grid, width: number): InteractionTest | null {
  const held = [...n.keys()].filter((cell) => n[cell]! > 0);
  const columns = heldPlaces(held.map((cell) => cell % width));
  const lines = heldPlaces(held.map((cell) => Math.floor(cell / width)));
  const degreesOfFreedom = held.length - columns.size - lines.size + 1;
  const nBuyers = buyers.reduce((sum, count) => sum + count, 0);
  const nAll = n.reduce((sum, count) => sum + count, 0);
  if (degreesOfFreedom < 1 || nBuyers === 0 || nBuyers === nAll) return null;
  // One indicator a level, but for the first of each axis.
  const nColumns = columns.size + lines.size - 2;
  const values = new Float64Array(2 * held.length * nColumns);
  const labels = new Uint8Array(2 * held.length);
  const counts = new Float64Array(2 * held.length);
  for (const [i, cell] of held.entries()) {
    const column = columns.get(cell % width)!;
    const line = lines.get(Math.floor(cell / width))!;
    for (const [label, count] of [n[cell]! - buyers[cell]!, buyers[cell]!].entries()) {
      const row = 2 * i + label;
      labels[row] = label;
      counts[row] = count;
      if (column > 0) values[row * nColumns + column - 1] = 1;
      if (line > 0) values[row * nColumns + columns.size - 2 + line] = 1;
    }
  }
  const rows = Uint32Array.from(labels, (_, row) => row);
  const additive = fitLogistic({ values, nColumns, labels, counts, rows, ridge: 0 }).deviance;
  const saturated = held.reduce((sum, cell) => sum + binomialDeviance(buyers[cell]!, n[cell]!), 0);
  const gSquare = Math.max(0, additive - saturated);
  const between = binomialDeviance(nBuyers, nAll) - saturated;
  return {
    gSquare,
    degreesOfFreedom,
    pValue: chiSquareAbove(gSquare, degreesOfFreedom),
    strength: between <= 0 ? 0 : Math.min(1, gSquare / between),
  };
}

/** Number the places that occur, ascending. */
function heldPlaces(places: readonly number[]): ReadonlyMap<number, number> {
  return new Map([...new Set(places)].sort((a, b) => a - b).map((place, i) => [place, i]));
}

/** −2 × log-likelihood of `buyers` of `n` at their own share. */
function binomialDeviance(buyers: number, n: number): number {
  const term = (count: number) => (count === 0 ? 0 : count * Math.log(count / n));
  return -2 * (term(buyers) + term(n - buyers));
}

/** Cells with fewer subscribers say nothing about a direction. */
const LEAST_SUBSCRIBERS = 30;
/** A step counts where chance alone would give it in one of twenty cases. */
const MOST_CHANCE = 0.05;

/** Tell how conversion goes from level to level, over all lines of cells together. */
function directionOf(lines: readonly (readonly GridCell[])[], { levels }: AxisLevels): Direction {
  let [nRising, nFalling] = [0, 0];
  const nLevels = levels.at(-1) === '(missing)' ? levels.length - 1 : levels.length;
  for (const line of lines) {
    const held = line.slice(0, nLevels).filter(({ n }) => n >= LEAST_SUBSCRIBERS);
    for (const [i, cell] of held.entries()) {
      const before = held[i - 1];
      if (before === undefined) continue;
      const z = shareDifference(before, cell);
      if (2 * normalCdf(-Math.abs(z)) > MOST_CHANCE) continue;
      if (z > 0) nRising += 1;
      else nFalling += 1;
    }
  }
  if (nRising > 0 && nFalling > 0) return 'mixed';
  return nRising > 0 ? 'rising' : nFalling > 0 ? 'falling' : 'level';
}

/** Standard normal statistic of the difference of two shares, pooled. */
function shareDifference(before: GridCell, after: GridCell): number {
  const pooled = (before.buyers + after.buyers) / (before.n + after.n);
  const variance = pooled * (1 - pooled) * (1 / before.n + 1 / after.n);
  return variance === 0 ? 0 : ((after.conversion ?? 0) - (before.conversion ?? 0)) / Math.sqrt(variance);
}
