import type { JoinedTable } from '@/lib/crm/joined-table';

/** The level of `country_code` that takes every country not kept. */
export const OTHER_COUNTRY = 'other';

/** Give the place of each row's country among the levels, −1 where missing; a country not kept is the last level, `other`. */
export function countryLevelOfRows(
  countryLevels: readonly string[],
  table: Pick<JoinedTable, 'countryCodes' | 'countryIndex'>,
): Int16Array {
  const other = countryLevels.length - 1;
  const placeOfLevel = new Map(countryLevels.map((level, place) => [level, place]));
  const levels = table.countryCodes.map((code) => placeOfLevel.get(code) ?? other);
  return Int16Array.from(table.countryIndex, (index) => (index < 0 ? -1 : levels[index]!));
}
