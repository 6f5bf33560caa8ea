import * as ort from 'onnxruntime-web/wasm';
import { describe, expect, it } from 'vitest';
import { ExpectedFailure } from '@/lib/core/result';
import { onnxFromXgboost } from './export-onnx';
import { MessageWriter } from './protobuf';
import { checkedOnnx, openScoringSession } from './scoring-session';

/** One split: feature b below 0.5, or missing, gives −1, else 2. */
const model = {
  nFeatures: 2,
  nTrees: 1,
  baseMargin: 0.5,
  treeStart: new Uint32Array([0, 3]),
  nodeFeature: new Int32Array([1, -1, -1]),
  nodeValue: new Float32Array([0.5, -1, 2]),
  nodeLeft: new Uint32Array([1, 0, 0]),
  nodeRight: new Uint32Array([2, 0, 0]),
  nodeDefaultLeft: new Uint8Array([1, 0, 0]),
  nodeGain: new Float32Array([1, 0, 0]),
  nodeCover: new Float32Array([2, 1, 1]),
};
const featureNames = ['a', 'b'];
const modelBytes = onnxFromXgboost({
  calibration: { kind: 'none' },
  model,
  featureNames,
  metadata: { model_id: 'model-1' },
});

/** The model with more fields at its end; Protocol Buffers merges a message given twice. */
function extended(extra: MessageWriter): Uint8Array {
  return new Uint8Array([...modelBytes, ...extra.finish()]);
}

function extendedGraph(graph: MessageWriter): Uint8Array {
  return extended(new MessageWriter().message(7, graph));
}

function failureOf(bytes: Uint8Array, names = featureNames) {
  const result = checkedOnnx(bytes, names);
  return result.ok ? 'allowed' : `${result.error.code}: ${result.error.message}`;
}

describe('openScoringSession', () => {
  it('scores rows in chunks of 20,000 and tells how far it is', async () => {
    const nRows = 45_000;
    const values = new Float32Array(nRows * 2);
    for (let row = 0; row < nRows; row++) values[row * 2 + 1] = row % 3 === 0 ? Number.NaN : row % 3;
    const session = await openScoringSession({ ort, modelBytes, featureNames });
    const progress: number[][] = [];
    const scores = await session.score({ values, nRows, featureNames }, (nScored, nAll) =>
      progress.push([nScored, nAll]),
    );
    await session.close();
    expect(progress).toEqual([
      [20_000, nRows],
      [40_000, nRows],
      [45_000, nRows],
    ]);
    expect(scores.margins).toEqual(
      Float32Array.from(values.subarray(0, nRows), (_, row) => (row % 3 === 0 ? -0.5 : 2.5)),
    );
    expect(scores.probabilities[0]).toBeCloseTo(1 / (1 + Math.exp(0.5)), 6);
    expect(session.metadata.get('model_id')).toBe('model-1');
    expect(ort.env.wasm.numThreads).toBe(1);
  });

  it('scores no rows', async () => {
    const session = await openScoringSession({ ort, modelBytes, featureNames });
    const scores = await session.score({ values: new Float32Array(0), nRows: 0, featureNames });
    expect(scores).toEqual({ probabilities: new Float32Array(0), margins: new Float32Array(0) });
    await session.close();
  });

  it('throws at a matrix of other features or another size', async () => {
    const session = await openScoringSession({ ort, modelBytes, featureNames });
    const values = new Float32Array(2);
    await expect(session.score({ values, nRows: 1, featureNames: ['b', 'a'] })).rejects.toThrow(
      'Expected the features a, b',
    );
    await expect(session.score({ values, nRows: 2, featureNames })).rejects.toThrow(
      'Expected 2 × 2 values, got 2.',
    );
    await session.close();
  });

  it('refuses a model that fails the check, or that onnxruntime cannot load', async () => {
    const other = openScoringSession({ ort, modelBytes, featureNames: ['a', 'c'] });
    await expect(other).rejects.toThrow(ExpectedFailure);
    const twoGraphs = extendedGraph(
      new MessageWriter().message(1, new MessageWriter().text(1, 'nowhere').text(4, 'Neg')),
    );
    const broken = openScoringSession({ ort, modelBytes: twoGraphs, featureNames });
    await expect(broken).rejects.toMatchObject({ failure: { code: 'onnx_unreadable' } });
  });
});

describe('checkedOnnx', () => {
  it('allows what the exporter writes', () => {
    expect(failureOf(modelBytes)).toBe('allowed');
  });

  it('refuses other features, another order of them included', () => {
    expect(failureOf(modelBytes, ['b', 'a'])).toBe(
      'onnx_features_differ: The ONNX model was made for other features than the 2 that are to be scored.',
    );
  });

  it('refuses operators that are not on the list, even by the same name in another domain', () => {
    const loop = new MessageWriter().message(1, new MessageWriter().text(4, 'Loop'));
    expect(failureOf(extendedGraph(loop))).toBe(
      'onnx_not_allowed: The ONNX model uses the operator :Loop, which is not allowed.',
    );
    const foreign = new MessageWriter().message(1, new MessageWriter().text(4, 'Neg').text(7, 'com.example'));
    expect(failureOf(extendedGraph(foreign))).toContain('com.example:Neg');
  });

  it('refuses functions, tensors in other files, and other inputs or outputs', () => {
    expect(failureOf(extended(new MessageWriter().text(25, '')))).toContain('brings functions');
    const external = new MessageWriter().message(5, new MessageWriter().text(8, 'one').integer(14, 1));
    expect(failureOf(extendedGraph(external))).toContain('other files');
    const input = new MessageWriter().message(11, new MessageWriter().text(1, 'more'));
    expect(failureOf(extendedGraph(input))).toContain('does not have the input and outputs');
  });

  it('refuses more than 64 MB and bytes that are no model', () => {
    expect(failureOf(new Uint8Array(64 * 1024 * 1024 + 1))).toContain('onnx_too_large');
    expect(failureOf(new TextEncoder().encode('<html>'))).toContain('onnx_unreadable');
    expect(failureOf(new Uint8Array(0))).toContain('onnx_not_allowed');
  });
});
