import { describe, expect, it } from 'vitest';
import { randomSource } from '@/lib/core/random';
import { joinedTableOf, type SubscriberRow } from '@/lib/testing/joined-table-of';
import { countryGaps } from './country-gaps';
import { groupLabel, pairedGroups, type SliceGroup, sliceGroups, tagFamily } from './slice-groups';
import { sliceMeasures } from './slice-measures';
import { searchSentence, sliceReport } from './slice-report';
import { slicesSearched } from './slice-search';

const ROWS: readonly SubscriberRow[] = [
  { country: 'us', rating: 5, optin: '2020-02-01', tags: ['tag_lab', 'tag_lab_05'], email: 'a@gmail.com' },
  { country: 'us', rating: 2, optin: '2020-03-31', tags: ['tag_webinar_01'], email: 'b@own.example' },
  { rating: 2, optin: '2020-04-01', email: '' },
  { country: 'in', email: 'd@gmail.com', tagCount: 3 },
];

describe('sliceGroups', () => {
  it('groups the judged rows by country, rating, quarter, tag family and kind of address', () => {
    const groups = sliceGroups(joinedTableOf(ROWS), Uint32Array.of(0, 1, 2, 3));
    const told = Object.fromEntries(groups.map((group) => [groupLabel(group), [...group.members]]));
    expect(told).toEqual({
      'country (missing)': [2],
      'country in': [3],
      'country us': [0, 1],
      'rating (missing)': [3],
      'rating 2': [1, 2],
      'rating 5': [0],
      'opted in (missing)': [3],
      'opted in 2020 Q1': [0, 1],
      'opted in 2020 Q2': [2],
      'tags (no tags)': [2],
      'tags lab': [0],
      'tags webinar': [1],
      'e-mail (missing)': [2],
      'e-mail free': [0, 3],
      'e-mail own domain': [1],
    });
  });

  it('counts places among the judged rows, and pairs groups of different dimensions', () => {
    const groups = sliceGroups(joinedTableOf(ROWS), Uint32Array.of(1, 2));
    expect(groups.find((group) => groupLabel(group) === 'country us')?.members).toEqual(Uint32Array.of(0));
    const pairs = pairedGroups(groups, 2, 1).map(groupLabel);
    expect(pairs).toContain('country us, rating 2');
    expect(pairs.some((pair) => pair.includes('us, country'))).toBe(false);
    expect(pairedGroups(groups, 2, 3)).toEqual([]);
    expect(tagFamily('tag_2020')).toBe('tag_2020');
  });
});

describe('sliceMeasures', () => {
  it('measures what can be measured', () => {
    const rows = { labels: Uint8Array.of(1, 0, 1, 0), probabilities: Float32Array.of(0.75, 0.5, 0.25, 0.5) };
    const measures = sliceMeasures(rows, 0.5);
    expect(measures).toMatchObject({ n: 4, nBuyers: 2, expectedBuyers: 2, nReached: 3, nBuyersReached: 1 });
    expect(measures.observedToExpected?.value).toBe(1);
    expect(measures.recall?.value).toBe(0.5);
    expect(measures.precision?.value).toBeCloseTo(1 / 3, 15);
    expect(measures.rocAuc?.value).toBe(0.5);
  });

  it('gives null where there is nothing to measure on', () => {
    const none = sliceMeasures({ labels: new Uint8Array(), probabilities: new Float32Array() }, 0.5);
    expect(none).toMatchObject({ n: 0, rocAuc: null, recall: null, precision: null, conversion: null });
    const one = sliceMeasures({ labels: Uint8Array.of(0, 0), probabilities: Float32Array.of(0, 0) }, 0.5);
    expect(one).toMatchObject({ rocAuc: null, recall: null, precision: null, observedToExpected: null });
  });
});

/** Rows of four countries and two ratings, of which one pair may be spoilt. */
function judged(seed: number, spoilt: (country: number, rating: number) => number) {
  const random = randomSource(seed);
  const n = 4000;
  const rows = { labels: new Uint8Array(n), probabilities: new Float32Array(n) };
  const members = new Map<string, number[]>();
  const put = (level: string, row: number) => members.set(level, [...(members.get(level) ?? []), row]);
  const places: [string, number][] = [];
  for (let row = 0; row < n; row++) {
    const [country, rating] = [Math.floor(random() * 4), Math.floor(random() * 2)];
    places.push([`country:${['us', 'in', 'uk', 'de'][country]}`, row], [`member_rating:${rating + 1}`, row]);
    const probability = 0.3 * random() ** 2;
    rows.probabilities[row] = probability;
    rows.labels[row] = Number(random() < probability * spoilt(country, rating));
  }
  for (const [level, row] of places) {
    const known = members.get(level);
    if (known === undefined) put(level, row);
    else known.push(row);
  }
  const groups = [...members].map(([name, places]): SliceGroup => {
    const [dimension, level] = name.split(':') as ['country' | 'member_rating', string];
    return { parts: [{ dimension, level }], members: Uint32Array.from(places) };
  });
  return { rows, groups };
}

describe('slicesSearched', () => {
  it('finds a pair in which far fewer buy than expected, and says so', () => {
    const { rows, groups } = judged(1, (country, rating) => (country === 1 && rating === 0 ? 0.25 : 1));
    const search = slicesSearched(rows, groups, { threshold: 0.1 });
    expect(search.found[0]?.label.split(', ').sort()).toEqual(['country in', 'rating 1']);
    expect(searchSentence(search)).toMatch(
      /worse beyond chance, first .*country in.*fewer bought than expected/,
    );
    const report = sliceReport(rows, groups, 0.1);
    expect(report.gaps.unequal).toEqual(['in']);
    expect(report.sentence).toContain('other numbers bought than were expected, beyond chance, in in.');
  });

  it('finds something in few of 30 lists where nothing is wrong', () => {
    let nMisled = 0;
    for (let seed = 0; seed < 30; seed++) {
      const { rows, groups } = judged(100 + seed, () => 1);
      if (slicesSearched(rows, groups, { threshold: 0.1 }).found.length > 0) nMisled++;
    }
    expect(nMisled).toBeLessThanOrEqual(4);
  });

  it('says so where no slice is large enough', () => {
    const { rows, groups } = judged(2, () => 1);
    const floor = { minRows: 5000, minBuyers: 10 };
    const search = slicesSearched(rows, groups, { threshold: 0.1, floor });
    expect(search).toMatchObject({ found: [], worst: null, nSearched: 0 });
    expect(searchSentence(search)).toBe('There are no slices with at least 5000 test rows and 10 buyers.');
    expect(countryGaps(rows, groups, { threshold: 0.1, floor })).toMatchObject({
      countries: [],
      unequal: [],
    });
  });
});
