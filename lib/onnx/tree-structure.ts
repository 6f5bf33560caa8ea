import { ModelFault } from './model-fault';
import type { ModelFileTree } from './model-schema';

/** Limits of one tree. */
export const TREE_LIMITS = { depth: 1024, nodes: 1_000_000 } as const;
/** Larger leaves come from no training: a margin of 40 is a probability of 1 already. */
const MAX_LEAF = 1e9;
/** What XGBoost writes as the parent of the root. */
const NO_PARENT = 2_147_483_647;
/** What it writes as the feature of a node that pruning cut off. */
const DELETED_FEATURE = 2_147_483_647;

const NODE_COLUMNS = [
  'left_children',
  'right_children',
  'parents',
  'split_indices',
  'split_conditions',
  'split_type',
  'default_left',
  'base_weights',
  'loss_changes',
  'sum_hessian',
] as const;

const CATEGORY_COLUMNS = [
  'categories',
  'categories_nodes',
  'categories_segments',
  'categories_sizes',
] as const;

/** A tree and what its model says of it. */
export interface TreeToCheck {
  readonly tree: ModelFileTree;
  /** Its place in the model, from 0. */
  readonly index: number;
  readonly nFeatures: number;
}

/**
 * Check one tree as a structure: as many nodes as it says, all reached from node 0 on exactly one way or cut off by
 * pruning, the right child next to the left, children and parents that agree, at most 1,024 levels, features of the model, finite numbers, no categories.
 *
 * @returns its number of nodes
 * @throws ModelFault naming tree and node
 */
export function checkedTreeNodes(toCheck: TreeToCheck): number {
  const { tree, index } = toCheck;
  const nNodes = checkedHeader(toCheck);
  const reached = new Uint8Array(nNodes);
  const waiting = [{ node: 0, parent: NO_PARENT, depth: 0 }];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { node, parent, depth } = next;
    if (reached[node] === 1) throw damaged('it is reached on two ways', index, node);
    reached[node] = 1;
    if (depth > TREE_LIMITS.depth) throw tooDeep(index, node);
    if (tree.parents[node] !== parent) throw wrongParent(toCheck, node, parent);
    checkNumbers(toCheck, node);
    checkFeature(toCheck, node);
    const children = childrenOf(toCheck, node);
    if (children === null) continue;
    waiting.push({ node: children.right, parent: node, depth: depth + 1 });
    waiting.push({ node: children.left, parent: node, depth: depth + 1 });
  }
  checkCutOff(tree, index, reached);
  return nNodes;
}

/** The number of nodes, which all that is said of the tree agrees on. */
function checkedHeader({ tree, index, nFeatures }: TreeToCheck): number {
  const { num_nodes, num_feature, size_leaf_vector } = tree.tree_param;
  const nNodes = Number(num_nodes);
  if (nNodes < 1) throw damaged('it has no root', index);
  if (nNodes > TREE_LIMITS.nodes) {
    throw new ModelFault('model_too_large', `it says to have ${num_nodes} nodes`, { tree: index });
  }
  for (const name of NODE_COLUMNS) {
    const { length } = tree[name];
    if (length !== nNodes) throw damaged(`${name} holds ${length} values for ${nNodes} nodes`, index);
  }
  for (const name of CATEGORY_COLUMNS) {
    if (tree[name].length > 0) throw categorical(`${name} is not empty`, { tree: index });
  }
  if (tree.id !== index) throw damaged(`it says to be tree ${tree.id}`, index);
  if (Number(num_feature) !== nFeatures) {
    throw damaged(`it says to be of ${num_feature} features, and the model has ${nFeatures}`, index);
  }
  if (Number(size_leaf_vector) > 1) {
    throw new ModelFault('model_unsupported', `its leaves have ${size_leaf_vector} values`, { tree: index });
  }
  return nNodes;
}

/** Both children, or null at a leaf. */
function childrenOf({ tree, index }: TreeToCheck, node: number) {
  const left = checkedChild(tree, index, node, 'left');
  const right = checkedChild(tree, index, node, 'right');
  if (left === -1 && right === -1) return null;
  if (left === -1 || right === -1) {
    throw damaged(`it has a ${left === -1 ? 'right' : 'left'} child and no other`, index, node);
  }
  // libxgboost takes it for granted when it scores: it reads the left child only, and goes to that one or the next.
  if (right !== left + 1) {
    throw damaged(`its right child is ${right}, and must be ${left + 1}, next to the left`, index, node);
  }
  return { left, right };
}

