import type { DriftRanges, TimeWindow } from '../drift/drift-windows';
import { type AxisLevels, REST } from '../interactions/interaction-axes';
import { type Dimension, type FilterDimension, TAG_COUNT_BINS } from '../segments/dimensions';
import { filtersOfOthers, MISSING_LEVEL, type RowFilter } from '../segments/row-filter';
import {
  type DriftedColumn,
  dimensionsOfDrift,
  driftBinsSql,
  driftWindowsSql,
  optinDaysSql,
} from './drift-sql';
import { columnOf, countedTables, type SqlSource } from './figure-sql-tables';
import { CONVERSION_COLUMNS, conversionColumns, quotedText, withTables, Z_95 } from './figure-sql-text';

export type { SqlSource } from './figure-sql-tables';

/** A figure of the exploration. */
export type AskedFigure =
  | { readonly kind: 'segments'; readonly dimension: Dimension; readonly share: number }
  | { readonly kind: 'rating' }
  | { readonly kind: 'tag_count' }
  | { readonly kind: 'tags' }
  | { readonly kind: 'interaction'; readonly along: AxisLevels; readonly up: AxisLevels }
  /** Of one list at two times. */
  | { readonly kind: 'drift_bins'; readonly column: DriftedColumn; readonly ranges: DriftRanges }
  | {
      readonly kind: 'drift_windows';
      readonly column: DriftedColumn;
      readonly windows: readonly TimeWindow[];
    }
  /** Of all subscribers, whatever the filters are. */
  | { readonly kind: 'optin_days' };

/**
 * Write the SQLite statement that gives a figure's table from the CRM file itself: columns and rows as the table has
 * them, under the same filters. Needs SQLite 3.38 or newer with its mathematical functions.
 *
 * A text is trimmed and put in lower case as the page does it, but that SQLite's `lower` knows A to Z alone.
 */
export function figureSql(figure: AskedFigure, filters: readonly RowFilter[], source: SqlSource): string {
  const tables = countedTables(readDimensions(figure), filtersOn(figure, filters), source);
  switch (figure.kind) {
    case 'segments':
      return paretoSql(figure, tables, source);
    case 'rating':
      return withTables([...tables, RATING_LEVELS_TABLE], RATING_STATEMENT);
    case 'tag_count':
      return withTables([...tables, binTable(), COUNTED_BINS], BINS_STATEMENT);
    case 'tags':
      return tagsSql(tables, source);
    case 'interaction':
      return interactionSql(figure, tables);
    case 'drift_bins':
      return driftBinsSql(figure.column, figure.ranges, tables);
    case 'drift_windows':
      return driftWindowsSql(figure.column, figure.windows, tables);
    case 'optin_days':
      return optinDaysSql(tables);
    default:
      return figure satisfies never;
  }
}

/** The filters that hold for a figure. */
export function filtersOn(figure: AskedFigure, filters: readonly RowFilter[]): readonly RowFilter[] {
  return figure.kind === 'optin_days' ? [] : filtersOfOthers(filters, dimensionsOf(figure));
}

/** Dimensions whose columns a statement needs. */
function readDimensions(figure: AskedFigure): readonly FilterDimension[] {
  if (figure.kind === 'optin_days') return ['optin_month'];
  const isOfDrift = figure.kind === 'drift_bins' || figure.kind === 'drift_windows';
  return isOfDrift ? dimensionsOfDrift(figure.column) : dimensionsOf(figure);
}

/** What a figure shows; filters on it do not hold for it. */
export function dimensionsOf(figure: AskedFigure): readonly FilterDimension[] {
  switch (figure.kind) {
    case 'segments':
      return [figure.dimension];
    case 'rating':
      return ['member_rating'];
    case 'tag_count':
      return ['tag_count'];
    case 'tags':
      return ['tag'];
    case 'interaction':
      return [figure.along.name, figure.up.name];
    case 'drift_bins':
    case 'drift_windows':
      return ['optin_month'];
    case 'optin_days':
      return [];
    default:
      return figure satisfies never;
  }
}

/** Names of the tags' columns, as the page shows them. */
function tagNames({ tags }: SqlSource): string {
  if (tags.length === 0) return 'tag_name AS (SELECT NULL AS tag, NULL AS name WHERE 0)';
  const rows = tags.map(({ tag, name }) => `    (${quotedText(tag)}, ${quotedText(name)})`);
  return `tag_name(tag, name) AS (VALUES\n${rows.join(',\n')})`;
}

