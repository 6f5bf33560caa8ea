import { normalMass, truncatedNormalDraw } from '@/lib/core/normal-distribution';
import type { RandomSource } from '@/lib/core/random';
import {
  choiceIndex,
  type NumericDistribution,
  type ScaledRange,
  scaledRange,
  scaledValue,
  stepOf,
  steppedValue,
  unscaledValue,
} from '@/lib/tuning/space/distribution';
import type { Distribution, ParamValue } from '@/lib/tuning/space/search-space';
import type { Parameter } from './active-parameters';

/**
 * The kernels of one parameter, one an observation and the wide one last. A coordinate is the value on the sampling scale,
 * or the place among the choices; NaN is a parameter that is absent.
 */
export interface ParameterKernels {
  readonly valueOf: (coordinate: number) => ParamValue;
  /** Draw a coordinate from one kernel. */
  readonly draw: (kernel: number, random: RandomSource) => number;
  /** Add each kernel's log density (log probability where values come in steps) at a coordinate. */
  readonly addLogDensities: (coordinate: number, sums: Float64Array) => void;
}

/**
 * Place the kernels of one parameter on its observed coordinates.
 *
 * @param coordinates oldest first; where the parameter was absent, NaN: there the kernel is the wide one, which says nothing
 */
export function parameterKernels({ distribution }: Parameter, coordinates: Float64Array): ParameterKernels {
  return distribution.type === 'choice'
    ? choiceKernels(distribution, coordinates)
    : numericKernels(distribution, coordinates);
}

/** Give a parameter's value as a coordinate; see `ParameterKernels`. */
export function kernelCoordinate(distribution: Distribution, value: ParamValue): number {
  return distribution.type === 'choice'
    ? choiceIndex(distribution, value)
    : scaledValue(distribution, Number(value));
}

/** Each observed choice gets a whole vote besides one vote shared by all kernels and all choices; the wide kernel is even. */
function choiceKernels(
  distribution: Extract<Distribution, { type: 'choice' }>,
  coordinates: Float64Array,
): ParameterKernels {
  const nChoices = distribution.values.length;
  const nKernels = nPresent(coordinates) + 1;
  const hit = (nKernels + 1) / (nKernels + nChoices);
  const miss = 1 / (nKernels + nChoices);
  const logs = { hit: Math.log(hit), miss: Math.log(miss), even: -Math.log(nChoices) };
  return {
    valueOf: (coordinate) => steppedValue(distribution, coordinate),
    draw(kernel, random) {
      const centre = coordinates[kernel] ?? Number.NaN;
      const share = random();
      if (Number.isNaN(centre)) return Math.floor(share * nChoices);
      // The observed choice takes the first part of the unit interval, the others equal parts of the rest.
      if (share < hit) return centre;
      const other = Math.min(nChoices - 2, Math.floor((share - hit) / miss));
      return other < centre ? other : other + 1;
    },
    addLogDensities(coordinate, sums) {
      for (let k = 0; k < sums.length; k++) {
        const centre = k < coordinates.length ? coordinates[k]! : Number.NaN;
        if (centre === coordinate) sums[k]! += logs.hit;
        else sums[k]! += Number.isNaN(centre) ? logs.even : logs.miss;
      }
    },
  };
}

const LOG_SQRT_2_PI = 0.5 * Math.log(2 * Math.PI);

/** Normal kernels cut off at the bounds, on the sampling scale. */
interface NormalKernels {
  readonly centres: Float64Array;
  readonly sigmas: Float64Array;
  /** log of each kernel's mass within the bounds */
  readonly logMasses: Float64Array;
}

function numericKernels(distribution: NumericDistribution, coordinates: Float64Array): ParameterKernels {
  const range = scaledRange(distribution);
  const kernels = normalKernels(coordinates, range);
  const isStepped = stepOf(distribution) > 0;
  return {
    valueOf: (coordinate) => unscaledValue(distribution, coordinate),
    draw(kernel, random) {
      const drawn = truncatedNormalDraw(range, kernels.centres[kernel]!, kernels.sigmas[kernel]!, random);
      return isStepped ? scaledValue(distribution, unscaledValue(distribution, drawn)) : drawn;
    },
    addLogDensities: isStepped ? steppedDensities(distribution, kernels) : floatDensities(kernels),
  };
}

