import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ExpectedFailure, fail } from '@/lib/core/result';
import type { FeatureSpec } from '@/lib/features/spec';
import { parseFeatureSpec, specDigest } from '@/lib/features/spec-json';
import { type ModelMetadata, modelId, parseModelMetadata } from '@/lib/scoring/model-metadata';
import type { LeadExplainer } from '@/lib/scoring/reasons/explainer';
import { readExplainer } from '@/lib/server/models/read-explainer';
import { isMissing } from '@/lib/server/storage/durable-write';
import { unwrapped } from './crm-file';
import { withFileWords } from './file-failure';

/** What scoring needs of a model. */
export interface ScoringModel {
  readonly metadata: ModelMetadata;
  readonly spec: FeatureSpec;
  readonly onnx: Uint8Array;
  readonly explainer: LeadExplainer;
}

/**
 * Read a model's folder, `model/` of a run or `models/<id>`, and check that its files are those that its metadata names.
 *
 * @throws ExpectedFailure `model_unknown` without metadata; `model_damaged` naming the file that is missing or changed;
 * as `parseModelMetadata`, `parseFeatureSpec` and `readExplainer`
 */
export async function readModelFolder(path: string): Promise<ScoringModel> {
  const text = await bytesOrNull(join(path, 'metadata.json'));
  if (text === null) {
    throw new ExpectedFailure(
      fail(
        'model_unknown',
        `${path} holds no metadata.json, so it is no model.`,
        'Give the folder "model" that pipeline or evaluate left, or one under models/.',
      ).error,
    );
  }
  const metadata = unwrapped(parseModelMetadata(new TextDecoder().decode(text)));
  if (modelId(metadata) !== metadata.model_id) {
    throw damaged(path, 'metadata.json');
  }
  const specText = await bytesOrNull(join(path, 'feature_spec.json'));
  if (specText === null) throw damaged(path, 'feature_spec.json');
  const spec = unwrapped(parseFeatureSpec(new TextDecoder().decode(specText)));
  if (specDigest(spec) !== metadata.feature_spec_sha256) throw damaged(path, 'feature_spec.json');
  const onnx = await bytesOrNull(join(path, 'model.onnx'));
  const isSame =
    onnx !== null && createHash('sha256').update(onnx).digest('hex') === metadata.model_onnx_sha256;
  if (!isSame) throw damaged(path, 'model.onnx');
  return { metadata, spec, onnx, explainer: unwrapped(await readExplainer(path, null, spec)) };
}

async function bytesOrNull(path: string): Promise<Uint8Array | null> {
  return withFileWords(path, async () => {
    try {
      return await readFile(path);
    } catch (error) {
      if (isMissing(error)) return null;
      throw error;
    }
  });
}

function damaged(path: string, name: string): ExpectedFailure {
  return new ExpectedFailure(
    fail(
      'model_damaged',
      `${join(path, name)} is missing or not the one that the model was made with.`,
      'Take the folder again from where the model was made, or run evaluate again.',
    ).error,
  );
}
