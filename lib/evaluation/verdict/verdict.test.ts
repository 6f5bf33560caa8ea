import { describe, expect, it } from 'vitest';
import { drawnReport, drawnRows } from '@/lib/testing/drawn-report';
import { reliability } from '../calibration/reliability';
import type { EvaluationReport } from '../evaluation-report';
import type { TestResult } from '../model-tests/test-results';
import { countryReasons, testReasons } from './found-reasons';
import { calibrationP, modelVerdict, type VerdictInput } from './verdict';
import { verdictOf } from './verdict-reason';

const report = drawnReport({ nRows: 6000 });
const verdict = (change: Partial<VerdictInput> = {}, ofReport: Partial<EvaluationReport> = {}) =>
  modelVerdict({
    report: { ...report, ...ofReport },
    leakage: [],
    gateOverrideReason: null,
    nTestLooks: 1,
    furtherReasons: [],
    ...change,
  });
const codes = (...args: Parameters<typeof verdict>) => verdict(...args).reasons.map(({ code }) => code);

describe('modelVerdict', () => {
  it('says ready where nothing speaks against the model', () => {
    expect(verdict()).toEqual({ grade: 'ready', reasons: [] });
  });

  it.each([
    [29, 'not_ready'],
    [30, 'ok'],
    [99, 'ok'],
    [100, 'ready'],
  ])('takes %d buyers for %s', (n_test_buyers, grade) => {
    expect(verdict({}, { n_test_buyers, calibration: sure(report) }).grade).toBe(grade);
  });

  it('refuses an interval that includes chance, or none', () => {
    for (const roc_auc of [{ low: 0.5, high: 0.6 }, null]) {
      expect(codes({}, { intervals: { ...report.intervals, roc_auc } })).toContain('no_better_than_chance');
    }
  });

  it('tells a model that tuning flattered', () => {
    expect(codes({}, { validation_roc_auc: 0.999 })).toEqual(['worse_than_in_tuning']);
  });

  it('refuses a model that logistic regression beats, and warns of one that it equals', () => {
    const beside = (low: number, high: number) => ({
      baseline: {
        ...report.baseline!,
        roc_auc_difference: { value: (low + high) / 2, low, high, p_value: 0.5 },
      },
    });
    expect(verdict({}, beside(-0.05, -0.01))).toMatchObject({
      grade: 'not_ready',
      reasons: [
        {
          sentence:
            '−0.030 ROC AUC against logistic regression (95 %: −0.050 to −0.010): the simpler model ranks better.',
        },
      ],
    });
    expect(codes({}, beside(-0.01, 0.02))).toEqual(['not_better_than_logistic']);
    expect(codes({}, { baseline: null })).toEqual([]);
  });

  it.each([
    [4, []],
    [5, ['test_rows_worn']],
  ])('counts %d looks', (nTestLooks, expected) => {
    expect(codes({ nTestLooks })).toEqual(expected);
    expect(verdict({ nTestLooks: 30 }).grade).toBe('not_ready');
    expect(verdict({ nTestLooks: 30 }).reasons[0]?.sentence).toMatch(
      /^The test rows were looked at 30 times; the best of as many equal models looks up to 0\.0\d\d ROC AUC too good/,
    );
  });

  it('tells of an overridden gate in its own words, and of a rank that is too good', () => {
    expect(verdict({ gateOverrideReason: 'a test' })).toMatchObject({
      grade: 'ok',
      reasons: [{ sentence: 'It was trained behind a shut quality gate: “a test”.' }],
    });
    expect(codes({}, { roc_auc: 0.98 })).toContain('too_good');
  });

  it('puts the gravest first, and takes in what others found', () => {
    const furtherReasons = [{ code: 'slice_failed', grade: 'not_ready' as const, sentence: 'us: worse.' }];
    const found = verdict({
      furtherReasons,
      gateOverrideReason: 'x',
      leakage: [{ feature: 'a', reason: 'b.' }],
    });
    expect(found.reasons.map(({ code }) => code)).toEqual([
      'certain_leak',
      'slice_failed',
      'gate_overridden',
    ]);
    expect(verdictOf([])).toEqual({ grade: 'ready', reasons: [] });
  });
});

describe('reasons that others find', () => {
  const result = (
    severity: 'critical' | 'warning',
    outcome: 'passed' | 'failed',
    name: string,
  ): TestResult => ({
    ...{ name, type: 'order', severity, outcome, sentence: 'It fell.', n_checked: 1, n_failed: 1 },
    ...{ measured: {}, examples: [] },
  });

  it('say no for a critical model test, and warn of others', () => {
    const results = [
      result('warning', 'failed', 'a'),
      result('critical', 'passed', 'b'),
      result('critical', 'failed', 'c'),
      result('critical', 'failed', 'd'),
    ];
    expect(testReasons({ results })).toEqual([
      {
        code: 'model_tests_failed',
        grade: 'not_ready',
        sentence: '2 critical model tests failed, first “c”: It fell.',
      },
      { code: 'model_tests_warned', grade: 'ok', sentence: '1 model test failed, first “a”: It fell.' },
    ]);
    expect(testReasons({ results: [] })).toEqual([]);
  });

  it('name countries that the scores are wrong about', () => {
    expect(countryReasons({ unequal: [] })).toEqual([]);
    expect(countryReasons({ unequal: ['us', 'in'] })[0]?.sentence).toBe(
      'In us, in other numbers bought than the scores promise, beyond chance.',
    );
  });
});

/** The p of rows as the report makes it. */
function binsP({ labels, probabilities }: ReturnType<typeof drawnRows>): number {
  const { bins } = reliability(labels, probabilities);
  return calibrationP(
    {
      bins: bins.map(({ n, nBuyers, meanProbability, conversion, interval }) => ({
        n,
        n_buyers: nBuyers,
        mean_probability: meanProbability,
        conversion,
        ...interval,
      })),
    },
    0,
  );
}

/** Calibration that is right about another number of buyers, so that only the count speaks. */
function sure({ calibration }: EvaluationReport): EvaluationReport['calibration'] {
  return { ...calibration, after: { ...calibration.after, expected_calibration_error: 0 } };
}

describe('calibrationP', () => {
  const bin = (n: number, n_buyers: number, mean_probability: number) => ({
    n,
    n_buyers,
    mean_probability,
    conversion: n_buyers / n,
    low: 0,
    high: 1,
  });

  it('is the chi-square tail of the bins', () => {
    // (12 − 10)² / 9 + (44 − 50)² / 25 = 1.8844 with 2 degrees of freedom; scipy 1.17.1 chi2.sf
    expect(calibrationP({ bins: [bin(100, 12, 0.1), bin(100, 44, 0.5)] }, 0)).toBeCloseTo(0.3897607373, 9);
  });

  it('refutes certainty by one row, and says nothing of no rows', () => {
    expect(calibrationP({ bins: [bin(10, 1, 0)] }, 1)).toBe(0);
    expect(calibrationP({ bins: [bin(10, 0, 0)] }, 1)).toBe(1);
    expect(calibrationP({ bins: [] }, 1)).toBe(1);
  });

  it('is spread evenly for scores that are right', () => {
    const ps = Array.from({ length: 60 }, (_, seed) => binsP(drawnRows({ nRows: 1500, seed })));
    expect(ps.filter((p) => p < 0.05).length).toBeLessThanOrEqual(8);
    expect(ps.filter((p) => p < 0.5).length).toBeGreaterThan(15);
  });
});
