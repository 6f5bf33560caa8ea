import { describe, expect, it } from 'vitest';
import { compareModels } from '../comparison/compare-models';
import { modelTestsOf, type TestResult } from '../model-tests/test-results';
import { sliceReport } from '../slices/slice-report';
import { comparisonReasons, sliceReasons, testReasons } from './further-reasons';
import { verdictOf } from './verdict-reason';

const result = (
  name: string,
  severity: TestResult['severity'],
  outcome: TestResult['outcome'],
): TestResult => ({
  name,
  type: 'order',
  severity,
  outcome,
  sentence: `${name} it is.`,
  n_checked: 1,
  n_failed: Number(outcome === 'failed'),
  measured: {},
  examples: [],
});

function testsOf(...results: readonly TestResult[]) {
  const about = {
    model_id: `model-${'1'.repeat(20)}`,
    dataset_sha256: 'a',
    suite_name: 'x',
    suite_sha256: 'b',
  };
  return modelTestsOf({ ...about, seed: 1, champion_model_id: null }, results, null);
}

/** 1,000 rows, a fifth of whom bought; the challenger scores one of two countries the wrong way round. */
function rowsOf(isTurned: boolean) {
  const labels = Uint8Array.from({ length: 1000 }, (_, row) => Number(row % 5 === 0));
  const champion = Float32Array.from(labels, (label, row) => 0.1 + 0.3 * label + (row % 7) / 100);
  const challenger = champion.map((score, row) => (isTurned && row % 2 === 0 ? 0.5 - score : score));
  const members = [0, 1].map((rest) => Uint32Array.from(labels.keys()).filter((row) => row % 2 === rest));
  const groups = members.map((rows, i) => ({
    parts: [{ dimension: 'country' as const, level: ['in', 'us'][i]! }],
    members: rows,
  }));
  return { labels, champion, challenger, groups };
}

describe('further reasons of a verdict', () => {
  it('come of tests that fail or warn, the first by name', () => {
    expect(testReasons(null)).toEqual([]);
    expect(testReasons(testsOf(result('Fine', 'critical', 'passed')))).toEqual([]);
    const reasons = testReasons(
      testsOf(
        result('Fair', 'warning', 'failed'),
        result('Sane', 'critical', 'failed'),
        result('Quick', 'critical', 'failed'),
        result('Left out', 'critical', 'skipped'),
      ),
    );
    expect(verdictOf(reasons).grade).toBe('not_ready');
    expect(reasons.map(({ sentence }) => sentence)).toEqual([
      '2 tests of its behaviour failed, first “Sane”: Sane it is.',
      '1 test of its behaviour warns, first “Fair”: Fair it is.',
    ]);
  });

  it('come of a country that the challenger turned worse for, by its name and with numbers', () => {
    const { labels, champion, challenger, groups } = rowsOf(true);
    const compared = (own: Float32Array) =>
      compareModels(
        labels,
        {
          champion: { probabilities: champion, threshold: 0.3 },
          challenger: { probabilities: own, threshold: 0.3 },
        },
        groups,
      );
    const reasons = comparisonReasons(compared(challenger), 'model-x');
    expect(reasons.map(({ code, grade }) => [code, grade])).toEqual([
      ['worse_than_champion', 'not_ready'],
      ['worse_for_some', 'ok'],
    ]);
    expect(reasons[1]?.sentence).toMatch(
      /^It turned worse than model-x for country in: 100 bought there, .* expected by the model in use and .* by this one/,
    );
    expect(comparisonReasons(compared(champion), 'model-x')).toEqual([]);
    expect(comparisonReasons(null, 'model-x')).toEqual([]);
  });

  it('come of countries that are treated otherwise', () => {
    const { labels, champion, challenger, groups } = rowsOf(true);
    const reasons = sliceReasons(sliceReport({ labels, probabilities: challenger }, groups, 0.3));
    expect(reasons).toMatchObject([{ code: 'unequal_countries', grade: 'ok' }]);
    expect(reasons[0]?.sentence).toMatch(/in \(recall −1\.000, /);
    expect(sliceReasons(sliceReport({ labels, probabilities: champion }, groups, 0.3))).toEqual([]);
    expect(sliceReasons(null)).toEqual([]);
  });
});
