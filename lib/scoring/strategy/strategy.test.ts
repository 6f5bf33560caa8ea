import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { randomSource } from '@/lib/core/random';
import { costSimulation, costTable, DEFAULT_ECONOMICS, economicsSchema, totalCostUsd } from './economics';
import { strategyIntervals } from './strategy-interval';
import {
  bestThreshold,
  type ScoredLeads,
  thresholdOfCapacity,
  thresholdValues,
  valuer,
} from './threshold-value';

describe('costTable', () => {
  it('gives the figures published for the defaults', () => {
    const months = costTable(DEFAULT_ECONOMICS);
    expect(months[0]).toMatchObject({ nUnsubscribed: 2_500, nCustomersLost: 125 });
    expect(months[0]!.costUsd).toBeCloseTo(250_000, 6);
    expect(Math.round(months[11]!.costUsd)).toBe(364_992);
    expect(Math.round(months[11]!.listSize)).toBe(145_997);
    expect(totalCostUsd(DEFAULT_ECONOMICS) / 1e6).toBeCloseTo(3.65, 2);
    expect(months.reduce((sum, { costWithoutGrowthUsd }) => sum + costWithoutGrowthUsd, 0)).toBeCloseTo(
      3_000_000,
      4,
    );
  });

  it('gives the published corners of the simulation', () => {
    const grid = { growthPerMonth: [0.015, 0.035], conversion: [0.04, 0.06] };
    const costs = costSimulation(DEFAULT_ECONOMICS, grid).map((row) =>
      row.map((cost) => (cost / 1e6).toFixed(2)),
    );
    expect(costs[0]?.[0]).toBe('2.61');
    expect(costs[1]?.[1]).toBe('4.38');
  });

  it('takes no impossible assumption', () => {
    expect(economicsSchema.safeParse({ unsubscribeRate: 1.5 }).success).toBe(false);
    expect(economicsSchema.safeParse({ listSize: 0 }).success).toBe(false);
  });
});

describe('valuer', () => {
  const value = valuer({ nLeads: 19_919, nBuyers: 962 }, DEFAULT_ECONOMICS);
  // Hot leads, buyers kept, and what was published of the cut-offs on the list that the demo is modelled on.
  it.each([
    { nHot: 9_266, nKept: 845, salesUsd: 219_595, valueUsd: 322_893, nSaved: 67 },
    { nHot: 10_467, nKept: 864, salesUsd: 224_532, valueUsd: 317_695, nSaved: 59 },
    { nHot: 11_450, nKept: 874, salesUsd: 227_131, valueUsd: 310_555, nSaved: 53 },
    { nHot: 14_691, nKept: 913, salesUsd: 237_266, valueUsd: 290_148, nSaved: 33 },
  ])(
    'gives the published value of $nHot hot leads with $nKept buyers',
    ({ nHot, nKept, salesUsd, valueUsd, nSaved }) => {
      const { monthlySalesUsd, expectedValueUsd, nCustomersSaved } = value(0.5, nHot, nKept);
      expect(Math.round(monthlySalesUsd)).toBe(salesUsd);
      // Three of the published counts of hot leads are inverted from rounded values.
      expect(Math.abs(expectedValueUsd - valueUsd)).toBeLessThan(8);
      expect(Math.round(nCustomersSaved)).toBe(nSaved);
    },
  );
});

/** The best cut-off by trying each score as one, counting anew each time. */
function byBruteForce({ scores, labels }: ScoredLeads, leastSalesShare: number): number {
  const nBuyers = labels.reduce((a, b) => a + b, 0);
  const value = valuer({ nLeads: labels.length, nBuyers }, DEFAULT_ECONOMICS);
  const cuts = [Number.POSITIVE_INFINITY, ...new Set(scores)];
  return Math.max(
    ...cuts.map((cut) => {
      const hot = Array.from(labels.keys()).filter((row) => scores[row]! >= cut);
      const nKept = hot.filter((row) => labels[row] === 1).length;
      return nKept / nBuyers < leastSalesShare ? -Infinity : value(cut, hot.length, nKept).expectedValueUsd;
    }),
  );
}

