import { readFileSync } from 'node:fs';
import * as ort from 'onnxruntime-web/wasm';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { sha256Hex } from '@/lib/core/digest';
import type { Result } from '@/lib/core/result';
import { treeMargins } from '@/lib/testing/score-trees';
import { onnxFromXgboost } from './export-onnx';
import { onnxSummary } from './onnx-summary';
import { openScoringSession } from './scoring-session';
import { xgboostModelOf } from './xgboost-model';

const float32Schema = z.base64().transform((text) => {
  const bytes = Uint8Array.from(Buffer.from(text, 'base64'));
  return new Float32Array(bytes.buffer);
});

/** Models, rows (NaN, −999, values on a threshold among them) and scores made by libxgboost from random synthetic data. */
const fixtureSchema = z.strictObject({
  xgboost_version: z.string(),
  model: z.string(),
  feature_names: z.array(z.string()),
  n_rows: z.int(),
  rows_base64: float32Schema,
  margins_base64: float32Schema,
  probabilities_base64: float32Schema,
});

function fixture(name: string) {
  const text = readFileSync(new URL(`./fixtures/${name}.json`, import.meta.url), 'utf8');
  return fixtureSchema.parse(JSON.parse(text));
}

function unwrapped<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(result.error.message);
  return result.value;
}

function largestDifference(a: Float32Array, b: Float32Array): number {
  expect(a.length).toBe(b.length);
  return a.reduce((largest, value, i) => Math.max(largest, Math.abs(value - b[i]!)), 0);
}

const models = [
  {
    name: 'plain',
    nTrees: 12,
    about: 'xgboost 3.4.1, 12 trees of depth 3, base score estimated from the labels',
  },
  {
    name: 'deep',
    nTrees: 2,
    about: 'xgboost 3.4.1, depth 8, scale_pos_weight 4, gamma 0.2, sampled rows and columns',
  },
  { name: 'single-leaf', nTrees: 1, about: 'xgboost 3.4.1, one tree that is a leaf' },
  { name: 'no-trees', nTrees: 0, about: 'xgboost 3.4.1, no trees' },
  { name: 'positive-leaves', nTrees: 3, about: 'xgboost 3.4.1, every leaf positive' },
  { name: 'scalar-base-score', nTrees: 4, about: 'xgboost 2.1.4, which writes base_score as a plain number' },
];

describe('onnxFromXgboost', () => {
  it.each(models)('scores as libxgboost to the last bit: $about', async ({ name, nTrees }) => {
    const { model: text, feature_names: featureNames, n_rows: nRows, ...made } = fixture(name);
    const model = unwrapped(xgboostModelOf(JSON.parse(text)));
    expect(model.nTrees).toBe(nTrees);
    const modelBytes = onnxFromXgboost({
      calibration: { kind: 'none' },
      model,
      featureNames,
      metadata: { model_id: 'model-1' },
    });
    const session = await openScoringSession({ ort, modelBytes, featureNames });
    const scores = await session.score({ values: made.rows_base64, nRows, featureNames });
    await session.close();
    expect(largestDifference(scores.margins, made.margins_base64)).toBe(0);
    expect(largestDifference(treeMargins(model, made.rows_base64), made.margins_base64)).toBe(0);
    expect(largestDifference(scores.probabilities, made.probabilities_base64)).toBeLessThanOrEqual(2 ** -23);
  });

  it('scores one row as it scores it among others', async () => {
    const { model: text, feature_names: featureNames, ...made } = fixture('plain');
    const modelBytes = onnxFromXgboost({
      calibration: { kind: 'none' },
      model: unwrapped(xgboostModelOf(JSON.parse(text))),
      featureNames,
      metadata: {},
    });
    const session = await openScoringSession({ ort, modelBytes, featureNames });
    for (const row of [0, 1, 77]) {
      const values = made.rows_base64.slice(row * featureNames.length, (row + 1) * featureNames.length);
      const { margins } = await session.score({ values, nRows: 1, featureNames });
      expect(margins).toEqual(made.margins_base64.slice(row, row + 1));
    }
    await session.close();
  });

  it('keeps far probabilities apart, where a Sigmoid operator gives 0', async () => {
    const leaf = new Float32Array([-30]);
    const model = {
      nFeatures: 1,
      nTrees: 1,
      baseMargin: 0,
      treeStart: new Uint32Array([0, 1]),
      nodeFeature: new Int32Array([-1]),
      nodeValue: leaf,
      nodeLeft: new Uint32Array(1),
      nodeRight: new Uint32Array(1),
      nodeDefaultLeft: new Uint8Array(1),
      nodeGain: new Float32Array(1),
      nodeCover: new Float32Array(1),
    };
    const modelBytes = onnxFromXgboost({
      calibration: { kind: 'none' },
      model,
      featureNames: ['a'],
      metadata: {},
    });
    const session = await openScoringSession({ ort, modelBytes, featureNames: ['a'] });
    const { probabilities } = await session.score({
      values: new Float32Array([1]),
      nRows: 1,
      featureNames: ['a'],
    });
    expect(probabilities[0]! / Math.exp(-30)).toBeCloseTo(1, 5);
    await session.close();
  });

  it('gives the same bytes for the same model, whatever the order of its metadata', () => {
    const { model: text, feature_names: featureNames } = fixture('plain');
    const bytesWith = (metadata: Record<string, string>) =>
      sha256Hex(
        onnxFromXgboost({
          calibration: { kind: 'none' },
          model: unwrapped(xgboostModelOf(JSON.parse(text))),
          featureNames,
          metadata,
        }),
      );
    expect(bytesWith({ a: '1', b: '2' })).toBe(bytesWith({ b: '2', a: '1' }));
    expect(bytesWith({ a: '1' })).not.toBe(bytesWith({ a: '2' }));
  });

  it('writes operators, names and metadata that the reader finds again', () => {
    const { model: text, feature_names: featureNames } = fixture('plain');
    const model = unwrapped(xgboostModelOf(JSON.parse(text)));
    const bytes = onnxFromXgboost({
      calibration: { kind: 'none' },
      model,
      featureNames,
      metadata: { model_id: 'model-1' },
    });
    expect(unwrapped(onnxSummary(bytes))).toEqual({
      operators: [':Add', ':Exp', ':Neg', ':Reciprocal', 'ai.onnx.ml:TreeEnsembleRegressor'],
      inputs: ['features'],
      outputs: ['probability', 'margin'],
      metadata: new Map([
        ['feature_names', JSON.stringify(featureNames)],
        ['model_id', 'model-1'],
      ]),
      hasForeignParts: false,
    });
  });

  it('throws at a wrong number of names and at metadata of its own name', () => {
    const model = unwrapped(xgboostModelOf(JSON.parse(fixture('plain').model)));
    expect(() =>
      onnxFromXgboost({ calibration: { kind: 'none' }, model, featureNames: ['a'], metadata: {} }),
    ).toThrow('Expected 6 feature names, got 1.');
    const featureNames = ['a', 'b', 'c', 'd', 'e', 'f'];
    expect(() =>
      onnxFromXgboost({
        calibration: { kind: 'none' },
        model,
        featureNames,
        metadata: { feature_names: '' },
      }),
    ).toThrow('feature_names');
  });
});
