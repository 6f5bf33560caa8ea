import { integerKey } from './casts';
import { type RawColumn, type RawValue, rawValue } from './raw-crm';

/** Finds the rows of a mailchimp_id. Ids are compared exactly, also beyond 2^53. */
export interface SubscriberIndex {
  /** First row with the id; −1 when there is none. */
  firstRow(id: RawValue): number;
  /** Next row with the same id as this row; −1 after the last. */
  nextRow(row: number): number;
  /** Rows whose id stands on an earlier row too. */
  readonly nRepeatedIds: number;
}

/** Small ids of a list go straight into an array: four times as fast as a map for the million look-ups of the tags. */
const MAX_SPARSITY = 4;

/** Index subscribers by mailchimp_id; rows without an integer id are in no one's reach. */
export function createSubscriberIndex(ids: RawColumn, nRows: number): SubscriberIndex {
  const direct = new Int32Array(nRows * MAX_SPARSITY + 1_024).fill(-1);
  const others = new Map<number | string, number>();
  const next = new Map<number, number>();
  let nRepeatedIds = 0;

  const isDirect = (key: number | string): key is number =>
    typeof key === 'number' && key >= 0 && key < direct.length;
  const find = (key: number | string): number => (isDirect(key) ? direct[key]! : (others.get(key) ?? -1));

  for (let row = nRows - 1; row >= 0; row--) {
    const key = integerKey(rawValue(ids, row));
    if (key === null) continue;
    const later = find(key);
    if (later >= 0) {
      next.set(row, later);
      nRepeatedIds++;
    }
    if (isDirect(key)) direct[key] = row;
    else others.set(key, row);
  }
  return {
    firstRow(id) {
      const key = integerKey(id);
      return key === null ? -1 : find(key);
    },
    nextRow: (row) => next.get(row) ?? -1,
    nRepeatedIds,
  };
}
