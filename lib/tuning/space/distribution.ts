import type { Distribution, ParamValue } from './search-space';

/** A distribution of numbers that has bounds; `choice` has none. */
export type NumericDistribution = Exclude<Distribution, { type: 'choice' }>;
export type ChoiceDistribution = Extract<Distribution, { type: 'choice' }>;

/**
 * A parameter's range on the scale that samplers work on: the logarithm where the distribution says so, and widened by
 * half a step on both sides where values come in steps, so that the outermost ones get as much room as the others.
 */
export interface ScaledRange {
  readonly low: number;
  readonly high: number;
}

/** Give the distance between a distribution's values, 0 where they are floats. */
export function stepOf(distribution: NumericDistribution): number {
  switch (distribution.type) {
    case 'uniform':
    case 'loguniform':
      return 0;
    case 'quniform':
      return distribution.step;
    case 'randint':
    case 'lograndint':
      return 1;
  }
}

/** Whether a distribution is drawn on the logarithm. */
export function isLogarithmic({ type }: Distribution): boolean {
  return type === 'loguniform' || type === 'lograndint';
}

/**
 * Count the values of a distribution; infinite for floats. The last step of a `quniform` is the last that fits below `high`.
 *
 * @example nValuesOf({ type: 'quniform', low: 0, high: 1, step: 0.3 }) // 4: 0, 0.3, 0.6, 0.9
 */
export function nValuesOf(distribution: Distribution): number {
  if (distribution.type === 'choice') return distribution.values.length;
  const step = stepOf(distribution);
  if (step === 0) return Number.POSITIVE_INFINITY;
  // A range of 0.3 holds three steps of 0.1, although 0.3 / 0.1 is a little less than 3.
  return Math.floor((distribution.high - distribution.low) / step + 1e-9) + 1;
}

/**
 * Give the value at a place, counted from 0, of a distribution that has countably many. Written to 15 digits, so that three
 * steps of 0.1 are 0.3 and not 0.30000000000000004.
 */
export function steppedValue(distribution: Distribution, place: number): ParamValue {
  if (distribution.type === 'choice') return choiceAt(distribution, place);
  const step = stepOf(distribution);
  if (step === 0) throw new Error(`A ${distribution.type} distribution has no steps`);
  const value = distribution.low + place * step;
  const tidy = Number.isInteger(value) ? value : Number(value.toPrecision(15));
  return Math.min(distribution.high, Math.max(distribution.low, tidy));
}

function choiceAt({ values }: ChoiceDistribution, place: number): ParamValue {
  const value = values[place];
  if (value === undefined) throw new Error(`Expected a choice below ${values.length}, got ${place}`);
  return value;
}

/** Find a value among those of a choice. @throws where it is none of them */
export function choiceIndex({ values }: ChoiceDistribution, value: ParamValue): number {
  const index = values.indexOf(value);
  if (index < 0) throw new Error(`Expected one of ${values.join(', ')}, got ${value}`);
  return index;
}

/** Give the place of a value among those of a distribution that has countably many; `steppedValue` turns it back. */
export function placeOf(distribution: Distribution, value: ParamValue): number {
  if (distribution.type === 'choice') return choiceIndex(distribution, value);
  const place = Math.round((Number(value) - distribution.low) / stepOf(distribution));
  return Math.min(nValuesOf(distribution) - 1, Math.max(0, place));
}

/** Give the range that samplers draw from; see `ScaledRange`. */
export function scaledRange(distribution: NumericDistribution): ScaledRange {
  const step = stepOf(distribution);
  const low = distribution.low - step / 2;
  const high = step === 0 ? distribution.high : distribution.low + (nValuesOf(distribution) - 0.5) * step;
  return isLogarithmic(distribution) ? { low: Math.log(low), high: Math.log(high) } : { low, high };
}

/** Put a parameter's value on the sampling scale. */
export function scaledValue(distribution: NumericDistribution, value: number): number {
  return isLogarithmic(distribution) ? Math.log(value) : value;
}

/**
 * Bring a point of the sampling scale back to a value of the parameter: on a step where it must be, and within its bounds
 * whatever the rounding of `exp` did. Floats keep full double precision; nothing is rounded for looks.
 */
export function unscaledValue(distribution: NumericDistribution, scaled: number): number {
  const { low, high } = distribution;
  const plain = isLogarithmic(distribution) ? Math.exp(scaled) : scaled;
  if (stepOf(distribution) === 0) return Math.min(high, Math.max(low, plain));
  return Number(steppedValue(distribution, placeOf(distribution, plain)));
}

/**
 * Give the value at a share of the distribution, uniform on the sampling scale: with a uniform share each whole number and
 * each choice is equally likely unless the range is logarithmic.
 *
 * @param share from 0 to 1
 */
export function valueAtShare(distribution: Distribution, share: number): ParamValue {
  if (distribution.type === 'choice') {
    const n = distribution.values.length;
    return choiceAt(distribution, Math.min(n - 1, Math.floor(share * n)));
  }
  // At the ends the bounds themselves, which the rounding of log and exp would miss.
  if (stepOf(distribution) === 0 && (share <= 0 || share >= 1)) {
    return share <= 0 ? distribution.low : distribution.high;
  }
  const { low, high } = scaledRange(distribution);
  return unscaledValue(distribution, low + share * (high - low));
}

/**
 * Give the share at which a value lies: what `valueAtShare` turns back; the middle of its cell where values come in steps, and
 * of a range so narrow that its ends have the same logarithm.
 */
export function shareOfValue(distribution: Distribution, value: ParamValue): number {
  if (distribution.type === 'choice') {
    return (choiceIndex(distribution, value) + 0.5) / distribution.values.length;
  }
  const { low, high } = scaledRange(distribution);
  return high > low ? (scaledValue(distribution, Number(value)) - low) / (high - low) : 0.5;
}
