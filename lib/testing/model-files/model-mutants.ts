import { derivedSeed, type RandomSource, randomSource } from '@/lib/core/random';
import type { DocumentTree, ModelDocument } from './model-document';
import { writeJson } from './write-json';
import { writeUbjson } from './write-ubjson';

/** A model file of which one thing was changed in its structure, not in its bytes. */
export interface ModelMutant {
  readonly what: string;
  readonly format: 'ubj' | 'json';
  readonly bytes: Uint8Array<ArrayBuffer>;
}

interface Chance {
  readonly below: (n: number) => number;
  readonly oneOf: <T>(values: readonly T[]) => T;
}

type Change = (document: ModelDocument, chance: Chance) => void;
type TreeChange = (tree: DocumentTree, chance: Chance, node: number) => void;

const FLOAT_COLUMNS = ['split_conditions', 'base_weights', 'loss_changes', 'sum_hessian'] as const;
const COLUMNS = [
  ...FLOAT_COLUMNS,
  'left_children',
  'right_children',
  'parents',
  'split_indices',
  'split_type',
  'default_left',
] as const;
const CHILDREN = ['left_children', 'right_children'] as const;
const ODD_NUMBERS = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 1e38, -3e38, 0, -1];
const FAR_NODES = [13, 15, 64, 99_999, 16_777_216, 2_147_483_647, -2, -99_999, -2_147_483_648];
const COUNTS = ['0', '-1', '1', '3', '12', '16', '1000000', '2147483647', '4294967296', 'NaN', ''];

const inTree =
  (change: TreeChange): Change =>
  (document, chance) => {
    const tree = chance.oneOf(document.learner.gradient_booster.model.trees);
    change(tree, chance, chance.below(tree.left_children.length));
  };

