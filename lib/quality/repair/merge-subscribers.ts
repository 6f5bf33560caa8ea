import { MISSING_DAY } from '@/lib/core/day';
import { castDay, castNumber, castText, integerKey, normalEmail } from '@/lib/crm/casts';
import { type RawCrm, type RawTable, type RawValue, rawValue } from '@/lib/crm/raw-crm';
import { rowsWithout, withColumn } from '@/lib/crm/raw-rows';
import type { KeepRule } from './repair-step';

type Subscribers = RawTable<'Subscribers'>;

/** Subscribers without those who are merged into another, and where their tags went. */
export interface Merged {
  readonly raw: RawCrm;
  readonly nMerged: number;
  /** Tag rows that now belong to the subscriber kept. */
  readonly nTagsMoved: number;
  /** Tag rows left out because the subscriber kept has the tag already. */
  readonly nTagsRepeated: number;
}

/**
 * Keep one of the subscribers who share an e-mail address, in its normal form; rows without one are all kept. Tags of a row that
 * goes move to the row kept, unless another subscriber has the same mailchimp_id, or the row kept has none.
 */
export function mergedSubscribers(raw: RawCrm, keep: KeepRule): Merged {
  const { subscribers } = raw;
  const keptRow = keptRows(subscribers, keep);
  const isMerged = new Uint8Array(subscribers.nRows);
  let nMerged = 0;
  for (let row = 0; row < subscribers.nRows; row++) {
    if (keptRow[row] === row) continue;
    isMerged[row] = 1;
    nMerged += 1;
  }
  if (nMerged === 0) return { raw, nMerged: 0, nTagsMoved: 0, nTagsRepeated: 0 };
  const tags = movedTags(raw, keptRow);
  return {
    raw: { ...raw, subscribers: rowsWithout(subscribers, isMerged), tags: tags.table },
    nMerged,
    nTagsMoved: tags.nMoved,
    nTagsRepeated: tags.nRepeated,
  };
}

/** How many rows merging would leave out: those that repeat the address of an earlier one. */
export function nMergeable(subscribers: Subscribers): number {
  const seen = new Set<string>();
  let nPresent = 0;
  for (let row = 0; row < subscribers.nRows; row++) {
    const email = emailAt(subscribers, row);
    if (email === '') continue;
    nPresent += 1;
    seen.add(email);
  }
  return nPresent - seen.size;
}

function keptRows(subscribers: Subscribers, keep: KeepRule): Uint32Array {
  const bestOf = new Map<string, number>();
  const emails = Array.from({ length: subscribers.nRows }, (_, row) => emailAt(subscribers, row));
  emails.forEach((email, row) => {
    if (email === '') return;
    const best = bestOf.get(email);
    if (best === undefined || rankOf(subscribers, row, keep) > rankOf(subscribers, best, keep))
      bestOf.set(email, row);
  });
  return Uint32Array.from(emails, (email, row) => bestOf.get(email) ?? row);
}

function rankOf({ columns }: Subscribers, row: number, keep: KeepRule): number {
  if (keep === 'first') return 0;
  if (keep === 'newest_optin') {
    const day = castDay(rawValue(columns.optin_time, row));
    return day === MISSING_DAY ? Number.NEGATIVE_INFINITY : day;
  }
  const rating = castNumber(rawValue(columns.member_rating, row));
  return Number.isNaN(rating) ? Number.NEGATIVE_INFINITY : rating;
}

function movedTags({ subscribers, tags }: RawCrm, keptRow: Uint32Array) {
  const newIdOf = newIds(subscribers, keptRow);
  const { mailchimp_id: ids, tag } = tags.columns;
  const held = new Set<string>();
  const keyAt = (id: RawValue, row: number) => `${integerKey(id)} ${castText(rawValue(tag, row))}`;
  const isNew = (row: number) => newIdOf.has(integerKey(rawValue(ids, row)) ?? '');
  const receivers = new Set([...newIdOf.values()].map((id) => integerKey(id)));
  for (let row = 0; row < tags.nRows; row++) {
    const id = rawValue(ids, row);
    if (receivers.has(integerKey(id))) held.add(keyAt(id, row));
  }
  const values = Array.from({ length: tags.nRows }, (_, row) => rawValue(ids, row));
  const isLeftOut = new Uint8Array(tags.nRows);
  let [nMoved, nRepeated] = [0, 0];
  for (let row = 0; row < tags.nRows; row++) {
    if (!isNew(row)) continue;
    const id = newIdOf.get(integerKey(values[row]!) ?? '') ?? null;
    const key = keyAt(id, row);
    if (held.has(key)) {
      isLeftOut[row] = 1;
      nRepeated += 1;
      continue;
    }
    held.add(key);
    values[row] = id;
    nMoved += 1;
  }
  const { nBlobs, nBigIntegers } = ids;
  const moved = withColumn(tags, 'mailchimp_id', { kind: 'plain', values, nBlobs, nBigIntegers });
  return { table: rowsWithout(moved, isLeftOut), nMoved, nRepeated };
}

/** Ids that nobody keeps, with the id of the subscriber who gets their tags. */
function newIds(subscribers: Subscribers, keptRow: Uint32Array): ReadonlyMap<number | string, RawValue> {
  const idAt = (row: number) => integerKey(rawValue(subscribers.columns.mailchimp_id, row));
  const keptIds = new Set<number | string | null>();
  for (let row = 0; row < keptRow.length; row++) if (keptRow[row] === row) keptIds.add(idAt(row));
  const newIdOf = new Map<number | string, RawValue>();
  for (let row = 0; row < keptRow.length; row++) {
    if (keptRow[row] === row) continue;
    const [id, newId] = [idAt(row), idAt(keptRow[row]!)];
    if (id !== null && newId !== null && !keptIds.has(id)) newIdOf.set(id, newId);
  }
  return newIdOf;
}

function emailAt({ columns }: Subscribers, row: number): string {
  return normalEmail(castText(rawValue(columns.user_email, row)));
}
