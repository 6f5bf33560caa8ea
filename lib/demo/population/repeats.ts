import { derivedSeed, randomSource } from '@/lib/core/random';
import { LIST, PROVIDERS } from '../figures/list';
import type { Population } from './population';

/** Rows that share a person with an earlier row. */
export interface Repeats {
  /** Row → row whose name it has. */
  readonly nameOf: ReadonlyMap<number, number>;
  /** Row → row whose e-mail address it has. */
  readonly emailOf: ReadonlyMap<number, number>;
}

const GMAIL = PROVIDERS.findIndex(({ domain }) => domain === 'gmail.com');

/**
 * Choose who is on the list twice: 16 of 19,919 rows repeat an earlier row's address and name, and four more a
 * name only. A purchase is known by its address, so both rows of a pair either bought or did not.
 */
export function chooseRepeats(population: Population, seed: number): Repeats {
  const random = randomSource(derivedSeed(seed, 'repeats'));
  const { nSubscribers: n, provider, madePurchase, boughtLearningLabs } = population;
  const scale = n / LIST.nSubscribers;
  const nEmails = Math.round(scale * (LIST.nSubscribers - LIST.nDistinctEmails));
  const nNames = Math.round(scale * (LIST.nSubscribers - LIST.nDistinctNames));
  const nameOf = new Map<number, number>();
  const emailOf = new Map<number, number>();
  const taken = new Set<number>();
  while (nameOf.size < nNames) {
    const first = Math.floor(random() * n);
    const second = Math.floor(random() * n);
    const isSameKind =
      provider[first] === GMAIL &&
      provider[second] === GMAIL &&
      madePurchase[first] === madePurchase[second] &&
      boughtLearningLabs[first] === boughtLearningLabs[second];
    if (first >= second || !isSameKind || taken.has(first) || taken.has(second)) continue;
    taken.add(first).add(second);
    nameOf.set(second, first);
    if (emailOf.size < nEmails) emailOf.set(second, first);
  }
  return { nameOf, emailOf };
}
