import { calendarParts, MISSING_DAY } from '@/lib/core/day';
import { emailDomain } from '@/lib/crm/email-domain';
import { FREE_EMAIL_DOMAINS } from '@/lib/crm/free-email-domains';
import type { JoinedTable } from '@/lib/crm/joined-table';
import type { ProductPurchases } from '@/lib/crm/product-purchases';

/** What subscribers can be told apart by, in the order that a page offers it. */
export const DIMENSIONS = [
  'country',
  'product',
  'tag',
  'email_domain',
  'email_kind',
  'optin_month',
  'optin_day_of_week',
  'member_rating',
  'tag_count',
  'failing_check',
  'anomaly',
] as const;

export type Dimension = (typeof DIMENSIONS)[number];

/** A tag as a dimension of its own, named like its column: `TAG_LEVELS` are its levels. */
export type TagDimension = `tag_${string}`;

/** What subscribers can be filtered by. A tag called like a dimension gives way to it. */
export type FilterDimension = Dimension | TagDimension;

/** Whether somebody lacks a tag or holds it. */
export const TAG_LEVELS = ['without', 'with'] as const;

/** Read the name of what can be filtered by; undefined for any other text. */
export function filterDimensionOf(name: string): FilterDimension | undefined {
  return DIMENSIONS.find((known) => known === name) ?? (isTagName(name) ? name : undefined);
}

function isTagName(name: string): name is TagDimension {
  return name.startsWith('tag_') && name.length > 'tag_'.length;
}

/** What sales are segmented by: a failing check or an anomaly is something to filter to, not a kind of subscriber. */
export type SegmentDimension = Exclude<Dimension, 'failing_check' | 'anomaly'>;
export const SEGMENT_DIMENSIONS = DIMENSIONS.filter(
  (dimension): dimension is SegmentDimension => dimension !== 'failing_check' && dimension !== 'anomaly',
);

/** How the levels of a dimension are put: by their sales, or in an order of their own. */
const ORDERED: readonly Dimension[] = ['optin_month', 'optin_day_of_week', 'member_rating', 'tag_count'];

/** Whether a dimension's levels have an order of their own, such as months. */
export function isOrdered(dimension: Dimension): boolean {
  return ORDERED.includes(dimension);
}

/**
 * The levels of a dimension and who holds them. A subscriber holds at most one level of a single-valued dimension, any
 * number of a many-valued one.
 */
export type Segments =
  | {
      readonly kind: 'single';
      /** In the dimension's own order where it has one, else alphabetical. */
      readonly levels: readonly string[];
      /** Index into `levels` a row; −1 where missing. */
      readonly codes: Int32Array;
    }
  | {
      readonly kind: 'many';
      readonly levels: readonly string[];
      /** Rows that hold a level, ascending, each once. */
      readonly rowsOf: (level: number) => Uint32Array;
    };

/** What is explored: the joined table, and who bought which product. */
export interface ExploredData {
  readonly table: JoinedTable;
  readonly purchases: ProductPurchases;
  readonly checks: FailedChecks;
  /** Groups of subscribers who look wrong; none where left out. */
  readonly anomalies?: FailedChecks;
}

/** Checks that failed, and the subscribers behind the rows that they found. */
export interface FailedChecks {
  readonly names: readonly string[];
  /** Rows of the joined table, ascending, each once. */
  rowsOf(check: number): Uint32Array;
}

/** Gives the segments of a dimension, worked out when first asked for. */
export type Segmenter = (dimension: FilterDimension) => Segments;

/** Make the segmenter of a table. */
export function createSegmenter(data: ExploredData): Segmenter {
  const known = new Map<FilterDimension, Segments>();
  return (dimension) => {
    const found = known.get(dimension) ?? anySegments(data, dimension);
    known.set(dimension, found);
    return found;
  };
}

function anySegments(data: ExploredData, dimension: FilterDimension): Segments {
  const known = DIMENSIONS.find((name) => name === dimension);
  if (known !== undefined) return segmentsOf(data, known);
  const { tagColumns, tagIndicators, nRows } = data.table;
  const indicators = tagIndicators[tagColumns.indexOf(dimension)];
  // An address may name a tag that the file lacks: nobody is known to hold it, nor to lack it.
  const codes = indicators === undefined ? new Int32Array(nRows).fill(-1) : Int32Array.from(indicators);
  return { kind: 'single', levels: TAG_LEVELS, codes };
}

