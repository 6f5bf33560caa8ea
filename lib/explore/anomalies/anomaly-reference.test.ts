import { describe, expect, it } from 'vitest';
import { MISSING_DAY, parseDay } from '@/lib/core/day';
import { normalDraw } from '@/lib/core/normal-distribution';
import { derivedSeed, type RandomSource, randomSource } from '@/lib/core/random';
import reference from '../fixtures/anomaly.json';
import { spearmanCorrelation } from '../rating/correlation';
import { countAbove, optinDays } from './anomaly-days';
import { robustScores } from './anomaly-robust-z';
import {
  expectedPathLength,
  isolationForest,
  isolationScores,
  isolationScoresFrom,
} from './isolation-forest';

/** Values of bench/reference/anomaly.py; the tools and their versions stand in the file. */
const close = (actual: number | undefined, expected: number) => {
  expect(Math.abs((actual ?? Number.NaN) - expected)).toBeLessThanOrEqual(
    1e-9 * Math.max(1, Math.abs(expected)),
  );
};

const matrixOf = (rows: readonly (readonly number[])[]) => ({
  values: Float64Array.from(rows.flat()),
  nRows: rows.length,
  nColumns: rows[0]?.length ?? 0,
});

describe(`the statistics of anomalies against ${reference.tool}`, () => {
  it('gives the tails of counts', () => {
    for (const { n, mean, dispersion, above } of reference.tails) {
      const found = countAbove(n, mean, dispersion);
      close(found, above);
      // Far out, where all is nearly 0, in relation to itself.
      if (dispersion > 1) expect(found / above).toBeCloseTo(1, 9);
    }
  });

  it('scores by the median deviation, by the mean one where the median one is 0', () => {
    for (const { x, median, scale, scaleOf, z } of reference.robust) {
      const found = robustScores(Float64Array.from(x));
      close(found?.median, median);
      close(found?.scale, scale);
      expect(found?.scaleOf).toBe(scaleOf);
      for (const [i, score] of z.entries()) close(found?.z[i], score);
    }
  });

  it('ranks rows as scikit-learn’s isolation forest does', () => {
    const rows = matrixOf(reference.forest.x);
    for (let seed = 1; seed <= 5; seed++) {
      const forest = isolationForest(rows, { random: randomSource(seed) });
      const scores = isolationScores(forest, rows);
      const pairs = reference.forest.scores.map((y, i) => ({ x: scores[i] ?? Number.NaN, y, n: 1 }));
      // One forest of scikit-learn’s against the mean of five is at 0.98 to 0.99.
      expect(spearmanCorrelation(pairs)).toBeGreaterThan(0.97);
      const mean = (of: ArrayLike<number>) =>
        Array.from(of).reduce((sum, score) => sum + score, 0) / of.length;
      expect(mean(scores)).toBeCloseTo(mean(reference.forest.scores), 1);
    }
  });
});

describe('isolationForest', () => {
  const cloud = (n: number, random: RandomSource) =>
    Array.from({ length: n }, () => [normalDraw(random), normalDraw(random), normalDraw(random)]);

  it('finds a planted cluster of outliers', () => {
    for (let seed = 0; seed < 20; seed++) {
      const random = randomSource(derivedSeed(seed, 'planted'));
      const far = cloud(10, random).map((row) =>
        row.map((value, column) => 0.2 * value + [5, -6, 5][column]!),
      );
      const rows = matrixOf([...far, ...cloud(990, random)]);
      const scores = isolationScores(isolationForest(rows, { random }), rows);
      const ranked = Array.from(scores.keys()).sort((a, b) => scores[b]! - scores[a]!);
      const nFound = ranked.slice(0, 10).filter((row) => row < 10).length;
      expect(nFound).toBeGreaterThanOrEqual(9);
    }
  });

  it('is the same for the same seed, and leaves the rows as they are', () => {
    const rows = matrixOf(cloud(300, randomSource(1)));
    const before = rows.values.slice();
    const grown = () => isolationForest(rows, { random: randomSource(2), nTrees: 20 });
    expect(grown()).toEqual(grown());
    expect(rows.values).toEqual(before);
    expect(isolationForest(rows, { random: randomSource(3), nTrees: 20 })).not.toEqual(grown());
  });

  it('scores equal rows alike, at about one half', () => {
    const rows = matrixOf(Array.from({ length: 100 }, () => [1, 2]));
    const scores = isolationScores(isolationForest(rows, { random: randomSource(1) }), rows);
    for (const score of scores) expect(score).toBeCloseTo(0.5, 12);
    const one = matrixOf([[7]]);
    expect([...isolationScores(isolationForest(one, { random: randomSource(1) }), one)]).toEqual([0.5]);
  });

  it('scores those at a limit or above as ever, and leaves the others behind', () => {
    for (const [seed, n] of [3_000, 1_024, 5].entries()) {
      const random = randomSource(derivedSeed(seed, 'limit'));
      const rows = matrixOf(cloud(n, random));
      const forest = isolationForest(rows, { random });
      const scores = isolationScores(forest, rows);
      const sorted = scores.slice().sort();
      // Each limit is a score that a row has.
      for (const limit of [sorted[0]!, sorted[Math.floor(n / 2)]!, sorted.at(-2)!, sorted.at(-1)!]) {
        const found = isolationScoresFrom(forest, rows, limit);
        expect(found).toEqual(scores.map((score) => (score >= limit ? score : 0)));
      }
      expect(isolationScoresFrom(forest, rows, 0.99).every((score) => score === 0)).toBe(true);
    }
  });

  it('refuses what is no table', () => {
    expect(() => isolationForest(matrixOf([]), { random: randomSource(1) })).toThrow('got 0 × 0');
    const forest = isolationForest(matrixOf([[1], [2]]), { random: randomSource(1) });
    expect(() => isolationScores(forest, matrixOf([[1, 2]]))).toThrow('Expected 1 columns, got 2');
  });

  it('knows the mean depth of a search', () => {
    expect([0, 1, 2].map(expectedPathLength)).toEqual([0, 0, 1]);
    expect(expectedPathLength(256)).toBeCloseTo(10.244770920119917, 12);
  });
});

