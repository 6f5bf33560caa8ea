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
  readonly min_value?: number;
  readonly max_value?: number;
  readonly strict_min?: boolean;
  readonly strict_max?: boolean;
}

/** Say whether a number is within limits; NaN never is. */
export function isWithin(value: number, { min_value, max_value, strict_min, strict_max }: Limits): boolean {
  if (!isBetween(value, min_value, max_value)) return false;
  return !(strict_min === true && value === min_value) && !(strict_max === true && value === max_value);
}
