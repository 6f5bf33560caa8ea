import type { RandomSource } from '@/lib/core/random';
import { LABS, type LabRows, STRIDE } from './labs';
import type { Moments } from './moments';

/** How much likelier each of the three labs before makes the next one. */
const NEARNESS = 0.3;

/** The least chance that a row on the wrong end of time keeps, against one in the middle. */
const LEAST_LEAN = 0.1;

/**
 * Fill the membership table of labs: each row gets its number of labs and each lab its number of holders, exactly.
 * Lab by lab, a row's chance goes with its open places, leans to the time that the lab leans to, and is higher next to
 * labs that the row already has; a row that must take every lab left, does.
 * @throws Where rows ask for more or fewer labs than there are.
 */
export function fillLabs(rows: LabRows, time: Moments, random: RandomSource): Uint8Array {
  const filling = new Filling(rows, time, random);
  LABS.forEach((_, index) => {
    filling.deal(index);
  });
  return filling.table();
}

class Filling {
  readonly #holds: Uint8Array;
  readonly #open: Uint8Array;
  /** Opt-in days, standardised over the whole list. */
  readonly #age: Float64Array;
  readonly #weights: Float64Array;
  readonly #random: RandomSource;

  constructor({ nLabs, optinDays }: LabRows, time: Moments, random: RandomSource) {
    this.#holds = new Uint8Array(nLabs.length * STRIDE);
    this.#open = Uint8Array.from(nLabs);
    this.#age = optinDays.map((days) => (days - time.mean) / time.std);
    this.#weights = new Float64Array(nLabs.length);
    this.#random = random;
  }

  deal(index: number): void {
    const { slot, holders, prevalence, withOptinDays } = LABS[index]!;
    const nLeft = LABS.length - index;
    let count = holders;
    for (let row = 0; row < this.#open.length; row++) {
      if (this.#open[row]! < nLeft) continue;
      this.#take(row, slot);
      count--;
    }
    // The standardised age of the holders that gives the wanted correlation of age and holding.
    const meanAge = withOptinDays * Math.sqrt((1 - prevalence) / prevalence);
    count -= this.#draw(slot, count, this.#weigh(slot, meanAge));
    if (count > 0) this.#takeFullest(slot, count);
  }

  table(): Uint8Array {
    if (this.#open.some((places) => places > 0))
      throw new Error('some rows are left with open places for labs');
    return this.#holds;
  }

  /** Weigh the rows for a lab; gives the sum of the weights. */
  #weigh(slot: number, meanAge: number): number {
    let total = 0;
    for (let row = 0; row < this.#open.length; row++) {
      const at = row * STRIDE + slot;
      const places = this.#holds[at] === 1 ? 0 : this.#open[row]!;
      if (places === 0) {
        this.#weights[row] = 0;
        continue;
      }
      const near = this.#holds[at - 1]! + this.#holds[at - 2]! + this.#holds[at - 3]!;
      const lean = Math.max(LEAST_LEAN, 1 + meanAge * this.#age[row]!);
      const weight = places * lean * (1 + NEARNESS * near);
      this.#weights[row] = weight;
      total += weight;
    }
    return total;
  }

  /** Systematic sample of `count` rows by weight; gives how many it drew, fewer where a weight is above one step. */
  #draw(slot: number, count: number, total: number): number {
    const step = total / count;
    let next = step * this.#random();
    let passed = 0;
    let drawn = 0;
    for (let row = 0; row < this.#weights.length && drawn < count; row++) {
      const weight = this.#weights[row]!;
      if (weight === 0) continue;
      passed += weight;
      if (passed <= next) continue;
      next += step;
      drawn++;
      this.#take(row, slot);
    }
    return drawn;
  }

  #takeFullest(slot: number, count: number): void {
    const rows = Uint32Array.from(this.#open.keys()).filter(
      (row) => this.#open[row]! > 0 && this.#holds[row * STRIDE + slot] === 0,
    );
    rows.sort((a, b) => this.#open[b]! - this.#open[a]!);
    for (const row of rows.subarray(0, count)) this.#take(row, slot);
  }

  #take(row: number, slot: number): void {
    this.#holds[row * STRIDE + slot] = 1;
    this.#open[row]!--;
  }
}
