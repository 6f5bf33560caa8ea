import { nValuesOf, steppedValue, valueAtShare } from '@/lib/tuning/space/distribution';
import type { Distribution, ParamValue } from '@/lib/tuning/space/search-space';
import { activePoint, type Parameter, parametersInOrder } from './active-parameters';
import type { SamplePoint, Sampler, SampleSpace } from './sampler';

/** Into so many values a grid cuts the range of a float, both bounds among them. */
export const N_GRID_VALUES_OF_FLOAT = 5;

/** One parameter of a grid, with the parameters that are there for some of its values. */
interface GridNode {
  readonly parameter: Parameter;
  readonly values: readonly ParamValue[];
  /** Of each value: points of the grid below it. */
  readonly sizes: readonly bigint[];
  /** Of each value: the parameters that are there for it. */
  readonly children: readonly (readonly GridNode[])[];
}

/**
 * Count the points of a space's grid: every value of a choice, whole number or step, and five of a float, evenly spaced on
 * its sampling scale. A conditional parameter multiplies only the points where its condition holds. Exact up to 2^53.
 *
 * @example gridSize({ a: { type: 'randint', low: 1, high: 3 }, b: { type: 'uniform', low: 0, high: 1 } }) // 15
 */
export function gridSize(space: SampleSpace): number {
  return Number(sizeOf(gridNodes(space)));
}

/**
 * Take the trial's own point of the space's grid. The points are numbered with the first parameter (by name, those on which
 * others depend before them) changing slowest, and trial n takes number (n − 1) · stride modulo the grid's size, where the
 * stride is the number without a common factor nearest to the size over the golden ratio. So every point comes exactly once,
 * and wherever a study ends, what it tried lies all over the grid.
 *
 * @throws where the trial's number is beyond the grid: nothing is repeated in silence; see `gridSize`
 */
export const gridSampler: Sampler = ({ space, trialNumber }) => {
  const nodes = gridNodes(space);
  const size = sizeOf(nodes);
  if (BigInt(trialNumber) > size) {
    throw new Error(`Expected at most ${size} trials, one a point of the grid, got trial ${trialNumber}`);
  }
  const values = new Map<string, ParamValue>();
  decode(nodes, (BigInt(trialNumber - 1) * strideOf(size)) % size, values);
  return pointOf(space, values);
};

function gridNodes(space: SampleSpace): readonly GridNode[] {
  const parameters = parametersInOrder(space);
  const nodeOf = (parameter: Parameter): GridNode => {
    const values = gridValues(parameter.distribution);
    const children = values.map((value) =>
      parameters
        .filter(
          ({ distribution: { when } }) => when?.parameter === parameter.name && when.isIn.includes(value),
        )
        .map(nodeOf),
    );
    return { parameter, values, children, sizes: children.map(sizeOf) };
  };
  return parameters.filter(({ distribution }) => distribution.when === undefined).map(nodeOf);
}

function gridValues(distribution: Distribution): readonly ParamValue[] {
  const n = nValuesOf(distribution);
  if (n !== Number.POSITIVE_INFINITY)
    return Array.from({ length: n }, (_, i) => steppedValue(distribution, i));
  return Array.from({ length: N_GRID_VALUES_OF_FLOAT }, (_, i) =>
    valueAtShare(distribution, i / (N_GRID_VALUES_OF_FLOAT - 1)),
  );
}

/** Points of several parameters together: the product of what each comes to. */
function sizeOf(nodes: readonly GridNode[]): bigint {
  return nodes.reduce((product, { sizes }) => product * sizes.reduce((sum, size) => sum + size, 0n), 1n);
}

/** Write the values at a place, counted from 0, of several parameters together. */
function decode(nodes: readonly GridNode[], place: bigint, to: Map<string, ParamValue>): void {
  let left = place;
  for (const node of nodes.toReversed()) {
    const size = sizeOf([node]);
    let within = left % size;
    left /= size;
    node.values.some((value, i) => {
      const below = node.sizes[i] ?? 0n;
      if (within >= below) {
        within -= below;
        return false;
      }
      to.set(node.parameter.name, value);
      decode(node.children[i] ?? [], within, to);
      return true;
    });
  }
}

function pointOf(space: SampleSpace, values: ReadonlyMap<string, ParamValue>): SamplePoint {
  return activePoint(parametersInOrder(space), ({ name }) => {
    const value = values.get(name);
    if (value === undefined) throw new Error(`The grid gave no value for ${name}`);
    return value;
  });
}

function strideOf(size: bigint): bigint {
  const golden = (size * 618_033_988_749_895n) / 1_000_000_000_000_000n;
  for (let away = 0n; ; away++) {
    if (greatestCommonFactor(golden + away, size) === 1n) return golden + away;
    if (golden > away && greatestCommonFactor(golden - away, size) === 1n) return golden - away;
  }
}

function greatestCommonFactor(a: bigint, b: bigint): bigint {
  return b === 0n ? a : greatestCommonFactor(b, a % b);
}
