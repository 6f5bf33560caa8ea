import { describe, expect, it } from 'vitest';
import { MISSING_DAY, parseDay } from '@/lib/core/day';
import { derivedSeed, randomSource } from '@/lib/core/random';
import type { JoinedTable } from '@/lib/crm/joined-table';
import { drawnTable } from '@/lib/testing/drawn-table';
import { joinedTableOf } from '@/lib/testing/joined-table-of';
import { segmenterOfTable } from '../drift/drift-columns';
import { anomaliesOf, importLevel } from './anomalies';
import { anomalySentence, optinDaysSentence } from './anomaly-sentences';

const NEWEST = parseDay('2021-01-01');
const FIRST = parseDay('2019-01-01');
const TABLE = drawnTable(
  {
    nRows: 3_000,
    firstDay: FIRST,
    nDays: 400,
    tags: ['tag_a', 'tag_b', 'tag_c'],
    countries: ['de', 'us'],
    shares: () => ({ rating: [0.05, 0.7, 0.1, 0.1, 0.05], country: [0.4, 0.5], tag: [0.4, 0.4, 0.4] }),
  },
  randomSource(derivedSeed(1, 'anomalies')),
);
const found = (table: JoinedTable, seed = 1) =>
  anomaliesOf({ table, segmenter: segmenterOfTable(table) }, { newestDay: NEWEST, seed });
const levelsOf = (table: JoinedTable) => found(table).report.groups.map(({ level }) => level);
const rowsOf = (table: JoinedTable, level: string) => [
  ...(found(table).held.find((group) => group.level === level)?.rows ?? []),
];

describe('anomaliesOf', () => {
  it('finds nothing impossible, no import and no far number in a quiet list', () => {
    const { report } = found(TABLE);
    expect(report.groups.filter(({ kind }) => kind !== 'isolation')).toEqual([]);
    expect(report.rules.map(({ n }) => n)).toEqual([0, 0, 0, 0]);
    expect(report.forest).toMatchObject({ nTrees: 100, sampleSize: 256 });
    expect(anomalySentence(report)).toMatch(
      /^No value is impossible; no number lies far out; an isolation forest/,
    );
    expect(optinDaysSentence(report)).toMatch(/^Of 400 days none has more opt-ins/);
  });

  it('finds impossible values in exactly the rows that have them', () => {
    const memberRating = TABLE.memberRating.slice();
    memberRating.set([0, 5.5, 9, -1, Number.NaN], 10);
    const optinDay = TABLE.optinDay.slice();
    optinDay.set([NEWEST, NEWEST + 1, 0, MISSING_DAY], 20);
    const tagCount = TABLE.tagCount.slice();
    tagCount[30]! += 1;
    const table = { ...TABLE, memberRating, optinDay, tagCount };
    expect(rowsOf(table, 'impossible member_rating')).toEqual([10, 11, 12, 13]);
    expect(rowsOf(table, 'impossible optin_time')).toEqual([21]);
    expect(rowsOf(table, 'impossible optin_time before e-mail')).toEqual([22]);
    expect(rowsOf(table, 'impossible tag_count')).toEqual([30]);
    expect(anomalySentence(found(table).report)).toMatch(/^7 values are impossible, by 4 rules; /);
  });

  it('finds a planted import, an outlier, and who is unlike the rest, with the reason', () => {
    const optinDay = TABLE.optinDay.slice().fill(FIRST + 100, 0, 80);
    const odd = Uint32Array.from({ length: 30 }, (_, i) => 500 + 50 * i);
    const tagCount = TABLE.tagCount.slice();
    const memberRating = TABLE.memberRating.slice();
    for (const [i, row] of odd.entries()) {
      tagCount[row] = 300 + 10 * i;
      memberRating[row] = 5;
    }
    const table = { ...TABLE, optinDay, tagCount, memberRating };
    expect(levelsOf(table)).toEqual(
      expect.arrayContaining([importLevel(FIRST + 100), 'outlier tag_count', 'isolation forest']),
    );
    const imported = rowsOf(table, importLevel(FIRST + 100));
    expect(imported.slice(0, 80)).toEqual(Array.from({ length: 80 }, (_, row) => row));
    expect(imported.every((row) => optinDay[row] === FIRST + 100)).toBe(true);
    expect(rowsOf(table, 'outlier tag_count')).toEqual([...odd]);
    const isolated = found(table).held.find(({ level }) => level === 'isolation forest');
    const first = isolated?.ranked.subarray(0, odd.length) ?? new Uint32Array(0);
    expect(first.filter((row) => odd.includes(row)).length).toBeGreaterThanOrEqual(25);
    const notes = isolated?.notes.map(({ label, textOf }) => [label, textOf(first[0] ?? 0)]);
    expect(notes).toEqual([
      ['isolation score', expect.stringMatching(/^0\.[67]\d\d$/)],
      ['mostly for its', expect.stringMatching(/^(tag_count|member_rating)$/)],
    ]);
    expect(optinDaysSentence(found(table).report)).toMatch(
      /^Of 400 days, 1 has at least twice .*; 2019-04-11 has most, [89]\d where about \d+ were expected\.$/,
    );
  });

  it('counts buyers of a group, and ranks its rows without losing one', () => {
    const tagCount = TABLE.tagCount.slice();
    for (let row = 0; row < 20; row++) tagCount[row] = 100 + row;
    const { held, report } = found({ ...TABLE, tagCount });
    for (const [place, { rows, ranked }] of held.entries()) {
      expect([...ranked].sort((a, b) => a - b)).toEqual([...rows]);
      const buyers = [...rows].reduce((sum, row) => sum + TABLE.madePurchase[row]!, 0);
      expect(report.groups[place]).toMatchObject({ n: rows.length, buyers });
    }
    const far = held.find(({ level }) => level === 'outlier tag_count');
    expect([...(far?.ranked ?? [])]).toEqual(Array.from({ length: 20 }, (_, i) => 19 - i));
  });

  it('is the same for the same seed, and does not touch the table', () => {
    const before = structuredClone(TABLE);
    expect(found(TABLE, 7).report).toEqual(found(TABLE, 7).report);
    expect(found(TABLE, 8).report.forest?.highest).not.toBe(found(TABLE, 7).report.forest?.highest);
    expect(TABLE).toEqual(before);
  });

  it('takes a list of nobody, of one, and of equal ones', () => {
    expect(found(joinedTableOf([])).report).toMatchObject({ days: null, groups: [], forest: null });
    expect(anomalySentence(found(joinedTableOf([])).report)).toBe('There is no subscriber to look at.');
    for (const n of [1, 50]) {
      const { report } = found(
        joinedTableOf(Array.from({ length: n }, () => ({ rating: 2, country: 'us' }))),
      );
      expect(report.groups).toEqual([]);
      expect(report.forest?.highest).toBeCloseTo(0.5, 10);
      expect(report.columns.map(({ scaleOf }) => scaleOf)).toEqual([null, null]);
    }
  });
});
