import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { importances } from '@/lib/evaluation/importances';
import { modelDocument, modelFileBytes } from '@/lib/testing/model-files/model-document';
import { checkedModelFile } from './model-file';
import { xgboostModelOf } from './xgboost-model';

/** A root that splits on feature 1 at 0.5, two leaves, and two nodes that pruning cut off. */
const stump = {
  left_children: [1, -1, -1, 7, -1],
  right_children: [4, -1, -1, 9, -1],
  split_indices: [1, 0, 0, 99, 0],
  split_conditions: [0.5, -0.25, 9, 9, 0.75],
  default_left: [1, 0, 0, 0, 0],
  split_type: [0, 0, 0, 0, 0],
  loss_changes: [12.5, 0, 0, 3, 0],
  sum_hessian: [8, 5, 0, 0, 3],
  tree_param: { size_leaf_vector: '1', num_nodes: '5' },
};

const leaf = {
  left_children: [-1],
  right_children: [-1],
  split_indices: [0],
  split_conditions: [0.125],
  default_left: [0],
  loss_changes: [0],
  sum_hessian: [8],
  tree_param: {},
};

const parameters = { base_score: '[5E-1]', num_class: '0', num_feature: '2', num_target: '1' };
const logistic = { name: 'binary:logistic' };

function modelWith(trees: readonly unknown[], changed: object = {}): object {
  const learner = {
    learner_model_param: parameters,
    objective: logistic,
    gradient_booster: { name: 'gbtree', model: { trees } },
    ...changed,
  };
  return { learner, version: [3, 4, 1] };
}

function failureOf(document: unknown) {
  const result = xgboostModelOf(document);
  return result.ok ? 'read' : { code: result.error.code, message: result.error.message };
}

/** A complete tree of a depth, all splits on feature 0. */
function completeTree(depth: number, isChain = false) {
  const left: number[] = [];
  const right: number[] = [];
  const nSplits = isChain ? depth : 2 ** depth - 1;
  for (let node = 0; node < 2 * nSplits + 1; node++) {
    const isSplit = isChain ? node < 2 * nSplits && node % 2 === 0 : node < nSplits;
    left.push(isSplit ? (isChain ? node + 1 : 2 * node + 1) : -1);
    right.push(isSplit ? (isChain ? node + 2 : 2 * node + 2) : -1);
  }
  const zeros = left.map(() => 0);
  return {
    ...leaf,
    left_children: left,
    right_children: right,
    split_indices: zeros,
    split_conditions: zeros,
    default_left: zeros,
    loss_changes: zeros,
    sum_hessian: zeros,
  };
}

