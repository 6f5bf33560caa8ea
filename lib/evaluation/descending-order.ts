const DIGIT_BITS = 11;
const N_DIGITS = 1 << DIGIT_BITS;

/** Map the bits of a float's top word to unsigned integers that sort the other way round: the largest float becomes the smallest key. */
function descendingTopWord(bits: number): number {
  return (bits & 0x80000000 ? bits : ~bits & 0x7fffffff) >>> 0;
}

function float32Keys(scores: Float32Array): Uint32Array[] {
  const words = new Uint32Array(scores.length);
  const bits = new Int32Array(1);
  const float = new Float32Array(bits.buffer);
  for (let row = 0; row < scores.length; row++) {
    // Adding 0 turns −0 into 0, so that the two tie.
    float[0] = scores[row]! + 0;
    words[row] = descendingTopWord(bits[0]!);
  }
  return [words];
}

function float64Keys(scores: Float64Array): Uint32Array[] {
  const low = new Uint32Array(scores.length);
  const high = new Uint32Array(scores.length);
  const view = new DataView(new ArrayBuffer(8));
  for (let row = 0; row < scores.length; row++) {
    view.setFloat64(0, scores[row]! + 0);
    const top = view.getInt32(0);
    high[row] = descendingTopWord(top);
    low[row] = top < 0 ? view.getUint32(4) : ~view.getUint32(4);
  }
  return [low, high];
}

/** Sort `order` stably by one digit of the keys into `sorted`. Gives false, with nothing written, where all rows share the digit. */
function sortByDigit(keys: Uint32Array, shift: number, order: Uint32Array, sorted: Uint32Array): boolean {
  const next = new Uint32Array(N_DIGITS);
  for (let row = 0; row < keys.length; row++) {
    const digit = (keys[row]! >>> shift) & (N_DIGITS - 1);
    next[digit] = next[digit]! + 1;
  }
  if (next[(keys[0]! >>> shift) & (N_DIGITS - 1)] === keys.length) return false;
  let start = 0;
  for (let digit = 0; digit < N_DIGITS; digit++) {
    const count = next[digit]!;
    next[digit] = start;
    start += count;
  }
  for (let i = 0; i < order.length; i++) {
    const row = order[i]!;
    const digit = (keys[row]! >>> shift) & (N_DIGITS - 1);
    const position = next[digit]!;
    sorted[position] = row;
    next[digit] = position + 1;
  }
  return true;
}

/**
 * Order rows by score, largest first; rows of equal score stay in row order, and −0 equals 0.
 * A radix sort on the bits of the floats, so its time grows with the number of rows alone.
 *
 * @returns row indices
 * @throws where a score is NaN
 * @example descendingOrder(new Float32Array([0.2, 0.9, 0.2])) // [1, 0, 2]
 */
export function descendingOrder(scores: Float32Array | Float64Array): Uint32Array {
  for (let row = 0; row < scores.length; row++) {
    if (Number.isNaN(scores[row])) throw new Error(`Expected numbers as scores, got NaN in row ${row}.`);
  }
  let order = new Uint32Array(scores.length);
  if (scores.length === 0) return order;
  for (let row = 0; row < order.length; row++) order[row] = row;
  let sorted = new Uint32Array(scores.length);
  const words = scores instanceof Float32Array ? float32Keys(scores) : float64Keys(scores);
  for (const keys of words) {
    for (let shift = 0; shift < 32; shift += DIGIT_BITS) {
      if (sortByDigit(keys, shift, order, sorted)) [order, sorted] = [sorted, order];
    }
  }
  return order;
}