function segmentsOf({ table, purchases, checks, anomalies }: ExploredData, dimension: Dimension): Segments {
  switch (dimension) {
    case 'country':
      return { kind: 'single', levels: table.countryCodes, codes: Int32Array.from(table.countryIndex) };
    case 'product':
      return { kind: 'many', levels: purchases.products, rowsOf: (product) => purchases.rowsOf(product) };
    case 'failing_check':
      return { kind: 'many', levels: checks.names, rowsOf: (check) => checks.rowsOf(check) };
    case 'anomaly':
      return {
        kind: 'many',
        levels: anomalies?.names ?? [],
        rowsOf: (group) => anomalies?.rowsOf(group) ?? new Uint32Array(0),
      };
    case 'tag':
      return {
        kind: 'many',
        levels: table.tagColumns,
        rowsOf: (level) => onesOf(table.tagIndicators[level]!),
      };
    case 'email_domain':
      return textSegments(table.userEmail, emailDomain);
    case 'email_kind':
      return emailKinds(table);
    case 'optin_month':
      return monthSegments(table.optinDay);
    case 'optin_day_of_week':
      return codedSegments(DAYS_OF_WEEK, table.optinDay, (day) =>
        day === MISSING_DAY ? -1 : calendarParts(day).dayOfWeek,
      );
    case 'member_rating':
      return codedSegments(RATINGS, table.memberRating, (rating) =>
        Number.isInteger(rating) && rating >= 1 && rating <= RATINGS.length ? rating - 1 : -1,
      );
    case 'tag_count':
      return codedSegments(
        TAG_COUNT_BINS.map(({ label }) => label),
        table.tagCount,
        binOfTagCount,
      );
    default:
      return dimension satisfies never;
  }
}

const DAYS_OF_WEEK = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];
const RATINGS = ['1', '2', '3', '4', '5'];

/** Bins of the tag count: single counts as far as many subscribers have them, wider ones above. */
export const TAG_COUNT_BINS = [
  { label: '0', from: 0 },
  { label: '1', from: 1 },
  { label: '2', from: 2 },
  { label: '3', from: 3 },
  { label: '4', from: 4 },
  { label: '5', from: 5 },
  { label: '6–7', from: 6 },
  { label: '8–10', from: 8 },
  { label: '11–14', from: 11 },
  { label: '15–20', from: 15 },
  { label: '21+', from: 21 },
] as const;

function binOfTagCount(count: number): number {
  let bin = TAG_COUNT_BINS.length - 1;
  while (bin > 0 && count < TAG_COUNT_BINS[bin]!.from) bin--;
  return bin;
}

/** Few numbers carry many rows: each distinct one is coded once. */
function codedSegments(
  levels: readonly string[],
  values: ArrayLike<number>,
  codeOf: (value: number) => number,
): Segments {
  const known = new Map<number, number>();
  const codes = Int32Array.from(values, (value) => {
    let code = known.get(value);
    if (code === undefined) {
      code = codeOf(value);
      known.set(value, code);
    }
    return code;
  });
  return { kind: 'single', levels, codes };
}

function monthSegments(days: Int32Array): Segments {
  const textOf = (day: number) => {
    const { year, month } = calendarParts(day);
    return `${String(year).padStart(4, '0')}-${String(month).padStart(2, '0')}`;
  };
  const months = new Map<number, string>();
  for (const day of days) if (day !== MISSING_DAY && !months.has(day)) months.set(day, textOf(day));
  const levels = [...new Set(months.values())].sort();
  const codeOfLevel = new Map(levels.map((level, code) => [level, code]));
  return codedSegments(levels, days, (day) => codeOfLevel.get(months.get(day) ?? '') ?? -1);
}

function textSegments(texts: readonly string[], levelOf: (text: string) => string): Segments {
  const order = new Map<string, number>();
  const found = Int32Array.from(texts, (text) => {
    const level = levelOf(text);
    if (level === '') return -1;
    let code = order.get(level);
    if (code === undefined) {
      code = order.size;
      order.set(level, code);
    }
    return code;
  });
  const levels = [...order.keys()].sort();
  const sorted = new Int32Array(levels.length);
  for (const [code, level] of levels.entries()) sorted[order.get(level)!] = code;
  return { kind: 'single', levels, codes: found.map((code) => (code < 0 ? -1 : sorted[code]!)) };
}

const EMAIL_KINDS = ['free', 'own domain'];

function emailKinds(table: JoinedTable): Segments {
  const domains = textSegments(table.userEmail, emailDomain);
  if (domains.kind !== 'single') throw new Error('An address has one domain');
  const free = new Set(FREE_EMAIL_DOMAINS);
  const kindOf = Int32Array.from(domains.levels, (domain) => (free.has(domain) ? 0 : 1));
  return {
    kind: 'single',
    levels: EMAIL_KINDS,
    codes: domains.codes.map((code) => (code < 0 ? -1 : kindOf[code]!)),
  };
}

function onesOf(indicators: Uint8Array): Uint32Array {
  let n = 0;
  for (const one of indicators) n += one;
  const rows = new Uint32Array(n);
  let at = 0;
  for (let row = 0; row < indicators.length; row++) if (indicators[row] === 1) rows[at++] = row;
  return rows;
}
