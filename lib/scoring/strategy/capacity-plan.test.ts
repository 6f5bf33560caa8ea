import { describe, expect, it } from 'vitest';
import { randomSource } from '@/lib/core/random';
import { capacityPlan } from './capacity-plan';
import { chosenStrategy } from './chosen-strategy';
import fixture from './fixtures/beta_binomial.json';
import { DEFAULT_STRATEGY_PLAN, type StrategyPlan } from './strategy-plan';
import { capacitySentence, heldOutSentence, strategySentence } from './strategy-sentences';
import { middleOfCounts } from './sure-counts';
import { tierMigration, tierMigrationSentence } from './tier-migration';

const planOf = (capacity: Partial<StrategyPlan['capacity']>): StrategyPlan => ({
  ...DEFAULT_STRATEGY_PLAN,
  capacity: { ...DEFAULT_STRATEGY_PLAN.capacity, ...capacity },
});

describe('middleOfCounts', () => {
  it.each(fixture.cases)(`gives what scipy ${fixture.scipy} gives for %o`, ({ low, high, ...counts }) => {
    expect(middleOfCounts(counts)).toEqual({ low, high });
  });
});

describe('capacityPlan', () => {
  const scores = Float32Array.of(0.75, 0.5, 0.5, 0.25, 0.125, 0.125);
  const judgedOn = {
    scores: Float32Array.of(0.75, 0.625, 0.5, 0.25, 0.125, 0),
    labels: Uint8Array.of(1, 0, 1, 0, 0, 1),
  };

  it('calls the hottest, writes to the next, and leaves the rest', () => {
    const plan = capacityPlan(scores, judgedOn, planOf({ nCalls: 2, nEmails: 2, costPerCallUsd: 30 }));
    expect(plan.called).toMatchObject({ nLeads: 2, cutoff: 0.5, nTest: 3, nTestBuyers: 2 });
    expect(plan.called.expectedBuyers).toBeCloseTo(4 / 3, 12);
    expect(plan.called.profitUsd).toBeCloseTo((4 / 3) * 2_000 - 60, 9);
    expect(plan.written).toMatchObject({
      nLeads: 2,
      cutoff: 0.25,
      nTest: 1,
      nTestBuyers: 0,
      expectedBuyers: 0,
    });
    // One e-mail each: 2 · 0.005 · 0.05 · $2,000 lost by unsubscribing.
    expect(plan.written.profitUsd).toBeCloseTo(-1, 9);
    expect(plan.contacted).toMatchObject({
      nLeads: 4,
      cutoff: 0.25,
      nTest: 4,
      nTestBuyers: 2,
      expectedBuyers: 2,
    });
    expect(plan.left).toMatchObject({
      nLeads: 2,
      cutoff: 0.125,
      nTest: 2,
      nTestBuyers: 1,
      expectedBuyers: 1,
    });
    expect(plan.called.buyersInterval).toEqual({ low: 0, high: 2 });
  });

  it('takes everybody where there is room for more, and nobody where there is none', () => {
    const all = capacityPlan(scores, judgedOn, planOf({ nCalls: 100, nEmails: 100 }));
    expect([all.called.nLeads, all.written.nLeads, all.left.nLeads]).toEqual([6, 0, 0]);
    expect(all.written).toMatchObject({ cutoff: null, expectedBuyers: 0, profitUsd: 0 });
    const none = capacityPlan(scores, judgedOn, planOf({ nCalls: 0, nEmails: 0 }));
    expect([none.called.nLeads, none.contacted.nLeads, none.left.nLeads]).toEqual([0, 0, 6]);
    expect(none.left).toMatchObject({ nTest: 6, nTestBuyers: 3 });
    expect(capacitySentence(none)).toBe('Nobody can be called or written to.');
  });

  it('knows nothing of leads hotter than any test row', () => {
    const plan = capacityPlan(Float32Array.of(0.9, 0.1), judgedOn, planOf({ nCalls: 1, nEmails: 0 }));
    expect(plan.called).toMatchObject({ nTest: 0, expectedBuyers: null, profitUsd: null });
    expect(capacitySentence(plan)).toContain('nothing is known');
  });

  it('holds the buyers of 200 lists in about 95 of 100', () => {
    const random = randomSource(7);
    const listOf = (n: number) => {
      const made = Float32Array.from({ length: n }, () => 0.3 * random() ** 3)
        .sort()
        .reverse();
      return { scores: made, labels: Uint8Array.from(made, (score) => Number(random() < score)) };
    };
    let nHeld = 0;
    for (let list = 0; list < 200; list++) {
      const leads = listOf(2_000);
      const { low, high } = capacityPlan(leads.scores, listOf(400), planOf({ nCalls: 200, nEmails: 0 }))
        .called.buyersInterval;
      const nBuyers = leads.labels.subarray(0, 200).reduce((sum, label) => sum + label, 0);
      if (low <= nBuyers && nBuyers <= high) nHeld += 1;
    }
    expect(nHeld).toBeGreaterThanOrEqual(180);
    expect(nHeld).toBeLessThanOrEqual(199);
  });
});

