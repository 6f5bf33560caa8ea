import {
  nValuesOf,
  placeOf,
  shareOfValue,
  steppedValue,
  valueAtShare,
} from '@/lib/tuning/space/distribution';
import type { Distribution, ParamValue } from '@/lib/tuning/space/search-space';
import { activePoint, type Parameter, parametersInOrder } from './active-parameters';
import type { SamplePoint, SampleSpace } from './sampler';

/** A parameter of more values than this is searched along the slope like a float, and put on a value at the end. */
const MOST_VALUES_TRIED = 16;

/** A parameter among the coordinates of a Gaussian process: one coordinate in [0, 1], or an indicator a category. */
export interface GpParameter extends Parameter {
  readonly firstCoordinate: number;
  readonly isCategory: boolean;
  /** Whether it can be moved along the slope; else its values are tried one by one. */
  readonly isSmooth: boolean;
}

/** A search space as a Gaussian process sees it: points of a unit cube. */
export interface GpSpace {
  readonly parameters: readonly GpParameter[];
  readonly nCoordinates: number;
  /** Coordinate to the place of its parameter; a category's indicators share one lengthscale. */
  readonly lengthscaleOf: readonly number[];
}

/** Two categories differ in two indicators, which makes the squared distance between any two of them 1. */
const INDICATOR = Math.SQRT1_2;
/** Where an absent parameter is put, so that all points that lack it agree on it. */
const MIDDLE = 0.5;

/**
 * Lay a search space out for a Gaussian process. Numbers go on their sampling scale; the numbers of a choice by rank, since
 * they are in an order; other choices are categories, of which only sameness counts.
 */
export function gpSpaceOf(space: SampleSpace): GpSpace {
  const parameters: GpParameter[] = [];
  const lengthscaleOf: number[] = [];
  parametersInOrder(space).forEach(({ name, distribution }, place) => {
    const ranked = withRankedValues(distribution);
    const isCategory = ranked.type === 'choice' && ranked.values.some((value) => typeof value === 'string');
    parameters.push({
      name,
      distribution: ranked,
      firstCoordinate: lengthscaleOf.length,
      isCategory,
      isSmooth: nValuesOf(ranked) > MOST_VALUES_TRIED && !isCategory,
    });
    const nCoordinates = isCategory ? nValuesOf(ranked) : 1;
    for (let i = 0; i < nCoordinates; i++) lengthscaleOf.push(place);
  });
  return { parameters, nCoordinates: lengthscaleOf.length, lengthscaleOf };
}

function withRankedValues(distribution: Distribution): Distribution {
  if (distribution.type !== 'choice') return distribution;
  const numbers = distribution.values.filter((value) => typeof value === 'number');
  if (numbers.length < distribution.values.length) return distribution;
  return { ...distribution, values: numbers.sort((a, b) => a - b) };
}

/** Give a point's coordinates. An absent number is put in the middle, an absent category is none of its values. */
export function gpCoordinates({ parameters, nCoordinates }: GpSpace, point: SamplePoint): Float64Array {
  const coordinates = new Float64Array(nCoordinates);
  for (const { name, distribution, firstCoordinate, isCategory } of parameters) {
    const value = point[name];
    if (!isCategory) {
      coordinates[firstCoordinate] = value === undefined ? MIDDLE : shareOfValue(distribution, value);
    } else if (value !== undefined && distribution.type === 'choice') {
      coordinates[firstCoordinate + distribution.values.indexOf(value)] = INDICATOR;
    }
  }
  return coordinates;
}

/** Give the point at shares, one a parameter in [0, 1], without the parameters whose condition fails. */
export function pointAtShares({ parameters }: GpSpace, shares: Float64Array): SamplePoint {
  return activePoint(parameters, ({ distribution }, place) => valueAtShare(distribution, shares[place]!));
}

/** Give a point's shares; the middle for what is absent. */
export function sharesOfPoint({ parameters }: GpSpace, point: SamplePoint): Float64Array {
  return Float64Array.from(parameters, ({ name, distribution }) => {
    const value = point[name];
    return value === undefined ? MIDDLE : shareOfValue(distribution, value);
  });
}

/** Set one parameter of a point; what becomes active by it starts in the middle, what no longer is falls away. */
export function withValue(space: GpSpace, point: SamplePoint, name: string, value: ParamValue): SamplePoint {
  return activePoint(
    space.parameters,
    (parameter) =>
      (parameter.name === name ? value : point[parameter.name]) ??
      valueAtShare(parameter.distribution, MIDDLE),
  );
}

/** List the values to try in place of one: all others where there are few, the two neighbours where there are many. */
export function valuesToTry({ distribution, isSmooth }: GpParameter, value: ParamValue): ParamValue[] {
  const n = nValuesOf(distribution);
  if (n === Number.POSITIVE_INFINITY) return [];
  if (!isSmooth) {
    const all = Array.from({ length: n }, (_, place) => steppedValue(distribution, place));
    return all.filter((other) => other !== value);
  }
  const place = placeOf(distribution, value);
  return [place - 1, place + 1].filter((i) => i >= 0 && i < n).map((i) => steppedValue(distribution, i));
}
