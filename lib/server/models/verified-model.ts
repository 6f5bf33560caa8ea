import { fail, type Result, succeed } from '@/lib/core/result';
import { checkedModelFile } from '@/lib/onnx/model-file';
import { type ModelMetadata, parseModelMetadata } from '@/lib/scoring/model-metadata';
import { MODEL_FILES, type ModelFile, readFolderFile } from './model-files';

/** A model's folder of which every file is as it was published, and whose `model.ubj` libxgboost may be given. */
export interface VerifiedModel {
  readonly metadata: ModelMetadata;
  readonly files: Readonly<Record<ModelFile, Uint8Array<ArrayBuffer>>>;
}

/**
 * Read a model's folder for libxgboost, which does not check what it loads: first the SHA-256 that the model names for each
 * file, then the structure of `model.ubj`, read by our own reader. Whoever hands the bytes on loads them in a child process.
 *
 * @param id the model that it must be; null where any will do
 * @returns a failure as `readFolderFile`, or of `checkedModelFile` naming tree and node
 */
export async function verifiedModel(folder: string, id: string | null): Promise<Result<VerifiedModel>> {
  const read = new Map<ModelFile, Uint8Array<ArrayBuffer>>();
  for (const name of MODEL_FILES) {
    const file = await readFolderFile({ folder, id, name });
    if (!file.ok) return file;
    read.set(name, file.value.bytes);
  }
  const bytesOf = (name: ModelFile): Uint8Array<ArrayBuffer> => {
    const bytes = read.get(name);
    if (bytes === undefined) throw new Error(`Expected ${name} to have been read`);
    return bytes;
  };
  return checked({
    'model.ubj': bytesOf('model.ubj'),
    'model.onnx': bytesOf('model.onnx'),
    'metadata.json': bytesOf('metadata.json'),
    'feature_spec.json': bytesOf('feature_spec.json'),
    'evaluation_report.json': bytesOf('evaluation_report.json'),
    'test_margins.f32': bytesOf('test_margins.f32'),
    'validation_scores.csv': bytesOf('validation_scores.csv'),
    'reason_groups.json': bytesOf('reason_groups.json'),
  });
}

function checked(files: VerifiedModel['files']): Result<VerifiedModel> {
  const metadata = parseModelMetadata(new TextDecoder().decode(files['metadata.json']));
  if (!metadata.ok) return metadata;
  const structure = checkedModelFile(files['model.ubj'], 'ubj', metadata.value.feature_names);
  if (!structure.ok) return structure;
  const { xgboost_version, n_rounds } = metadata.value;
  const { xgboostVersion, nTrees } = structure.value;
  if (xgboostVersion === xgboost_version && nTrees === n_rounds) {
    return succeed({ metadata: metadata.value, files });
  }
  return fail(
    'model_damaged',
    `model.ubj holds ${nTrees} trees of XGBoost ${xgboostVersion}, and its metadata names ${n_rounds} of ${xgboost_version}.`,
    'Take the folder again from where the model was made.',
  );
}
