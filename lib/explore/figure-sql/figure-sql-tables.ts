import { FREE_EMAIL_DOMAINS } from '@/lib/crm/free-email-domains';
import type { CrmTableName } from '@/lib/crm/schema';
import { quotedName } from '@/lib/crm/sql-database';
import { DIMENSIONS, type Dimension, type FilterDimension, TAG_COUNT_BINS } from '../segments/dimensions';
import { MISSING_LEVEL, type RowFilter } from '../segments/row-filter';
import { BLANK_TABLE, indented, quotedText, quotedTexts } from './figure-sql-text';

/** What of an open file the statements of its figures have to know. */
export interface SqlSource {
  /** Each indicator column and the tag behind it, in the order of the columns. */
  readonly tags: readonly { readonly name: string; readonly tag: string }[];
  /** Rows of the file that were left out, from 0. */
  readonly leftOut: Readonly<Record<CrmTableName, readonly number[]>>;
  /** Rows of Subscribers, from 0, behind a level that no column tells of, or behind any of them for null. */
  readonly rowsOfLevel: (dimension: FoundDimension, level: string | null) => readonly number[];
}

/** Dimensions that checks and measurements find: their rows are named one by one. */
type FoundDimension = 'failing_check' | 'anomaly';

/** Dimensions that are worked out of the tags a subscriber holds. */
const isOfTags = (dimension: FilterDimension) => dimension === 'tag_count' || isTag(dimension);
const isTag = (dimension: FilterDimension) => !DIMENSIONS.some((known) => known === dimension);
const isOfRelation = (dimension: FilterDimension) =>
  ['tag', 'product', 'failing_check', 'anomaly'].includes(dimension);

/** Name of the column that holds a single-valued dimension. */
export function columnOf(dimension: FilterDimension): string {
  return quotedName(dimension);
}

/**
 * Write the tables that a figure counts on: `looked`, one row a subscriber who passes the filters, with `row`, `bought`
 * and a column for each single-valued dimension shown; `held` (row, tag) and `sale` (email, product) where they are needed.
 * Texts are folded as the join folds them, but that SQLite's `lower` knows A to Z alone.
 *
 * @param shown dimensions that the figure itself shows
 */
export function countedTables(
  shown: readonly FilterDimension[],
  filters: readonly RowFilter[],
  source: SqlSource,
): readonly string[] {
  const used = [...new Set([...shown, ...filters.map(({ dimension }) => dimension)])];
  const own = used.filter((dimension) => !isOfRelation(dimension));
  const ofTags = own.filter(isOfTags);
  const needsTags = ofTags.length > 0 || used.includes('tag');
  return [
    BLANK_TABLE,
    saleTable(used.includes('product'), source),
    personTable(
      own.filter((dimension) => !isOfTags(dimension)),
      needsTags,
    ),
    ...(needsTags ? [heldTable(source)] : []),
    ...(ofTags.length > 0 ? [taggedTable(ofTags, source)] : []),
    lookedTable(ofTags.length > 0 ? 'tagged' : 'person', filters, source),
  ];
}

/** Rows of one of the file's tables, without those that were left out. */
function rowsOf(table: CrmTableName, source: SqlSource): string {
  const rows = source.leftOut[table];
  if (rows.length === 0) return `${table} AS t`;
  return `(SELECT * FROM (SELECT row_number() OVER () AS file_row, * FROM ${table} NOT INDEXED) WHERE file_row NOT IN (${listed(rows)})) AS t`;
}

const listed = (rows: readonly number[]) => rows.map((row) => row + 1).join(', ');

function saleTable(hasProduct: boolean, source: SqlSource): string {
  // A whole number stored as REAL reads as one.
  const product = `trim(CASE typeof(t.product_id) WHEN 'real' THEN format('%.15g', t.product_id) ELSE t.product_id END, marks)`;
  return [
    'sale AS (',
    `  SELECT lower(trim(t.user_email, marks)) AS email${hasProduct ? `,\n    ${product} AS product` : ''}`,
    `  FROM blank, ${rowsOf('Transactions', source)}`,
    "  WHERE email <> '')",
  ].join('\n');
}

