import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fail, type Result, succeed } from '@/lib/core/result';
import { type ModelMetadata, modelId, parseModelMetadata } from '@/lib/scoring/model-metadata';
import { isMissing } from '@/lib/server/storage/durable-write';
import type { Home } from '@/lib/server/storage/home';

/** The files of a model that may be handed out, with their content types. */
const CONTENT_TYPES = {
  'model.ubj': 'application/octet-stream',
  'model.onnx': 'application/octet-stream',
  'metadata.json': 'application/json',
  'feature_spec.json': 'application/json',
  'evaluation_report.json': 'application/json',
  /** Margins of the test rows by libxgboost, float32, little-endian, in the dataset's row order. */
  'test_margins.f32': 'application/octet-stream',
  /** As `validationScoresCsv` writes it. */
  'validation_scores.csv': 'text/csv',
  /** How many share a value and how many of them bought, which reasons tell of. */
  'reason_groups.json': 'application/json',
} as const;

export type ModelFile = keyof typeof CONTENT_TYPES;

/** Names of the files of a model that may be handed out. */
export const MODEL_FILES: readonly ModelFile[] = [
  'model.ubj',
  'model.onnx',
  'metadata.json',
  'feature_spec.json',
  'evaluation_report.json',
  'test_margins.f32',
  'validation_scores.csv',
  'reason_groups.json',
];

/** List of the other files' digests, in the form that `sha256sum -c` reads. */
export const DIGEST_FILE = 'SHA256SUMS';

/** A file ready to be handed out. */
export interface ServedModelFile {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly contentType: string;
}

/**
 * Write the list of digests of a model's files. `metadata.json` is not among them, so that it can be replaced alone; it
 * proves itself by naming the model, whose id follows from the digests in it.
 */
export function digestList(files: Readonly<Record<ModelFile, Uint8Array>>): string {
  return MODEL_FILES.filter((name) => name !== 'metadata.json')
    .map((name) => `${sha256Of(files[name])}  ${name}\n`)
    .join('');
}

/**
 * Read a file of a published model after checking that it is what was published.
 *
 * @returns a failure `model_unknown`, `model_of_another_version`, or `model_damaged` naming the file
 */
export async function readModelFile(
  home: Home,
  id: string,
  name: ModelFile,
): Promise<Result<ServedModelFile>> {
  return readFolderFile({ folder: home.modelFolder(id), id, name });
}

/** A file of a model that lies in a folder of any name, `model/` of a run or `models/<id>`. */
export interface FolderFile {
  readonly folder: string;
  /** The model that it must be of; null where any will do. */
  readonly id: string | null;
  readonly name: ModelFile;
}

/**
 * Read a file of a model's folder after checking that it is what was written there with the model.
 *
 * @returns a failure as `readModelFile`
 */
export async function readFolderFile(file: FolderFile): Promise<Result<ServedModelFile>> {
  const { folder, name } = file;
  try {
    const bytes = new Uint8Array(await readFile(join(folder, name)));
    const text = name === 'metadata.json' ? bytes : await readFile(join(folder, 'metadata.json'));
    const metadata = parseModelMetadata(new TextDecoder().decode(text));
    if (!metadata.ok && metadata.error.code === 'model_of_another_version') return metadata;
    const isWhole = metadata.ok && (await isAsPublished({ ...file, bytes, metadata: metadata.value }));
    return isWhole ? succeed({ bytes, contentType: CONTENT_TYPES[name] }) : damaged(file);
  } catch (error) {
    if (!isMissing(error)) throw error;
    return (await hasFolder(folder)) ? damaged(file) : unknownModel(file);
  }
}

interface FileToCheck extends FolderFile {
  readonly bytes: Uint8Array;
  readonly metadata: ModelMetadata;
}

async function isAsPublished({ folder, id, name, bytes, metadata }: FileToCheck): Promise<boolean> {
  if ((id !== null && metadata.model_id !== id) || modelId(metadata) !== metadata.model_id) return false;
  if (name === 'metadata.json') return true;
  const digest = sha256Of(bytes);
  if (name === 'model.ubj') return digest === metadata.model_ubj_sha256;
  if (name === 'model.onnx') return digest === metadata.model_onnx_sha256;
  if (name === 'feature_spec.json') return digest === metadata.feature_spec_sha256;
  const list = await readFile(join(folder, DIGEST_FILE), 'utf8');
  return list.split('\n').includes(`${digest}  ${name}`);
}

/** Whether a folder holds anything of a model. */
async function hasFolder(folder: string): Promise<boolean> {
  for (const name of [DIGEST_FILE, 'metadata.json']) {
    try {
      await readFile(join(folder, name));
      return true;
    } catch (error) {
      if (!isMissing(error)) throw error;
    }
  }
  return false;
}

function sha256Of(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

function unknownModel({ folder, id }: FolderFile) {
  if (id === null) {
    return fail(
      'model_unknown',
      `${folder} holds no model.`,
      'Give the folder "model" that pipeline or evaluate left, or one under models/.',
    );
  }
  return fail('model_unknown', `There is no model ${id} on this server.`, 'Evaluate its study again.');
}

function damaged({ folder, id, name }: FolderFile) {
  return fail(
    'model_damaged',
    `The file ${name} of ${id ?? folder} is not the one that was published.`,
    'Move the folder of the model away and evaluate its study again.',
  );
}
