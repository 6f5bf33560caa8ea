import { ExpectedFailure, fail, type Result, succeed } from '@/lib/core/result';
import { castDay, castNumber, castText, integerKey, normalEmail } from './casts';
import type { JoinedTable, JoinReport } from './joined-table';
import { type RawColumn, type RawCrm, type RawTable, type RawValue, rawValue } from './raw-crm';
import { createSubscriberIndex, type SubscriberIndex } from './subscriber-index';
import { tagColumns } from './tag-columns';

/** Most distinct tags; each becomes a column. */
export const MAX_TAGS = 1_000;

/** Most indicator cells (subscribers × tags), one byte each. */
const MAX_INDICATOR_CELLS = 1_500_000_000;

/** Most distinct country codes, bounded by the Int16 index. */
const MAX_COUNTRY_CODES = 32_767;

/**
 * Join the three tables into `subscribers_joined`, cast and cleaned: one row a subscriber, in file order, none merged and none
 * left out. A purchase belongs to every subscriber with its e-mail in the normal form of `normalEmail`; a tag row to every
 * subscriber with its mailchimp_id.
 *
 * @returns `too_many_tags` or `too_many_countries` when the table would not fit
 */
export function joinSubscribers(
  raw: RawCrm,
): Result<{ readonly table: JoinedTable; readonly report: JoinReport }> {
  try {
    const { columns, nRows } = raw.subscribers;
    const userEmail = mappedTexts(columns.user_email, nRows);
    const countries = foldedCountries(columns.country_code, nRows);
    const purchases = matchedPurchases(userEmail, raw.transactions);
    const index = createSubscriberIndex(columns.mailchimp_id, nRows);
    const pivot = pivotedTags(raw.tags, index, nRows);
    const table: JoinedTable = {
      nRows,
      mailchimpId: Float64Array.from({ length: nRows }, (_, row) =>
        safeId(rawValue(columns.mailchimp_id, row)),
      ),
      userFullName: mappedTexts(columns.user_full_name, nRows),
      userEmail,
      memberRating: mappedColumn(columns.member_rating, new Float64Array(nRows), castNumber),
      optinDay: mappedColumn(columns.optin_time, new Int32Array(nRows), castDay),
      countryCodes: countries.codes,
      countryIndex: countries.index,
      tagCount: pivot.tagCount,
      madePurchase: purchases.madePurchase,
      tagColumns: pivot.tagColumns,
      tagIndicators: pivot.tagIndicators,
    };
    const report: JoinReport = {
      nSubscribers: nRows,
      nTransactions: raw.transactions.nRows,
      nTransactionsUnmatched: purchases.nUnmatched,
      nTagRows: raw.tags.nRows,
      ...pivot.counts,
      nBuyers: purchases.nBuyers,
      nRepeatedEmails: purchases.nRepeatedEmails,
      nRepeatedIds: index.nRepeatedIds,
      nCountryCodesFolded: countries.nFolded,
      tags: pivot.tags,
    };
    return succeed({ table, report });
  } catch (error) {
    if (error instanceof ExpectedFailure) return { ok: false, error: error.failure };
    throw error;
  }
}

function safeId(value: RawValue): number {
  const key = integerKey(value);
  return typeof key === 'number' ? key : Number.NaN;
}

function mappedTexts(column: RawColumn, nRows: number): string[] {
  const texts = new Array<string>(nRows);
  if (column.kind === 'plain') {
    for (let row = 0; row < nRows; row++) texts[row] = castText(column.values[row] ?? null);
    return texts;
  }
  const levels = column.levels.map(castText);
  for (let row = 0; row < nRows; row++) texts[row] = levels[column.codes[row]!] ?? '';
  return texts;
}

function mappedColumn<A extends Float64Array | Int32Array>(
  column: RawColumn,
  target: A,
  cast: (value: RawValue) => number,
): A {
  if (column.kind === 'plain') {
    for (let row = 0; row < target.length; row++) target[row] = cast(column.values[row] ?? null);
    return target;
  }
  const levels = column.levels.map(cast);
  for (let row = 0; row < target.length; row++) target[row] = levels[column.codes[row]!]!;
  return target;
}