/** Each table is read by as few others as can be: SQLite counts every reading against a limit of its own. */
function paretoSql(
  { dimension, share }: AskedFigure & { readonly kind: 'segments' },
  tables: readonly string[],
  source: SqlSource,
): string {
  const isMany = dimension === 'tag' || dimension === 'product';
  const holds = dimension === 'tag' ? [tagNames(source), TAG_HOLDS] : [PRODUCT_HOLDS];
  const [level, from] = isMany ? ['level', 'holds'] : [columnOf(dimension), 'looked'];
  return withTables(
    [
      ...tables,
      ...(isMany ? holds : []),
      `counted AS (
  SELECT ${level} AS level, count(*) AS n, sum(bought) AS buyers FROM ${from} GROUP BY 1)`,
      `ranked AS (
  SELECT *, level IS NULL AS is_missing,
    row_number() OVER (PARTITION BY level IS NULL ORDER BY buyers DESC, n DESC, level) AS place
  FROM counted)`,
      ...(isMany
        ? MANY_REACHED
        : [
            'reached AS (SELECT *, buyers AS n_new, sum(buyers) OVER (PARTITION BY is_missing) AS total FROM ranked)',
          ]),
      `summed AS (
  SELECT *, sum(n_new) OVER (PARTITION BY is_missing ORDER BY place) * 1.0 / nullif(total, 0) AS cumulative_share
  FROM reached)`,
      `cut AS (
  SELECT *, min(iif(cumulative_share >= ${share}, place, NULL)) OVER (PARTITION BY is_missing) AS last_place
  FROM summed)`,
    ],
    `SELECT coalesce(level, ${quotedText(MISSING_LEVEL)}) AS level, n, buyers,
  ${CONVERSION_COLUMNS},
  iif(is_missing, NULL, buyers * 1.0 / nullif(total, 0)) AS sales_share,
  iif(is_missing, NULL, cumulative_share) AS cumulative_sales_share,
  CASE WHEN is_missing THEN 'missing' WHEN buyers > 0 AND place <= last_place THEN 'up to the share' ELSE 'other' END AS part
FROM cut ORDER BY is_missing, place`,
  );
}

const TAG_HOLDS = `holds AS MATERIALIZED (
  SELECT looked.row, bought, name AS level FROM looked LEFT JOIN (held JOIN tag_name USING (tag)) USING (row))`;
const PRODUCT_HOLDS = `holds AS MATERIALIZED (
  SELECT DISTINCT looked.row, bought, product AS level FROM looked LEFT JOIN sale ON sale.email = looked.email AND product <> '')`;
/** A buyer of several levels counts once, at the first of them. */
const MANY_REACHED = [
  `placed AS (
  SELECT ranked.*, bought, min(place) OVER (PARTITION BY row) AS first_place
  FROM ranked JOIN holds ON holds.level IS ranked.level)`,
  `reached AS (
  SELECT level, n, buyers, is_missing, place, sum(bought AND place = first_place) AS n_new,
    sum(sum(bought AND place = first_place)) OVER (PARTITION BY is_missing) AS total
  FROM placed GROUP BY level, n, buyers, is_missing, place)`,
];

const RATING_LEVELS_TABLE = `counted AS (
  SELECT coalesce("member_rating", iif(rating IS NULL, 'missing', 'invalid')) AS level, count(*) AS n, sum(bought) AS buyers
  FROM looked GROUP BY 1)`;
const RATING_STATEMENT = `SELECT level AS member_rating, n, n * 1.0 / nullif(sum(n) OVER (), 0) AS share, buyers,
  ${CONVERSION_COLUMNS}
FROM (
  SELECT scale.level, coalesce(n, 0) AS n, coalesce(buyers, 0) AS buyers
  FROM (SELECT column1 AS level FROM (VALUES ('1'), ('2'), ('3'), ('4'), ('5'), ('missing'), ('invalid'))) AS scale
  LEFT JOIN counted USING (level))
WHERE n > 0 OR level < '6'
ORDER BY level = 'invalid', level`;

function binTable(): string {
  const rows = TAG_COUNT_BINS.map(({ label }, place) => `(${quotedText(label)}, ${place})`);
  return `bin(level, place) AS (VALUES ${rows.join(', ')})`;
}

const COUNTED_BINS = `counted AS (
  SELECT level, place, count(row) AS n, coalesce(sum(bought), 0) AS buyers
  FROM bin LEFT JOIN looked ON looked."tag_count" = bin.level GROUP BY level, place)`;