describe('xgboostModelOf', () => {
  it('holds the reached nodes of all trees, each in preorder', () => {
    expect(xgboostModelOf(modelWith([stump, leaf]))).toEqual({
      ok: true,
      value: {
        nFeatures: 2,
        nTrees: 2,
        baseMargin: 0,
        treeStart: new Uint32Array([0, 3, 4]),
        nodeFeature: new Int32Array([1, -1, -1, -1]),
        nodeValue: new Float32Array([0.5, -0.25, 0.75, 0.125]),
        nodeLeft: new Uint32Array([1, 0, 0, 0]),
        nodeRight: new Uint32Array([2, 0, 0, 0]),
        nodeDefaultLeft: new Uint8Array([1, 0, 0, 0]),
        nodeGain: new Float32Array([12.5, 0, 0, 0]),
        nodeCover: new Float32Array([8, 5, 3, 8]),
      },
    });
  });

  it('is the shape that importances are counted on', () => {
    const parsed = xgboostModelOf(modelWith([stump, leaf]));
    expect(parsed.ok && importances(parsed.value, ['tag_count', 'optin_days'])).toEqual([
      { feature: 'optin_days', gain_share: 1, n_splits: 1 },
      { feature: 'tag_count', gain_share: 0, n_splits: 0 },
    ]);
  });

  it.each([
    { written: '5E-1', margin: 0 },
    { written: '[5E-1]', margin: 0 },
    // Margins by libxgboost 3.4.1 of a model without trees.
    { written: '[7E-2]', margin: Math.fround(-2.5866892337799072) },
    { written: '0', margin: Math.fround(-13.815509796142578) },
    { written: '[1E0]', margin: Math.fround(13.745160102844238) },
  ])('gives the margin of base_score $written', ({ written, margin }) => {
    const learner_model_param = { ...parameters, base_score: written };
    const parsed = xgboostModelOf(modelWith([], { learner_model_param }));
    expect(parsed.ok && parsed.value.baseMargin).toBe(margin);
  });

  it.each([
    ['no object', [], 'The model is not as XGBoost writes it at '],
    ['a number that is none', modelWith([{ ...leaf, split_conditions: [null] }]), 'at split_conditions.0: '],
    ['no model', {}, 'The model is not as XGBoost writes it at learner: '],
    ['a tree without arrays', modelWith([{}]), 'The tree 0 is not as XGBoost writes it at left_children: '],
    [
      'a base_score in words',
      modelWith([], { learner_model_param: { ...parameters, base_score: 'half' } }),
      'The model has no readable base_score or num_feature.',
    ],
    [
      'a base_score above 1',
      modelWith([], { learner_model_param: { ...parameters, base_score: '2E0' } }),
      'The model has no readable base_score or num_feature.',
    ],
    [
      'two base_scores',
      modelWith([], { learner_model_param: { ...parameters, base_score: '[5E-1,5E-1]' } }),
      'The model has no readable base_score or num_feature.',
    ],
  ])('refuses %s as unreadable', (_what, document, message) => {
    const failure = failureOf(document);
    expect(failure).toMatchObject({ code: 'model_unreadable', message: expect.stringContaining(message) });
  });

  it.each([
    ['another objective', { objective: { name: 'reg:squarederror' } }, 'objective is reg:squarederror'],
    [
      'a linear booster',
      { gradient_booster: { name: 'gblinear', model: { trees: [] } } },
      'booster is gblinear',
    ],
    [
      'dart under the name gbtree',
      { gradient_booster: { name: 'gbtree', model: { trees: [leaf], weight_drop: [0.5] } } },
      'booster is dart',
    ],
    [
      'several classes',
      { learner_model_param: { ...parameters, num_class: '3' } },
      '3 classes and 1 targets',
    ],
    [
      'several targets',
      { learner_model_param: { ...parameters, num_target: '2' } },
      '0 classes and 2 targets',
    ],
  ])('refuses %s as unsupported', (_what, changed, message) => {
    const failure = failureOf(modelWith([], changed));
    expect(failure).toMatchObject({ code: 'model_unsupported', message: expect.stringContaining(message) });
  });

  it('refuses categorical splits and leaf vectors as unsupported', () => {
    expect(failureOf(modelWith([{ ...stump, split_type: [1, 0, 0, 0, 0] }]))).toMatchObject({
      code: 'model_unsupported',
    });
    expect(failureOf(modelWith([{ ...leaf, tree_param: { size_leaf_vector: '3' } }]))).toMatchObject({
      code: 'model_unsupported',
    });
  });

  it.each([
    ['a child out of range', { left_children: [5, -1, -1, -1, -1] }, 'it has no node 5'],
    ['a negative child', { left_children: [-2, -1, -1, -1, -1] }, 'it has no node -2'],
    ['one child only', { left_children: [-1, -1, -1, -1, -1] }, 'it has no node -1'],
    ['a cycle', { left_children: [0, -1, -1, -1, -1] }, 'node 0 is reached twice'],
    ['two parents', { right_children: [1, -1, -1, -1, -1] }, 'node 1 is reached twice'],
    ['a feature out of range', { split_indices: [2, 0, 0, 0, 0] }, 'node 0 splits on feature 2 of 2'],
    ['a negative feature', { split_indices: [-1, 0, 0, 0, 0] }, 'node 0 splits on feature -1 of 2'],
    [
      'a leaf beyond float32',
      { split_conditions: [0.5, 1e39, 0, 0, 0] },
      'node 1 is a leaf without a finite value',
    ],
    [
      'a negative cover',
      { sum_hessian: [-1, 0, 0, 0, 0] },
      'node 0 has a cover that is no finite number of 0 or more',
    ],
    ['arrays of unequal length', { loss_changes: [1] }, 'its arrays are empty or differ in length'],
  ])('refuses a tree with %s as damaged', (_what, changed, message) => {
    expect(failureOf(modelWith([leaf, { ...stump, ...changed }]))).toEqual({
      code: 'model_damaged',
      message: `Tree 1 of the model is damaged: ${message}.`,
    });
  });

  it('reads 1,024 levels and refuses 1,025', () => {
    expect(failureOf(modelWith([completeTree(1_024, true)]))).toBe('read');
    expect(failureOf(modelWith([completeTree(1_025, true)]))).toMatchObject({
      message: expect.stringContaining('deeper than 1024'),
    });
  });

  it('gives the same model from the UBJSON of libxgboost as from its JSON', () => {
    const checked = checkedModelFile(modelFileBytes('3.4.1', 'ubj'), 'ubj');
    const fromUbj = xgboostModelOf(checked.ok ? checked.value.document : null);
    expect(fromUbj).toEqual(xgboostModelOf(modelDocument('3.4.1')));
    expect(fromUbj.ok && fromUbj.value.nTrees).toBe(4);
  });

  it('refuses too many trees and too many nodes', () => {
    expect(failureOf(modelWith(new Array(20_001).fill(0)))).toMatchObject({ code: 'model_too_large' });
  });

  it('never throws nor loops, whatever the children are', () => {
    const children = fc.array(fc.integer({ min: -1, max: 6 }), { minLength: 5, maxLength: 5 });
    fc.assert(
      fc.property(children, children, (left_children, right_children) => {
        const result = xgboostModelOf(
          modelWith([{ ...stump, split_indices: [0, 0, 0, 0, 0], left_children, right_children }]),
        );
        if (result.ok) expect(result.value.nodeFeature.length).toBeLessThanOrEqual(5);
        else expect(result.error.code).toBe('model_damaged');
      }),
    );
  });
});
