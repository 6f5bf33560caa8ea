import type { RandomSource } from '@/lib/core/random';
import { LABS, STRIDE } from './labs';

/**
 * Fill the membership table of labs: each row gets its number of labs and each lab its number of holders, exactly.
 * Lab by lab, a row's chance goes with its open places; a row that must take every lab left, does.
 * @throws Where rows ask for more or fewer labs than there are.
 */
export function fillLabs(nLabs: Uint8Array, random: RandomSource): Uint8Array {
  const filling = new Filling(nLabs, random);
  DEALING_ORDER.forEach((lab, index) => {
    filling.deal(lab.slot, lab.holders, isForFew(lab) ? FEW_LABS : LABS.length, LABS.length - index);
  });
  return filling.table();
}

/** A lab that hardly goes with the tag count (lab 19) is for rows with few labs, and dealt before they are full. */
const WEAK_CORRELATION = 0.1;
const FEW_LABS = 5;

const isForFew = ({ withTagCount }: { readonly withTagCount: number }) => withTagCount < WEAK_CORRELATION;

/** Labs in the order in which they are dealt. */
const DEALING_ORDER = [...LABS.filter(isForFew), ...LABS.filter((lab) => !isForFew(lab))];

class Filling {
  readonly #holds: Uint8Array;
  readonly #open: Uint8Array;
  readonly #random: RandomSource;

  constructor(nLabs: Uint8Array, random: RandomSource) {
    this.#holds = new Uint8Array(nLabs.length * STRIDE);
    this.#open = Uint8Array.from(nLabs);
    this.#random = random;
  }

  /** Deal one lab to rows of at most `mostPlaces` open places; `nLeft` labs are still to be dealt, this one among them. */
  deal(slot: number, holders: number, mostPlaces: number, nLeft: number): void {
    let count = holders;
    for (let row = 0; row < this.#open.length; row++) {
      if (this.#open[row]! < nLeft) continue;
      this.#take(row, slot);
      count--;
    }
    count -= this.#draw(slot, count, mostPlaces);
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
  #draw(slot: number, count: number, mostPlaces: number): number {
    let total = 0;
    for (let row = 0; row < this.#open.length; row++) total += this.#openFor(row, slot, mostPlaces);
    const step = total / count;
    let next = step * this.#random();
    let passed = 0;
    let drawn = 0;
    for (let row = 0; row < this.#open.length && drawn < count; row++) {
      const places = this.#openFor(row, slot, mostPlaces);
      if (places === 0) continue;
      passed += places;
      if (passed <= next) continue;
      next += step;
      drawn++;
      this.#take(row, slot);
    }
    return drawn;
  }

  /** Open places of a row, 0 if it has the lab or too many places. */
  #openFor(row: number, slot: number, mostPlaces: number): number {
    const places = this.#open[row]!;
    return places > mostPlaces || this.#holds[row * STRIDE + slot] === 1 ? 0 : places;
  }

  #takeFullest(slot: number, count: number): void {
    const rows = Uint32Array.from(this.#open.keys()).filter(
      (row) => this.#openFor(row, slot, LABS.length) > 0,
    );
    rows.sort((a, b) => this.#open[b]! - this.#open[a]!);
    for (const row of rows.subarray(0, count)) this.#take(row, slot);
  }

  #take(row: number, slot: number): void {
    this.#holds[row * STRIDE + slot] = 1;
    this.#open[row]!--;
  }
}
