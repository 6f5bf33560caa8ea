import { type Day, MISSING_DAY } from '@/lib/core/day';
import { castDay, castText, normalEmail } from '@/lib/crm/casts';
import { type RawColumn, type RawCrm, type RawTable, rawValue } from '@/lib/crm/raw-crm';
import { createSubscriberIndex } from '@/lib/crm/subscriber-index';
import { rowsWhere } from './expectations/column-map';

/** Rows of Subscribers whose country code is also written in another case, ascending. */
export function rowsInSeveralCases(column: RawColumn, nRows: number): Uint32Array {
  const spellings = new Map<string, Set<string>>();
  for (let row = 0; row < nRows; row++) {
    const spelling = castText(rawValue(column, row));
    if (spelling === '') continue;
    const code = spelling.toLowerCase();
    spellings.set(code, (spellings.get(code) ?? new Set()).add(spelling));
  }
  return rowsWhere(nRows, (row) => {
    const code = castText(rawValue(column, row)).toLowerCase();
    return (spellings.get(code)?.size ?? 0) > 1;
  });
}

/** Rows of Tags whose mailchimp_id belongs to no subscriber, blank tags left out, ascending. */
export function tagRowsOfNobody({ subscribers, tags }: RawCrm): Uint32Array {
  const index = createSubscriberIndex(subscribers.columns.mailchimp_id, subscribers.nRows);
  const { mailchimp_id: ids, tag } = tags.columns;
  return rowsWhere(
    tags.nRows,
    (row) => castText(rawValue(tag, row)) !== '' && index.firstRow(rawValue(ids, row)) < 0,
  );
}

/** Rows of Transactions whose e-mail is missing or belongs to no subscriber, ascending. */
export function transactionRowsOfNobody({ subscribers, transactions }: RawCrm): Uint32Array {
  const emails = new Set<string>();
  for (let row = 0; row < subscribers.nRows; row++) emails.add(emailAt(subscribers, row));
  return rowsWhere(transactions.nRows, (row) => {
    const email = emailAt(transactions, row);
    return email === '' || !emails.has(email);
  });
}

/** Purchases whose day and whose buyer's opt-in day are known, and those of them that came before it. */
export interface PurchaseDays {
  readonly nCompared: number;
  /** Rows of Transactions, ascending. */
  readonly early: Uint32Array;
}

/**
 * Compare purchases with the opt-in of their buyer, as the join matches them by e-mail address. Of several subscribers with one
 * address the earliest opt-in counts.
 */
export function purchasesBeforeOptin({ subscribers, transactions }: RawCrm): PurchaseDays {
  const optinDay = new Map<string, Day>();
  // Few subscribers buy: only their days are looked up.
  for (let row = 0; row < transactions.nRows; row++) optinDay.set(emailAt(transactions, row), MISSING_DAY);
  optinDay.delete('');
  for (let row = 0; row < subscribers.nRows; row++) {
    const email = emailAt(subscribers, row);
    const known = optinDay.get(email);
    if (known === undefined) continue;
    const day = castDay(rawValue(subscribers.columns.optin_time, row));
    if (known === MISSING_DAY || (day !== MISSING_DAY && day < known)) optinDay.set(email, day);
  }
  let nCompared = 0;
  const early = rowsWhere(transactions.nRows, (row) => {
    const day = castDay(rawValue(transactions.columns.purchased_at, row));
    const optin = optinDay.get(emailAt(transactions, row));
    if (day === MISSING_DAY || optin === undefined || optin === MISSING_DAY) return false;
    nCompared += 1;
    return day < optin;
  });
  return { nCompared, early };
}

function emailAt({ columns }: RawTable<'Subscribers'> | RawTable<'Transactions'>, row: number): string {
  return normalEmail(castText(rawValue(columns.user_email, row)));
}

/**
 * Find the subscribers behind rows of a table: themselves, those with the mailchimp_id of a tag, those with the e-mail of a
 * purchase. Rows of nobody have none.
 *
 * @returns rows of Subscribers, ascending, each once
 */
export function subscribersBehind(raw: RawCrm, table: string, rows: Uint32Array): Uint32Array {
  const { subscribers, tags, transactions } = raw;
  const found = new Uint8Array(subscribers.nRows);
  if (table === tags.name) {
    const index = createSubscriberIndex(subscribers.columns.mailchimp_id, subscribers.nRows);
    for (const row of rows) {
      let subscriber = index.firstRow(rawValue(tags.columns.mailchimp_id, row));
      for (; subscriber >= 0; subscriber = index.nextRow(subscriber)) found[subscriber] = 1;
    }
  } else if (table === transactions.name) {
    const emails = new Set(Array.from(rows, (row) => emailAt(transactions, row)));
    emails.delete('');
    for (let row = 0; row < subscribers.nRows; row++)
      if (emails.has(emailAt(subscribers, row))) found[row] = 1;
  } else for (const row of rows) found[row] = 1;
  return rowsWhere(subscribers.nRows, (row) => found[row] === 1);
}