/** What can be done to a model, by name. */
const CHANGES: Readonly<Record<string, Change>> = {
  'a child out of range': inTree((tree, { oneOf }, node) => {
    tree[oneOf(CHILDREN)][node] = oneOf(FAR_NODES);
  }),
  'a child among the nodes': inTree((tree, { oneOf, below }, node) => {
    tree[oneOf(CHILDREN)][node] = below(tree.parents.length);
  }),
  'a leaf with children': inTree((tree, { below }, node) => {
    tree.left_children[node] = below(tree.parents.length);
    tree.right_children[node] = below(tree.parents.length);
  }),
  'children swapped': inTree((tree, _, node) => {
    [tree.left_children[node], tree.right_children[node]] = [
      tree.right_children[node] ?? 0,
      tree.left_children[node] ?? 0,
    ];
  }),
  'a split cut down to a leaf': inTree((tree, _, node) => {
    tree.left_children[node] = -1;
    tree.right_children[node] = -1;
  }),
  'a parent': inTree((tree, { below }, node) => {
    tree.parents[node] = below(tree.parents.length);
  }),
  'a feature': inTree((tree, { oneOf }, node) => {
    tree.split_indices[node] = oneOf([0, 1, 4, 5, 6, 1000, 2_147_483_646, -1, -2_147_483_648]);
  }),
  'a threshold or leaf, by a little': inTree((tree, { below }, node) => {
    tree.split_conditions[node] = (tree.split_conditions[node] ?? 0) + (below(2001) - 1000) / 100;
  }),
  'an odd number': inTree((tree, { oneOf }, node) => {
    tree[oneOf(FLOAT_COLUMNS)][node] = oneOf(ODD_NUMBERS);
  }),
  'where missing values go': inTree((tree, { oneOf }, node) => {
    tree.default_left[node] = oneOf([1 - (tree.default_left[node] ?? 0), 2, 255]);
  }),
  'a categorical flag': inTree((tree, { oneOf }, node) => {
    tree.split_type[node] = oneOf([1, 2, 255]);
  }),
  categories: inTree((tree, { oneOf }, node) => {
    tree.categories_nodes = [node];
    tree.categories_segments = [oneOf([0, 5, 2 ** 40])];
    tree.categories_sizes = [oneOf([1, 1000, 2 ** 40])];
    tree.categories = [oneOf([0, 31, 2_000_000])];
  }),
  'an array cut short': inTree((tree, { oneOf, below }) => {
    const column = tree[oneOf(COLUMNS)];
    column.length = below(column.length);
  }),
  'an array drawn out': inTree((tree, { oneOf, below }) => {
    tree[oneOf(COLUMNS)].push(...Array.from({ length: 1 + below(40) }, () => below(5)));
  }),
  'an array of another type': inTree((tree, { oneOf }) => {
    Object.assign(tree, { [oneOf(COLUMNS)]: oneOf<unknown>(['x', 1, null, {}, [[]], ['0', '1'], true]) });
  }),
  'a key gone': inTree((tree, { oneOf }) => {
    Reflect.deleteProperty(tree, oneOf(COLUMNS));
  }),
  'a count of the tree': inTree((tree, { oneOf }) => {
    tree.tree_param[oneOf(['num_nodes', 'num_deleted', 'num_feature', 'size_leaf_vector'])] = oneOf(COUNTS);
  }),
  'a count of the model': ({ learner }, { oneOf }) => {
    const { model } = learner.gradient_booster;
    const [where, name] = oneOf<readonly [Record<string, string>, string]>([
      [model.gbtree_model_param, 'num_trees'],
      [model.gbtree_model_param, 'num_parallel_tree'],
      [learner.learner_model_param, 'num_feature'],
      [learner.learner_model_param, 'num_class'],
      [learner.learner_model_param, 'num_target'],
      [learner.learner_model_param, 'base_score'],
    ]);
    where[name] = oneOf(COUNTS);
  },
  'a tree gone or doubled': ({ learner }, { below }) => {
    const { trees } = learner.gradient_booster.model;
    const [tree] = trees.splice(below(trees.length), 1);
    if (tree !== undefined && below(2) === 0) trees.push(tree, tree);
  },
  'the class of a tree': ({ learner }, { oneOf, below }) => {
    learner.gradient_booster.model.tree_info[below(4)] = oneOf([1, 7, -1, 99_999, 2_147_483_647]);
  },
  'the trees of a round': ({ learner }, { oneOf, below }) => {
    const starts = learner.gradient_booster.model.iteration_indptr ?? [];
    starts[below(5)] = oneOf([0, 3, 5, -1, 99_999, 2_147_483_647]);
    learner.gradient_booster.model.iteration_indptr = starts;
  },
  'the features': ({ learner }, { oneOf }) => {
    const { feature_names: names } = learner;
    if (oneOf([true, false])) names.pop();
    else names.push(oneOf(['feature_0', 'x', '']));
  },
  'the objective or the booster': ({ learner }, { oneOf }) => {
    if (oneOf([true, false])) learner.objective.name = oneOf(['binary:hinge', 'multi:softprob', 'x', '']);
    else learner.gradient_booster.name = oneOf(['gblinear', 'dart', 'x', '']);
  },
  'the version': (document, { oneOf }) => {
    document.version = oneOf<number[]>([[], [0, 0, 0], [3, 4], [3, 4, 1, 1], [-1, 4, 1]]);
  },
};

const CHANGE_NAMES = Object.keys(CHANGES);

/** Make a mutant of a model; the same number gives the same one, and its bytes always differ from the model's. */
export function modelMutant(base: ModelDocument, format: 'ubj' | 'json', number: number): ModelMutant {
  const random = randomSource(derivedSeed(number, 'model mutant'));
  const chance = chanceOf(random);
  const write = format === 'ubj' ? writeUbjson : writeJson;
  const unchanged = write(base);
  for (;;) {
    const document = structuredClone(base);
    const what = chance.oneOf(CHANGE_NAMES);
    CHANGES[what]?.(document, chance);
    const bytes = write(document);
    if (Buffer.compare(bytes, unchanged) !== 0) return { what, format, bytes };
  }
}

function chanceOf(random: RandomSource): Chance {
  const below = (n: number) => Math.floor(random() * n);
  return {
    below,
    oneOf: (values) => {
      const value = values[below(values.length)];
      if (value === undefined) throw new Error('Expected something to choose from');
      return value;
    },
  };
}
