import { fail, type Result, succeed } from '@/lib/core/result';
import { parseXgboostDocument, type XgboostJson } from './xgboost-json';
import { type CheckedTree, checkedTree, type TreeNodes, writeTree } from './xgboost-tree';

/**
 * A boosted model of the objective `binary:logistic`, as parallel arrays over the nodes of all trees, one tree after the other.
 * Only nodes that a row can reach are held, each tree in preorder, so its root comes first and children follow their parent.
 */
export interface XgboostModel extends TreeNodes {
  readonly nFeatures: number;
  readonly nTrees: number;
  /** Margin before any tree: the float32 logit of XGBoost's `base_score`. */
  readonly baseMargin: number;
  /** First node of each tree, and the number of all nodes last: nTrees + 1 values. */
  readonly treeStart: Uint32Array;
}

/** Trees a model may hold; far more than any study asks for. */
const MAX_TREES = 20_000;
/** Nodes that all trees together may hold: at 33 bytes each, 132 MB. */
const MAX_NODES = 4_000_000;

/**
 * Read a model from the document of its file, as `checkedModelFile` gives it, and check all that scoring relies on: every
 * child in range, one parent a node, no cycles, features below `num_feature`, finite thresholds and leaves, at most 1,024
 * levels, 20,000 trees and 4,000,000 nodes.
 *
 * Failures: `model_unreadable` (not XGBoost's document), `model_unsupported` (another objective or booster, several classes or
 * targets, categorical splits, leaf vectors), `model_damaged` (a tree that is none), `model_too_large`.
 */
export function xgboostModelOf(document: unknown): Result<XgboostModel> {
  const parsed = parseXgboostDocument(document);
  if (!parsed.ok) return parsed;
  const unsupported = reasonUnsupported(parsed.value);
  if (unsupported !== undefined) {
    return fail('model_unsupported', unsupported, 'Train with objective binary:logistic and booster gbtree.');
  }
  const { learner } = parsed.value;
  const nFeatures = wholeNumber(learner.learner_model_param.num_feature);
  const baseMargin = baseMarginOf(learner.learner_model_param.base_score);
  if (nFeatures === undefined || baseMargin === undefined) {
    return fail(
      'model_unreadable',
      'The model has no readable base_score or num_feature.',
      'Save the model again with XGBoost.',
    );
  }
  return joinedTrees(learner.gradient_booster.model?.trees ?? [], nFeatures, baseMargin);
}

function reasonUnsupported({ learner }: XgboostJson): string | undefined {
  const booster = learner.gradient_booster;
  if (learner.objective.name !== 'binary:logistic') {
    return `The model's objective is ${learner.objective.name}, not binary:logistic.`;
  }
  if (booster.name !== 'gbtree' || booster.model === undefined) {
    return `The model's booster is ${booster.name}, not gbtree.`;
  }
  // XGBoost 3.4 writes a DART booster under the name gbtree.
  const weights = [...(booster.weight_drop ?? []), ...(booster.model.weight_drop ?? [])];
  if (weights.some((weight) => weight !== 1)) return "The model's booster is dart, not gbtree.";
  const { num_class, num_target } = learner.learner_model_param;
  if (num_class !== '0' || (num_target !== undefined && num_target !== '1')) {
    return `The model has ${num_class} classes and ${num_target ?? '1'} targets, not one binary target.`;
  }
  return undefined;
}

function wholeNumber(text: string): number | undefined {
  return /^\d{1,9}$/.test(text) ? Number(text) : undefined;
}

/**
 * The float32 logit of a probability written as "5E-1" (XGBoost up to 3.0) or "[5E-1]" (from 3.1), step by step as
 * libxgboost computes it in src/objective/regression_loss.h.
 */
function baseMarginOf(baseScore: string): number | undefined {
  const match = /^\[?([-+.0-9eE]+)\]?$/.exec(baseScore.trim());
  const probability = Math.fround(Number(match?.[1]));
  if (!(probability >= 0 && probability <= 1)) return undefined;
  const edge = Math.fround(1e-6);
  const held = Math.min(Math.max(probability, edge), Math.fround(1 - edge));
  const odds = Math.fround(Math.fround(1 / held) - 1);
  // Adding 0 turns −0 into 0.
  return -Math.fround(Math.log(odds)) + 0;
}

function joinedTrees(trees: readonly unknown[], nFeatures: number, baseMargin: number): Result<XgboostModel> {
  if (trees.length > MAX_TREES) return tooLarge(`${trees.length} trees`);
  const checked: CheckedTree[] = [];
  let nNodes = 0;
  for (const [treeIndex, tree] of trees.entries()) {
    const result = checkedTree(tree, treeIndex, nFeatures);
    if (!result.ok) return result;
    nNodes += result.value.reached.length;
    if (nNodes > MAX_NODES) return tooLarge(`over ${MAX_NODES} nodes`);
    checked.push(result.value);
  }
  const model = {
    nFeatures,
    nTrees: trees.length,
    baseMargin,
    treeStart: new Uint32Array(trees.length + 1),
    nodeFeature: new Int32Array(nNodes),
    nodeValue: new Float32Array(nNodes),
    nodeLeft: new Uint32Array(nNodes),
    nodeRight: new Uint32Array(nNodes),
    nodeDefaultLeft: new Uint8Array(nNodes),
    nodeGain: new Float32Array(nNodes),
    nodeCover: new Float32Array(nNodes),
  };
  let start = 0;
  for (const [treeIndex, tree] of checked.entries()) {
    writeTree(model, start, tree);
    start += tree.reached.length;
    model.treeStart[treeIndex + 1] = start;
  }
  return succeed(model);
}

function tooLarge(what: string) {
  return fail(
    'model_too_large',
    `The model holds ${what}, more than is read here.`,
    `Use a model of at most ${MAX_TREES} trees and ${MAX_NODES} nodes.`,
  );
}