const DAY = '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]';

/** One row a subscriber, in the file's order. */
function personTable(dimensions: readonly FilterDimension[], needsId: boolean): string {
  const needs = (...names: readonly Dimension[]) => names.some((name) => dimensions.includes(name));
  const columns = [
    'row_number() OVER () AS row',
    'lower(trim(s.user_email, marks)) AS email',
    ...(needsId ? [`${integerKey('s.mailchimp_id')} AS id`] : []),
    ...(needs('optin_month', 'optin_day_of_week') ? ['trim(s.optin_time, marks) AS optin'] : []),
    ...(needs('country') ? [`nullif(lower(trim(s.country_code, marks)), '') AS "country"`] : []),
    ...(needs('member_rating') ? [`${number('s.member_rating')} AS rating`] : []),
  ];
  const derived = [
    ...(needs('email_domain', 'email_kind') ? [DOMAIN] : []),
    ...(needs('optin_month', 'optin_day_of_week') ? [OPTIN_DAY] : []),
    ...(needs('member_rating') ? [RATING_LEVEL] : []),
  ];
  const last = [
    ...(needs('email_kind') ? [emailKind()] : []),
    ...(needs('optin_month') ? ['substr(day, 1, 7) AS "optin_month"'] : []),
    ...(needs('optin_day_of_week') ? [DAY_OF_WEEK] : []),
  ];
  const read = `SELECT\n${indented(columns.join(',\n'))}\nFROM blank CROSS JOIN Subscribers AS s NOT INDEXED`;
  return [
    'person AS MATERIALIZED (',
    `  SELECT ${['*', ...last, 'email IN (SELECT email FROM sale) AS bought'].join(',\n    ')}`,
    `  FROM (SELECT ${['*', ...derived].join(',\n    ')} FROM (`,
    indented(read, '    '),
    '  )))',
  ].join('\n');
}

const DOMAIN = `nullif(trim(CASE WHEN instr(email, '@') > 0
      THEN substr(email, length(rtrim(email, replace(email, '@', ''))) + 1) END, (SELECT marks FROM blank)), '') AS "email_domain"`;
const OPTIN_DAY = `CASE WHEN (optin GLOB '${DAY}' OR optin GLOB '${DAY}[T ][0-9][0-9]:[0-9][0-9]*')
      AND date(substr(optin, 1, 10)) = substr(optin, 1, 10) THEN substr(optin, 1, 10) END AS day`;
const RATING_LEVEL =
  'CASE WHEN rating IN (1, 2, 3, 4, 5) THEN CAST(CAST(rating AS INTEGER) AS TEXT) END AS "member_rating"';
const DAY_OF_WEEK = `CASE strftime('%w', day) WHEN '1' THEN 'Mon' WHEN '2' THEN 'Tue' WHEN '3' THEN 'Wed' WHEN '4' THEN 'Thu'
      WHEN '5' THEN 'Fri' WHEN '6' THEN 'Sat' WHEN '0' THEN 'Sun' END AS "optin_day_of_week"`;

function emailKind(): string {
  return `CASE WHEN "email_domain" IS NULL THEN NULL
      WHEN "email_domain" IN (${quotedTexts(FREE_EMAIL_DOMAINS)}) THEN 'free' ELSE 'own domain' END AS "email_kind"`;
}

/** A number, or a text that reads as one whole: a comparison makes a number of the text only then. */
function number(column: string): string {
  const text = `trim(${column}, marks)`;
  return `CASE typeof(${column}) WHEN 'text' THEN iif(CAST(${text} AS NUMERIC) = ${text}, CAST(${text} AS NUMERIC), NULL)
    WHEN 'blob' THEN NULL ELSE ${column} END`;
}

