import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SplitPart, type TrainingDataset } from '@/lib/features/matrix';
import { openTestEngine, type TestEngine } from '@/lib/testing/engine';
import { drawnDataset } from '@/lib/testing/training-dataset';
import { boosterParams } from './booster-params';
import { finalFit } from './final-fit';
import { openLibrary, XgboostError, type XgboostLibrary } from './library';
import { createTrialData } from './trial-data';

const PARAMS = { max_depth: 4, learning_rate: 0.2, n_estimators: 12, subsample: 0.8, colsample_bytree: 0.8 };
const noPause = async () => {};
const finalJob = (seed: number, params = PARAMS) => ({ params, seed, monotoneConstraints: {} });
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

let testEngine: TestEngine;
let library: XgboostLibrary;
let dataset: TrainingDataset;

beforeAll(async () => {
  testEngine = await openTestEngine();
  library = openLibrary(testEngine.engine.path);
  dataset = drawnDataset({ nRows: 600, nFeatures: 6, seed: 3 });
});
afterAll(() => testEngine.close());

describe('openLibrary', () => {
  it('tells version and features', () => {
    expect(library.version).toMatch(/^\d+\.\d+\.\d+$/);
    expect(library.features.USE_OPENMP).toBe(true);
    expect(library.features.XGQuantileDMatrixCreateFromCallback).toBe(true);
  });

  it('refuses what is no library, and says which command installs one', () => {
    expect(() => openLibrary('/nowhere/libxgboost.so')).toThrow(
      expect.objectContaining({
        failure: {
          code: 'engine_unusable',
          message: expect.stringContaining('/nowhere/libxgboost.so cannot be used'),
          hint: expect.stringContaining('npm run setup'),
        },
      }),
    );
  });

  it('refuses a library that is not XGBoost', () => {
    const other = process.platform === 'darwin' ? 'libSystem.dylib' : 'libc.so.6';
    expect(() => openLibrary(other)).toThrow('cannot be used');
  });
});

describe('XgboostLibrary', () => {
  const rows = {
    values: new Float32Array([0, 1, 2, 3, 4, 5, 6, 7]),
    labels: new Uint8Array([0, 0, 0, 0, 1, 1, 1, 1]),
    featureNames: ['tag_count'],
  };
  const params = {
    ...boosterParams(
      { params: { ...PARAMS, subsample: 1, max_depth: 1 }, seed: 1, monotoneConstraints: {} },
      { baseScore: 0.5, featureNames: ['tag_count'] },
    ),
    min_child_weight: '0',
    reg_lambda: '0',
  };

  it('trains a stump whose leaves are the textbook Newton steps', () => {
    const matrix = library.createMatrix(rows);
    const booster = library.createBooster(matrix, { ...params, learning_rate: '1' });
    booster.update(0, matrix);
    // At probability 0.5 the gradient is ±0.5 and the hessian 0.25 a row: leaves of -2 and 2.
    expect(booster.predict(matrix, 'margin')).toEqual(new Float32Array([-2, -2, -2, -2, 2, 2, 2, 2]));
    const buyer = Math.fround(1 / (1 + Math.exp(-2)));
    expect(booster.predict(matrix, 'probability')[7]).toBeCloseTo(buyer, 6);
    booster.free();
    matrix.free();
  });

  it('writes feature names and base score into the model', () => {
    const matrix = library.createMatrix(rows);
    const booster = library.createBooster(matrix, { ...params, base_score: '0.25' });
    booster.update(0, matrix);
    const model = JSON.parse(new TextDecoder().decode(booster.save('json')));
    expect(model.learner.feature_names).toEqual(['tag_count']);
    expect(Number(String(model.learner.learner_model_param.base_score).replace(/[[\]]/g, ''))).toBe(0.25);
    expect(booster.save('ubj')[0]).toBe('{'.charCodeAt(0));
    booster.free();
    matrix.free();
  });

  it('takes NaN as missing and −999 as a number', () => {
    const matrix = library.createMatrix({
      ...rows,
      values: new Float32Array([-999, -999, -999, -999, Number.NaN, 5, 6, 7]),
    });
    const booster = library.createBooster(matrix, { ...params, learning_rate: '1' });
    booster.update(0, matrix);
    const tree = JSON.parse(new TextDecoder().decode(booster.save('json'))).learner.gradient_booster.model
      .trees[0];
    expect(tree.left_children).toHaveLength(3);
    expect(tree.default_left[0]).toBe(0);
    booster.free();
    matrix.free();
  });

  it('passes on what libxgboost refuses, in one line', () => {
    const infinite = { ...rows, values: new Float32Array(8).fill(Number.POSITIVE_INFINITY) };
    expect(() => library.createMatrix(infinite)).toThrow(XgboostError);
    const matrix = library.createMatrix(rows);
    const booster = library.createBooster(matrix, { ...params, objective: 'binary:nonsense' });
    expect(() => booster.update(0, matrix)).toThrow(/^XGBoosterUpdateOneIter: [^\n]*binary:nonsense[^\n]*$/);
    booster.free();
    matrix.free();
  });

  it('refuses values that do not fit the names', () => {
    expect(() => library.createMatrix({ ...rows, featureNames: ['a', 'b'] })).toThrow(
      'Expected 8 × 2 values, got 8',
    );
  });
});

describe('training', () => {
  it('gives the same model, byte for byte, from the same seed, and another from another', async () => {
    const first = await finalFit(library, dataset, finalJob(5), noPause);
    const again = await finalFit(library, dataset, finalJob(5), noPause);
    const other = await finalFit(library, dataset, finalJob(6), noPause);
    expect(sha256(again.modelUbj)).toBe(sha256(first.modelUbj));
    expect(again).toEqual(first);
    expect(sha256(other.modelUbj)).not.toBe(sha256(first.modelUbj));
  });

  it('fits the final model on training and validation rows, and judges the validation rows without them', async () => {
    const job = finalJob(5, { ...PARAMS, subsample: 1, colsample_bytree: 1 });
    const fit = await finalFit(library, dataset, job, noPause);
    expect([fit.validationLabels.length, fit.testLabels.length]).toEqual([120, 120]);
    expect([fit.validationMargins.length, fit.testMargins.length]).toEqual([120, 120]);
    const shuffledTest = {
      ...dataset,
      labels: dataset.labels.map((l, row) => (dataset.split[row] === SplitPart.test ? 1 - l : l)),
    };
    expect(sha256((await finalFit(library, shuffledTest, job, noPause)).modelUbj)).toBe(sha256(fit.modelUbj));
    const turned = {
      ...dataset,
      labels: dataset.labels.map((l, row) => (dataset.split[row] === SplitPart.validation ? 1 - l : l)),
    };
    const turnedFit = await finalFit(library, turned, job, noPause);
    expect(turnedFit.validationMargins).toEqual(fit.validationMargins);
    expect(sha256(turnedFit.modelUbj)).not.toBe(sha256(fit.modelUbj));
  });

  it('refuses training rows of one class', () => {
    const oneClass = { ...dataset, labels: new Uint8Array(600) };
    expect(() => createTrialData(library, oneClass, { validation: { type: 'split' }, seed: 1 })).toThrow(
      '0 buyers among 360',
    );
  });
});
