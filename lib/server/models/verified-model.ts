import { fail, type Result, succeed } from '@/lib/core/result';
import { checkedModelFile } from '@/lib/onnx/model-file';
import { type ModelMetadata, parseModelMetadata } from '@/lib/scoring/model-metadata';
import type { Home } from '@/lib/server/storage/home';
import {
  MODEL_FILES,
  type ModelFile,
  readFolderFile,
  readModelFile,
  type ServedModelFile,
} from './model-files';

/** XGBoost's own model file, fit to be loaded by it in a process that may be lost. */
export interface VerifiedModelFile {
  readonly modelUbj: Uint8Array<ArrayBuffer>;
  readonly metadata: ModelMetadata;
}

/** A model's folder of which every file is as it was published. */
export interface VerifiedModel extends VerifiedModelFile {
  readonly files: Readonly<Record<ModelFile, Uint8Array<ArrayBuffer>>>;
}

/**
 * Read a published model's `model.ubj` for libxgboost, which does not check what it loads: the SHA-256 that its metadata
 * names first, then its structure, read by our own reader. Whoever gets the bytes loads them in a child process.
 *
 * @returns a failure as `readModelFile`, or of `checkedModelFile` naming tree and node
 */
export async function verifiedModelFile(home: Home, id: string): Promise<Result<VerifiedModelFile>> {
  const metadata = await readModelFile(home, id, 'metadata.json');
  if (!metadata.ok) return metadata;
  const model = await readModelFile(home, id, 'model.ubj');
  return model.ok ? checked(metadata.value, model.value) : model;
}

/**
 * Read a model's folder whole, wherever it lies: every file must be as it was published, and `model.ubj` a sound model.
 *
 * @returns a failure as `readFolderFile`, or of `checkedModelFile`
 */
export async function verifiedModel(folder: string): Promise<Result<VerifiedModel>> {
  const served = new Map<ModelFile, ServedModelFile>();
  for (const name of MODEL_FILES) {
    const file = await readFolderFile(folder, name);
    if (!file.ok) return file;
    served.set(name, file.value);
  }
  const of = (name: ModelFile): ServedModelFile => {
    const file = served.get(name);
    if (file === undefined) throw new Error(`Expected ${name} to have been read`);
    return file;
  };
  const model = checked(of('metadata.json'), of('model.ubj'));
  if (!model.ok) return model;
  const files = {
    'model.ubj': of('model.ubj').bytes,
    'model.onnx': of('model.onnx').bytes,
    'metadata.json': of('metadata.json').bytes,
    'feature_spec.json': of('feature_spec.json').bytes,
    'evaluation_report.json': of('evaluation_report.json').bytes,
    'test_margins.f32': of('test_margins.f32').bytes,
  };
  return succeed({ ...model.value, files });
}

function checked(metadataFile: ServedModelFile, model: ServedModelFile): Result<VerifiedModelFile> {
  const metadata = parseModelMetadata(new TextDecoder().decode(metadataFile.bytes));
  if (!metadata.ok) return metadata;
  const structure = checkedModelFile(model.bytes, 'ubj', metadata.value.feature_names);
  if (!structure.ok) return structure;
  const { xgboost_version, n_rounds } = metadata.value;
  const { xgboostVersion, nTrees } = structure.value;
  if (xgboostVersion === xgboost_version && nTrees === n_rounds) {
    return succeed({ modelUbj: model.bytes, metadata: metadata.value });
  }
  return fail(
    'model_damaged',
    `model.ubj holds ${nTrees} trees of XGBoost ${xgboostVersion}, and its metadata names ${n_rounds} of ${xgboost_version}.`,
    'Take the folder again from where the model was made.',
  );
}