describe('chosenStrategy', () => {
  const random = randomSource(3);
  const leadsOf = (n: number) => {
    const scores = Float32Array.from({ length: n }, () => 0.2 * random() ** 3)
      .sort()
      .reverse();
    return { scores, labels: Uint8Array.from(scores, (score) => Number(random() < score)) };
  };
  const [chosenOn, judgedOn, list] = [leadsOf(3_000), leadsOf(3_000), leadsOf(9_000).scores];

  it('takes nothing from the rows that judge: other labels there leave the cut-off as it is', () => {
    const first = chosenStrategy({ chosenOn, judgedOn, list }, DEFAULT_STRATEGY_PLAN, 1);
    const swapped = { ...judgedOn, labels: judgedOn.labels.toReversed() };
    const second = chosenStrategy({ chosenOn, judgedOn: swapped, list }, DEFAULT_STRATEGY_PLAN, 1);
    expect(second.best).toEqual(first.best);
    expect(second.judged?.value.expectedValueUsd).not.toBe(first.judged?.value.expectedValueUsd);
    expect(first.curve.length).toBeLessThanOrEqual(400);
    expect(first.curve).toContain(first.best);
    expect(first.best!.gain).toBeGreaterThanOrEqual(0.9);
    expect(strategySentence(first)).toMatch(/^Write to the [\d,]+ hottest of 9,000 subscribers/);
    expect(heldOutSentence(first)).toContain('3,000 validation rows');
  });

  it('values nothing without buyers', () => {
    const nobody = { scores: chosenOn.scores, labels: new Uint8Array(3_000) };
    const strategy = chosenStrategy({ chosenOn: nobody, judgedOn: nobody, list }, DEFAULT_STRATEGY_PLAN, 1);
    expect(strategy).toMatchObject({ best: null, judged: null, list: { nHot: 0, nCold: 9_000 } });
    expect(strategySentence(strategy)).toContain('no buyer');
  });
});

describe('tierMigration', () => {
  const cutoffs = { A: 0.75, B: 0.5, C: 0.25 };

  it('counts who moves, by the tiers of either model', () => {
    const before = { scores: Float32Array.of(0.8, 0.8, 0.6, 0.3, 0.1), cutoffs };
    const after = { scores: Float32Array.of(0.9, 0.5, 0.6, 0.1, 0.4), cutoffs: { ...cutoffs, C: 0.2 } };
    const moved = tierMigration(before, after);
    expect(moved).toEqual({
      nLeads: 5,
      counts: [
        [1, 1, 0, 0],
        [0, 1, 0, 0],
        [0, 0, 0, 1],
        [0, 0, 1, 0],
      ],
      nUp: 1,
      nDown: 2,
      nSame: 2,
    });
    expect(tierMigrationSentence(moved)).toBe(
      '2 of 5 leads (40.0 %) keep their tier, 1 move up and 2 down; 1 of the 2 in tier A stay there.',
    );
  });

  it('refuses scores of different lists, and takes an empty one', () => {
    const none = { scores: new Float32Array(0), cutoffs };
    expect(tierMigrationSentence(tierMigration(none, none))).toBe('There are no leads to move.');
    expect(() => tierMigration(none, { scores: Float32Array.of(0.5), cutoffs })).toThrow(/Expected 0 scores/);
  });
});
