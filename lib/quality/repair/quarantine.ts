import { castText, integerKey, normalEmail } from '@/lib/crm/casts';
import { type RawCrm, rawValue } from '@/lib/crm/raw-crm';
import { rowsWithout } from '@/lib/crm/raw-rows';
import { createSubscriberIndex } from '@/lib/crm/subscriber-index';
import { rowsWhere } from '../expectations/column-map';

/** Rows left out, by table. */
export interface LeftOutCounts {
  readonly Subscribers: number;
  readonly Tags: number;
  readonly Transactions: number;
}

/** Nothing left out. */
export const NOTHING_LEFT_OUT: LeftOutCounts = { Subscribers: 0, Tags: 0, Transactions: 0 };

/**
 * Leave rows of a table out. With subscribers go their tags, unless another subscriber has the same mailchimp_id, and their
 * purchases, unless another has the same e-mail address: else these would turn up as rows of nobody.
 *
 * @param table the table that the rows are of; rows of `subscribers_joined` are those of Subscribers
 * @param rows ascending, each once
 */
export function withoutRows(
  raw: RawCrm,
  table: 'Subscribers' | 'Tags' | 'Transactions' | 'subscribers_joined',
  rows: Uint32Array,
): { readonly raw: RawCrm; readonly leftOut: LeftOutCounts } {
  if (rows.length === 0) return { raw, leftOut: NOTHING_LEFT_OUT };
  if (table === 'Tags') {
    const tags = rowsWithout(raw.tags, marked(raw.tags.nRows, rows));
    return { raw: { ...raw, tags }, leftOut: { ...NOTHING_LEFT_OUT, Tags: rows.length } };
  }
  if (table === 'Transactions') {
    const transactions = rowsWithout(raw.transactions, marked(raw.transactions.nRows, rows));
    return { raw: { ...raw, transactions }, leftOut: { ...NOTHING_LEFT_OUT, Transactions: rows.length } };
  }
  const isLeftOut = marked(raw.subscribers.nRows, rows);
  const orphanTags = tagsOfOnly(raw, isLeftOut);
  const orphanPurchases = purchasesOfOnly(raw, isLeftOut);
  return {
    raw: {
      ...raw,
      subscribers: rowsWithout(raw.subscribers, isLeftOut),
      tags: rowsWithout(raw.tags, marked(raw.tags.nRows, orphanTags)),
      transactions: rowsWithout(raw.transactions, marked(raw.transactions.nRows, orphanPurchases)),
    },
    leftOut: {
      Subscribers: rows.length,
      Tags: orphanTags.length,
      Transactions: orphanPurchases.length,
    },
  };
}

function marked(nRows: number, rows: Uint32Array): Uint8Array {
  const marks = new Uint8Array(nRows);
  for (const row of rows) marks[row] = 1;
  return marks;
}

/** Rows of Tags whose every subscriber is left out. */
function tagsOfOnly({ subscribers, tags }: RawCrm, isLeftOut: Uint8Array): Uint32Array {
  const index = createSubscriberIndex(subscribers.columns.mailchimp_id, subscribers.nRows);
  return rowsWhere(tags.nRows, (tagRow) => {
    let row = index.firstRow(rawValue(tags.columns.mailchimp_id, tagRow));
    if (row < 0) return false;
    for (; row >= 0; row = index.nextRow(row)) if (isLeftOut[row] !== 1) return false;
    return true;
  });
}

/** Rows of Transactions whose every subscriber is left out. */
function purchasesOfOnly({ subscribers, transactions }: RawCrm, isLeftOut: Uint8Array): Uint32Array {
  const lost = new Set<string>();
  const emailOf = (row: number) => normalEmail(castText(rawValue(subscribers.columns.user_email, row)));
  for (let row = 0; row < subscribers.nRows; row++) if (isLeftOut[row] === 1) lost.add(emailOf(row));
  for (let row = 0; row < subscribers.nRows; row++) if (isLeftOut[row] !== 1) lost.delete(emailOf(row));
  lost.delete('');
  const { user_email } = transactions.columns;
  return rowsWhere(transactions.nRows, (row) => lost.has(normalEmail(castText(rawValue(user_email, row)))));
}

/**
 * Rows of Tags or Transactions that say what an earlier row of the table says: the tag of a subscriber; the transaction_id of a
 * buyer. The same transaction_id of another buyer is no repeat, since leaving it out would lose a buyer.
 */
export function repeatsOf(raw: RawCrm, table: 'Tags' | 'Transactions'): Uint32Array {
  const seen = new Set<string>();
  const isRepeat = (key: string | null) => {
    if (key === null) return false;
    if (seen.has(key)) return true;
    seen.add(key);
    return false;
  };
  const { tags, transactions } = raw;
  if (table === 'Transactions') {
    const { transaction_id, user_email } = transactions.columns;
    return rowsWhere(transactions.nRows, (row) => {
      const id = integerKey(rawValue(transaction_id, row));
      const email = normalEmail(castText(rawValue(user_email, row)));
      return isRepeat(id === null ? null : `${id} ${email}`);
    });
  }
  const { mailchimp_id, tag } = tags.columns;
  return rowsWhere(tags.nRows, (row) => {
    const id = integerKey(rawValue(mailchimp_id, row));
    const text = castText(rawValue(tag, row));
    return isRepeat(id === null || text === '' ? null : `${id} ${text}`);
  });
}
