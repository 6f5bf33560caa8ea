/**
 * Write a whole number with commas between thousands.
 *
 * @example countText(19919) // '19,919'
 */
export function countText(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, ',');
}

/**
 * Write a share as a percentage.
 *
 * @param nDecimals places after the point, rounded as `toFixed` does
 * @example percentText(0.04829, 2) // '4.83 %'
 */
export function percentText(share: number, nDecimals = 1): string {
  return `${(share * 100).toFixed(nDecimals)} %`;
}

/**
 * Write a count with its noun, in the singular for 1.
 *
 * @example nounText(1, 'country', 'countries') // '1 country'
 */
export function nounText(count: number, singular: string, plural: string): string {
  return `${countText(count)} ${count === 1 ? singular : plural}`;
}
