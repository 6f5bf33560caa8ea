import { describe, expect, it } from 'vitest';
import { randomSource } from '@/lib/core/random';
import { OBJECTIVES } from '@/lib/tuning/study/study-config';
import {
  chosenThreshold,
  type JudgingRules,
  objectiveMetrics,
  objectiveStandardError,
  objectiveValue,
} from './objective-metrics';
import { rocAucVariance } from './paired-roc-auc';
import { rankedScores } from './ranked-scores';

const LABELS = Uint8Array.of(0, 0, 1, 1, 0, 1, 0, 0, 1, 0, 1, 0);
const SCORES = Float64Array.of(0.1, 0.4, 0.35, 0.8, 0.2, 0.9, 0.35, 0.05, 0.6, 0.5, 0.15, 0.45);
const RULES: JudgingRules = {
  threshold: { rule: 'fixed', probability: 0.5 },
  economics: { saleValueUsd: 100, contactCostUsd: 20 },
};

describe('objectiveMetrics', () => {
  it('gives what scikit-learn 1.9.1 gives, and the profit of contacting from 20 %', () => {
    const metrics = objectiveMetrics(LABELS, SCORES, RULES);
    expect(metrics.roc_auc).toBeCloseTo(0.7571428571428571, 14);
    expect(metrics.average_precision).toBeCloseTo(0.8, 14);
    expect(metrics.logloss).toBeCloseTo(0.533221823554682, 14);
    expect(metrics.f1_score).toBeCloseTo(0.6666666666666666, 14);
    expect(metrics.recall).toBeCloseTo(0.6, 14);
    // numpy 2.4.6: mean of where(p >= 0.2, 100 y - 20, 0)
    expect(metrics.expected_profit).toBeCloseTo(18.333333333333332, 12);
  });

  it('agrees with each objective alone', () => {
    const rules: readonly JudgingRules[] = [
      RULES,
      { ...RULES, threshold: { rule: 'largest_f1' } },
      { ...RULES, threshold: { rule: 'top_share', share: 0.25 } },
    ];
    for (const rule of rules) {
      const metrics = objectiveMetrics(LABELS, SCORES, rule);
      for (const objective of OBJECTIVES) {
        expect(objectiveValue(objective, LABELS, SCORES, rule)).toBe(metrics[objective]);
      }
    }
  });

  it('has no ROC AUC where a class is missing', () => {
    expect(objectiveMetrics(Uint8Array.of(0, 0), Float64Array.of(0.1, 0.2), RULES).roc_auc).toBeNaN();
  });
});

describe('chosenThreshold', () => {
  const ranked = rankedScores(LABELS, SCORES);

  it('chooses by a fixed probability, the largest F1, or a share of the rows', () => {
    expect(chosenThreshold(ranked, { rule: 'fixed', probability: 0.3 })).toBe(0.3);
    // scikit-learn 1.9.1: F1 is largest, 0.75, at 0.6
    expect(chosenThreshold(ranked, { rule: 'largest_f1' })).toBe(0.6);
    expect(chosenThreshold(ranked, { rule: 'top_share', share: 0.25 })).toBe(0.6);
    expect(chosenThreshold(ranked, { rule: 'top_share', share: 1 })).toBe(0.05);
  });

  it('chooses rows that tie with the last of the share too, and at least one', () => {
    const tied = rankedScores(Uint8Array.of(1, 0, 1), Float64Array.of(0.5, 0.5, 0.2));
    expect(chosenThreshold(tied, { rule: 'top_share', share: 0.3 })).toBe(0.5);
    expect(chosenThreshold(tied, { rule: 'top_share', share: 0.001 })).toBe(0.5);
  });
});

