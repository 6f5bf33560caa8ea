import { parseDay } from '@/lib/core/day';
import type { RandomSource } from '@/lib/core/random';
import { PRODUCTS } from '../figures/products';

/** Some of the products, in order of launch, to draw from by popularity. */
export class Shelf {
  readonly #ids: readonly number[];
  readonly #launchDays: readonly number[];
  /** Popularity of all products up to this one. */
  readonly #cumulated: readonly number[];

  constructor(isWanted: (id: number) => boolean) {
    const products = PRODUCTS.filter(({ id }) => isWanted(id))
      .map(({ id, launch, popularity }) => ({ id, launchDay: parseDay(launch), popularity }))
      .sort((a, b) => a.launchDay - b.launchDay || a.id - b.id);
    let total = 0;
    this.#ids = products.map(({ id }) => id);
    this.#launchDays = products.map(({ launchDay }) => launchDay);
    this.#cumulated = products.map(({ popularity }) => {
      total += popularity;
      return total;
    });
  }

  /** Draw a product that is on sale on a day. @throws Where none is yet. */
  draw(day: number, random: RandomSource): number {
    let nOnSale = this.#ids.length;
    while (nOnSale > 0 && this.#launchDays[nOnSale - 1]! > day) nOnSale--;
    if (nOnSale === 0) throw new Error(`nothing is on sale on day ${day}`);
    const wanted = random() * this.#cumulated[nOnSale - 1]!;
    let index = 0;
    while (this.#cumulated[index]! <= wanted) index++;
    return this.#ids[index]!;
  }
}
