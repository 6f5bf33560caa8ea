import type { z } from 'zod';
import { type Result, succeed } from '@/lib/core/result';
import { faultFailure, ModelFault } from './model-fault';
import {
  type ModelFileDocument,
  modelFileSchema,
  modelFileTreeSchema,
  modelKindSchema,
} from './model-schema';
import { readStrictJson } from './strict-json';
import { checkedTreeNodes } from './tree-structure';
import { readUbjson } from './ubjson';

/** A model file that was read without libxgboost and found sound. */
export interface CheckedModelFile {
  /** Version of XGBoost that wrote it, such as 3.4.1. */
  readonly xgboostVersion: string;
  readonly nTrees: number;
  /** Of all trees, those that pruning cut off among them. */
  readonly nNodes: number;
  readonly nFeatures: number;
  /** Empty where the file has none. */
  readonly featureNames: readonly string[];
  /** Probability before any tree, above 0 and below 1. */
  readonly baseScore: number;
  /** What the file holds, as `JSON.parse` gives the same model. */
  readonly document: unknown;
}

const MAX_TREES = 100_000;
/** Nodes that all trees together may hold. */
const MAX_NODES = 4_000_000;
/** Features that a file without names may ask for. */
const MAX_FEATURES = 100_000;

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * Read XGBoost's own model file and check it as a structure, before any native code sees it: libxgboost trusts what it
 * loads and crashes on one damaged file in fifteen. Every number of trees, nodes and features must be the same wherever
 * the file says it, and every tree must be one.
 *
 * What a sound file holds can still be another model: compare its digest first.
 *
 * @param expectedNames features that the model must have, in their order
 * @returns failures `model_unreadable`, `model_unsupported`, `model_damaged`, `model_too_large`, naming tree and node
 */
export function checkedModelFile(
  bytes: Uint8Array,
  format: 'ubj' | 'json',
  expectedNames?: readonly string[],
): Result<CheckedModelFile> {
  try {
    const read = format === 'ubj' ? readUbjson(bytes) : readStrictJson(textOf(bytes));
    if (!read.ok) return read;
    const model = checkedModel(read.value);
    if (expectedNames !== undefined) checkNames(model.featureNames, expectedNames);
    return succeed(model);
  } catch (error) {
    if (error instanceof ModelFault) return faultFailure(error);
    throw error;
  }
}

function textOf(bytes: Uint8Array): string {
  try {
    return utf8.decode(bytes);
  } catch {
    throw new ModelFault('model_unreadable', 'It is not UTF-8');
  }
}

function checkedModel(document: unknown): CheckedModelFile {
  refuseOtherKinds(document);
  const { learner, version } = parsedWith(modelFileSchema, document);
  const nFeatures = Number(learner.learner_model_param.num_feature);
  const baseScore = checkedHeader(learner, nFeatures);
  const { trees } = learner.gradient_booster.model;
  let nNodes = 0;
  for (const [index, tree] of trees.entries()) {
    nNodes += checkedTreeNodes({
      tree: parsedWith(modelFileTreeSchema, tree, index),
      index,
      nFeatures,
    });
    if (nNodes > MAX_NODES) {
      throw new ModelFault('model_too_large', `The trees have over ${MAX_NODES} nodes`);
    }
  }
  return {
    xgboostVersion: version.join('.'),
    nTrees: trees.length,
    nNodes,
    nFeatures,
    featureNames: learner.feature_names,
    baseScore,
    document,
  };
}

function refuseOtherKinds(document: unknown): void {
  const { learner } = parsedWith(modelKindSchema, document);
  const objective = learner.objective.name;
  const booster = learner.gradient_booster.name;
  if (objective !== 'binary:logistic') {
    throw new ModelFault('model_unsupported', `Its objective is ${objective}, not binary:logistic`);
  }
  if (booster !== 'gbtree') {
    throw new ModelFault('model_unsupported', `Its booster is ${booster}, not gbtree`);
  }
}

