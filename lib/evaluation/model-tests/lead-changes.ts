import { MISSING_DAY, parseDay } from '@/lib/core/day';
import type { JoinedTable } from '@/lib/crm/joined-table';
import type { FeatureSpec } from '@/lib/features/spec';
import { leadTable } from './test-leads';
import type { NeutralChange, RoughChange } from './test-suite';

/** Beyond every date that a list can hold. */
const LONG_AGO = '1970-01-01';
const FAR_AHEAD = '2099-12-31';
/** The most that the join counts. */
const MOST_TAGS = 65_535;

/** Take rows of a table, in the order given. */
export function tableAt(table: JoinedTable, rows: ArrayLike<number>): JoinedTable {
  const at = Uint32Array.from(rows);
  return {
    ...table,
    nRows: at.length,
    mailchimpId: Float64Array.from(at, (row) => table.mailchimpId[row]!),
    userFullName: Array.from(at, (row) => table.userFullName[row]!),
    userEmail: Array.from(at, (row) => table.userEmail[row]!),
    memberRating: Float64Array.from(at, (row) => table.memberRating[row]!),
    optinDay: Int32Array.from(at, (row) => table.optinDay[row]!),
    countryIndex: Int16Array.from(at, (row) => table.countryIndex[row]!),
    tagCount: Uint16Array.from(at, (row) => table.tagCount[row]!),
    madePurchase: Uint8Array.from(at, (row) => table.madePurchase[row]!),
    tagIndicators: table.tagIndicators.map((held) => Uint8Array.from(at, (row) => held[row]!)),
  };
}

/** Make a change that a model must not notice. Rows keep their places, but for `row_order` and `alone`, which the test undoes. */
export function neutralChange(
  table: JoinedTable,
  change: Exclude<NeutralChange, 'row_order' | 'alone'>,
): JoinedTable {
  switch (change) {
    case 'name':
      return { ...table, userFullName: table.userFullName.map((name) => [...name].reverse().join('')) };
    case 'id':
      return { ...table, mailchimpId: table.mailchimpId.map((id) => id + 1_000_000) };
    case 'email_spelling':
      return { ...table, userEmail: table.userEmail.map(respelt) };
    case 'country_case': {
      const country = countriesOf(table).map((code) => (code === '' ? '' : ` ${code.toUpperCase()} `));
      return relabelled(table, country);
    }
    default:
      return change satisfies never;
  }
}

/** Another address at the same domain, the domain in capitals. */
function respelt(email: string): string {
  const at = email.lastIndexOf('@');
  return at === -1 ? email : `Someone.Else+list${email.slice(at).toUpperCase()}`;
}

/** Take something away, or put in what no training row had. */
export function roughChange(
  table: JoinedTable,
  change: RoughChange,
  spec: Pick<FeatureSpec, 'referenceDay'>,
): JoinedTable {
  const { nRows } = table;
  const none = (array: Int32Array | Float64Array | Int16Array, value: number) => array.map(() => value);
  switch (change) {
    case 'rating_missing':
      return { ...table, memberRating: new Float64Array(nRows).fill(Number.NaN) };
    case 'country_missing':
      return { ...table, countryIndex: new Int16Array(nRows).fill(-1) };
    case 'optin_missing':
      return { ...table, optinDay: none(table.optinDay, MISSING_DAY) as Int32Array };
    case 'email_missing':
      return { ...table, userEmail: table.userEmail.map(() => '') };
    case 'tags_missing':
      return {
        ...table,
        tagCount: new Uint16Array(nRows),
        tagIndicators: table.tagIndicators.map(() => new Uint8Array(nRows)),
      };
    case 'all_missing':
      return (
        ['rating_missing', 'country_missing', 'optin_missing', 'email_missing', 'tags_missing'] as const
      ).reduce((changed, part) => roughChange(changed, part, spec), table);
    case 'country_unknown':
      return relabelled(table, new Array<string>(nRows).fill('atlantis'));
    case 'tag_unknown':
      return {
        ...table,
        tagColumns: [...table.tagColumns, 'tag_never_seen_in_training'],
        tagIndicators: [...table.tagIndicators, new Uint8Array(nRows).fill(1)],
      };
    case 'optin_in_the_future':
      return { ...table, optinDay: none(table.optinDay, parseDay(FAR_AHEAD)) as Int32Array };
    case 'optin_long_ago':
      return { ...table, optinDay: none(table.optinDay, parseDay(LONG_AGO)) as Int32Array };
    case 'rating_out_of_range':
      return { ...table, memberRating: table.memberRating.map((_, row) => (row % 2 === 0 ? 99 : -3)) };
    case 'tag_count_huge':
      return { ...table, tagCount: new Uint16Array(nRows).fill(MOST_TAGS) };
    default:
      return change satisfies never;
  }
}

function countriesOf({ countryCodes, countryIndex }: JoinedTable): readonly string[] {
  return Array.from(countryIndex, (index) => (index < 0 ? '' : countryCodes[index]!));
}

/** Give rows other country codes, folded as a join folds them. */
function relabelled(table: JoinedTable, country: readonly string[]): JoinedTable {
  const { countryCodes, countryIndex } = leadTable({
    name: table.userFullName,
    email: table.userEmail,
    rating: table.memberRating,
    optinDay: table.optinDay,
    country,
    tagCount: table.tagCount,
    tagColumns: table.tagColumns,
    tagIndicators: table.tagIndicators,
  });
  return { ...table, countryCodes, countryIndex };
}
