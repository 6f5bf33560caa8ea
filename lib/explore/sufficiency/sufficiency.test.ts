import { describe, expect, it } from 'vitest';
import { rocAucError, sufficiencyOf, WIDEST_HALF_INTERVAL } from './sufficiency';

const OPTIONS = { rocAuc: 0.8, nFeatures: 10, shares: { train: 0.6, test: 0.2 } };

describe('rocAucError', () => {
  it('is that of Hanley and McNeil', () => {
    // Without skill it is the exact error of the rank-sum statistic, and a perfect ranking has none.
    expect(rocAucError(0.5, 100, 100)).toBeCloseTo(Math.sqrt(201 / (12 * 100 * 100)), 12);
    expect(rocAucError(1, 51, 58)).toBe(0);
    expect(rocAucError(0.8, 192, 3791)).toBeLessThan(rocAucError(0.8, 100, 3791));
  });
});

describe('sufficiencyOf', () => {
  it('finds the demo list enough, and a small one not', () => {
    const demo = sufficiencyOf({ n: 19_919, buyers: 962 }, OPTIONS);
    expect(demo).toMatchObject({ isEnough: true, nMore: 0, test: { buyers: 192, others: 3791 } });
    const small = sufficiencyOf({ n: 1000, buyers: 48 }, OPTIONS);
    expect(small.isEnough).toBe(false);
    const more = small.nMore ?? 0;
    const scale = (1000 + more) / 1000;
    const grown = sufficiencyOf({ n: 1000 + more, buyers: 48 * scale }, OPTIONS);
    expect(grown.isEnough).toBe(true);
    const { expected } = grown;
    expect(((expected?.high ?? 1) - (expected?.low ?? 0)) / 2).toBeLessThanOrEqual(WIDEST_HALF_INTERVAL);
  });

  it('asks for more where features are many', () => {
    const few = sufficiencyOf({ n: 19_919, buyers: 962 }, OPTIONS);
    const many = sufficiencyOf({ n: 19_919, buyers: 962 }, { ...OPTIONS, nFeatures: 100 });
    expect(few.buyersPerFeature).toBeCloseTo(57.72, 2);
    expect(many).toMatchObject({ isEnough: false });
    expect(many.nMore).toBeGreaterThan(10_000);
  });

  it('cannot say how many more where nobody bought, or there is nobody', () => {
    expect(sufficiencyOf({ n: 100, buyers: 0 }, OPTIONS)).toMatchObject({
      isEnough: false,
      nMore: null,
      expected: null,
    });
    expect(sufficiencyOf({ n: 0, buyers: 0 }, OPTIONS)).toMatchObject({
      buyersPerFeature: null,
      nMore: null,
    });
  });
});
