import { describe, expect, it } from 'vitest';
import { compareModels } from '../comparison/compare-models';
import { comparisonReasons } from './found-reasons';

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

describe('comparisonReasons', () => {
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
});
