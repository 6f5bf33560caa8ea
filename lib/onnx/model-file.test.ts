import { describe, expect, it } from 'vitest';
import { FILE_VERSIONS, modelDocument, modelFileBytes } from '@/lib/testing/model-files/model-document';
import { POISONED_MODELS } from '@/lib/testing/model-files/poisoned-models';
import { writeJson } from '@/lib/testing/model-files/write-json';
import { writeUbjson } from '@/lib/testing/model-files/write-ubjson';
import { checkedModelFile } from './model-file';

const NAMES = ['feature_0', 'feature_1', 'feature_2', 'feature_3', 'feature_4'];
const MANY_DEEP = 1_024;

function refusalOf(bytes: Uint8Array, format: 'ubj' | 'json', names?: readonly string[]): string {
  const checked = checkedModelFile(bytes, format, names);
  return checked.ok ? 'taken' : `${checked.error.code}: ${checked.error.message}`;
}

/** A file whose first tree is a chain: each split has a leaf on its left. */
function chainModel(depth: number): Uint8Array {
  const document = modelDocument('3.4.1');
  const { model } = document.learner.gradient_booster;
  const [tree] = model.trees;
  if (tree === undefined) throw new Error('Expected the fixture to have a tree');
  const nNodes = 2 * depth + 1;
  const split = (node: number) => node % 2 === 0 && node < nNodes - 1;
  const columns = (value: (node: number) => number) =>
    Array.from({ length: nNodes }, (_, node) => value(node));
  Object.assign(tree, {
    left_children: columns((node) => (split(node) ? node + 1 : -1)),
    right_children: columns((node) => (split(node) ? node + 2 : -1)),
    parents: columns((node) => (node === 0 ? 2_147_483_647 : node % 2 === 0 ? node - 2 : node - 1)),
    ...Object.fromEntries(
      ['split_indices', 'split_conditions', 'split_type', 'default_left'].map((key) => [
        key,
        columns(() => 0),
      ]),
    ),
    ...Object.fromEntries(
      ['base_weights', 'loss_changes', 'sum_hessian'].map((key) => [key, columns(() => 0.5)]),
    ),
    tree_param: { num_deleted: '0', num_feature: '5', num_nodes: String(nNodes), size_leaf_vector: '1' },
  });
  return writeUbjson(document);
}

describe('checkedModelFile', () => {
  it.each(FILE_VERSIONS)(
    'takes the files of libxgboost %s in both formats, and they hold the same',
    (version) => {
      const ubj = checkedModelFile(modelFileBytes(version, 'ubj'), 'ubj', NAMES);
      const json = checkedModelFile(modelFileBytes(version, 'json'), 'json', NAMES);
      for (const checked of [ubj, json]) {
        expect(checked).toMatchObject({
          ok: true,
          value: {
            xgboostVersion: version,
            nTrees: 4,
            nNodes: 58,
            nFeatures: 5,
            featureNames: NAMES,
            baseScore: 0.25,
          },
        });
      }
      // The texts of JSON are the shortest that give the float32 number back.
      expect(asFloats(ubj.ok && ubj.value.document)).toEqual(asFloats(json.ok && json.value.document));
    },
  );

  it.each(FILE_VERSIONS)('is tested with files written as libxgboost %s writes them', (version) => {
    expect(writeJson(modelDocument(version))).toEqual(modelFileBytes(version, 'json'));
    expect(writeUbjson(modelDocument(version))).toEqual(modelFileBytes(version, 'ubj'));
  });

  it('knows over twenty ways in which a model can be poisoned', () => {
    expect(new Set(POISONED_MODELS.map(({ what }) => what)).size).toBeGreaterThanOrEqual(21);
  });

  it.each(POISONED_MODELS)('refuses $format with $what', ({ bytes, format, says }) => {
    const checked = checkedModelFile(bytes, format);
    expect(checked.ok ? 'taken' : checked.error.message).toContain(says);
    expect(checked.ok ? '' : checked.error.code).toMatch(
      /^model_(?:damaged|unsupported|unreadable|too_large)$/,
    );
  });

  it('refuses a file that is cut off, wherever the cut is', () => {
    for (const format of ['ubj', 'json'] as const) {
      const whole = modelFileBytes('3.4.1', format);
      for (let length = 0; length < whole.length; length += 3) {
        expect(refusalOf(whole.slice(0, length), format)).toMatch(/^model_/);
      }
    }
  });

  it('reads 1,024 levels and refuses 1,025', () => {
    expect(refusalOf(chainModel(MANY_DEEP), 'ubj')).toBe('taken');
    expect(refusalOf(chainModel(MANY_DEEP + 1), 'ubj')).toContain(
      'Tree 0, node 2049: it is deeper than 1024 levels.',
    );
  });

  it('refuses a model of other features than those that are scored', () => {
    const bytes = modelFileBytes('3.4.1', 'ubj');
    const swapped = ['feature_1', 'feature_0', ...NAMES.slice(2)];
    expect(refusalOf(bytes, 'ubj', swapped)).toContain('Its feature 0 is "feature_0", not "feature_1".');
    expect(refusalOf(bytes, 'ubj', NAMES.slice(1))).toContain('It names 5 features, and 4 are expected.');
    const nameless = modelDocument('3.4.1');
    nameless.learner.feature_names = [];
    expect(refusalOf(writeJson(nameless), 'json')).toBe('taken');
    expect(refusalOf(writeJson(nameless), 'json', NAMES)).toContain(
      'It names 0 features, and 5 are expected.',
    );
  });

  it('takes forests of several trees a round, and no odd tree', () => {
    const document = modelDocument('3.4.1');
    const { model } = document.learner.gradient_booster;
    model.gbtree_model_param.num_parallel_tree = '2';
    model.iteration_indptr = [0, 2, 4];
    expect(refusalOf(writeUbjson(document), 'ubj')).toBe('taken');
    model.iteration_indptr = [0, 1, 4];
    expect(refusalOf(writeUbjson(document), 'ubj')).toContain('iteration_indptr does not count');
    model.gbtree_model_param.num_parallel_tree = '3';
    expect(refusalOf(writeUbjson(document), 'ubj')).toContain('It says to have 3 trees a round, and has 4.');
  });

  it('reads JSON as JSON.parse does, blanks and escapes included', () => {
    const document = modelDocument('3.4.1');
    document.learner.attributes = { note: 'a "quoted" \\ line\n\u00e9 \ud83d\ude00', __proto__x: '1' };
    const text = JSON.stringify(document, null, '\t ');
    const checked = checkedModelFile(new TextEncoder().encode(text), 'json');
    expect(checked.ok && checked.value.document).toEqual(document);
  });
});

function asFloats(value: unknown): unknown {
  return JSON.parse(
    JSON.stringify(value, (_, each: unknown) => (typeof each === 'number' ? Math.fround(each) : each)),
  );
}
