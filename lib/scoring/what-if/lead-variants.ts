import type { Day } from '@/lib/core/day';
import type { JoinedTable } from '@/lib/crm/joined-table';

/** What a lead is asked about as if it were so; what is left out stays as it is. */
export interface LeadChange {
  /** NaN for none. */
  readonly memberRating?: number;
  /** Lower-case code; '' for none. */
  readonly countryCode?: string;
  /** `MISSING_DAY` for none. */
  readonly optinDay?: Day;
  /** Columns of tags that the lead does not hold. */
  readonly addedTags?: readonly string[];
  /** Columns of tags that the lead holds. */
  readonly removedTags?: readonly string[];
}

/** Names of the columns that a lead holds. */
export function heldTags({ tagColumns, tagIndicators }: JoinedTable, row: number): string[] {
  return tagColumns.filter((_, column) => tagIndicators[column]![row] === 1);
}

/**
 * Build a table of one lead as it would be with each of some changes, to be encoded and scored as any other. The number of
 * tags follows the tags.
 *
 * @throws where a tag is added that is held or that the table lacks, or one is removed that is not held
 */
export function leadVariants(table: JoinedTable, row: number, changes: readonly LeadChange[]): JoinedTable {
  const columnOfTag = new Map(table.tagColumns.map((tag, column) => [tag, column]));
  const country = table.countryIndex[row]!;
  const codes = changes.map(
    ({ countryCode }) => countryCode ?? (country < 0 ? '' : table.countryCodes[country]!),
  );
  const countryCodes = [...new Set(codes.filter((code) => code !== ''))].sort();
  const tagIndicators = table.tagIndicators.map((holds) => new Uint8Array(changes.length).fill(holds[row]!));
  const tagCount = new Uint16Array(changes.length).fill(table.tagCount[row]!);
  for (const [variant, { addedTags = [], removedTags = [] }] of changes.entries()) {
    for (const [tags, held] of [
      [removedTags, 1],
      [addedTags, 0],
    ] as const) {
      for (const tag of tags) {
        const holds = tagIndicators[columnOfTag.get(tag) ?? -1];
        if (holds?.[variant] !== held)
          throw new Error(`Expected ${tag} to be a tag that ${held === 1 ? 'is' : 'is not'} held`);
        holds[variant] = 1 - held;
      }
    }
    tagCount[variant] = table.tagCount[row]! + addedTags.length - removedTags.length;
  }
  return {
    nRows: changes.length,
    mailchimpId: new Float64Array(changes.length).fill(table.mailchimpId[row]!),
    userFullName: changes.map(() => table.userFullName[row]!),
    userEmail: changes.map(() => table.userEmail[row]!),
    memberRating: Float64Array.from(changes, ({ memberRating }) => memberRating ?? table.memberRating[row]!),
    optinDay: Int32Array.from(changes, ({ optinDay }) => optinDay ?? table.optinDay[row]!),
    countryCodes,
    countryIndex: Int16Array.from(codes, (code) => countryCodes.indexOf(code)),
    tagCount,
    madePurchase: new Uint8Array(changes.length).fill(table.madePurchase[row]!),
    tagColumns: table.tagColumns,
    tagIndicators,
  };
}