describe('rocAucVariance', () => {
  it('is DeLong’s, as the definition over all pairs gives it (numpy 2.4.6), ties included', () => {
    expect(rocAucVariance(LABELS, SCORES)).toBeCloseTo(0.02795918367346939, 15);
    expect(rocAucVariance(Uint8Array.of(0, 0, 1, 1), Float64Array.of(0.1, 0.4, 0.35, 0.8))).toBe(0.125);
  });

  it('equals the definition over all pairs on random scores with many ties', () => {
    const random = randomSource(3);
    const labels = Uint8Array.from({ length: 120 }, () => (random() < 0.3 ? 1 : 0));
    const scores = Float64Array.from(labels, (label) => Math.round((random() + label / 3) * 10) / 10);
    expect(rocAucVariance(labels, scores)).toBeCloseTo(varianceByPairs(labels, scores), 14);
  });

  it('is 0 where the classes are apart, and NaN with fewer than two rows of a class', () => {
    expect(rocAucVariance(Uint8Array.of(0, 0, 1, 1), Float64Array.of(1, 2, 3, 4))).toBe(0);
    expect(rocAucVariance(Uint8Array.of(0, 1, 1), Float64Array.of(1, 2, 3))).toBeNaN();
    expect(rocAucVariance(new Uint8Array(), new Float64Array())).toBeNaN();
  });
});

describe('objectiveStandardError', () => {
  const errorOf = (objective: (typeof OBJECTIVES)[number], seed = 1) =>
    objectiveStandardError(objective, LABELS, SCORES, { ...RULES, seed });

  it('is DeLong’s for ROC AUC and that of a mean for loss and profit (numpy 2.4.6)', () => {
    expect(errorOf('roc_auc')).toBeCloseTo(Math.sqrt(0.02795918367346939), 14);
    expect(errorOf('logloss')).toBeCloseTo(0.14972259678179062, 14);
    expect(errorOf('expected_profit')).toBeCloseTo(13.36171222319032, 11);
  });

  it('is near the known one where it is found by bootstrap, and the same for the same seed', () => {
    const random = randomSource(5);
    const labels = Uint8Array.from({ length: 2000 }, () => (random() < 0.2 ? 1 : 0));
    const scores = Float64Array.from(labels, (label) => (random() + 0.6 * label) / 1.6);
    const recall = objectiveMetrics(labels, scores, RULES).recall;
    const nPositive = labels.reduce((sum, label) => sum + label, 0);
    const expected = Math.sqrt((recall * (1 - recall)) / nPositive);
    const found = objectiveStandardError('recall', labels, scores, { ...RULES, seed: 1 }) ?? 0;
    expect(found / expected).toBeGreaterThan(0.8);
    expect(found / expected).toBeLessThan(1.2);
    expect(objectiveStandardError('recall', labels, scores, { ...RULES, seed: 1 })).toBe(found);
    expect(objectiveStandardError('recall', labels, scores, { ...RULES, seed: 2 })).not.toBe(found);
  });

  it('is null where there is none', () => {
    const one = { ...RULES, seed: 1 };
    expect(objectiveStandardError('roc_auc', Uint8Array.of(1), Float64Array.of(0.5), one)).toBeNull();
    const oneClass = Uint8Array.of(0, 0, 0);
    const scores = Float64Array.of(0.1, 0.2, 0.3);
    expect(objectiveStandardError('roc_auc', oneClass, scores, one)).toBeNull();
    expect(objectiveStandardError('average_precision', oneClass, scores, one)).toBeNull();
  });
});

function varianceByPairs(labels: Uint8Array, scores: Float64Array): number {
  const ofClass = (label: number) => [...scores].filter((_, row) => labels[row] === label);
  const [negatives, positives] = [ofClass(0), ofClass(1)];
  const wins = (a: number, b: number) => (a > b ? 1 : a === b ? 0.5 : 0);
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = (values: readonly number[]) =>
    values.reduce((sum, value) => sum + (value - mean(values)) ** 2, 0) / (values.length - 1);
  const ofPositives = positives.map((score) => mean(negatives.map((other) => wins(score, other))));
  const ofNegatives = negatives.map((score) => mean(positives.map((other) => wins(other, score))));
  return variance(ofPositives) / positives.length + variance(ofNegatives) / negatives.length;
}
