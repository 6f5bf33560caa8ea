import { fail, type Result, succeed } from '@/lib/core/result';
import { parseXgboostTree, type XgboostJsonTree } from './xgboost-json';

/** The nodes of all trees of a model, as parallel arrays, one tree after the other. */
export interface TreeNodes {
  /** Index of the feature a node splits on, −1 at a leaf. */
  readonly nodeFeature: Int32Array;
  /** A value below it goes left; at a leaf, what the leaf adds to the margin. */
  readonly nodeValue: Float32Array;
  /** Node that a row goes to, counted over all trees; 0 at a leaf. */
  readonly nodeLeft: Uint32Array;
  readonly nodeRight: Uint32Array;
  /** 1 where a missing value goes left. */
  readonly nodeDefaultLeft: Uint8Array;
  /** Loss that a split saved (XGBoost's `loss_changes`), 0 at a leaf. */
  readonly nodeGain: Float32Array;
  /** Weight of the training rows that reached a node (XGBoost's `sum_hessian`), 0 or more. */
  readonly nodeCover: Float32Array;
}

/** A tree found sound. */
export interface CheckedTree {
  readonly json: XgboostJsonTree;
  /** Numbers of the nodes that a row can reach, in preorder, as the JSON counts them. */
  readonly reached: readonly number[];
}

/** As `checkedModelFile` allows: lossguide without a `max_depth` grows trees of several hundred levels. */
const MAX_DEPTH = 1024;

/**
 * Parse one tree and walk it from its root. Nodes that pruning cut off stay in XGBoost's arrays; they are not looked at.
 *
 * Failures: `model_unreadable`, `model_unsupported` (categorical split or leaf vector), `model_damaged` (child out of range,
 * two parents, a cycle, a feature out of range, a threshold, leaf, gain or cover that is no finite float32, deeper than 1,024 levels).
 */
export function checkedTree(tree: unknown, treeIndex: number, nFeatures: number): Result<CheckedTree> {
  const parsed = parseXgboostTree(tree, treeIndex);
  if (!parsed.ok) return parsed;
  const json = parsed.value;
  const { size_leaf_vector: leafSize = '1' } = json.tree_param;
  if (leafSize !== '0' && leafSize !== '1') {
    return fail(
      'model_unsupported',
      `Tree ${treeIndex} has leaves of ${leafSize} values.`,
      'Train with one target and objective binary:logistic.',
    );
  }
  const nNodes = json.left_children.length;
  const columns = [
    json.right_children,
    json.split_indices,
    json.split_conditions,
    json.default_left,
    json.loss_changes,
    json.sum_hessian,
  ];
  if (nNodes === 0 || columns.some((column) => column.length !== nNodes)) {
    return damaged(treeIndex, 'its arrays are empty or differ in length');
  }
  return walkedTree(json, treeIndex, nFeatures);
}

function walkedTree(json: XgboostJsonTree, treeIndex: number, nFeatures: number): Result<CheckedTree> {
  const nNodes = json.left_children.length;
  const seen = new Uint8Array(nNodes);
  const reached: number[] = [];
  const waiting = [{ node: 0, depth: 0 }];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { node, depth } = next;
    const left = json.left_children[node];
    const right = json.right_children[node];
    if (left === undefined || right === undefined) return damaged(treeIndex, `it has no node ${node}`);
    if (seen[node] === 1) return damaged(treeIndex, `node ${node} is reached twice`);
    if (depth > MAX_DEPTH) return damaged(treeIndex, `it is deeper than ${MAX_DEPTH} levels`);
    seen[node] = 1;
    reached.push(node);
    const isLeaf = left === -1 && right === -1;
    if (json.split_type?.[node] === 1 && !isLeaf) {
      return fail(
        'model_unsupported',
        `Tree ${treeIndex} splits on categories at node ${node}.`,
        'Train on numeric features.',
      );
    }
    if (!isCover(json.sum_hessian[node]))
      return damaged(treeIndex, `node ${node} has a cover that is no finite number of 0 or more`);
    const fault = isLeaf ? leafFault(json, node) : splitFault(json, node, nFeatures);
    if (fault !== undefined) return damaged(treeIndex, `node ${node} ${fault}`);
    if (!isLeaf) waiting.push({ node: right, depth: depth + 1 }, { node: left, depth: depth + 1 });
  }
  return succeed({ json, reached });
}

function leafFault(json: XgboostJsonTree, node: number): string | undefined {
  return isFiniteFloat32(json.split_conditions[node]) ? undefined : 'is a leaf without a finite value';
}

function splitFault(json: XgboostJsonTree, node: number, nFeatures: number): string | undefined {
  const feature = json.split_indices[node]!;
  if (feature < 0 || feature >= nFeatures) return `splits on feature ${feature} of ${nFeatures}`;
  if (!isFiniteFloat32(json.split_conditions[node])) return 'splits at a threshold that is not finite';
  if (!isFiniteFloat32(json.loss_changes[node])) return 'has a gain that is not finite';
  return undefined;
}

function isCover(value: number | undefined): boolean {
  return isFiniteFloat32(value) && value! >= 0;
}

function isFiniteFloat32(value: number | undefined): boolean {
  return value !== undefined && Number.isFinite(Math.fround(value));
}

function damaged(treeIndex: number, what: string) {
  return fail(
    'model_damaged',
    `Tree ${treeIndex} of the model is damaged: ${what}.`,
    'Take the file again from where it was made, or train the model again.',
  );
}

/** Write the reached nodes of a tree into the arrays of its model, from index `start` on. */
export function writeTree(nodes: TreeNodes, start: number, { json, reached }: CheckedTree): void {
  const position = new Map(reached.map((node, i) => [node, start + i]));
  for (const [i, node] of reached.entries()) {
    const target = start + i;
    nodes.nodeValue[target] = json.split_conditions[node]!;
    nodes.nodeCover[target] = json.sum_hessian[node]!;
    const left = position.get(json.left_children[node]!);
    const right = position.get(json.right_children[node]!);
    if (left === undefined || right === undefined) {
      nodes.nodeFeature[target] = -1;
      continue;
    }
    nodes.nodeFeature[target] = json.split_indices[node]!;
    nodes.nodeLeft[target] = left;
    nodes.nodeRight[target] = right;
    nodes.nodeDefaultLeft[target] = Number(json.default_left[node]);
    nodes.nodeGain[target] = json.loss_changes[node]!;
  }
}
