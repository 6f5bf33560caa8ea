import { BitSet, Reducer, table } from 'arquero';

/** Subscribers and buyers a level, in level order. */
export interface BuyerCounts {
  readonly n: readonly number[];
  readonly buyers: readonly number[];
}

interface CountState {
  n: number;
  buyers: number;
}

/**
 * Counts rows and buyers. Appends its results: the index that Arquero 8.0.3 hands to `write`
 * is wrong from the third group on.
 */
class BuyerCountReducer extends Reducer {
  constructor() {
    super(['n', 'buyers']);
  }

  override init(): CountState {
    return { n: 0, buyers: 0 };
  }

  override add(state: CountState, row: number, data: { made_purchase: Uint8Array }): void {
    state.n += 1;
    state.buyers += data.made_purchase[row]!;
  }

  override write(state: CountState, columns: { n: number[]; buyers: number[] }): number {
    columns.n.push(state.n);
    columns.buyers.push(state.buyers);
    return 1;
  }
}

/**
 * Count subscribers and buyers by a dictionary-coded column. Every level has a count, 0 where no row holds it.
 *
 * The groups are handed to Arquero ready-made: its `groupby` and `rollup` compile their expressions with
 * `Function`, which a page without `unsafe-eval` refuses; a grouping by codes and a `Reducer` need none, and are faster.
 *
 * @param levelOfRow a level 0 … nLevels − 1 a row
 * @param madePurchase 0 or 1 a row
 * @param rows the rows to count, each at most once; all rows if left out
 */
export function buyerCounts(
  levelOfRow: Uint32Array,
  nLevels: number,
  options: { madePurchase: Uint8Array; rows?: Uint32Array },
): BuyerCounts {
  const { madePurchase, rows } = options;
  if (madePurchase.length !== levelOfRow.length) {
    throw new Error(`Expected ${levelOfRow.length} labels, got ${madePurchase.length}`);
  }
  if (nLevels === 0) return { n: [], buyers: [] };
  const groups = {
    size: nLevels,
    names: [],
    get: [],
    rows: new Uint32Array(nLevels),
    keys: levelOfRow,
  };
  const subscribers = table({ made_purchase: madePurchase });
  const chosen =
    rows === undefined ? subscribers : subscribers.create({ filter: bitsOf(rows, levelOfRow.length) });
  // In this order: a filter set after the groups would drop the levels that no chosen row holds.
  const counted = chosen.create({ groups }).reduce(new BuyerCountReducer());
  return { n: [...counted.array('n')], buyers: [...counted.array('buyers')] };
}

function bitsOf(rows: Uint32Array, nRows: number): BitSet {
  const bits = new BitSet(nRows);
  for (const row of rows) bits.set(row);
  return bits;
}
