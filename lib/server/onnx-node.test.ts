import { describe, expect, it } from 'vitest';
import { onnxFromXgboost } from '@/lib/onnx/export-onnx';
import { openNodeScoringSession } from './onnx-node';

describe('openNodeScoringSession', () => {
  it('scores in Node', async () => {
    const model = {
      nFeatures: 1,
      nTrees: 0,
      baseMargin: -1.5,
      treeStart: new Uint32Array(1),
      nodeFeature: new Int32Array(0),
      nodeValue: new Float32Array(0),
      nodeLeft: new Uint32Array(0),
      nodeRight: new Uint32Array(0),
      nodeDefaultLeft: new Uint8Array(0),
      nodeGain: new Float32Array(0),
      nodeCover: new Float32Array(0),
    };
    const session = await openNodeScoringSession(
      onnxFromXgboost({ calibration: { kind: 'none' }, model, featureNames: ['a'], metadata: {} }),
      ['a'],
    );
    const scores = await session.score({
      values: new Float32Array([Number.NaN, -999]),
      nRows: 2,
      featureNames: ['a'],
    });
    await session.close();
    expect(scores.margins).toEqual(new Float32Array([-1.5, -1.5]));
  });

  it('refuses what is no model', async () => {
    const opened = openNodeScoringSession(new TextEncoder().encode('<html>'), ['a']);
    await expect(opened).rejects.toMatchObject({ failure: { code: 'onnx_unreadable' } });
  });
});
