import {
  nValuesOf,
  scaledRange,
  shareOfValue,
  steppedValue,
  unscaledValue,
} from '@/lib/tuning/space/distribution';
import type { ParameterName } from '@/lib/tuning/space/parameter-catalogue';
import type { Distribution, ParamValue } from '@/lib/tuning/space/search-space';
import type { StudyState } from '@/lib/tuning/study/study-state';
import { isComplete } from '@/lib/tuning/study/trial-record';

/** An objective over two parameters. */
export interface ObjectiveSurface {
  /** Values of the first parameter, rising, or its categories in the order of the space. */
  readonly xs: readonly ParamValue[];
  readonly ys: readonly ParamValue[];
  /** By y, then by x. Null where no trial says anything: without trials, or for a category that has none. */
  readonly values: readonly (readonly (number | null)[])[];
  /** Complete trials that have both parameters; all others are left out. */
  readonly nTrials: number;
}

/**
 * Interpolate the objective of the complete trials over two parameters by inverse squared distance (Shepard 1968) on the
 * sampling scale, the width of the space being 1 each way. A point that trials lie on has their mean. Between categories
 * nothing is interpolated: each has the trials of its own. What other parameters do is not taken out.
 *
 * @throws where a parameter is not in the space
 */
export function objectiveSurface(
  { config, trials }: Pick<StudyState, 'config' | 'trials'>,
  [first, second]: readonly [ParameterName, ParameterName],
): ObjectiveSurface {
  const [xs, ys] = [surfaceAxis(config, first), surfaceAxis(config, second)];
  const points = trials.filter(isComplete).flatMap(({ params, metrics }): readonly SurfacePoint[] => {
    const [x, y] = [params[first], params[second]];
    if (x === undefined || y === undefined) return [];
    return [{ x: xs.placeOf(x), y: ys.placeOf(y), value: metrics[config.objective] }];
  });
  const xPlaces = xs.values.map(xs.placeOf);
  return {
    xs: xs.values,
    ys: ys.values,
    values: ys.values.map((y) => {
      const yPlace = ys.placeOf(y);
      return xPlaces.map((xPlace) => interpolated(points, xPlace, yPlace));
    }),
    nTrials: points.length,
  };
}

/** Most points along a parameter of numbers. */
const N_POINTS = 31;
/** Categories are so far apart that none is anywhere near another. */
const APART = 1e6;

interface SurfaceAxis {
  readonly values: readonly ParamValue[];
  readonly placeOf: (value: ParamValue) => number;
}

function surfaceAxis({ searchSpace }: StudyState['config'], name: ParameterName): SurfaceAxis {
  const distribution = searchSpace[name];
  if (distribution === undefined) throw new Error(`${name} is not in the study's space`);
  if (distribution.type === 'choice') {
    const { values } = distribution;
    return { values, placeOf: (value) => values.indexOf(value) * APART };
  }
  return { values: gridValues(distribution), placeOf: (value) => shareOfValue(distribution, value) };
}

function gridValues(distribution: Exclude<Distribution, { type: 'choice' }>): readonly number[] {
  const nValues = nValuesOf(distribution);
  if (nValues <= N_POINTS) {
    return Array.from({ length: nValues }, (_, place) => Number(steppedValue(distribution, place)));
  }
  const { low, high } = scaledRange(distribution);
  const values = Array.from({ length: N_POINTS }, (_, i) =>
    rounded(unscaledValue(distribution, low + ((high - low) * i) / (N_POINTS - 1))),
  );
  // Few whole numbers lie at the lower end of a logarithmic range.
  return [...new Set(values)];
}

const N_DIGITS = 12;

interface SurfacePoint {
  readonly x: number;
  readonly y: number;
  readonly value: number;
}

/** Nearer than this, squared, a trial lies on the point. */
const ON_POINT = 1e-12;

function interpolated(points: readonly SurfacePoint[], x: number, y: number): number | null {
  let weight = 0;
  let sum = 0;
  let nOn = 0;
  let sumOn = 0;
  for (const point of points) {
    const squared = (point.x - x) ** 2 + (point.y - y) ** 2;
    if (squared >= (APART / 2) ** 2) continue;
    if (squared < ON_POINT) {
      nOn++;
      sumOn += point.value;
    } else {
      weight += 1 / squared;
      sum += point.value / squared;
    }
  }
  if (nOn === 0 && weight === 0) return null;
  const mean = nOn > 0 ? sumOn / nOn : sum / weight;
  // Or equal results would make a surface that is rough with the rounding of its weights.
  return rounded(mean);
}

function rounded(value: number): number {
  return Number(value.toPrecision(N_DIGITS));
}
