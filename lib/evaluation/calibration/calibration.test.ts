import { describe, expect, it } from 'vitest';
import { randomSource } from '@/lib/core/random';
import reference from '../fixtures/calibration.json';
import { logLoss } from '../probability-metrics';
import { calibratedProbabilities, calibrationSchema, logistic, logOfLogistic } from './calibration';
import { chooseCalibration } from './choose-calibration';
import { type CalibrationRows, fitBeta, fitIsotonic, fitPlatt } from './fit-calibration';
import { reliability } from './reliability';

const rowsOf = ({ margins, labels }: { margins: number[]; labels: number[] }): CalibrationRows => ({
  margins: Float64Array.from(margins),
  labels: Uint8Array.from(labels),
});

/** Rows whose true log-odds are a line through the margins. */
function drawn(
  n: number,
  { slope, shift, seed }: { slope: number; shift: number; seed: number },
): CalibrationRows {
  const random = randomSource(seed);
  const margins = Float64Array.from({ length: n }, () => 6 * random() - 4);
  const labels = Uint8Array.from(margins, (margin) => (random() < logistic(slope * margin + shift) ? 1 : 0));
  return { margins, labels };
}

const onRows = (rows: CalibrationRows, calibration: ReturnType<typeof fitPlatt>) =>
  logLoss(rows.labels, calibratedProbabilities(calibration!, rows.margins));

describe.each(reference.cases.map((known, i) => ({ i, known })))(
  'against scikit-learn and betacal, case $i',
  ({ known }) => {
    const rows = rowsOf(known);
    const grid = Float64Array.from(known.grid);

    it('fits Platt to the minimum of his loss', () => {
      const platt = fitPlatt(rows)!;
      expect(platt.kind === 'platt' && [platt.slope, platt.intercept]).toEqual(
        known.platt.map((value) => expect.closeTo(value, 6)),
      );
      expect(known.plattSklearn).toEqual(known.platt.map((value) => expect.closeTo(value, 3)));
    });

    it('fits isotonic regression exactly', () => {
      const isotonic = fitIsotonic(rows)!;
      const [xs, ys] = isotonic.kind === 'isotonic' ? [isotonic.margins, isotonic.probabilities] : [];
      expect(xs).toEqual(known.isotonicX);
      ys?.forEach((y, i) => void expect(y).toBeCloseTo(known.isotonicY[i]!, 12));
      calibratedProbabilities(isotonic, grid).forEach(
        (p, i) => void expect(p).toBeCloseTo(known.isotonicPredicted[i]!, 9),
      );
    });

    it('fits beta calibration as near as betacal stops', () => {
      const beta = fitBeta(rows)!;
      calibratedProbabilities(beta, grid).forEach(
        (p, i) => void expect(p).toBeCloseTo(known.betaPredicted[i]!, 3),
      );
    });
  },
);

describe('chooseCalibration', () => {
  it('leaves a model alone that means what it says, and mends one that does not', () => {
    const sound = drawn(4_000, { slope: 1, shift: 0, seed: 3 });
    const chosenOfSound = chooseCalibration(sound, 1);
    expect(onRows(sound, chosenOfSound.calibration)).toBeLessThan(onRows(sound, { kind: 'none' }) + 0.001);
    const bold = drawn(4_000, { slope: 0.4, shift: -0.5, seed: 4 });
    const chosen = chooseCalibration(bold, 1);
    expect(['platt', 'beta']).toContain(chosen.calibration.kind);
    const unseen = drawn(20_000, { slope: 0.4, shift: -0.5, seed: 5 });
    const error = (calibration: typeof chosen.calibration) =>
      reliability(unseen.labels, calibratedProbabilities(calibration, unseen.margins))
        .expectedCalibrationError;
    expect(error({ kind: 'none' })).toBeGreaterThan(0.1);
    expect(error(chosen.calibration)).toBeLessThan(0.015);
  });

  it('is not taken in by what remembers its rows', () => {
    const few = drawn(60, { slope: 1, shift: 0, seed: 8 });
    const { trials } = chooseCalibration(few, 2);
    expect(onRows(few, fitIsotonic(few))).toBeLessThan(onRows(few, { kind: 'none' }));
    expect(trials.at(-1)?.kind).toBe('isotonic');
  });

  it('lets the model stand where there is too little to judge by', () => {
    const margins = Float64Array.of(-1, 0, 1, 2);
    expect(chooseCalibration({ margins, labels: Uint8Array.of(0, 0, 1, 1) }, 1)).toEqual({
      calibration: { kind: 'none' },
      trials: [],
    });
  });

  it('compares on a part of many rows, and fits what it chose on all', () => {
    const many = drawn(90_000, { slope: 0.4, shift: -0.5, seed: 7 });
    const { calibration } = chooseCalibration(many, 1);
    const all = { platt: fitPlatt, beta: fitBeta, isotonic: fitIsotonic, none: () => ({ kind: 'none' }) };
    expect(calibration).toEqual(all[calibration.kind](many));
    expect(calibration.kind).not.toBe('none');
  });

  it('gives the same for the same seed', () => {
    const rows = drawn(500, { slope: 0.7, shift: 0.2, seed: 6 });
    expect(chooseCalibration(rows, 9)).toEqual(chooseCalibration(rows, 9));
  });
});

