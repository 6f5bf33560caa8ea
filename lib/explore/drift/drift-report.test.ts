import { describe, expect, it } from 'vitest';
import { MISSING_DAY, parseDay } from '@/lib/core/day';
import { derivedSeed, randomSource } from '@/lib/core/random';
import type { JoinedTable } from '@/lib/crm/joined-table';
import { type DrawnTable, drawnTable } from '@/lib/testing/drawn-table';
import { joinedTableOf } from '@/lib/testing/joined-table-of';
import { createSegmenter } from '../segments/dimensions';
import { driftBetweenFiles, driftByDate } from './drift-report';
import { driftedFeatures, driftSentence, featureSentence, sinceText } from './drift-sentences';

const listOf = (table: JoinedTable) => ({
  table,
  segmenter: createSegmenter({
    table,
    purchases: { products: [], rowsOf: () => new Uint32Array(0) },
    checks: { names: [], rowsOf: () => new Uint32Array(0) },
  }),
});

const FIRST_DAY = parseDay('2019-01-01');
const STEADY = {
  rating: [0.05, 0.7, 0.1, 0.1, 0.05],
  country: [0.3, 0.25, 0.15],
  tag: [0.3, 0.1, 0.04],
};
const DRAWN: DrawnTable = {
  nRows: 3_000,
  firstDay: FIRST_DAY,
  nDays: 720,
  tags: ['tag_a', 'tag_b', 'tag_c'],
  countries: ['de', 'in', 'us'],
  shares: () => STEADY,
};
const REPORTED = { ranges: null, seed: 1 };
const drawn = (change: Partial<DrawnTable>, seed: number) =>
  drawnTable({ ...DRAWN, ...change }, randomSource(derivedSeed(seed, 'list')));

describe('driftByDate', () => {
  it('calls nothing changed in more than 5 of 100 lists that do not change, however small', () => {
    let [nAlarms, nMarked] = [0, 0];
    for (let seed = 0; seed < 200; seed++) {
      const { features } = driftByDate(listOf(drawn({ nRows: 120 }, seed)), REPORTED);
      if (features.some(({ verdict }) => verdict !== 'none')) nAlarms += 1;
      // Of the customary mark alone much would be said to have changed.
      if (features.some(({ stability }) => (stability?.psi ?? 0) >= 0.1)) nMarked += 1;
    }
    expect(nAlarms / 200).toBeLessThanOrEqual(0.07);
    expect(nMarked / 200).toBeGreaterThan(0.5);
  });

  it('names the feature that changed, how much, and since when', () => {
    const start = parseDay('2020-05-01');
    const after = { ...STEADY, country: [0.05, 0.25, 0.6] };
    const table = drawn({ shares: (day) => (day < start ? STEADY : after) }, 1);
    const report = driftByDate(listOf(table), REPORTED);
    expect(report.kind).toBe('dates');
    expect(report.windows).toHaveLength(24);
    const changed = driftedFeatures(report.features);
    expect(changed.map(({ name, verdict }) => [name, verdict])).toEqual([['country_code', 'large']]);
    const [country] = changed;
    expect(country && sinceText(country, report.windows)).toBe('2020-05');
    expect(country && featureSentence(country, report.windows)).toMatch(
      /^country_code has changed much: “us” went from 1\d\.\d % to \d\d\.\d % \(PSI .*; adjusted p < 0\.001\); since 2020-05\.$/,
    );
    expect(driftSentence(report)).toMatch(
      /^1 of 9 columns has changed between 1,5\d\d subscribers of 2019-01-01 – \S+ and 7\d\d subscribers of \S+ – \S+: country_code \(PSI \d\.\d\d, since 2020-05\)\.$/,
    );
    const index = report.windows.findIndex(({ month }) => month === '2020-05');
    const beyond = country?.windows.map(({ psi, limit }) => (psi ?? 0) > (limit ?? Number.POSITIVE_INFINITY));
    expect(beyond?.slice(index).every(Boolean)).toBe(true);
    expect(beyond?.slice(0, index).some(Boolean)).toBe(false);
  });

  it('finds what goes missing, and leaves out what follows from the date', () => {
    const start = FIRST_DAY + 540;
    const after = { ...STEADY, rating: STEADY.rating.map((share) => share * 0.6) };
    const table = drawn({ shares: (day) => (day < start ? STEADY : after) }, 2);
    const report = driftByDate(listOf(table), REPORTED);
    expect(report.excluded).toEqual([
      'optin_days',
      'optin_month',
      'optin_day_of_week',
      'tag_count_by_optin_day',
    ]);
    expect(report.features.some(({ name }) => report.excluded.includes(name))).toBe(false);
    const rating = report.features.find(({ name }) => name === 'member_rating');
    expect(rating?.verdict).toBe('large');
    expect(rating?.mover).toMatchObject({ label: '(missing)', from: 0, level: '(missing)' });
    expect(rating?.missing?.difference).toBeCloseTo(0.4, 1);
    expect(rating?.missing?.low).toBeGreaterThan(0.3);
    // Of those who have one, the ratings are as before.
    expect(rating?.ks?.pValue).toBeGreaterThan(0.05);
  });

  it('compares what is chosen, among the rows that are looked at', () => {
    const table = drawn({}, 3);
    const ranges = {
      reference: { from: FIRST_DAY + 400, to: FIRST_DAY + 499 },
      current: { from: FIRST_DAY, to: FIRST_DAY + 99 },
    };
    const rows = Uint32Array.from({ length: 1_500 }, (_, i) => 2 * i);
    const report = driftByDate(listOf(table), { rows, ranges, seed: 1 });
    const count = ({ from, to }: { from: number; to: number }) =>
      rows.filter((row) => table.optinDay[row]! >= from && table.optinDay[row]! <= to).length;
    expect(report.sides).toEqual({
      reference: { n: count(ranges.reference), range: ranges.reference, fileName: null },
      current: { n: count(ranges.current), range: ranges.current, fileName: null },
    });
    expect(report.windows[0]?.from).toBeGreaterThanOrEqual(FIRST_DAY);
    expect(report.windows.at(-1)?.to).toBeLessThanOrEqual(FIRST_DAY + 499);
    const [rating] = report.features;
    const sum = rating?.bins.reduce((all, { reference, current }) => all + reference + current, 0);
    expect(sum).toBe(count(ranges.reference) + count(ranges.current));
  });

  it('gives the same twice, and does not touch the table', () => {
    const table = drawn({ nRows: 400 }, 4);
    const before = structuredClone(table);
    expect(driftByDate(listOf(table), REPORTED)).toEqual(driftByDate(listOf(table), REPORTED));
    expect(table).toEqual(before);
  });

  it('compares nothing where there are not two days', () => {
    for (const rows of [
      [],
      [{ optin: '2020-01-01' }, { optin: '2020-01-01' }],
      [{ rating: 2 }, { rating: 3 }],
    ]) {
      const report = driftByDate(listOf(joinedTableOf(rows)), REPORTED);
      expect(report).toMatchObject({ sides: null, features: [], windows: [] });
      expect(driftSentence(report)).toMatch(/^There is nothing to compare/);
    }
    const apart = { reference: { from: 0, to: 1 }, current: { from: 2, to: 3 } };
    const table = drawn({ nRows: 50 }, 5);
    expect(driftByDate(listOf(table), { ranges: apart, seed: 1 }).sides).toBeNull();
  });

  it('leaves out who has no date', () => {
    const table = drawn({ nRows: 500 }, 6);
    const optinDay = table.optinDay.map((day, row) => (row % 5 === 0 ? MISSING_DAY : day));
    const report = driftByDate(listOf({ ...table, optinDay }), REPORTED);
    expect((report.sides?.reference.n ?? 0) + (report.sides?.current.n ?? 0)).toBeLessThanOrEqual(400);
  });
});

