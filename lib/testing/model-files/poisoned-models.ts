import { type DocumentTree, type ModelDocument, modelDocument } from './model-document';
import { POISONED_FILES, type PoisonedModel } from './poisoned-files';
import { writeJson } from './write-json';
import { writeUbjson } from './write-ubjson';

const VERSION = '3.4.1';
/** The tree that is poisoned, and one of its leaves. Its nodes 0, 1, 2 and 5 split; 7, 8, 11 and 12 are cut off. */
const TREE = 1;
const LEAF = 4;

/** Change the document in place, then write it in both formats. */
function inBothFormats(
  what: string,
  says: string,
  change: (document: ModelDocument) => void,
): readonly PoisonedModel[] {
  const document = modelDocument(VERSION);
  change(document);
  return [
    { what, format: 'json', bytes: writeJson(document), says },
    { what, format: 'ubj', bytes: writeUbjson(document), says },
  ];
}

function inTree(what: string, says: string, change: (tree: DocumentTree) => void): readonly PoisonedModel[] {
  return inBothFormats(what, says, (document) => change(treeOf(document, TREE)));
}

function treeOf(document: ModelDocument, index: number): DocumentTree {
  const tree = document.learner.gradient_booster.model.trees[index];
  if (tree === undefined) throw new Error(`Expected the fixture to have a tree ${index}`);
  return tree;
}

function put(values: number[], index: number, value: number): void {
  if (index >= values.length) throw new Error(`Expected a value ${index} to replace`);
  values[index] = value;
}

