const SMALLEST_NORMAL = 2 ** -126;

/**
 * Write a float32 with as few digits as bring the same float32 back (at most 9). A float32 held as a JavaScript number
 * prints up to 17 digits, of which only these say anything.
 *
 * @param value a float32; NaN and the infinities are written as JavaScript does
 * @example float32Text(Math.fround(0.1)) // '0.1', where String gives '0.10000000149011612'
 */
export function float32Text(value: number): string {
  // Seven digits find every text of fewer, since a float32 lies nearer to it than half a step of the seventh digit;
  // only subnormal numbers are coarser than that.
  const fewestDigits = Math.abs(value) < SMALLEST_NORMAL ? 1 : 7;
  for (let nDigits = fewestDigits; nDigits < 9; nDigits++) {
    const rounded = Number(value.toPrecision(nDigits));
    if (Math.fround(rounded) === value) return String(rounded);
  }
  return String(Number(value.toPrecision(9)));
}
