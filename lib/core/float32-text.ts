/** Decimal digits that tell any two float32 apart. */
const FLOAT32_DIGITS = 9;

/**
 * Write a float32 as the shortest decimal that reads back as the same float32; '' for NaN.
 *
 * @throws if the value is infinite or not a float32
 * @example float32Text(Math.fround(0.1)) // '0.1', not '0.10000000149011612'
 */
export function float32Text(value: number): string {
  if (Number.isNaN(value)) return '';
  if (!Number.isFinite(value) || Math.fround(value) !== value) {
    throw new Error(`Expected a finite float32, got ${value}`);
  }
  if (Object.is(value, -0)) return '-0';
  // Whole numbers below 2^24 are already their own shortest text.
  if (Number.isInteger(value) && Math.abs(value) < 16_777_216) return String(value);
  for (let digits = 1; digits < FLOAT32_DIGITS; digits++) {
    const rounded = Number(value.toPrecision(digits));
    if (Math.fround(rounded) === value) return String(rounded);
  }
  return String(Number(value.toPrecision(FLOAT32_DIGITS)));
}
