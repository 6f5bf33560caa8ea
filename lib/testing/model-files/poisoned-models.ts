import { type DocumentTree, type ModelDocument, modelDocument, modelFileBytes } from './model-document';
import { writeJson } from './write-json';
import { joined, writeUbjson } from './write-ubjson';

/** A model file that must be refused before libxgboost sees it. */
export interface PoisonedModel {
  readonly what: string;
  readonly format: 'ubj' | 'json';
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** What the refusal says, tree and node included where there is one. */
  readonly says: string;
}

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

const encode = (text: string) => new TextEncoder().encode(text);
const ubj = modelFileBytes(VERSION, 'ubj');
const json = modelFileBytes(VERSION, 'json');
const LENGTH_OF_5 = [0x4c, 0, 0, 0, 0, 0, 0, 0, 5];

/** The place of a text in bytes, which must be there. */
function placeOf(bytes: Uint8Array, text: string): number {
  const at = Buffer.from(bytes).indexOf(text);
  if (at < 0) throw new Error(`Expected the fixture to hold ${text}`);
  return at;
}

function withBytes(bytes: Uint8Array<ArrayBuffer>, at: number, values: readonly number[]) {
  const changed = bytes.slice();
  changed.set(values, at);
  return changed;
}

const files: readonly PoisonedModel[] = [
  {
    what: 'JSON nested 200,000 deep',
    format: 'json',
    bytes: encode(`{"learner":${'['.repeat(200_000)}${']'.repeat(200_000)}}`),
    says: 'it is nested deeper than 64 levels',
  },
  {
    what: 'UBJSON nested 200,000 deep',
    format: 'ubj',
    bytes: joined(Array.from({ length: 200_000 }, () => encode('{L\0\0\0\0\0\0\0\0'))),
    says: 'it is nested deeper than 64 levels',
  },
  {
    what: 'UBJSON of 10 bytes that asks for 2⁶² texts',
    format: 'ubj',
    bytes: new Uint8Array([0x5b, 0x23, 0x4c, 0x40, 0, 0, 0, 0, 0, 0]),
    says: 'it breaks off',
  },
  {
    what: 'UBJSON that asks for 2⁵⁰ numbers',
    format: 'ubj',
    bytes: new Uint8Array([0x5b, 0x24, 0x64, 0x23, 0x4c, 0, 4, 0, 0, 0, 0, 0, 0]),
    says: 'a length is 1125899906842624, and 0 bytes are left',
  },
  {
    what: 'a negative length',
    format: 'ubj',
    bytes: new Uint8Array([0x5b, 0x24, 0x64, 0x23, 0x4c, ...new Array(8).fill(0xff)]),
    says: 'a length is -1, and 0 bytes are left',
  },
  { what: 'no byte', format: 'ubj', bytes: new Uint8Array(), says: 'at byte 0 it breaks off' },
  { what: 'no character', format: 'json', bytes: new Uint8Array(), says: 'at character 0 it breaks off' },
  { what: 'UBJSON cut in half', format: 'ubj', bytes: ubj.slice(0, ubj.length / 2), says: 'bytes are left' },
  { what: 'JSON cut in half', format: 'json', bytes: json.slice(0, json.length / 2), says: 'breaks off' },
  {
    what: 'UBJSON with a byte behind its end',
    format: 'ubj',
    bytes: joined([ubj, encode('}')]),
    says: 'the document is over, and 1 bytes follow',
  },
  {
    what: 'JSON with a second document',
    format: 'json',
    bytes: joined([json, encode('{}')]),
    says: 'the document is over, and more follows',
  },
  {
    what: 'UBJSON with a key twice',
    format: 'ubj',
    bytes: withBytes(ubj, placeOf(ubj, 'split_type'), [...encode('categories')]),
    says: 'the key "categories" is there twice',
  },
  {
    what: 'JSON with a key twice',
    format: 'json',
    bytes: encode('{"version":[3,4,1],"version":[3,4,1]}'),
    says: 'the key "version" is there twice',
  },
  {
    what: 'UBJSON with an unknown marker',
    format: 'ubj',
    bytes: withBytes(ubj, placeOf(ubj, '[$d#'), [0x5b, 0x24, 0x48]),
    says: 'H marks no value',
  },
  {
    what: 'a text that is not UTF-8',
    format: 'ubj',
    bytes: withBytes(ubj, placeOf(ubj, 'learner'), [0xff]),
    says: 'a text is not UTF-8',
  },
  {
    what: 'JSON that is not UTF-8',
    format: 'json',
    bytes: new Uint8Array([0x22, 0xff, 0x22]),
    says: 'not UTF-8',
  },
  {
    what: 'a key of a length in another type',
    format: 'ubj',
    bytes: withBytes(ubj, 1, [0x6c]),
    says: 'l stands where L must',
  },
  {
    what: 'an array without its length',
    format: 'ubj',
    bytes: encode('[}'),
    says: 'an array does not begin with its length',
  },
  {
    what: 'a text longer than the file',
    format: 'ubj',
    bytes: new Uint8Array([0x53, ...LENGTH_OF_5, 0x61]),
    says: 'a length is 5, and 1 bytes are left',
  },
];

/** Model files made wrong on purpose, each in one way: structures in both formats, and files that are none. */
export const POISONED_MODELS: readonly PoisonedModel[] = [...children, ...numbers, ...counts]
  .flat()
  .concat(files);