describe('degenerate rows', () => {
  const oneClass = { margins: Float64Array.of(1, 2, 3), labels: Uint8Array.of(0, 0, 0) };
  const oneMargin = { margins: Float64Array.of(1, 1, 1), labels: Uint8Array.of(0, 1, 0) };
  it('fit no line through one class or one margin', () => {
    for (const rows of [oneClass, oneMargin, { margins: new Float64Array(0), labels: new Uint8Array(0) }]) {
      expect(fitPlatt(rows)).toBeNull();
      expect(fitBeta(rows)).toBeNull();
    }
  });
  it('give isotonic regression one level', () => {
    expect(fitIsotonic(oneClass)).toEqual({ kind: 'isotonic', margins: [1, 3], probabilities: [0, 0] });
    expect(fitIsotonic(oneMargin)).toEqual({ kind: 'isotonic', margins: [1], probabilities: [1 / 3] });
    expect(fitIsotonic({ margins: new Float64Array(0), labels: new Uint8Array(0) })).toBeNull();
  });
  it('keep beta rising where the labels fall', () => {
    const falling = drawn(2_000, { slope: -1, shift: 0, seed: 2 });
    const beta = fitBeta(falling);
    expect(beta).toMatchObject({ kind: 'beta', a: expect.any(Number) });
    expect(beta?.kind === 'beta' && beta.a >= 0 && beta.b >= 0).toBe(true);
  });
});

describe('reliability', () => {
  it('counts bins of equally many rows, ties together', () => {
    const labels = Uint8Array.of(0, 0, 1, 1, 0, 1);
    const found = reliability(labels, Float64Array.of(0.1, 0.1, 0.1, 0.8, 0.9, 0.9), 3);
    expect(found.bins.map(({ n, nBuyers }) => [n, nBuyers])).toEqual([
      [3, 1],
      [1, 1],
      [2, 1],
    ]);
    expect(found.expectedCalibrationError).toBeCloseTo((3 * (1 / 3 - 0.1) + 0.2 + 2 * 0.4) / 6, 12);
  });
  it('says nothing of nobody', () => {
    expect(reliability(new Uint8Array(0), new Float64Array(0))).toEqual({
      bins: [],
      expectedCalibrationError: Number.NaN,
    });
  });
});

describe('the logistic function', () => {
  it('loses nothing far out', () => {
    expect(logOfLogistic(-800)).toBe(-800);
    expect(logOfLogistic(40)).toBeCloseTo(-Math.exp(-40), 30);
    expect([logistic(-800), logistic(800), logistic(0)]).toEqual([0, 1, 0.5]);
  });
});

describe('calibrationSchema', () => {
  it('takes what was fitted and no infinite number', () => {
    const rows = rowsOf(reference.cases[0]!);
    for (const fitted of [fitPlatt, fitBeta, fitIsotonic])
      expect(calibrationSchema.parse(JSON.parse(JSON.stringify(fitted(rows))))).toEqual(fitted(rows));
    expect(
      calibrationSchema.safeParse({ kind: 'platt', slope: Number.POSITIVE_INFINITY, intercept: 0 }).success,
    ).toBe(false);
  });
});
