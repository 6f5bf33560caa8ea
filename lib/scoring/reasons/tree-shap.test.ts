import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkedModelFile } from '@/lib/onnx/model-file';
import { xgboostModelOf } from '@/lib/onnx/xgboost-model';
import { openLibrary, type XgboostLibrary } from '@/lib/server/xgboost/library';
import { openTestEngine, type TestEngine } from '@/lib/testing/engine';
import { drawnDataset } from '@/lib/testing/training-dataset';
import { createTreeShap, type ShapTrees } from './tree-shap';

let testEngine: TestEngine;
let library: XgboostLibrary;
beforeAll(async () => {
  testEngine = await openTestEngine();
  library = openLibrary(testEngine.engine.path);
});
afterAll(() => testEngine.close());

/** A model trained by libxgboost on drawn rows, some of whose values are missing, and what the library says of 2,000 rows. */
function explained(params: Readonly<Record<string, string>>, nRounds: number, seed: number) {
  const { matrix, labels } = drawnDataset({ nRows: 2_000, nFeatures: 12, seed });
  const values = matrix.values.map((value, i) => (i % 17 === 0 ? Number.NaN : value));
  const rows = library.createMatrix({ values, labels, featureNames: matrix.featureNames });
  const booster = library.createBooster(rows, {
    objective: 'binary:logistic',
    nthread: '1',
    seed: String(seed),
    ...params,
  });
  try {
    for (let round = 0; round < nRounds; round++) booster.update(round, rows);
    const document = checkedModelFile(booster.save('ubj'), 'ubj');
    if (!document.ok) throw new Error(document.error.message);
    const model = xgboostModelOf(document.value.document);
    if (!model.ok) throw new Error(model.error.message);
    const expected = booster.contributions(rows);
    return {
      trees: model.value,
      values,
      expected,
      margins: booster.predict(rows, 'margin'),
      nRows: labels.length,
    };
  } finally {
    booster.free();
    rows.free();
  }
}

function largestDifference(
  {
    trees,
    values,
    expected,
    nRows,
  }: Pick<ReturnType<typeof explained>, 'trees' | 'values' | 'expected' | 'nRows'>,
  options?: { readonly keptValues: number },
): number {
  const shap = createTreeShap(trees, options);
  const contributions = shap.contributions(values, nRows);
  const { nFeatures } = trees;
  let largest = 0;
  for (let row = 0; row < nRows; row++) {
    for (let feature = 0; feature < nFeatures; feature++) {
      const theirs = expected[row * (nFeatures + 1) + feature]!;
      largest = Math.max(largest, Math.abs(theirs - contributions[row * nFeatures + feature]!));
    }
    largest = Math.max(largest, Math.abs(expected[row * (nFeatures + 1) + nFeatures]! - shap.bias));
  }
  return largest;
}

describe('createTreeShap', () => {
  it.each([
    { params: { max_depth: '3', eta: '0.1' }, nRounds: 163 },
    { params: { max_depth: '8', eta: '0.3', subsample: '0.7' }, nRounds: 40 },
    { params: { max_depth: '1', eta: '0.3' }, nRounds: 10 },
    { params: { max_depth: '6', eta: '0.3', base_score: '0.048', colsample_bytree: '0.3' }, nRounds: 60 },
    {
      params: { grow_policy: 'lossguide', max_depth: '0', max_leaves: '40', tree_method: 'hist' },
      nRounds: 20,
    },
  ])('gives what libxgboost gives, to 1e-5: $params', ({ params, nRounds }) => {
    expect(largestDifference(explained(params as never, nRounds, 7))).toBeLessThan(1e-5);
  });

  it('gives the same when nothing is kept', () => {
    const few = explained({ max_depth: '5' }, 5, 11);
    expect(largestDifference(few, { keptValues: 0 })).toBeLessThan(1e-5);
  });

  it('adds up to the margin', () => {
    const { trees, values, margins, nRows } = explained({ max_depth: '4' }, 50, 3);
    const shap = createTreeShap(trees);
    const contributions = shap.contributions(values, nRows);
    for (let row = 0; row < nRows; row++) {
      const parts = contributions.subarray(row * trees.nFeatures, (row + 1) * trees.nFeatures);
      expect(parts.reduce((a, b) => a + b, shap.bias)).toBeCloseTo(margins[row]!, 4);
    }
  });

  it('gives nothing to anybody without trees, and where the root is a leaf', () => {
    const none: ShapTrees = {
      nFeatures: 2,
      nTrees: 1,
      baseMargin: -3,
      treeStart: Uint32Array.of(0, 1),
      nodeFeature: Int32Array.of(-1),
      nodeValue: Float32Array.of(0.5),
      nodeLeft: Uint32Array.of(0),
      nodeRight: Uint32Array.of(0),
      nodeDefaultLeft: Uint8Array.of(0),
      nodeCover: Float32Array.of(10),
    };
    const shap = createTreeShap(none);
    expect(shap.bias).toBe(-2.5);
    expect([...shap.contributions(Float32Array.of(1, Number.NaN), 1)]).toEqual([0, 0]);
    expect(shap.contributions(new Float32Array(0), 0)).toHaveLength(0);
  });

  it('refuses rows of another width', () => {
    const { trees } = explained({ max_depth: '2' }, 1, 1);
    expect(() => createTreeShap(trees).contributions(new Float32Array(5), 1)).toThrow(
      'Expected 1 × 12 values',
    );
  });
});
