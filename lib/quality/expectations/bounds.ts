import { parseDay } from '@/lib/core/day';

/** Say whether a number is within bounds, both inclusive; NaN never is. */
export function isBetween(
  value: number,
  min = Number.NEGATIVE_INFINITY,
  max = Number.POSITIVE_INFINITY,
): boolean {
  return value >= min && value <= max;
}

/** Bounds as expectations take them, inclusive unless they are strict. */
export interface Limits {
  readonly min_value?: number | undefined;
  readonly max_value?: number | undefined;
  readonly strict_min?: boolean | undefined;
  readonly strict_max?: boolean | undefined;
}

/** Say whether a number is within limits; NaN never is. */
export function isWithin(value: number, { min_value, max_value, strict_min, strict_max }: Limits): boolean {
  if (!isBetween(value, min_value, max_value)) return false;
  return !(strict_min === true && value === min_value) && !(strict_max === true && value === max_value);
}

/** Limits that are numbers, or days as YYYY-MM-DD. */
export interface NumberOrDayLimits extends Omit<Limits, 'min_value' | 'max_value'> {
  readonly min_value?: number | string | undefined;
  readonly max_value?: number | string | undefined;
}

/** Give limits as numbers: days since 1970-01-01 where they are days, and then cells are compared as days too. */
export function limitsOf({ min_value, max_value, ...rest }: NumberOrDayLimits): {
  readonly limits: Limits;
  readonly areDays: boolean;
} {
  const limit = (value: number | string | undefined) => (typeof value === 'string' ? parseDay(value) : value);
  return {
    limits: { ...rest, min_value: limit(min_value), max_value: limit(max_value) },
    areDays: typeof min_value === 'string' || typeof max_value === 'string',
  };
}