/** An identifier: a whole number, or a text that reads as one. */
function integerKey(column: string): string {
  return `CASE WHEN typeof(${column}) <> 'blob' AND CAST(trim(${column}, marks) AS INTEGER) = trim(${column}, marks)
    AND trim(${column}, marks) NOT LIKE '%e%' THEN CAST(trim(${column}, marks) AS INTEGER) END`;
}

function heldTable(source: SqlSource): string {
  return [
    'held AS MATERIALIZED (',
    '  SELECT DISTINCT person.row, trim(t.tag, marks) AS tag',
    `  FROM blank, ${rowsOf('Tags', source)}`,
    `  JOIN person ON person.id = ${integerKey('t.mailchimp_id')}`,
    "  WHERE trim(t.tag, marks) <> '')",
  ].join('\n');
}

function taggedTable(dimensions: readonly FilterDimension[], source: SqlSource): string {
  const columns = dimensions.map((dimension) => {
    if (dimension === 'tag_count') return `${binOf('coalesce(n_tags, 0)')} AS "tag_count"`;
    const known = source.tags.find(({ name }) => name === dimension);
    // A file may lack a tag that an address names.
    if (known === undefined) return `NULL AS ${columnOf(dimension)}`;
    return `iif(row IN (SELECT row FROM held WHERE tag = ${quotedText(known.tag)}), 'with', 'without') AS ${columnOf(dimension)}`;
  });
  return [
    'tagged AS MATERIALIZED (',
    `  SELECT person.*, coalesce(n_tags, 0) AS n_tags,\n    ${columns.join(',\n    ')}`,
    '  FROM person LEFT JOIN (SELECT row, count(*) AS n_tags FROM held GROUP BY row) USING (row))',
  ].join('\n');
}

function binOf(count: string): string {
  const cases = TAG_COUNT_BINS.toReversed().map(
    ({ from, label }) => `WHEN ${count} >= ${from} THEN ${quotedText(label)}`,
  );
  return `CASE ${cases.join(' ')} END`;
}

function lookedTable(from: string, filters: readonly RowFilter[], source: SqlSource): string {
  const { Subscribers: leftOut } = source.leftOut;
  const conditions = [
    ...(leftOut.length === 0 ? [] : [`row NOT IN (${listed(leftOut)})`]),
    ...filters.map((filter) => condition(filter, source)),
  ];
  const where = conditions.length === 0 ? '' : `\n  WHERE ${conditions.join('\n    AND ')}`;
  return `looked AS MATERIALIZED (\n  SELECT * FROM ${from}${where})`;
}

function condition({ dimension, levels }: RowFilter, source: SqlSource): string {
  const known = levels.filter((level) => level !== MISSING_LEVEL);
  const rows = relationOf(dimension, known, source);
  const isMissing =
    rows === null
      ? `${columnOf(dimension)} IS NULL`
      : `row NOT IN (${relationOf(dimension, null, source) ?? ''})`;
  const holds = rows === null ? `${columnOf(dimension)} IN (${quotedTexts(known)})` : `row IN (${rows})`;
  if (known.length === levels.length) return holds;
  return known.length === 0 ? isMissing : `(${holds} OR ${isMissing})`;
}

/** Rows that hold any of some levels of a many-valued dimension, any level at all for null; null for other dimensions. */
function relationOf(
  dimension: FilterDimension,
  levels: readonly string[] | null,
  source: SqlSource,
): string | null {
  if (dimension === 'failing_check' || dimension === 'anomaly') {
    const rows = (levels ?? [null]).flatMap((level) => source.rowsOfLevel(dimension, level));
    return listed([...new Set(rows)].sort((a, b) => a - b));
  }
  if (dimension === 'tag') {
    const tags = source.tags.filter(({ name }) => levels?.includes(name)).map(({ tag }) => tag);
    return `SELECT row FROM held${levels === null ? '' : ` WHERE tag IN (${quotedTexts(tags)})`}`;
  }
  if (dimension !== 'product') return null;
  const which = levels === null ? "product <> ''" : `product IN (${quotedTexts(levels)})`;
  return `SELECT row FROM person JOIN sale USING (email) WHERE ${which}`;
}
