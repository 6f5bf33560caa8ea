import { sourcesDigest } from './sources-digest.mjs';

/**
 * What decides a model's files once its dataset is there. The stages before the dataset are not among them, because a
 * model names its dataset's own digest; nor is the running of studies, because timing decides nothing.
 */
export const CODE_SOURCES = [
  'lib/core',
  'lib/features',
  'lib/tuning',
  'lib/evaluation',
  'lib/scoring',
  'lib/onnx',
  'lib/server/models',
  'lib/server/xgboost',
  'lib/server/onnx-node.ts',
];

/** The name under which the digest stands in the sources; see `codeSha256`. */
export const CODE_VARIABLE = 'LEADBENCH_CODE_SHA256';

/**
 * Hash the sources that decide a model, for the bundlers to put in.
 *
 * @param {string} root
 */
export function codeDigest(root) {
  return sourcesDigest(root, CODE_SOURCES);
}
