import { describe, expect, it } from 'vitest';
import { randomSource } from '@/lib/core/random';
import { wilsonInterval } from '@/lib/explore/statistics/wilson-interval';
import reference from '../fixtures/comparison.json';
import type { SliceGroup } from '../slices/slice-groups';
import { boundedDifference } from '../slices/slice-measures';
import { compareModels, worseSlices } from './compare-models';
import { comparisonSentence } from './comparison-sentence';
import { mcnemar, rightAndWrong } from './mcnemar';

describe('mcnemar', () => {
  it.each(reference.mcnemar)(
    'agrees with statsmodels and scipy ($onlyFirstRight, $onlySecondRight)',
    (expected) => {
      const { onlyFirstRight, onlySecondRight } = expected;
      const test = mcnemar({ bothRight: 100, onlyFirstRight, onlySecondRight, bothWrong: 20 });
      expect(test.exactPValue).toBeCloseTo(expected.exactPValue, 10);
      expect(test.midPValue).toBeCloseTo(expected.midPValue, 10);
    },
  );

  it('is 1 where the models agree, and counts each model at its own threshold', () => {
    const counts = rightAndWrong(
      Uint8Array.of(1, 1, 0, 0),
      { probabilities: Float32Array.of(0.5, 0.25, 0.25, 0.5), threshold: 0.5 },
      { probabilities: Float32Array.of(0.25, 0.75, 0.125, 0.25), threshold: 0.25 },
    );
    expect(counts).toEqual({ bothRight: 2, onlyFirstRight: 0, onlySecondRight: 1, bothWrong: 1 });
    expect(mcnemar({ bothRight: 4, onlyFirstRight: 0, onlySecondRight: 0, bothWrong: 0 })).toMatchObject({
      exactPValue: 1,
      midPValue: 1,
    });
  });
});

describe('boundedDifference', () => {
  it.each(reference.newcombe)(
    'is Newcombe’s of Wilson’s intervals, as statsmodels ($x1 of $n1)',
    (expected) => {
      const { x1, n1, x2, n2, low, high } = expected;
      const share = (x: number, n: number) => ({ value: x / n, ...wilsonInterval(x, n)! });
      const difference = boundedDifference(share(x1, n1), share(x2, n2));
      expect(difference.low).toBeCloseTo(low, 10);
      expect(difference.high).toBeCloseTo(high, 10);
    },
  );
});

/** Rows of three countries, scored by a good model and by one that is as good but for what `spoil` does. */
function twoModels(
  seed: number,
  spoil: (country: number, probability: number, random: () => number) => number,
) {
  const random = randomSource(seed);
  const n = 3000;
  const labels = new Uint8Array(n);
  const champion = new Float32Array(n);
  const challenger = new Float32Array(n);
  const members: number[][] = [[], [], []];
  for (let row = 0; row < n; row++) {
    const country = row % 3;
    members[country]!.push(row);
    const truth = 0.3 * random() ** 2;
    labels[row] = Number(random() < truth);
    champion[row] = Math.min(0.99, truth * (0.8 + 0.4 * random()));
    challenger[row] = spoil(country, Math.min(0.99, truth * (0.8 + 0.4 * random())), random);
  }
  const groups = members.map(
    (rows, country): SliceGroup => ({
      parts: [{ dimension: 'country', level: ['us', 'in', 'uk'][country]! }],
      members: Uint32Array.from(rows),
    }),
  );
  const models = {
    champion: { probabilities: champion, threshold: 0.1 },
    challenger: { probabilities: challenger, threshold: 0.1 },
  };
  return { labels, models, groups };
}

describe('compareModels', () => {
  it('finds no difference of a model from itself', () => {
    const { labels, models, groups } = twoModels(1, (_, probability) => probability);
    const { champion } = models;
    const same = compareModels(labels, { champion, challenger: champion }, groups);
    expect(same.rocAuc).toMatchObject({ value: 0, pValue: 1 });
    expect(same.logLoss).toMatchObject({ value: 0, pValue: 1 });
    expect(same.slices.map(({ verdict }) => verdict)).toEqual(new Array(3).fill('no difference seen'));
  });

  it('names the one country that the challenger turned worse for', () => {
    const { labels, models, groups } = twoModels(2, (country, probability) =>
      country === 1 ? 0.35 - probability : probability,
    );
    const comparison = compareModels(labels, models, groups);
    expect(worseSlices(comparison).map(({ label }) => label)).toEqual(['country in']);
    expect(comparison.rocAuc.value).toBeLessThan(0);
    const { champion, challenger, logLoss, brierScore } = comparison;
    expect(logLoss.value).toBeCloseTo(challenger.logLoss - champion.logLoss, 12);
    expect(brierScore.value).toBeCloseTo(challenger.brierScore - champion.brierScore, 12);
    expect(comparisonSentence(comparison, { championId: 'a', challengerId: 'b' })).toMatch(
      /^On 3,000 test rows the ROC AUC of b differs from that of a by −.*, worse beyond chance; it turned worse for country in\.$/,
    );
  });

  it('is rarely misled by chance: equally good models differ in few of 100 lists', () => {
    let nMisled = 0;
    for (let seed = 0; seed < 100; seed++) {
      const { labels, models, groups } = twoModels(1000 + seed, (_, probability) => probability);
      if (
        compareModels(labels, models, groups).slices.some(({ verdict }) => verdict !== 'no difference seen')
      )
        nMisled++;
    }
    expect(nMisled).toBeLessThanOrEqual(10);
  });

  it('tests no slice that is too small, and refuses to compare on one class', () => {
    const { labels, models, groups } = twoModels(3, (_, probability) => probability);
    expect(compareModels(labels, models, groups, { minRows: 1001, minBuyers: 1 }).slices).toEqual([]);
    expect(() => compareModels(new Uint8Array(3000), models, groups)).toThrow('at least two buyers');
  });
});
