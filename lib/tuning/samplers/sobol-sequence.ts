import type { RandomSource } from '@/lib/core/random';
import { SOBOL_DIRECTIONS, type SobolDirections } from './sobol-directions';

const N_BITS = 32;
const TWO_TO_32 = 2 ** 32;

/** Most dimensions that a Sobol sequence can have here. */
export const MAX_SOBOL_DIMENSIONS = SOBOL_DIRECTIONS.length;

/** Gives the point at a place of the sequence, counted from 0, each coordinate in (0, 1). */
export type PointSequence = (place: number) => Float64Array;

/**
 * Create a Sobol sequence, in Gray code order, scrambled by a random linear matrix and a digital shift (J. Matoušek, "On the
 * L2-discrepancy for anchored boxes", 1998): every point is uniform by itself, and together they stay evenly spread. So the
 * first point needs no skipping (A. Owen, "On dropping the first Sobol' point", 2020), and any 2^m points from the start are
 * balanced.
 *
 * @param random the source of the scrambling; null leaves the plain sequence, which begins at the origin
 * @throws for more dimensions than `MAX_SOBOL_DIMENSIONS`
 */
export function sobolSequence(nDimensions: number, random: RandomSource | null): PointSequence {
  if (nDimensions > MAX_SOBOL_DIMENSIONS) {
    throw new Error(`Expected at most ${MAX_SOBOL_DIMENSIONS} dimensions, got ${nDimensions}`);
  }
  const columns = PLAIN_NUMBERS.slice(0, nDimensions).map((plain) =>
    random === null ? { numberAt: (i: number) => plain[i]!, shift: 0 } : scrambled(plain, random),
  );
  const halfBit = random === null ? 0 : 0.5;
  return (place) => {
    const gray = place ^ (place >>> 1);
    const point = new Float64Array(nDimensions);
    columns.forEach(({ numberAt, shift }, d) => {
      let bits = shift;
      for (let left = gray, i = 0; left !== 0; left >>>= 1, i++) if ((left & 1) === 1) bits ^= numberAt(i);
      point[d] = ((bits >>> 0) + halfBit) / TWO_TO_32;
    });
    return point;
  };
}

const PLAIN_NUMBERS = SOBOL_DIRECTIONS.map(directionNumbers);

/** Continue a dimension's direction numbers by its polynomial's recurrence, as fractions of 2^32. */
function directionNumbers({ polynomial, initial }: SobolDirections): Uint32Array {
  const degree = initial.length;
  const numbers = new Uint32Array(N_BITS);
  for (let i = 0; i < N_BITS; i++) {
    if (degree === 0) numbers[i] = 2 ** (N_BITS - 1 - i);
    else if (i < degree) numbers[i] = initial[i]! * 2 ** (N_BITS - 1 - i);
    else {
      let next = numbers[i - degree]! ^ (numbers[i - degree]! >>> degree);
      for (let k = 1; k < degree; k++) {
        if (((polynomial >>> (degree - k)) & 1) === 1) next ^= numbers[i - k]!;
      }
      numbers[i] = next;
    }
  }
  return numbers;
}

/** Multiply the direction numbers, each when it is first needed, by a random lower triangular matrix of bits; draw the shift. */
function scrambled(numbers: Uint32Array, random: RandomSource) {
  const rows = new Uint32Array(N_BITS);
  for (let bit = 0; bit < N_BITS; bit++) {
    const diagonal = 2 ** (N_BITS - 1 - bit);
    // Bits above the diagonal one come from more significant digits.
    const above = bit === 0 ? 0 : Math.floor(random() * 2 ** bit) * 2 ** (N_BITS - bit);
    rows[bit] = above + diagonal;
  }
  const products = new Uint32Array(N_BITS);
  let nReady = 0;
  return {
    numberAt(i: number) {
      for (; nReady <= i; nReady++) products[nReady] = productOf(rows, numbers[nReady]!);
      return products[i]!;
    },
    shift: Math.floor(random() * TWO_TO_32) | 0,
  };
}

function productOf(rows: Uint32Array, number: number): number {
  let product = 0;
  for (let bit = 0; bit < N_BITS; bit++) product = product * 2 + parity(rows[bit]! & number);
  return product;
}

function parity(bits: number): number {
  let folded = bits ^ (bits >>> 16);
  folded ^= folded >>> 8;
  folded ^= folded >>> 4;
  folded ^= folded >>> 2;
  folded ^= folded >>> 1;
  return folded & 1;
}