type Learner = ModelFileDocument['learner'];

/** Check all that stands outside of the trees, and give the base score. */
function checkedHeader(learner: Learner, nFeatures: number): number {
  const { num_class, num_target, base_score } = learner.learner_model_param;
  if (num_class !== '0' || num_target !== '1') {
    throw new ModelFault(
      'model_unsupported',
      `It has ${num_class} classes and ${num_target} targets, not one binary target`,
    );
  }
  checkFeatures(learner, nFeatures);
  checkTreeCounts(learner);
  const baseScore = Math.fround(Number(/^\[?([-+.0-9eE]+)\]?$/.exec(base_score)?.[1]));
  if (baseScore > 0 && baseScore < 1) return baseScore;
  throw damaged(`Its base_score is ${JSON.stringify(base_score)}, no probability between 0 and 1`);
}

function checkFeatures({ feature_names: names, feature_types: types, ...learner }: Learner, n: number): void {
  if (n < 1 || n > MAX_FEATURES) throw damaged(`It says to be of ${n} features`);
  if (names.length > 0 && names.length !== n) {
    throw damaged(`It names ${names.length} features, and says to be of ${n}`);
  }
  if (new Set(names).size !== names.length) throw damaged('It names a feature twice');
  if (types.length > 0 && types.length !== n) {
    throw damaged(`It has ${types.length} types of features, and says to be of ${n}`);
  }
  const { cats } = learner.gradient_booster.model;
  const nCategories = cats === undefined ? 0 : cats.enc.length + cats.sorted_idx.length;
  if (types.includes('c') || nCategories > 0) {
    throw new ModelFault('model_unsupported', 'It has features of categories');
  }
}

function checkTreeCounts({ gradient_booster: { model } }: Learner): void {
  const { num_trees, num_parallel_tree } = model.gbtree_model_param;
  const nTrees = model.trees.length;
  if (nTrees > MAX_TREES) throw new ModelFault('model_too_large', `It has ${nTrees} trees`);
  if (Number(num_trees) !== nTrees) throw damaged(`It says to have ${num_trees} trees, and has ${nTrees}`);
  if (model.tree_info.length !== nTrees) {
    throw damaged(`tree_info holds ${model.tree_info.length} values for ${nTrees} trees`);
  }
  const other = model.tree_info.findIndex((group) => group !== 0);
  if (other >= 0) throw damaged(`Tree ${other} is of class ${model.tree_info[other]}, and there is only 0`);
  const nParallel = Number(num_parallel_tree);
  if (nParallel < 1 || nTrees % nParallel !== 0) {
    throw damaged(`It says to have ${num_parallel_tree} trees a round, and has ${nTrees}`);
  }
  const starts = model.iteration_indptr;
  const isRising =
    starts === undefined ||
    (starts.length === nTrees / nParallel + 1 && starts.every((start, i) => start === i * nParallel));
  if (!isRising) throw damaged('iteration_indptr does not count the trees of each round');
}

function checkNames(names: readonly string[], expected: readonly string[]): void {
  if (names.length !== expected.length) {
    throw damaged(`It names ${names.length} features, and ${expected.length} are expected`);
  }
  const other = expected.findIndex((name, i) => names[i] !== name);
  if (other < 0) return;
  throw damaged(
    `Its feature ${other} is ${JSON.stringify(names[other])}, not ${JSON.stringify(expected[other])}`,
  );
}

function parsedWith<T>(schema: z.ZodType<T>, value: unknown, tree?: number): T {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const path = issue?.path.join('.') || 'its top';
  const what = `At ${path} it is not as XGBoost writes it: ${issue?.message.replace(/\.$/, '')}`;
  throw new ModelFault('model_damaged', what, tree === undefined ? {} : { tree });
}

function damaged(what: string): ModelFault {
  return new ModelFault('model_damaged', what);
}
