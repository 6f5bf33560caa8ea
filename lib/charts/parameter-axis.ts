import type { Datum, LayoutAxis } from 'plotly.js';
import { isLogarithmic, scaledRange } from '@/lib/tuning/space/distribution';
import { PARAMETER_NAMES, type ParameterName } from '@/lib/tuning/space/parameter-catalogue';
import type { Distribution, ParamValue } from '@/lib/tuning/space/search-space';
import type { StudyConfig } from '@/lib/tuning/study/study-config';
import { FIXED_ROOM, themedAxis } from './base-layout';
import type { ChartTheme } from './chart-theme';
import { parameterText } from './parameter-text';

/** A parameter of a study's space. */
export interface SpaceParameter {
  readonly name: ParameterName;
  readonly distribution: Distribution;
}

/**
 * List the parameters of a study's space in the order of the catalogue.
 *
 * @param names only these, in their own order
 * @throws where a name is not in the space
 */
export function spaceParameters(
  { searchSpace }: Pick<StudyConfig, 'searchSpace'>,
  names: readonly ParameterName[] = PARAMETER_NAMES.filter((name) => searchSpace[name] !== undefined),
): readonly SpaceParameter[] {
  return names.map((name) => {
    const distribution = searchSpace[name];
    if (distribution === undefined) throw new Error(`${name} is not in the study's space`);
    return { name, distribution };
  });
}

/** Give a parameter's value as its axis takes it: a category by its name, null where the trial has none. */
export function axisValue(value: ParamValue | undefined, { type }: Distribution): Datum {
  if (value === undefined) return null;
  return type === 'choice' ? String(value) : value;
}

/** Room beyond both bounds, as a share of the range. */
const MARGIN = 0.04;

/**
 * Give the axis of a parameter: its whole range in the space, logarithmic where it is drawn so, categories side by side.
 * The range never depends on the trials.
 */
export function parameterAxis(
  { name, distribution }: SpaceParameter,
  theme: ChartTheme,
  change: Partial<LayoutAxis> = {},
): Partial<LayoutAxis> {
  if (distribution.type === 'choice') {
    return themedAxis(theme, name, {
      ...FIXED_ROOM,
      type: 'category',
      categoryorder: 'array',
      categoryarray: distribution.values.map(String),
      range: [-0.5, distribution.values.length - 0.5],
      showgrid: false,
      ...change,
    });
  }
  const isLog = isLogarithmic(distribution);
  const { low, high } = scaledRange(distribution);
  const room = (high - low) * MARGIN;
  // Plotly gives the range of a logarithmic axis as powers of ten; the sampling scale is the natural logarithm.
  const unit = isLog ? Math.LN10 : 1;
  return themedAxis(theme, name, {
    ...FIXED_ROOM,
    type: isLog ? 'log' : 'linear',
    range: [(low - room) / unit, (high + room) / unit],
    ...(isLog && logTicks(distribution)),
    showgrid: false,
    ...change,
  });
}

/** More ticks than these crowd a small chart. */
const MAX_TICKS = 7;

/** Ticks at 1, 2 and 5 times the powers of ten, or at fewer where those are many: Plotly's own run into each other. */
function logTicks({ low, high }: { readonly low: number; readonly high: number }) {
  const powers = Array.from(
    { length: Math.floor(Math.log10(high)) - Math.floor(Math.log10(low)) + 1 },
    (_, i) => Math.floor(Math.log10(low)) + i,
  );
  const ticksOf = (digits: readonly number[]) =>
    powers
      .flatMap((power) => digits.map((digit) => Number(`${digit}e${power}`)))
      .filter((tick) => tick >= low && tick <= high);
  const tickvals = [[1, 2, 5], [1, 3], [1]].map(ticksOf).find((ticks) => ticks.length <= MAX_TICKS) ?? [
    low,
    high,
  ];
  return { tickvals, ticktext: tickvals.map(parameterText) };
}
