import { formatDay } from '@/lib/core/day';
import type { BinRule } from '../drift/drift-bins';
import type { DriftRanges, TimeWindow } from '../drift/drift-windows';
import type { FilterDimension } from '../segments/dimensions';
import { MISSING_LEVEL } from '../segments/row-filter';
import { columnOf } from './figure-sql-tables';
import { indented, quotedText, quotedTexts, withTables } from './figure-sql-text';

/** One column whose distribution is compared between two times, with the bins it was put into. */
export interface DriftedColumn {
  readonly name: string;
  readonly rule: BinRule;
}

/** Dimensions that the rows of a drifted column are read with: its own, and the opt-in day. */
export function dimensionsOfDrift({ name }: DriftedColumn): readonly FilterDimension[] {
  return [OPTIN, ...(name === 'made_purchase' ? [] : [DIMENSION_OF[name] ?? (name as FilterDimension)])];
}

/** The dimension that makes the column of the opt-in day. */
const OPTIN: FilterDimension = 'optin_month';
const DIMENSION_OF: Readonly<Record<string, FilterDimension>> = {
  country_code: 'country',
  is_free_email: 'email_kind',
};

/** What the column holds for a subscriber, in the terms of `looked`. */
function heldBy(name: string): string {
  if (name === 'member_rating') return 'rating';
  if (name === 'tag_count') return 'n_tags';
  if (name === 'made_purchase') return "iif(bought, 'yes', 'no')";
  return columnOf(DIMENSION_OF[name] ?? (name as FilterDimension));
}

/** The place of the bin that a value belongs to. */
function placeOf({ name, rule }: DriftedColumn): string {
  const value = heldBy(name);
  const missing = `WHEN ${value} IS NULL THEN ${rule.labels.length}`;
  const cases =
    rule.kind === 'number'
      ? rule.ends.map((end, place) => `WHEN ${value} <= ${end} THEN ${place}`)
      : rule.kept.map((level, place) => `WHEN ${value} = ${quotedText(level)} THEN ${place}`);
  const last = rule.kind === 'number' ? rule.ends.length : rule.kept.length;
  return `CASE ${[missing, ...cases].join('\n      ')}\n      ELSE ${last} END`;
}

function binTable({ rule }: DriftedColumn): string {
  const rows = [...rule.labels, MISSING_LEVEL].map((label, place) => `(${place}, ${quotedText(label)})`);
  return `bin(place, label) AS (VALUES ${rows.join(', ')})`;
}

const days = ({ from, to }: { readonly from: number; readonly to: number }) =>
  `day BETWEEN ${quotedTexts([formatDay(from)])} AND ${quotedTexts([formatDay(to)])}`;

/** The table of a column's bins on either side. @param tables as `countedTables` gives them */
export function driftBinsSql(
  column: DriftedColumn,
  { reference, current }: DriftRanges,
  tables: readonly string[],
): string {
  const sided = `sided AS (
  SELECT CASE WHEN ${days(reference)} THEN 'reference'
      WHEN ${days(current)} THEN 'current' END AS side,
    ${placeOf(column)} AS place
  FROM looked)`;
  const share = (side: string) => `${side} * 1.0 / nullif(sum(${side}) OVER (), 0) AS ${side}_share`;
  return withTables(
    [
      ...tables,
      binTable(column),
      sided,
      `counted AS (
  SELECT place, label, sum(side = 'reference') AS reference, sum(side = 'current') AS current
  FROM sided JOIN bin USING (place) WHERE side IS NOT NULL GROUP BY place, label)`,
    ],
    `SELECT label AS bin, reference, ${share('reference')}, current, ${share('current')}
FROM counted ORDER BY place`,
  );
}

/** The counts that a column's distances over time are worked out of: one row a time and bin that holds somebody. */
export function driftWindowsSql(
  column: DriftedColumn,
  windows: readonly TimeWindow[],
  tables: readonly string[],
): string {
  const rows = windows.map(
    ({ label, from, to }) => `(${quotedTexts([label, formatDay(from), formatDay(to)])})`,
  );
  const statement = withTables(
    [
      ...tables,
      binTable(column),
      `time(label, first_day, last_day) AS (VALUES\n${indented(rows.join(',\n'))})`,
      `daily AS MATERIALIZED (
  SELECT day, ${placeOf(column)} AS place, count(*) AS n_day FROM looked GROUP BY 1, 2)`,
    ],
    `SELECT time.label AS window, bin.label AS bin, sum(n_day) AS n
FROM time JOIN daily ON day BETWEEN first_day AND last_day JOIN bin USING (place)
GROUP BY first_day, window, bin, place ORDER BY first_day, place`,
  );
  return `-- The counts that the distances and their limits are worked out of.\n${statement}`;
}

/** The opt-ins of each day that has some. */
export function optinDaysSql(tables: readonly string[]): string {
  const statement = withTables(
    tables,
    'SELECT day, count(*) AS n FROM looked WHERE day IS NOT NULL GROUP BY day ORDER BY day',
  );
  return `-- The counts that what was to be expected is worked out of.\n${statement}`;
}