function checkedChild(tree: ModelFileTree, index: number, node: number, side: 'left' | 'right'): number {
  const child = tree[`${side}_children`][node]!;
  const nNodes = tree.parents.length;
  if (Number.isInteger(child) && child >= -1 && child < nNodes) return child;
  throw damaged(`its ${side} child is ${child}, and the tree has nodes 0 to ${nNodes - 1}`, index, node);
}

function checkNumbers({ tree, index }: TreeToCheck, node: number): void {
  for (const name of ['base_weights', 'loss_changes', 'sum_hessian'] as const) {
    if (!isFloat32(tree[name][node]!))
      throw damaged(`${name} is ${tree[name][node]}, no finite number`, index, node);
  }
  const defaultLeft = tree.default_left[node]!;
  if (defaultLeft !== 0 && defaultLeft !== 1)
    throw damaged(`default_left is ${defaultLeft}, not 0 or 1`, index, node);
  if (tree.split_type[node] !== 0) throw categorical('it splits on categories', { tree: index, node });
  const value = tree.split_conditions[node]!;
  const isLeaf = tree.left_children[node] === -1;
  if (!isFloat32(value))
    throw damaged(`its ${isLeaf ? 'leaf' : 'threshold'} is ${value}, no finite number`, index, node);
  if (isLeaf && Math.abs(value) > MAX_LEAF)
    throw damaged(`its leaf is ${value}, beyond ±${MAX_LEAF}`, index, node);
}

/** Also a leaf has a feature: the one that it split on before it was cut down, or 0. */
function checkFeature({ tree, index, nFeatures }: TreeToCheck, node: number): void {
  const feature = tree.split_indices[node]!;
  if (Number.isInteger(feature) && feature >= 0 && feature < nFeatures) return;
  const what = tree.left_children[node] === -1 ? 'is a leaf of' : 'splits on';
  throw damaged(`it ${what} feature ${feature}, and the model has 0 to ${nFeatures - 1}`, index, node);
}

/** Nodes that no row can reach must be marked as cut off, and be as many as the tree says. */
function checkCutOff(tree: ModelFileTree, index: number, reached: Uint8Array): void {
  let nCutOff = 0;
  for (let node = 0; node < reached.length; node++) {
    if (reached[node] === 1) continue;
    const isMarked =
      tree.split_indices[node] === DELETED_FEATURE &&
      tree.default_left[node] === 1 &&
      tree.left_children[node] === -1 &&
      tree.right_children[node] === -1;
    if (!isMarked) throw damaged('it cannot be reached from the root', index, node);
    const parent = tree.parents[node]!;
    if (!Number.isInteger(parent) || parent < 0 || parent >= reached.length) {
      throw damaged(
        `its parent is ${parent}, and the tree has nodes 0 to ${reached.length - 1}`,
        index,
        node,
      );
    }
    checkNumbers({ tree, index, nFeatures: 0 }, node);
    nCutOff += 1;
  }
  if (nCutOff !== Number(tree.tree_param.num_deleted)) {
    throw damaged(`${nCutOff} of its nodes are cut off, not ${tree.tree_param.num_deleted}`, index);
  }
}

function isFloat32(value: number): boolean {
  return Number.isFinite(Math.fround(value));
}

function wrongParent({ tree, index }: TreeToCheck, node: number, parent: number): ModelFault {
  const named = tree.parents[node];
  const expected = parent === NO_PARENT ? 'it is the root' : `node ${parent} leads to it`;
  return damaged(`its parent is ${named}, and ${expected}`, index, node);
}

function damaged(what: string, tree: number, node?: number): ModelFault {
  return new ModelFault('model_damaged', what, node === undefined ? { tree } : { tree, node });
}

function categorical(what: string, place: { readonly tree: number; readonly node?: number }): ModelFault {
  return new ModelFault('model_unsupported', `${what}, which no model of Leadbench does`, place);
}

function tooDeep(tree: number, node: number): ModelFault {
  return new ModelFault('model_too_large', `it is deeper than ${TREE_LIMITS.depth} levels`, { tree, node });
}