describe('driftBetweenFiles', () => {
  const files = (reference: JoinedTable, current: JoinedTable) =>
    driftBetweenFiles(
      { ...listOf(reference), fileName: 'old.sqlite' },
      { ...listOf(current), fileName: 'new.sqlite' },
      { seed: 1 },
    );

  it('finds no difference between a file and itself', () => {
    const table = drawn({}, 7);
    const report = files(table, table);
    expect(driftedFeatures(report.features)).toEqual([]);
    expect(report.features.every(({ stability }) => (stability?.psi ?? 0) < 1e-12)).toBe(true);
    expect(driftSentence(report)).toBe(
      'None of 13 columns has changed between the 3,000 subscribers of old.sqlite and the 3,000 subscribers of new.sqlite.',
    );
  });

  it('names a tag that only one file has, and opt-in dates that are other ones', () => {
    const later = { firstDay: FIRST_DAY + 720, tags: ['tag_b', 'tag_c', 'tag_d'] };
    const report = files(drawn({}, 8), drawn(later, 9));
    const names = driftedFeatures(report.features).map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining(['tag_a', 'optin_days']));
    const tag = report.features.find(({ name }) => name === 'tag_a');
    expect(tag?.bins).toMatchObject([
      { label: 'without', level: 'without' },
      { label: 'with', level: 'with', current: 0 },
    ]);
    expect(report.windows.map(({ month }) => month)).toContain('2020-12');
  });

  it('names the opt-in month since which the files differ', () => {
    const before = drawn({ nRows: 4_000 }, 10);
    const start = parseDay('2020-03-01');
    const countryIndex = before.countryIndex.map((country, row) =>
      before.optinDay[row]! >= start && row % 2 === 0 ? 2 : country,
    );
    const report = files(before, { ...before, countryIndex });
    const changed = driftedFeatures(report.features);
    expect(changed.map((feature) => [feature.name, sinceText(feature, report.windows)])).toEqual([
      ['country_code', '2020-03'],
    ]);
    expect(report.features.filter(({ change }) => change !== null)).toHaveLength(1);
  });

  it('compares nothing with an empty file', () => {
    expect(files(drawn({ nRows: 10 }, 1), joinedTableOf([])).features).toEqual([]);
    expect(files(joinedTableOf([]), drawn({ nRows: 10 }, 1)).sides).toBeNull();
  });
});
