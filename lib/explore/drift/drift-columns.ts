import { calendarParts, type Day, MISSING_DAY } from '@/lib/core/day';
import type { JoinedTable } from '@/lib/crm/joined-table';
import {
  createSegmenter,
  type Dimension,
  type FilterDimension,
  filterDimensionOf,
  type Segmenter,
  TAG_LEVELS,
} from '../segments/dimensions';

/** A column whose distribution is watched. */
export type MonitoredColumn = {
  /** As the features are named. */
  readonly name: string;
  /** The dimension whose levels are the column's; null where there is none to filter by. */
  readonly dimension: FilterDimension | null;
  /** Whether it follows from the opt-in date. */
  readonly isOfOptin: boolean;
  /** Whether it is what the model is to predict. */
  readonly isLabel: boolean;
} & (
  | {
      readonly kind: 'number';
      /** NaN where missing. */
      readonly values: ArrayLike<number>;
    }
  | {
      readonly kind: 'level';
      readonly levels: readonly string[];
      /** Index into `levels`; below 0 where missing. */
      readonly codes: ArrayLike<number>;
      readonly isOrdered: boolean;
    }
);

/** Levels of the label. */
const DECIDED = ['no', 'yes'];

/**
 * List the columns to watch: the rating, counts, country and e-mail, each tag, the label, and what follows from the opt-in date.
 *
 * @param options.tags columns of tags; one that the table lacks is held by nobody
 * @param options.newestDay the day that days on the list are counted from
 */
export function monitoredColumns(
  table: JoinedTable,
  options: { readonly segmenter: Segmenter; readonly tags: readonly string[]; readonly newestDay: Day },
): readonly MonitoredColumn[] {
  const { segmenter, tags, newestDay } = options;
  const plain = { dimension: null, isOfOptin: false, isLabel: false };
  const segments = (name: string, dimension: Dimension): MonitoredColumn => {
    const found = segmenter(dimension);
    if (found.kind !== 'single') throw new Error(`Expected one level a row of ${dimension}`);
    const { levels, codes } = found;
    return { ...plain, name, dimension, kind: 'level', levels, codes, isOrdered: false };
  };
  const tagAt = new Map(table.tagColumns.map((tag, column) => [tag, table.tagIndicators[column]!]));
  return [
    {
      ...plain,
      name: 'member_rating',
      dimension: 'member_rating',
      kind: 'number',
      values: table.memberRating,
    },
    { ...plain, name: 'tag_count', kind: 'number', values: table.tagCount },
    segments('country_code', 'country'),
    segments('email_domain', 'email_domain'),
    segments('is_free_email', 'email_kind'),
    ...tags.map(
      (tag): MonitoredColumn => ({
        ...plain,
        name: tag,
        dimension: filterDimensionOf(tag) ?? null,
        kind: 'level',
        levels: TAG_LEVELS,
        codes: tagAt.get(tag) ?? new Uint8Array(table.nRows),
        isOrdered: true,
      }),
    ),
    {
      ...plain,
      name: 'made_purchase',
      isLabel: true,
      kind: 'level',
      levels: DECIDED,
      codes: table.madePurchase,
      isOrdered: true,
    },
    ...optinColumns(table, newestDay),
  ];
}

/** Months and weekdays as 1–12 and 0–6; quarter, day of the year and weekend follow from the same and are not repeated. */
function optinColumns({ nRows, optinDay, tagCount }: JoinedTable, newestDay: Day): MonitoredColumn[] {
  const known = new Map<Day, ReturnType<typeof calendarParts>>();
  const partsOf = (day: Day) => {
    const parts = known.get(day) ?? calendarParts(day);
    known.set(day, parts);
    return parts;
  };
  const column = (name: string, of: (day: Day, row: number) => number): MonitoredColumn => {
    const values = new Float64Array(nRows);
    for (let row = 0; row < nRows; row++) {
      const day = optinDay[row]!;
      values[row] = day === MISSING_DAY ? Number.NaN : of(day, row);
    }
    return { name, dimension: null, isOfOptin: true, isLabel: false, kind: 'number', values };
  };
  return [
    column('optin_days', (day) => newestDay - day),
    column('optin_month', (day) => partsOf(day).month),
    column('optin_day_of_week', (day) => partsOf(day).dayOfWeek),
    column('tag_count_by_optin_day', (day, row) => tagCount[row]! / (Math.abs(newestDay - day) + 1)),
  ];
}

/** Make the segmenter of a table alone, without purchases and checks. */
export function segmenterOfTable(table: JoinedTable): Segmenter {
  const none = () => new Uint32Array(0);
  const checks = { names: [], rowsOf: none };
  return createSegmenter({ table, checks, purchases: { products: [], rowsOf: none } });
}
