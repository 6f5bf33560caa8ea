import * as ort from 'onnxruntime-web/wasm';
import { describe, expect, it } from 'vitest';
import { randomSource } from '@/lib/core/random';
import { type Calibration, calibratedProbabilities } from '@/lib/evaluation/calibration/calibration';
import { fitBeta, fitIsotonic, fitPlatt } from '@/lib/evaluation/calibration/fit-calibration';
import reference from '@/lib/evaluation/fixtures/calibration.json';
import { onnxFromXgboost } from './export-onnx';
import { openScoringSession } from './scoring-session';
import type { XgboostModel } from './xgboost-model';

/** A model of one tree that gives row i, whose feature is i, the i-th margin: a chain of splits below i + ½. */
function chainModel(margins: Float32Array): XgboostModel {
  const n = margins.length;
  const nNodes = 2 * n - 1;
  const isSplit = (node: number) => node % 2 === 0 && node < nNodes - 1;
  return {
    nFeatures: 1,
    nTrees: 1,
    baseMargin: 0,
    treeStart: Uint32Array.of(0, nNodes),
    nodeFeature: Int32Array.from({ length: nNodes }, (_, node) => (isSplit(node) ? 0 : -1)),
    nodeValue: Float32Array.from({ length: nNodes }, (_, node) =>
      isSplit(node) ? node / 2 + 0.5 : margins[Math.floor(node / 2)]!,
    ),
    nodeLeft: Uint32Array.from({ length: nNodes }, (_, node) => (isSplit(node) ? node + 1 : 0)),
    nodeRight: Uint32Array.from({ length: nNodes }, (_, node) => (isSplit(node) ? node + 2 : 0)),
    nodeDefaultLeft: new Uint8Array(nNodes),
    nodeGain: new Float32Array(nNodes),
    nodeCover: new Float32Array(nNodes),
  };
}

async function onnxScores(margins: Float32Array, calibration: Calibration) {
  const featureNames = ['row'];
  const modelBytes = onnxFromXgboost({ model: chainModel(margins), featureNames, calibration, metadata: {} });
  const session = await openScoringSession({ ort, modelBytes, featureNames });
  const values = Float32Array.from(margins.keys());
  const scores = await session.score({ values, nRows: margins.length, featureNames });
  const alone = await session.score({ values: values.slice(0, 1), nRows: 1, featureNames });
  await session.close();
  expect(scores.margins).toEqual(margins);
  expect(alone.probabilities[0]).toBe(scores.probabilities[0]);
  return scores.probabilities;
}

function largestDifference(a: Float32Array, b: ArrayLike<number>): number {
  return a.reduce((largest, value, i) => Math.max(largest, Math.abs(value - b[i]!)), 0);
}

const random = randomSource(3);
const drawn = Float32Array.from({ length: 400 }, () => 12 * random() - 8);
const labels = Uint8Array.from(drawn, (margin) => (random() < 1 / (1 + Math.exp(1 - 0.6 * margin)) ? 1 : 0));
const rows = { margins: drawn, labels };
/** The rows themselves, what lies between and far beyond them, and 0. */
const asked = Float32Array.of(...drawn, ...drawn.map((margin) => margin + 0.01), -90, 90, 0, -30);

const fitted: readonly Calibration[] = [
  { kind: 'none' },
  fitPlatt(rows)!,
  fitBeta(rows)!,
  fitIsotonic(rows)!,
  // One level, and two points so near that float32 holds nothing between.
  { kind: 'isotonic', margins: [1], probabilities: [0.25] },
  { kind: 'isotonic', margins: [-1, Math.fround(-1 + 2 ** -24)], probabilities: [0, 1] },
];

describe('calibration inside ONNX', () => {
  it.each(fitted.map((calibration, i) => ({ i, kind: calibration.kind, calibration })))(
    'scores as our own pipeline, case $i: $kind',
    async ({ calibration }) => {
      const ours = calibratedProbabilities(calibration, asked);
      const theirs = await onnxScores(asked, calibration);

      expect(largestDifference(theirs, ours)).toBeLessThan(1e-7);
    },
  );

  it('gives rows of one level the very same score, and never falls as margins rise', async () => {
    const calibration = fitIsotonic(rows)!;
    const rising = asked.toSorted();
    const scores = await onnxScores(rising, calibration);
    expect(scores.every((score, i) => i === 0 || score >= scores[i - 1]!)).toBe(true);
    const levels = new Set(calibration.kind === 'isotonic' ? calibration.probabilities.map(Math.fround) : []);
    const nOnLevels = scores.filter((score) => levels.has(score)).length;
    expect(nOnLevels).toBeGreaterThan(400);
  });

  it.each(reference.cases.map((known, i) => ({ i, known })))(
    'predicts as scikit-learn and betacal, case $i',
    async ({ known }) => {
      const grid = Float32Array.from(known.grid);
      const fittedOn = { margins: Float64Array.from(known.margins), labels: Uint8Array.from(known.labels) };
      // scikit-learn is asked at float64 margins, the graph at the nearest float32: steep stretches part them.
      const isotonic = await onnxScores(grid, fitIsotonic(fittedOn)!);
      expect(largestDifference(isotonic, known.isotonicPredicted)).toBeLessThan(2e-5);
      const beta = await onnxScores(grid, fitBeta(fittedOn)!);
      expect(largestDifference(beta, known.betaPredicted)).toBeLessThan(1e-3);
      const [slope, intercept] = known.plattSklearn;
      const platt = await onnxScores(grid, { kind: 'platt', slope: slope!, intercept: intercept! });
      const theirs = known.grid.map((margin) => 1 / (1 + Math.exp(-(slope! * margin + intercept!))));
      expect(largestDifference(platt, theirs)).toBeLessThan(4e-7);
    },
  );
});
