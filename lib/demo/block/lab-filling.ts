import type { RandomSource } from '@/lib/core/random';
import { LABS, STRIDE } from './labs';

/**
 * Fill the membership table of labs: each row gets its number of labs and each lab its number of holders, exactly.
 * Lab by lab, a row's chance goes with its open places; a row that must take every lab left, does.
 * @throws Where rows ask for more or fewer labs than there are.
 */
export function fillLabs(nLabs: Uint8Array, random: RandomSource): Uint8Array {
  const filling = new Filling(nLabs, random);
  LABS.forEach((_, index) => {
    filling.deal(index);
  });
  return filling.table();
}

class Filling {
  readonly #holds: Uint8Array;
  readonly #open: Uint8Array;
  readonly #random: RandomSource;

  constructor(nLabs: Uint8Array, random: RandomSource) {
    this.#holds = new Uint8Array(nLabs.length * STRIDE);
    this.#open = Uint8Array.from(nLabs);
    this.#random = random;
  }

  deal(index: number): void {
    const { slot, holders } = LABS[index]!;
    const nLeft = LABS.length - index;
    let count = holders;
    for (let row = 0; row < this.#open.length; row++) {
      if (this.#open[row]! < nLeft) continue;
      this.#take(row, slot);
      count--;
    }
    count -= this.#draw(slot, count);
    if (count > 0) this.#takeFullest(slot, count);
  }

  table(): Uint8Array {
    if (this.#open.some((places) => places > 0))
      throw new Error('some rows are left with open places for labs');
    return this.#holds;
  }

  /**
   * Systematic sample of `count` rows by open places; gives how many it drew, fewer where a row has more open places than
   * one step.
   */
  #draw(slot: number, count: number): number {
    let total = 0;
    for (let row = 0; row < this.#open.length; row++) total += this.#openFor(row, slot);
    const step = total / count;
    let next = step * this.#random();
    let passed = 0;
    let drawn = 0;
    for (let row = 0; row < this.#open.length && drawn < count; row++) {
      const places = this.#openFor(row, slot);
      if (places === 0) continue;
      passed += places;
      if (passed <= next) continue;
      next += step;
      drawn++;
      this.#take(row, slot);
    }
    return drawn;
  }

  /** Open places of a row, 0 if it has the lab. */
  #openFor(row: number, slot: number): number {
    return this.#holds[row * STRIDE + slot] === 1 ? 0 : this.#open[row]!;
  }

  #takeFullest(slot: number, count: number): void {
    const rows = Uint32Array.from(this.#open.keys()).filter((row) => this.#openFor(row, slot) > 0);
    rows.sort((a, b) => this.#open[b]! - this.#open[a]!);
    for (const row of rows.subarray(0, count)) this.#take(row, slot);
  }

  #take(row: number, slot: number): void {
    this.#holds[row * STRIDE + slot] = 1;
    this.#open[row]!--;
  }
}