function normalKernels(coordinates: Float64Array, range: ScaledRange): NormalKernels {
  const nKernels = coordinates.length + 1;
  const centres = new Float64Array(nKernels).fill((range.low + range.high) / 2);
  const sigmas = new Float64Array(nKernels).fill(range.high - range.low);
  const widths = neighbourWidths(coordinates, range);
  const logMasses = new Float64Array(nKernels);
  for (let k = 0; k < nKernels; k++) {
    if (k < coordinates.length && !Number.isNaN(coordinates[k]!)) {
      centres[k] = coordinates[k]!;
      sigmas[k] = widths[k]!;
    }
    const mass = normalMass((range.low - centres[k]!) / sigmas[k]!, (range.high - centres[k]!) / sigmas[k]!);
    logMasses[k] = Math.log(mass);
  }
  return { centres, sigmas, logMasses };
}

function floatDensities({ centres, sigmas, logMasses }: NormalKernels): ParameterKernels['addLogDensities'] {
  const constants = new Float64Array(centres.length);
  for (let k = 0; k < constants.length; k++) {
    constants[k] = logMasses[k]! + Math.log(sigmas[k]!) + LOG_SQRT_2_PI;
  }
  return (coordinate, sums) => {
    for (let k = 0; k < sums.length; k++) {
      const z = (coordinate - centres[k]!) / sigmas[k]!;
      sums[k]! -= 0.5 * z * z + constants[k]!;
    }
  };
}

/** The probability of a value is the kernel's mass between the half steps around it. Values repeat, so they are kept. */
function steppedDensities(
  distribution: NumericDistribution,
  { centres, sigmas, logMasses }: NormalKernels,
): ParameterKernels['addLogDensities'] {
  const halfStep = stepOf(distribution) / 2;
  const logsAt = (coordinate: number) => {
    const value = unscaledValue(distribution, coordinate);
    const from = scaledValue(distribution, value - halfStep);
    const to = scaledValue(distribution, value + halfStep);
    const logs = new Float64Array(centres.length);
    for (let k = 0; k < logs.length; k++) {
      const mass = normalMass((from - centres[k]!) / sigmas[k]!, (to - centres[k]!) / sigmas[k]!);
      logs[k] = Math.log(mass) - logMasses[k]!;
    }
    return logs;
  };
  const known = new Map<number, Float64Array>();
  return (coordinate, sums) => {
    const logs = known.get(coordinate) ?? logsAt(coordinate);
    known.set(coordinate, logs);
    for (let k = 0; k < sums.length; k++) sums[k]! += logs[k]!;
  };
}

/**
 * Give each observation the width of the larger gap to its neighbours, the outermost ones of the only gap they have, a
 * single one of the larger gap to the bounds; at least the range over the number of observations and two (at most 100), so
 * that a few lucky trials do not draw all the next ones to themselves, and at most the range. NaN where it was absent.
 */
function neighbourWidths(coordinates: Float64Array, { low, high }: ScaledRange): Float64Array {
  const n = nPresent(coordinates);
  // NaN is sorted to the end.
  const sorted = coordinates.slice().sort().subarray(0, n);
  const narrowest = (high - low) / Math.min(100, n + 2);
  const widths = new Float64Array(coordinates.length).fill(Number.NaN);
  const nTaken = new Uint32Array(n);
  for (let k = 0; k < coordinates.length; k++) {
    const centre = coordinates[k]!;
    if (Number.isNaN(centre)) continue;
    // Equal coordinates take the places that they share one after the other, so most of them have no gap at all.
    const first = firstPlace(sorted, centre);
    const place = first + nTaken[first]!;
    nTaken[first]! += 1;
    const left = place > 0 ? centre - sorted[place - 1]! : 0;
    const right = place < n - 1 ? sorted[place + 1]! - centre : 0;
    const gap = n === 1 ? Math.max(centre - low, high - centre) : Math.max(left, right);
    widths[k] = Math.min(high - low, Math.max(narrowest, gap));
  }
  return widths;
}

/** Find the first place of a value in a sorted list that holds it. */
function firstPlace(sorted: Float64Array, value: number): number {
  let from = 0;
  let to = sorted.length;
  while (from < to) {
    const middle = (from + to) >> 1;
    if (sorted[middle]! < value) from = middle + 1;
    else to = middle;
  }
  return from;
}

function nPresent(coordinates: Float64Array): number {
  let n = 0;
  for (let k = 0; k < coordinates.length; k++) if (!Number.isNaN(coordinates[k]!)) n += 1;
  return n;
}