describe('robustScores', () => {
  it('leaves missing values missing', () => {
    const found = robustScores(Float64Array.of(1, Number.NaN, 2, 3, 100));
    expect(found).toMatchObject({ median: 2.5, scaleOf: 'median_deviation' });
    expect(found?.z[1]).toBeNaN();
    expect(found?.z[4]).toBeGreaterThan(3.5);
  });

  it('scores nothing where nothing varies', () => {
    expect(robustScores(Float64Array.of(4, 4, 4))).toBeNull();
    expect(robustScores(Float64Array.of(Number.NaN))).toBeNull();
    expect(robustScores(new Float64Array(0))).toBeNull();
  });
});

describe('optinDays', () => {
  const FIRST = parseDay('2019-01-01');

  /** Poisson counts by day, or more spread ones where the rate itself is drawn (Knuth 1969). */
  const drawnDays = (meanOf: (day: number) => number, nDays: number, random: RandomSource, spread = 0) =>
    Int32Array.from(
      Array.from({ length: nDays }, (_, day) => {
        const mean = meanOf(day) * (1 + spread * (random() * 2 - 1));
        let [n, product] = [0, random()];
        for (const least = Math.exp(-mean); product > least; n++) product *= random();
        return Array.from({ length: n }, () => FIRST + day);
      }).flat(),
    );

  it.each([
    ['one every other day', () => 0.5, 0],
    ['five a day, none at weekends', (day: number) => (day % 7 < 5 ? 5 : 0), 0],
    ['ever more', (day: number) => 10 + day / 20, 0],
    ['good and bad days', () => 40, 0.6],
  ])('raises at most 5 false alarms in 100 quiet lists: %s', (name, meanOf, spread) => {
    let nAlarms = 0;
    for (let seed = 0; seed < 100; seed++) {
      const found = optinDays(drawnDays(meanOf, 500, randomSource(derivedSeed(seed, name)), spread));
      if (found?.days.some(({ isSpike }) => isSpike)) nAlarms += 1;
    }
    expect(nAlarms).toBeLessThanOrEqual(5);
  });

  it('finds a planted import, and says what was to be expected', () => {
    const days = drawnDays(() => 12, 400, randomSource(3));
    const imported = Int32Array.from([...days, ...Array<number>(90).fill(FIRST + 200)]);
    const spikes = optinDays(imported)?.days.filter(({ isSpike }) => isSpike);
    expect(spikes).toHaveLength(1);
    expect(spikes?.[0]).toMatchObject({ day: FIRST + 200 });
    expect(spikes?.[0]?.expected).toBeGreaterThan(9);
    expect(spikes?.[0]?.expected).toBeLessThan(16);
    expect(spikes?.[0]?.n).toBeGreaterThanOrEqual(90);
  });

  it('counts days without an opt-in, and keeps one that is far off out of the list’s time', () => {
    const days = drawnDays(() => 3, 100, randomSource(4));
    const found = optinDays(
      Int32Array.from([...days, MISSING_DAY, parseDay('1970-01-01'), parseDay('2070-01-01')]),
    );
    expect(found?.days.length).toBeLessThanOrEqual(100);
    expect(found?.days.reduce((sum, { n }) => sum + n, 0)).toBe(days.length);
  });

  it('says nothing of a short list', () => {
    expect(optinDays(new Int32Array(0))).toBeNull();
    expect(optinDays(Int32Array.of(MISSING_DAY))).toBeNull();
    expect(optinDays(Int32Array.of(FIRST, FIRST + 40))).toBeNull();
    expect(optinDays(Int32Array.of(FIRST, FIRST + 41))).not.toBeNull();
  });
});
