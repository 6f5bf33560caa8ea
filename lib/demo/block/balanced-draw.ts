import type { RandomSource } from '@/lib/core/random';
import type { Memberships } from './conversion-figures';

/** A group with a smaller scale than this must have its target exactly. */
export const EXACT_SCALE = 0.3;

/** A draw of so many rows, by their chances, that fills each group to its target. */
export interface BalancedDraw {
  /** Chance of each row, above 0 and below 1. */
  readonly probabilities: Float32Array;
  readonly size: number;
  readonly memberships: Memberships;
  /** Rows to be drawn from each group. */
  readonly targets: Float64Array;
  /** Deviation from the target that counts as one unit of error, a group; below `EXACT_SCALE`, the target is to be met. */
  readonly scales: Float64Array;
  /** Further groups, at most one a row (−1 for none), and the most rows that may be drawn from each. */
  readonly limit?: { readonly groupOf: Int16Array; readonly most: Uint16Array };
  /** Exchanges to try in a round. */
  readonly nProposals: number;
  readonly random: RandomSource;
}

/**
 * Draw `size` rows: first systematically by their chances, then by Metropolis exchange of a drawn row for one that
 * is not. The new row is proposed by its odds, so the draws follow the product of the odds, held near the targets
 * by half the squared deviations: a draw from the model, given its margins. Gives 1 for a drawn row, else 0.
 */
export function drawBalanced(draw: BalancedDraw): Uint8Array {
  const sample = new Sample(draw);
  let round = 0;
  do sample.exchange(draw.nProposals);
  while (!sample.isExactWhereItMust() && ++round < MOST_ROUNDS);
  return sample.drawn;
}

/**
 * The exchanges begin this much hotter and cool down over their first half, so that a small group short of one row is not
 * locked out by the groups that a row of it would upset.
 */
const START_TEMPERATURE = 16;

/** How often the exchanges are begun again, hot, while a group that must be exact is not. */
const MOST_ROUNDS = 8;

/** Error of one row too many in a limited group: no exchange leads there in practice. */
const EXCESS_ERROR = 1000;

/** The rows drawn so far. */
class Sample {
  readonly drawn: Uint8Array;
  readonly #chosen: Uint32Array;
  readonly #balance: Balance;
  readonly #rowByOdds: () => number;
  readonly #random: RandomSource;

  constructor(draw: BalancedDraw) {
    const { probabilities, size, random } = draw;
    this.#chosen = systematicDraw(probabilities, size, random);
    this.drawn = new Uint8Array(probabilities.length);
    this.#balance = new Balance(draw);
    this.#rowByOdds = oddsSampler(probabilities, random);
    this.#random = random;
    for (const row of this.#chosen) {
      this.drawn[row] = 1;
      this.#balance.enter(row);
    }
  }

  /** Try so many exchanges, hot at first, at temperature 1 in the second half. */
  exchange(nProposals: number): void {
    for (let proposal = 0; proposal < nProposals; proposal++) {
      const place = Math.floor(this.#random() * this.#chosen.length);
      const leaving = this.#chosen[place]!;
      const entering = this.#rowByOdds();
      if (this.drawn[entering] === 1) continue;
      const change = this.#balance.errorChange(leaving, entering);
      const temperature = 1 + (START_TEMPERATURE - 1) * Math.max(0, 1 - (2 * proposal) / nProposals);
      if (change > 0 && this.#random() >= Math.exp(-change / (2 * temperature))) continue;
      this.#balance.leave(leaving);
      this.#balance.enter(entering);
      this.drawn[leaving] = 0;
      this.drawn[entering] = 1;
      this.#chosen[place] = entering;
    }
  }

  isExactWhereItMust(): boolean {
    return this.#balance.isExactWhereItMust();
  }
}

/** Keeps how far each group is from its target. */
class Balance {
  readonly #offsets: Uint32Array;
  readonly #groups: Uint16Array;
  readonly #deviations: Float64Array;
  readonly #precision: Float64Array;
  /** Scratch: by how much an exchange moves each group; all zero between calls. */
  readonly #shift: Int8Array;
  readonly #limitOf: Int16Array | undefined;
  readonly #most: Uint16Array;
  readonly #limitCounts: Uint16Array;

  constructor({ memberships, targets, scales, limit }: BalancedDraw) {
    this.#offsets = memberships.offsets;
    this.#groups = memberships.groups;
    this.#deviations = targets.map((target) => -target);
    this.#precision = scales.map((scale) => 1 / (scale * scale));
    this.#shift = new Int8Array(targets.length);
    this.#limitOf = limit?.groupOf;
    this.#most = limit?.most ?? new Uint16Array(0);
    this.#limitCounts = new Uint16Array(this.#most.length);
  }

  /** Whether every group with a scale below `EXACT_SCALE` has just its target, and no limit is passed. */
  isExactWhereItMust(): boolean {
    return (
      this.#deviations.every((deviation, g) => deviation === 0 || this.#precision[g]! <= EXACT_SCALE ** -2) &&
      this.#limitCounts.every((count, g) => count <= this.#most[g]!)
    );
  }

  enter(row: number): void {
    this.#move(row, 1);
  }

  leave(row: number): void {
    this.#move(row, -1);
  }

  /** How much the sum of squared deviations, in units of the scales, grows by an exchange. */
  errorChange(leaving: number, entering: number): number {
    const groups = this.#groups;
    const shift = this.#shift;
    const leavingEnd = this.#offsets[leaving + 1]!;
    const enteringEnd = this.#offsets[entering + 1]!;
    let change = this.#excessChange(leaving, entering);
    for (let at = this.#offsets[leaving]!; at < leavingEnd; at++) shift[groups[at]!] = -1;
    for (let at = this.#offsets[entering]!; at < enteringEnd; at++) {
      const g = groups[at]!;
      // A group of both rows stays as it is.
      if (shift[g] === -1) shift[g] = 0;
      else change += this.#precision[g]! * (2 * this.#deviations[g]! + 1);
    }
    for (let at = this.#offsets[leaving]!; at < leavingEnd; at++) {
      const g = groups[at]!;
      if (shift[g] === -1) change += this.#precision[g]! * (1 - 2 * this.#deviations[g]!);
      shift[g] = 0;
    }
    return change;
  }

  #excessChange(leaving: number, entering: number): number {
    if (this.#limitOf === undefined) return 0;
    const from = this.#limitOf[leaving]!;
    const to = this.#limitOf[entering]!;
    if (from === to) return 0;
    const less = from >= 0 && this.#limitCounts[from]! > this.#most[from]! ? EXCESS_ERROR : 0;
    const more = to >= 0 && this.#limitCounts[to]! >= this.#most[to]! ? EXCESS_ERROR : 0;
    return more - less;
  }

  #move(row: number, by: 1 | -1): void {
    for (let at = this.#offsets[row]!; at < this.#offsets[row + 1]!; at++) {
      this.#deviations[this.#groups[at]!]! += by;
    }
    const limited = this.#limitOf?.[row] ?? -1;
    if (limited >= 0) this.#limitCounts[limited]! += by;
  }
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