const leadsArbitrary = fc
  .array(fc.tuple(fc.integer({ min: 0, max: 20 }), fc.boolean()), { minLength: 1, maxLength: 60 })
  .filter((rows) => rows.some(([, bought]) => bought))
  .map(
    (rows): ScoredLeads => ({
      scores: Float64Array.from(rows, ([score]) => score / 20),
      labels: Uint8Array.from(rows, ([, bought]) => Number(bought)),
    }),
  );

describe('bestThreshold', () => {
  it('finds what brute force finds, ties and all, and keeps to the safeguard', () => {
    fc.assert(
      fc.property(leadsArbitrary, fc.constantFrom(0, 0.5, 0.9, 1), (leads, leastSalesShare) => {
        const best = bestThreshold(thresholdValues(leads, DEFAULT_ECONOMICS), leastSalesShare);
        expect(best?.expectedValueUsd).toBeCloseTo(byBruteForce(leads, leastSalesShare), 6);
        expect(best!.gain).toBeGreaterThanOrEqual(leastSalesShare);
      }),
    );
  });

  it('values nothing without leads or buyers', () => {
    const nobody = { scores: new Float64Array(0), labels: new Uint8Array(0) };
    expect(bestThreshold(thresholdValues(nobody, DEFAULT_ECONOMICS), 0)).toBeNull();
    const noBuyers = { scores: Float64Array.of(0.1, 0.2), labels: Uint8Array.of(0, 0) };
    expect(thresholdValues(noBuyers, DEFAULT_ECONOMICS)).toEqual([]);
  });

  it('fits a capacity without cutting through leads of the same score', () => {
    const leads = { scores: Float64Array.of(0.9, 0.5, 0.5, 0.1), labels: Uint8Array.of(1, 0, 1, 0) };
    const values = thresholdValues(leads, DEFAULT_ECONOMICS);
    expect([1, 2, 3, 4, 0].map((room) => thresholdOfCapacity(values, room)?.nHot ?? null)).toEqual([
      1,
      1,
      3,
      4,
      null,
    ]);
  });
});

describe('strategyIntervals', () => {
  /** A list whose scores are true probabilities. */
  const listOf = (n: number, seed: number): ScoredLeads => {
    const random = randomSource(seed);
    const scores = Float64Array.from({ length: n }, () => 0.2 * random() ** 3);
    return { scores, labels: Uint8Array.from(scores, (score) => (random() < score ? 1 : 0)) };
  };
  const options = { threshold: 0.03, leastSalesShare: 0.9, nResamples: 60, seed: 1 };

  it('holds the truth in 90 to 98 of 100 lists', () => {
    const truth = thresholdValues(listOf(400_000, 99), DEFAULT_ECONOMICS).find(
      ({ threshold }) => threshold <= 0.03,
    )!;
    let nHeld = 0;
    const nLists = 200;
    for (let list = 0; list < nLists; list++) {
      const { expectedValueUsd } = strategyIntervals(listOf(1_500, list), DEFAULT_ECONOMICS, options)!;
      if (expectedValueUsd.low <= truth.expectedValueUsd && truth.expectedValueUsd <= expectedValueUsd.high)
        nHeld += 1;
    }
    expect(nHeld / nLists).toBeGreaterThanOrEqual(0.9);
    expect(nHeld / nLists).toBeLessThanOrEqual(0.98);
  });

  it('gives the same for the same seed, and nothing without buyers', () => {
    const leads = listOf(300, 4);
    expect(strategyIntervals(leads, DEFAULT_ECONOMICS, options)).toEqual(
      strategyIntervals(leads, DEFAULT_ECONOMICS, options),
    );
    const none = { scores: Float64Array.of(0.5), labels: Uint8Array.of(0) };
    expect(strategyIntervals(none, DEFAULT_ECONOMICS, options)).toBeNull();
  });
});
