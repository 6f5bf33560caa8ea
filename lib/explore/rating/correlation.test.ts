import { describe, expect, it } from 'vitest';
import { type CountedPair, pearsonCorrelation, spearmanCorrelation } from './correlation';

/** Rating and purchase of the profile: rating, subscribers, buyers. */
const RATINGS = [
  [1, 204, 2],
  [2, 15006, 435],
  [3, 1038, 80],
  [4, 1336, 110],
  [5, 2335, 335],
] as const;
const RATING_PAIRS: CountedPair[] = RATINGS.flatMap(([x, n, buyers]) => [
  { x, y: 0, n: n - buyers },
  { x, y: 1, n: buyers },
]);
const TIED: CountedPair[] = [
  { x: 1, y: 2, n: 1 },
  { x: 2, y: 1, n: 1 },
  { x: 2, y: 4, n: 1 },
  { x: 3, y: 4, n: 1 },
  { x: 5, y: 9, n: 1 },
];

describe('pearsonCorrelation', () => {
  it('gives the values of scipy 1.17.1 pearsonr', () => {
    expect(pearsonCorrelation(RATING_PAIRS)).toBeCloseTo(0.17700252924532345, 12);
    expect(pearsonCorrelation(TIED)).toBeCloseTo(0.909207918411186, 12);
  });
});

describe('spearmanCorrelation', () => {
  it('gives the values of scipy 1.17.1 spearmanr, ties and all', () => {
    expect(spearmanCorrelation(RATING_PAIRS)).toBeCloseTo(0.17106942860665636, 12);
    expect(spearmanCorrelation(TIED)).toBeCloseTo(0.7631578947368421, 12);
  });
});

describe.each([
  ['pearsonCorrelation', pearsonCorrelation],
  ['spearmanCorrelation', spearmanCorrelation],
])('%s', (_, correlation) => {
  it('counts repeated pairs as often as they occur', () => {
    expect(correlation([...TIED, ...TIED])).toBeCloseTo(
      correlation(TIED.map((p) => ({ ...p, n: 2 }))) ?? Number.NaN,
      12,
    );
  });

  it('is 1 and -1 on a line', () => {
    expect(
      correlation([
        { x: 1, y: 2, n: 3 },
        { x: 2, y: 4, n: 5 },
      ]),
    ).toBeCloseTo(1, 12);
    expect(
      correlation([
        { x: 1, y: 2, n: 3 },
        { x: 2, y: 1, n: 5 },
      ]),
    ).toBeCloseTo(-1, 12);
  });

  it('is null where it is not defined', () => {
    expect(correlation([])).toBeNull();
    expect(correlation([{ x: 1, y: 1, n: 1 }])).toBeNull();
    expect(
      correlation([
        { x: 1, y: 1, n: 4 },
        { x: 2, y: 1, n: 4 },
      ]),
    ).toBeNull();
    expect(
      correlation([
        { x: 1, y: 0, n: 0 },
        { x: 1, y: 1, n: 0 },
      ]),
    ).toBeNull();
  });
});
