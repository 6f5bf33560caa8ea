import { describe, expect, it } from 'vitest';
import { MISSING_DAY, parseDay } from '@/lib/core/day';
import { addedDayCounts, areApart, dayCounts, defaultRanges, rangeText, timeWindows } from './drift-windows';

const FIRST = parseDay('2020-01-01');
const daysOf = (counts: readonly number[]) =>
  Int32Array.from(counts.flatMap((n, day) => Array<number>(n).fill(FIRST + day)));

describe('dayCounts', () => {
  it('counts by day, in order, without those that have none', () => {
    const days = Int32Array.of(FIRST + 2, MISSING_DAY, FIRST, FIRST + 2);
    expect(dayCounts(days)).toEqual({ days: [FIRST, FIRST + 2], counts: [1, 2], n: 3 });
    expect(dayCounts(days, Uint32Array.of(1, 2))).toEqual({ days: [FIRST], counts: [1], n: 1 });
    expect(dayCounts(new Int32Array(0))).toEqual({ days: [], counts: [], n: 0 });
  });

  it('adds up two lists', () => {
    expect(addedDayCounts(dayCounts(daysOf([1, 0, 2])), dayCounts(daysOf([0, 4, 1])))).toEqual({
      days: [FIRST, FIRST + 1, FIRST + 2],
      counts: [1, 4, 3],
      n: 8,
    });
  });
});

describe('defaultRanges', () => {
  const cut = (counts: readonly number[]) => {
    const ranges = defaultRanges(dayCounts(daysOf(counts)));
    const place = ({ from, to }: { from: number; to: number }) => [from - FIRST, to - FIRST];
    return ranges && [place(ranges.reference), place(ranges.current)];
  };

  it('takes the older half and the newest quarter, cut between days', () => {
    expect(cut([25, 25, 25, 25])).toEqual([
      [0, 1],
      [3, 3],
    ]);
    expect(cut(Array<number>(100).fill(3))).toEqual([
      [0, 49],
      [75, 99],
    ]);
  });

  it('keeps both sides where a day holds nearly all', () => {
    expect(cut([1, 98, 1])).toEqual([
      [0, 1],
      [2, 2],
    ]);
    expect(cut([98, 1, 1])).toEqual([
      [0, 0],
      [1, 2],
    ]);
    expect(cut([1, 1, 98])).toEqual([
      [0, 1],
      [2, 2],
    ]);
    expect(cut([5, 5])).toEqual([
      [0, 0],
      [1, 1],
    ]);
  });

  it('has nothing to cut in a day', () => {
    expect(cut([])).toBeNull();
    expect(cut([9])).toBeNull();
  });

  it('gives sides that are apart, whatever the counts', () => {
    for (let seed = 1; seed < 200; seed++) {
      const counts = Array.from({ length: 2 + (seed % 9) }, (_, day) => ((seed * (day + 3) * 7919) % 13) + 1);
      const ranges = defaultRanges(dayCounts(daysOf(counts)));
      expect(ranges && areApart(ranges)).toBe(true);
    }
  });
});

describe('timeWindows', () => {
  it('cuts into months, from the first to the last day that anybody opted in', () => {
    const counts = dayCounts(daysOf(Array<number>(200).fill(1)));
    const windows = timeWindows(counts, { from: FIRST + 10, to: FIRST + 199 });
    expect(windows.map(({ label }) => label)).toEqual([
      '2020-01',
      '2020-02',
      '2020-03',
      '2020-04',
      '2020-05',
      '2020-06',
      '2020-07',
    ]);
    expect(windows[0]).toMatchObject({ from: FIRST + 10, month: '2020-01' });
    expect(windows.at(-1)).toMatchObject({ to: FIRST + 199 });
  });

  it('cuts a short time into parts of about equal numbers', () => {
    const counts = dayCounts(daysOf(Array<number>(48).fill(10)));
    const windows = timeWindows(counts, { from: FIRST, to: FIRST + 47 });
    expect(windows).toHaveLength(12);
    expect(windows.map(({ from, to }) => to - from + 1)).toEqual(Array<number>(12).fill(4));
    expect(windows[1]).toMatchObject({ label: '2020-01-05 – 2020-01-08', month: null });
  });

  it('leaves every day in one window, also where a day holds most', () => {
    const counts = dayCounts(daysOf([1, 1, 500, 1, 1, 0, 3]));
    const windows = timeWindows(counts, { from: FIRST, to: FIRST + 6 });
    for (const day of counts.days) {
      expect(windows.filter(({ from, to }) => day >= from && day <= to)).toHaveLength(1);
    }
    expect(timeWindows(dayCounts(new Int32Array(0)), { from: 0, to: 9 })).toEqual([]);
  });
});

describe('rangeText', () => {
  it('names a day once', () => {
    expect(rangeText({ from: FIRST, to: FIRST })).toBe('2020-01-01');
    expect(rangeText({ from: FIRST, to: FIRST + 30 })).toBe('2020-01-01 – 2020-01-31');
  });
});
