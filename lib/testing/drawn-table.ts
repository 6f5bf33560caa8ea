import type { RandomSource } from '@/lib/core/random';
import type { JoinedTable } from '@/lib/crm/joined-table';

/** How the subscribers of a drawn table come about. */
export interface DrawnTable {
  readonly nRows: number;
  readonly firstDay: number;
  readonly nDays: number;
  readonly tags: readonly string[];
  readonly countries: readonly string[];
  /** What a subscriber of a day holds, each with a probability; the rest is 1 minus their sum. */
  readonly shares: (day: number) => {
    /** Of the ratings 1–5. */
    readonly rating: readonly number[];
    /** Of the countries; what is left over has none. */
    readonly country: readonly number[];
    /** Of each tag. */
    readonly tag: readonly number[];
  };
}

/** Draw subscribers who opt in evenly over the days. */
export function drawnTable(drawn: DrawnTable, random: RandomSource): JoinedTable {
  const { nRows, firstDay, nDays, tags, countries } = drawn;
  const optinDay = new Int32Array(nRows).map(() => firstDay + Math.floor(random() * nDays));
  const memberRating = new Float64Array(nRows);
  const countryIndex = new Int16Array(nRows);
  const tagCount = new Uint16Array(nRows);
  const tagIndicators = tags.map(() => new Uint8Array(nRows));
  for (let row = 0; row < nRows; row++) {
    const { rating, country, tag } = drawn.shares(optinDay[row]!);
    const rated = placeDrawn(rating, random());
    memberRating[row] = rated < 0 ? Number.NaN : rated + 1;
    countryIndex[row] = placeDrawn(country, random());
    for (const [column, share] of tag.entries()) {
      const isHeld = Number(random() < share);
      tagIndicators[column]![row] = isHeld;
      tagCount[row]! += isHeld;
    }
  }
  return {
    nRows,
    mailchimpId: new Float64Array(nRows).map((_, row) => row + 1),
    userFullName: Array.from({ length: nRows }, (_, row) => `Person ${row + 1}`),
    userEmail: Array.from({ length: nRows }, (_, row) => `person.${row + 1}@example.com`),
    memberRating,
    optinDay,
    countryCodes: countries,
    countryIndex,
    tagCount,
    madePurchase: new Uint8Array(nRows).map(() => Number(random() < 0.05)),
    tagColumns: tags,
    tagIndicators,
  };
}

/** Place of the share that a uniform number falls into; −1 past all of them. */
function placeDrawn(shares: readonly number[], uniform: number): number {
  let left = uniform;
  for (const [place, share] of shares.entries()) {
    if (left < share) return place;
    left -= share;
  }
  return -1;
}
