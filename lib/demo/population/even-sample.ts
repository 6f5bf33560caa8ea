import type { RandomSource } from '@/lib/core/random';
import type { Block } from '../block/block';
import { MAX_OPTIN_DAYS } from '../block/optin-calendar';
import { MISSING_CODE, US } from '../block/raw-codes';

const ROW_BITS = 2 ** 15;
const CHANCE_BITS = 2 ** 20;

/**
 * Choose `nRows` rows of a block and put them in order of opt-in, oldest first, those of one date by chance. Where not
 * all are taken, they are taken evenly along purchase, country, rating and tag count, so that shares hold.
 */
export function rowsInOrder(block: Block, nRows: number, random: RandomSource): Uint32Array {
  const n = block.rating.length;
  const all = Uint32Array.from({ length: n }, (_, row) => row);
  const rows =
    nRows === n
      ? all
      : everyNth(
          sortedBy(all, (row) => stratum(block, row), random),
          nRows,
          random,
        );
  return sortedBy(rows, (row) => MAX_OPTIN_DAYS - block.optinDays[row]!, random);
}

function stratum({ madePurchase, country, rating, tagCount }: Block, row: number): number {
  const code = country[row]!;
  const countryClass = code === MISSING_CODE ? 0 : code === US ? 1 : 2;
  return ((madePurchase[row]! * 3 + countryClass) * 6 + rating[row]!) * 64 + tagCount[row]!;
}

function everyNth(rows: Uint32Array, nRows: number, random: RandomSource): Uint32Array {
  const start = random();
  return Uint32Array.from(
    { length: nRows },
    (_, i) => rows[Math.floor(((i + start) * rows.length) / nRows)]!,
  );
}

/** Sort rows by a whole number, ties by chance. Key, chance and row share one double, which sorts natively. */
function sortedBy(rows: Uint32Array, key: (row: number) => number, random: RandomSource): Uint32Array {
  const packed = Float64Array.from(
    rows,
    (row) => (key(row) * CHANCE_BITS + Math.floor(random() * CHANCE_BITS)) * ROW_BITS + row,
  ).sort();
  return Uint32Array.from(packed, (value) => value % ROW_BITS);
}
