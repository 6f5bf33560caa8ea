/** Say whether a number is within bounds, both inclusive; NaN never is. */
export function isBetween(
  value: number,
  min = Number.NEGATIVE_INFINITY,
  max = Number.POSITIVE_INFINITY,
): boolean {
  return value >= min && value <= max;
}
