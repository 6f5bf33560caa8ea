import { readFileSync } from 'node:fs';

/** One tree of a document, to be changed at will. */
export interface DocumentTree {
  id: unknown;
  left_children: number[];
  right_children: number[];
  parents: number[];
  split_indices: number[];
  split_conditions: number[];
  split_type: number[];
  default_left: number[];
  base_weights: number[];
  loss_changes: number[];
  sum_hessian: number[];
  categories: number[];
  categories_nodes: number[];
  categories_segments: number[];
  categories_sizes: number[];
  tree_param: Record<string, string>;
}

/** A model file's document, to be changed at will. */
export interface ModelDocument {
  learner: {
    attributes: Record<string, unknown>;
    feature_names: string[];
    feature_types: string[];
    gradient_booster: {
      name: string;
      model: {
        gbtree_model_param: Record<string, string>;
        iteration_indptr?: number[];
        tree_info: number[];
        trees: DocumentTree[];
        weight_drop?: number[];
      };
    };
    learner_model_param: Record<string, string>;
    objective: { name: string; reg_loss_param: Record<string, string> };
  };
  version: number[];
}

/** Versions of libxgboost whose files of the same training are kept in `lib/onnx/fixtures`. */
export const FILE_VERSIONS = ['1.7.4', '3.4.1'] as const;
export type FileVersion = (typeof FILE_VERSIONS)[number];

/** The bytes of a model file that a libxgboost wrote: 4 trees on 5 features, 14 of their 58 nodes cut off by pruning. */
export function modelFileBytes(version: FileVersion, format: 'ubj' | 'json'): Uint8Array<ArrayBuffer> {
  const name = `xgboost-${version}.${format === 'ubj' ? 'ubj' : 'json.txt'}`;
  return new Uint8Array(readFileSync(new URL(`../../onnx/fixtures/${name}`, import.meta.url)));
}

/** A fresh document of such a file. */
export function modelDocument(version: FileVersion): ModelDocument {
  return JSON.parse(new TextDecoder().decode(modelFileBytes(version, 'json')));
}
