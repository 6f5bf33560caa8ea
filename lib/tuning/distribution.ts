import type { RandomSource } from '@/lib/core/random';
import type { Distribution } from './search-space';

/**
 * A parameter's range on the scale that samplers work on: the logarithm where the distribution says so, and widened by
 * half a step on both sides for whole numbers, so that the outermost ones get as much room as the others.
 */
export interface ScaledRange {
  readonly low: number;
  readonly high: number;
}

/** Give the range that samplers draw from; see `ScaledRange`. */
export function scaledRange(distribution: Distribution): ScaledRange {
  const margin = distribution.type === 'int' ? 0.5 : 0;
  const low = distribution.low - margin;
  const high = distribution.high + margin;
  return distribution.log ? { low: Math.log(low), high: Math.log(high) } : { low, high };
}

/** Put a parameter's value on the sampling scale. */
export function scaledValue(distribution: Distribution, value: number): number {
  return distribution.log ? Math.log(value) : value;
}

/**
 * Bring a point of the sampling scale back to a value of the parameter: whole where it must be, and within its bounds
 * whatever the rounding of `exp` did. Floats keep full double precision; nothing is rounded for looks.
 */
export function unscaledValue(distribution: Distribution, scaled: number): number {
  const plain = distribution.log ? Math.exp(scaled) : scaled;
  const value = distribution.type === 'int' ? Math.round(plain) : plain;
  return Math.min(distribution.high, Math.max(distribution.low, value));
}

/** Draw one value, uniform on the sampling scale: each whole number equally likely unless the range is logarithmic. */
export function uniformValue(distribution: Distribution, random: RandomSource): number {
  const { low, high } = scaledRange(distribution);
  return unscaledValue(distribution, low + random() * (high - low));
}
