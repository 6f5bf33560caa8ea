import type { RandomSource } from '@/lib/core/random';
import type { Memberships } from './conversion-figures';

/** A draw of so many rows, by their chances, that fills each group to its target. */
export interface BalancedDraw {
  /** Chance of each row, above 0 and below 1. */
  readonly probabilities: Float32Array;
  readonly size: number;
  readonly memberships: Memberships;
  /** Rows to be drawn from each group. */
  readonly targets: Float64Array;
  /** Deviation from the target that counts as one unit of error, a group. */
  readonly scales: Float64Array;
  /** Exchanges to try. */
  readonly nProposals: number;
  readonly random: RandomSource;
}

/**
 * Draw `size` rows: first systematically by their chances, then by Metropolis exchange of a drawn row for one that
 * is not. The new row is proposed by its odds, so the draws follow the product of the odds, held near the targets
 * by half the squared deviations: a draw from the model, given its margins. Gives 1 for a drawn row, else 0.
 */
export function drawBalanced(draw: BalancedDraw): Uint8Array {
  const { memberships, random, targets, scales } = draw;
  const { offsets, groups } = memberships;
  const chosen = systematicDraw(draw.probabilities, draw.size, random);
  const drawn = Uint8Array.from(draw.probabilities, () => 0);
  for (const row of chosen) drawn[row] = 1;
  const deviations = Float64Array.from(targets, (target) => -target);
  for (const row of chosen)
    for (let at = offsets[row]!; at < offsets[row + 1]!; at++) deviations[groups[at]!]! += 1;
  const precision = Float64Array.from(scales, (scale) => 1 / (scale * scale));
  const rowByOdds = oddsSampler(draw.probabilities, random);
  const shift = new Int8Array(targets.length);
  for (let proposal = 0; proposal < draw.nProposals; proposal++) {
    const place = Math.floor(random() * chosen.length);
    const leaving = chosen[place]!;
    const entering = rowByOdds();
    if (drawn[entering] === 1) continue;
    let change = 0;
    for (let at = offsets[leaving]!; at < offsets[leaving + 1]!; at++) shift[groups[at]!]! -= 1;
    for (let at = offsets[entering]!; at < offsets[entering + 1]!; at++) {
      const g = groups[at]!;
      shift[g]! += 1;
      if (shift[g] === 1) change += precision[g]! * (2 * deviations[g]! + 1);
    }
    for (let at = offsets[leaving]!; at < offsets[leaving + 1]!; at++) {
      const g = groups[at]!;
      if (shift[g] === -1) change += precision[g]! * (1 - 2 * deviations[g]!);
    }
    const isAccepted = change <= 0 || random() < Math.exp(-change / 2);
    if (isAccepted) {
      for (let at = offsets[leaving]!; at < offsets[leaving + 1]!; at++) deviations[groups[at]!]! -= 1;
      for (let at = offsets[entering]!; at < offsets[entering + 1]!; at++) deviations[groups[at]!]! += 1;
      drawn[leaving] = 0;
      drawn[entering] = 1;
      chosen[place] = entering;
    }
    for (let at = offsets[leaving]!; at < offsets[leaving + 1]!; at++) shift[groups[at]!] = 0;
    for (let at = offsets[entering]!; at < offsets[entering + 1]!; at++) shift[groups[at]!] = 0;
  }
  return drawn;
}

/** Systematic sample of exactly `size` rows with chances in proportion to `probabilities`. */
function systematicDraw(probabilities: Float32Array, size: number, random: RandomSource): Uint32Array {
  let total = 0;
  for (const p of probabilities) total += p;
  const step = total / size;
  const chosen = new Uint32Array(size);
  let count = 0;
  let passed = 0;
  let next = step * random();
  for (let row = 0; row < probabilities.length && count < size; row++) {
    passed += probabilities[row]!;
    if (passed <= next) continue;
    chosen[count++] = row;
    next += step;
  }
  if (count < size) throw new Error(`drew ${count} rows, expected ${size}: some chances are above one step`);
  return chosen;
}

/** A source of rows with chances in proportion to p / (1 − p), by Walker's alias method as given by Vose. */
function oddsSampler(probabilities: Float32Array, random: RandomSource): () => number {
  const n = probabilities.length;
  const scaled = Float64Array.from(probabilities, (p) => p / (1 - p));
  let total = 0;
  for (const odds of scaled) total += odds;
  const small: number[] = [];
  const large: number[] = [];
  for (let row = 0; row < n; row++) {
    scaled[row]! *= n / total;
    (scaled[row]! < 1 ? small : large).push(row);
  }
  const keep = new Float64Array(n).fill(1);
  const alias = Uint32Array.from(keep, (_, row) => row);
  while (small.length > 0 && large.length > 0) {
    const less = small.pop()!;
    const more = large[large.length - 1]!;
    keep[less] = scaled[less]!;
    alias[less] = more;
    scaled[more]! -= 1 - scaled[less]!;
    if (scaled[more]! < 1) small.push(large.pop()!);
  }
  return () => {
    const row = Math.floor(random() * n);
    return random() < keep[row]! ? row : alias[row]!;
  };
}
