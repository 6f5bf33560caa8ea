import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';

/** A source of uniform numbers in [0, 1). Whatever needs chance takes one as an argument. */
export type RandomSource = () => number;

/**
 * Create a source of uniform doubles in [0, 1) from a 32-bit seed (xoroshiro128+, 53 random bits a call).
 *
 * @example randomSource(42)() === randomSource(42)() // true
 */
export function randomSource(seed: number): RandomSource {
  const generator = xoroshiro128plus(seed);
  return () => uniformFloat64(generator);
}

/**
 * Derive a 32-bit seed for one named purpose, so that streams for different purposes never share numbers
 * and trial *n* has the same stream whatever ran before it. Mixing: FNV-1a over the text, then the
 * finaliser of MurmurHash3.
 *
 * @param seed the seed the user sees
 * @param purpose a stable name, such as `split` or `trial:7`
 */
export function derivedSeed(seed: number, purpose: string): number {
  let hash = 0x811c9dc5 ^ (seed | 0);
  for (let i = 0; i < purpose.length; i++) {
    hash = Math.imul(hash ^ purpose.charCodeAt(i), 0x01000193);
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) | 0;
}

/** Shuffle a typed array in place, every order equally likely (Fisher–Yates as given by Durstenfeld). */
export function shuffle(values: Uint32Array, random: RandomSource): void {
  for (let i = values.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    const held = values[i]!;
    values[i] = values[j]!;
    values[j] = held;
  }
}