const children: readonly (readonly PoisonedModel[])[] = [
  inTree(
    'a child far out of range',
    'Tree 1, node 0: its left child is 99999, and the tree has nodes 0 to 12',
    (tree) => put(tree.left_children, 0, 99_999),
  ),
  inTree(
    'a child one past the end',
    'Tree 1, node 1: its right child is 13, and the tree has nodes 0 to 12',
    (tree) => put(tree.right_children, 1, 13),
  ),
  inTree('a child below −1', 'Tree 1, node 1: its left child is -2, and the tree has nodes 0 to 12', (tree) =>
    put(tree.left_children, 1, -2),
  ),
  inTree(
    'the most negative child',
    'Tree 1, node 2: its right child is -2147483648, and the tree has nodes 0 to 12',
    (tree) => put(tree.right_children, 2, -2_147_483_648),
  ),
  inTree('one child only', 'Tree 1, node 1: it has a left child and no other', (tree) =>
    put(tree.right_children, 1, -1),
  ),
  inTree('a cycle to the root', 'Tree 1, node 0: it is reached on two ways', (tree) => {
    put(tree.left_children, 1, 0);
    put(tree.right_children, 1, 1);
  }),
  inTree('a node that is its own child', 'Tree 1, node 1: it is reached on two ways', (tree) => {
    put(tree.left_children, 1, 1);
    put(tree.right_children, 1, 2);
  }),
  inTree('a node with two parents', 'Tree 1, node 2: its parent is 0, and node 1 leads to it', (tree) => {
    put(tree.left_children, 1, 2);
    put(tree.right_children, 1, 3);
  }),
  inTree(
    'children in the wrong order',
    'Tree 1, node 1: its right child is 3, and must be 5, next to the left',
    (tree) => {
      put(tree.left_children, 1, 4);
      put(tree.right_children, 1, 3);
    },
  ),
  inTree(
    'a parent that does not lead to it',
    'Tree 1, node 2: its parent is 1, and node 0 leads to it',
    (tree) => put(tree.parents, 2, 1),
  ),
  inTree(
    'two nodes that lead to one another',
    'Tree 1, node 7: it cannot be reached from the root',
    (tree) => {
      for (const [node, other] of [
        [7, 8],
        [8, 7],
      ] as const) {
        put(tree.left_children, node, other);
        put(tree.right_children, node, other);
        put(tree.split_indices, node, 0);
      }
    },
  ),
];
const numbers: readonly (readonly PoisonedModel[])[] = [
  inTree(
    'a feature that is not there',
    'Tree 1, node 0: it splits on feature 5, and the model has 0 to 4',
    (tree) => put(tree.split_indices, 0, 5),
  ),
  inTree(
    'a leaf of a feature that is not there',
    `Tree 1, node ${LEAF}: it is a leaf of feature 5, and the model has 0 to 4`,
    (tree) => put(tree.split_indices, LEAF, 5),
  ),
  inTree(
    'a cut-off node of a parent that is not there',
    'Tree 1, node 7: its parent is 13, and the tree has nodes 0 to 12',
    (tree) => put(tree.parents, 7, 13),
  ),
  inTree('a negative feature', 'Tree 1, node 0: it splits on feature -1, and the model has 0 to 4', (tree) =>
    put(tree.split_indices, 0, -1),
  ),
  inTree('a leaf that is NaN', `Tree 1, node ${LEAF}: its leaf is NaN, no finite number`, (tree) =>
    put(tree.split_conditions, LEAF, Number.NaN),
  ),
  inTree('a leaf of 1e38', `Tree 1, node ${LEAF}: its leaf is`, (tree) =>
    put(tree.split_conditions, LEAF, 1e38),
  ),
  inTree('an infinite threshold', 'Tree 1, node 0: its threshold is Infinity, no finite number', (tree) =>
    put(tree.split_conditions, 0, Number.POSITIVE_INFINITY),
  ),
  inTree(
    'a categorical flag',
    'Tree 1, node 0: it splits on categories, which no model of Leadbench does',
    (tree) => put(tree.split_type, 0, 1),
  ),
];
const counts: readonly (readonly PoisonedModel[])[] = [
  inTree('a short array', 'Tree 1: split_conditions holds 12 values for 13 nodes', (tree) => {
    tree.split_conditions.pop();
  }),
  inTree('a huge number of nodes', 'Tree 1: it says to have 999999999 nodes', (tree) => {
    tree.tree_param.num_nodes = '999999999';
  }),
  inTree(
    'a number of nodes beyond 32 bits',
    'Tree 1: At tree_param.num_nodes it is not as XGBoost writes it',
    (tree) => {
      tree.tree_param.num_nodes = '99999999999999';
    },
  ),
  inTree('no node at all', 'Tree 1: it has no root', (tree) => {
    tree.tree_param.num_nodes = '0';
  }),
  inTree('a wrong number of deleted nodes', 'Tree 1: 4 of its nodes are cut off, not 3', (tree) => {
    tree.tree_param.num_deleted = '3';
  }),
  inTree('a tree of other features', 'Tree 1: it says to be of 7 features, and the model has 5', (tree) => {
    tree.tree_param.num_feature = '7';
  }),
  inBothFormats('a huge number of trees', 'It says to have 2000000 trees, and has 4', (document) => {
    document.learner.gradient_booster.model.gbtree_model_param.num_trees = '2000000';
  }),
  inBothFormats('a huge number of classes', 'It has 1000000 classes and 1 targets', (document) => {
    document.learner.learner_model_param.num_class = '1000000';
  }),
  inBothFormats('a huge number of targets', 'It has 0 classes and 20000000 targets', (document) => {
    document.learner.learner_model_param.num_target = '20000000';
  }),
  inBothFormats('a huge number of features', 'It names 5 features, and says to be of 99999', (document) => {
    document.learner.learner_model_param.num_feature = '99999';
  }),
  inBothFormats('a tree of another class', 'Tree 2 is of class 7, and there is only 0', (document) => {
    put(document.learner.gradient_booster.model.tree_info, 2, 7);
  }),
  inBothFormats(
    'a base score of 1',
    'Its base_score is "[1E0]", no probability between 0 and 1',
    (document) => {
      document.learner.learner_model_param.base_score = '[1E0]';
    },
  ),
  inBothFormats('an unknown objective', 'Its objective is reg:nonsense, not binary:logistic', (document) => {
    document.learner.objective.name = 'reg:nonsense';
  }),
  inBothFormats('another booster under the same name', 'Unrecognized key: "weight_drop"', (document) => {
    document.learner.gradient_booster.model.weight_drop = [0.5, 1, 1, 1];
  }),
];

/** Model files made wrong on purpose, each in one way: structures in both formats, and files that are none. */
export const POISONED_MODELS: readonly PoisonedModel[] = [...children, ...numbers, ...counts]
  .flat()
  .concat(POISONED_FILES);
