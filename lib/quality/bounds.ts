import { MISSING_DAY, parseDay } from '@/lib/core/day';
import { castDay, castNumber } from '@/lib/crm/casts';
import type { RawValue } from '@/lib/crm/raw-crm';

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

/**
 * Say how cells are compared with limits: as days where a limit is a day, else as numbers.
 *
 * @returns the limits as numbers, and the number of a cell; NaN where it is none, which no limit allows
 */
export function comparedWith({ min_value, max_value, ...rest }: NumberOrDayLimits): {
  readonly limits: Limits;
  readonly numberOf: (cell: RawValue) => number;
} {
  const asDays = typeof min_value === 'string' || typeof max_value === 'string';
  const limit = (value: number | string | undefined) => (typeof value === 'string' ? parseDay(value) : value);
  const limits = { ...rest, min_value: limit(min_value), max_value: limit(max_value) };
  return { limits, numberOf: asDays ? dayNumber : castNumber };
}

function dayNumber(cell: RawValue): number {
  const day = castDay(cell);
  return day === MISSING_DAY ? Number.NaN : day;
}
