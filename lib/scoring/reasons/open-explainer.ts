import { type Result, succeed } from '@/lib/core/result';
import type { FeatureSpec } from '@/lib/features/spec';
import { checkedModelFile } from '@/lib/onnx/model-file';
import { xgboostModelOf } from '@/lib/onnx/xgboost-model';
import { createLeadExplainer, type LeadExplainer } from './explainer';
import { parseReasonGroups } from './reason-groups';

/** Files of a model that reasons are read off. */
export interface ExplainerFiles {
  /** `model.ubj` */
  readonly modelUbj: Uint8Array;
  /** Text of `reason_groups.json`. */
  readonly reasonGroups: string;
}

/**
 * Open a model's files for explaining its scores, after checking them.
 *
 * @returns or a failure of `checkedModelFile`, `xgboostModelOf` or `parseReasonGroups`
 */
export function openExplainer(files: ExplainerFiles, spec: FeatureSpec): Result<LeadExplainer> {
  const featureNames = spec.features.map(({ name }) => name);
  const checked = checkedModelFile(files.modelUbj, 'ubj', featureNames);
  if (!checked.ok) return checked;
  const trees = xgboostModelOf(checked.value.document);
  if (!trees.ok) return trees;
  const groups = parseReasonGroups(files.reasonGroups, spec);
  if (!groups.ok) return groups;
  return succeed(createLeadExplainer({ trees: trees.value, spec, groups: groups.value }));
}
