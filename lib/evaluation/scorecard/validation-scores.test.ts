import { describe, expect, it } from 'vitest';
import { calibratedRows } from '../calibration/calibrated-rows';
import { parseValidationScores, validationScoresCsv } from './validation-scores';

const rows = calibratedRows(
  { kind: 'platt', slope: 0.7, intercept: -0.1 },
  { labels: Uint8Array.of(0, 1, 0), margins: Float32Array.of(-3.3333333, 0.1, -20) },
);

describe('validation scores', () => {
  it('come back to the bit', () => {
    expect(parseValidationScores(validationScoresCsv(rows))).toEqual({ ok: true, value: rows });
    expect(validationScoresCsv(rows).split('\n').slice(0, 1)).toEqual(['made_purchase,margin,score']);
    const none = {
      labels: new Uint8Array(0),
      margins: new Float32Array(0),
      probabilities: new Float32Array(0),
    };
    expect(parseValidationScores(validationScoresCsv(none))).toEqual({ ok: true, value: none });
  });

  it.each([
    ['', 1],
    ['made_purchase,margin,score', 1],
    ['made_purchase,margin,score\n0,1,0.5\n2,1,0.5\n', 3],
    ['made_purchase,margin,score\n0,,0.5\n', 2],
    ['made_purchase,margin,score\n0,1,1.5\n', 2],
    ['made_purchase,margin,score\n0,1\n', 2],
    ['made_purchase,margin,score\n0,Infinity,0.5\n', 2],
  ])('are refused with the line that is wrong: %j', (text, line) => {
    expect(parseValidationScores(text)).toMatchObject({
      error: { code: 'validation_scores_unreadable', message: expect.stringContaining(`line ${line}.`) },
    });
  });
});