const BINS_STATEMENT = `SELECT level AS tag_count, n, buyers,
  ${CONVERSION_COLUMNS},
  buyers * 1.0 / nullif(sum(buyers) OVER (), 0) AS share_of_buyers,
  (n - buyers) * 1.0 / nullif(sum(n - buyers) OVER (), 0) AS share_of_others
FROM counted ORDER BY place`;

/** Moments over all tags, the beta distribution fitted by them, and those who do not hold a tag. */
const TAG_MOMENTS = [
  `moments AS (
  SELECT *, count(nullif(holders, 0)) OVER () AS n_tags, sum(holders) OVER () AS n_held,
    sum(buyers) OVER () * 1.0 / sum(holders) OVER () AS m, sum(holders * holders) OVER () * 1.0 AS squares
  FROM counted)`,
  `spread AS (
  SELECT *, (sum(holders * (buyers * 1.0 / holders - m) * (buyers * 1.0 / holders - m)) OVER ()
    - (n_tags - 1) * m * (1 - m)) / (n_held - squares / n_held) AS between_tags
  FROM moments)`,
  `compared AS (
  SELECT *, iif(n_tags > 1 AND m > 0 AND m < 1 AND between_tags > 0, max(0.0, m * (1 - m) / between_tags - 1), NULL) AS k,
    n_all - holders AS rest, buyers_all - buyers AS rest_buyers
  FROM spread CROSS JOIN (SELECT count(*) AS n_all, coalesce(sum(bought), 0) AS buyers_all FROM looked))`,
];

function tagsSql(tables: readonly string[], source: SqlSource): string {
  const ratio =
    'iif(buyers > 0 AND rest_buyers > 0, (buyers * 1.0 / holders) / (rest_buyers * 1.0 / rest), NULL)';
  const error = 'sqrt(1.0 / buyers - 1.0 / holders + 1.0 / rest_buyers - 1.0 / rest)';
  return withTables(
    [
      ...tables,
      tagNames(source),
      `counted AS (
  SELECT name AS tag, count(looked.row) AS holders, coalesce(sum(bought), 0) AS buyers
  FROM tag_name LEFT JOIN held USING (tag) LEFT JOIN looked USING (row) GROUP BY name)`,
      ...TAG_MOMENTS,
    ],
    `SELECT tag, holders, buyers,
  ${conversionColumns('holders')},
  iif(k IS NULL, buyers * 1.0 / holders, iif(holders = 0, NULL, (buyers + k * m) / (holders + k))) AS shrunk,
  (buyers * 1.0 / holders) / nullif(buyers_all * 1.0 / n_all, 0) AS lift,
  ${ratio} AS ratio,
  ${ratio} * exp(-${Z_95} * ${error}) AS ratio_low,
  ${ratio} * exp(${Z_95} * ${error}) AS ratio_high
FROM compared ORDER BY holders DESC, tag`,
  );
}

function interactionSql(
  { along, up }: AskedFigure & { readonly kind: 'interaction' },
  tables: readonly string[],
): string {
  return withTables(
    [
      ...tables,
      axisTable('along_level', along),
      axisTable('up_level', up),
      `placed AS (SELECT ${levelOf(along)} AS along, ${levelOf(up)} AS up, bought FROM looked)`,
    ],
    `SELECT along, up, n, buyers,
  ${CONVERSION_COLUMNS}
FROM (SELECT along, up, count(*) AS n, sum(bought) AS buyers FROM placed GROUP BY along, up)
JOIN along_level ON along_level.level = along JOIN up_level ON up_level.level = up
ORDER BY up_level.place, along_level.place`,
  );
}

/** The levels of an axis in their order, those of the file; the rarest countries are one. */
function axisTable(name: string, { levels }: AxisLevels): string {
  if (levels.length === 0) return `${name} AS (SELECT NULL AS level, 0 AS place WHERE 0)`;
  const rows = levels.map((level, place) => `(${quotedText(level)}, ${place})`);
  return `${name}(level, place) AS (VALUES ${rows.join(', ')})`;
}

function levelOf({ name, rest }: AxisLevels): string {
  const column = columnOf(name);
  const known = `coalesce(${column}, ${quotedText(MISSING_LEVEL)})`;
  if (rest.length === 0) return known;
  return `iif(${column} IN (${rest.map(quotedText).join(', ')}), ${quotedText(REST)}, ${known})`;
}