/** Fold the spellings of country codes; gives distinct codes, each row’s place among them (−1 where missing), and how many came in several. */
export function foldedCountries(column: RawColumn, nRows: number) {
  const spellings = new Map<string, Set<string>>();
  const note = (value: RawValue) => {
    const spelling = castText(value);
    const code = spelling.toLowerCase();
    if (code === '') return;
    const known = spellings.get(code) ?? new Set();
    spellings.set(code, known.add(spelling));
    if (spellings.size > MAX_COUNTRY_CODES) throw tooManyCountries();
  };
  if (column.kind === 'coded') column.levels.forEach(note);
  else column.values.forEach(note);
  const codes = [...spellings.keys()].sort();
  const indexOfCode = new Map(codes.map((code, i) => [code, i]));
  const indexOf = (value: RawValue) => indexOfCode.get(castText(value).toLowerCase()) ?? -1;
  const index = Int16Array.from(mappedColumn(column, new Int32Array(nRows), indexOf));
  const nFolded = [...spellings.values()].filter((known) => known.size > 1).length;
  return { codes, index, nFolded };
}

function matchedPurchases(userEmail: readonly string[], transactions: RawTable<'Transactions'>) {
  const nOfEmail = new Map<string, number>();
  const { user_email } = transactions.columns;
  for (let row = 0; row < transactions.nRows; row++) {
    const email = normalEmail(castText(rawValue(user_email, row)));
    if (email !== '') nOfEmail.set(email, (nOfEmail.get(email) ?? 0) + 1);
  }
  const madePurchase = new Uint8Array(userEmail.length);
  const seen = new Set<string>();
  let [nBuyers, nMatched, nRepeatedEmails] = [0, 0, 0];
  userEmail.forEach((stored, row) => {
    const email = normalEmail(stored);
    if (email === '') return;
    const isRepeated = seen.has(email);
    seen.add(email);
    if (isRepeated) nRepeatedEmails++;
    const nPurchases = nOfEmail.get(email);
    if (nPurchases === undefined) return;
    madePurchase[row] = 1;
    nBuyers++;
    if (!isRepeated) nMatched += nPurchases;
  });
  return { madePurchase, nBuyers, nRepeatedEmails, nUnmatched: transactions.nRows - nMatched };
}

function pivotedTags(tags: RawTable<'Tags'>, index: SubscriberIndex, nRows: number) {
  const { mailchimp_id: ids, tag } = tags.columns;
  const levels = (tag.kind === 'coded' ? tag.levels : tag.values).map(castText);
  const columns = tagColumns(distinctTags(levels, nRows));
  const columnOfTag = new Map(columns.map((column, i) => [column.tag, i]));
  const columnOfLevel = levels.map((text) => columnOfTag.get(text) ?? -1);
  const tagIndicators = columns.map(() => new Uint8Array(nRows));
  const tagCount = new Uint16Array(nRows);
  let [nTagRowsUnmatched, nTagRowsBlank, nTagRowsRepeated] = [0, 0, 0];
  for (let i = 0; i < tags.nRows; i++) {
    const row = index.firstRow(rawValue(ids, i));
    const indicators = tagIndicators[columnOfLevel[tag.kind === 'coded' ? tag.codes[i]! : i]!];
    if (!indicators) nTagRowsBlank++;
    else if (row < 0) nTagRowsUnmatched++;
    else if (indicators[row] === 1) nTagRowsRepeated++;
    else markTag(indicators, tagCount, index, row);
  }
  const counts = { nTagRowsUnmatched, nTagRowsBlank, nTagRowsRepeated };
  return {
    tagCount,
    tagIndicators,
    tagColumns: columns.map(({ name }) => name),
    tags: columns.map(({ tag: text }) => text),
    counts,
  };
}

function markTag(
  indicators: Uint8Array,
  tagCount: Uint16Array,
  index: SubscriberIndex,
  firstRow: number,
): void {
  for (let row = firstRow; row >= 0; row = index.nextRow(row)) {
    indicators[row] = 1;
    tagCount[row] = (tagCount[row] ?? 0) + 1;
  }
}

function distinctTags(levels: readonly string[], nRows: number): string[] {
  const distinct = new Set(levels);
  distinct.delete('');
  if (distinct.size <= MAX_TAGS && distinct.size * nRows <= MAX_INDICATOR_CELLS) return [...distinct];
  throw new ExpectedFailure(
    fail(
      'too_many_tags',
      `Table Tags holds ${distinct.size} different tags for ${nRows} subscribers, more than the ${MAX_TAGS} (and ${MAX_INDICATOR_CELLS} cells) allowed.`,
      'Group the tags, or keep only those that say something about buying.',
    ).error,
  );
}

function tooManyCountries(): ExpectedFailure {
  return new ExpectedFailure(
    fail(
      'too_many_countries',
      `Column country_code of Subscribers holds more than ${MAX_COUNTRY_CODES} different values.`,
      'Give two-letter country codes (ISO 3166-1).',
    ).error,
  );
}
