import { type RandomSource, shuffle } from '@/lib/core/random';
import { LIST, PROVIDERS, RATINGS } from '../figures/list';
import { AU, CODE_COUNTS, INDIA, MISSING_CODE, RAW_CODES, US } from './raw-codes';

/** Who the subscribers of a block are, before they do anything. One entry a row. */
export interface Members {
  /** Index into `RAW_CODES`, or `MISSING_CODE`. */
  readonly country: Uint16Array;
  /** 1–5 */
  readonly rating: Uint8Array;
  /** Index into `PROVIDERS`. */
  readonly provider: Uint8Array;
}

/**
 * Rows by country and band of rating (1–2, 3–4, 5). Exact, but for India, whose share in "known, not us" is
 * invented: fewer high ratings there, so that the rating depends on the country as the profile says.
 */
const BANDS_BY_COUNTRY = {
  us: [2574, 547, 666],
  au: [201, 51, 53],
  india: [2125, 300, 300],
  missing: [5930, 425, 192],
  elsewhere: [4380, 1051, 1124],
} as const;

/** Create the countries, ratings and e-mail providers of a block of 19,919, in random order. */
export function createMembers(random: RandomSource): Members {
  const n = LIST.nSubscribers;
  const country = new Uint16Array(n);
  const rating = new Uint8Array(n);
  const others = shuffled(
    CODE_COUNTS.flatMap((count, code) =>
      code === US || code === AU || code === INDIA || code === MISSING_CODE
        ? []
        : Array<number>(count).fill(code),
    ),
    random,
  );
  const ratingsByBand = ratingPools(random);
  let row = 0;
  let nextOther = 0;
  for (const [name, bands] of Object.entries(BANDS_BY_COUNTRY)) {
    const code = SINGLE_CODES[name];
    bands.forEach((count, band) => {
      for (let i = 0; i < count; i++) {
        country[row] = code ?? others[nextOther++]!;
        rating[row] = ratingsByBand[band]!.pop()!;
        row++;
      }
    });
  }
  if (row !== n) throw new Error(`countries and ratings fill ${row} rows, expected ${n}`);
  const provider = Uint8Array.from(
    shuffled(
      PROVIDERS.flatMap((figure, index) => Array<number>(figure.n).fill(index)),
      random,
    ),
  );
  return { country, rating, provider };
}

const SINGLE_CODES: Readonly<Record<string, number>> = {
  us: US,
  au: AU,
  india: INDIA,
  missing: MISSING_CODE,
};

/** The ratings of each band, shuffled: 1–2, 3–4, 5. */
function ratingPools(random: RandomSource): number[][] {
  const pool = (ratings: readonly number[]) =>
    Array.from(
      shuffled(
        RATINGS.filter(({ rating }) => ratings.includes(rating)).flatMap(({ rating, n }) =>
          Array<number>(n).fill(rating),
        ),
        random,
      ),
    );
  return [pool([1, 2]), pool([3, 4]), pool([5])];
}

function shuffled(values: readonly number[], random: RandomSource): Uint32Array {
  const copy = Uint32Array.from(values);
  shuffle(copy, random);
  return copy;
}

/** How many codes a block knows, missing included. */
export const N_CODES = RAW_CODES.length + 1;
