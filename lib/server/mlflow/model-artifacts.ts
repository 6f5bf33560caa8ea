import { z } from 'zod';
import { fail, type Result, succeed } from '@/lib/core/result';
import { mlflowModelFiles } from './mlflow-model-files';
import type { FoundRun } from './tracking-api';

/** A file as it is sent. */
export interface Artifact {
  /** Below the run's artifacts, such as `model-0123…/model.onnx`. */
  readonly path: string;
  readonly bytes: Uint8Array;
}

/** Names that are sent: plain, at most one folder deep. */
const NAME = /^(?:[\w-][\w.-]{0,99}\/)?[\w-][\w.-]{0,99}$/;
const ADDRESS = /[^\s"@\\]+@[^\s"@\\]+\.[A-Za-z]{2,}/;
const TEXT_FILE = /\.(?:json|yaml|csv|md|txt|html|svg)$|^SHA256SUMS$|^MLmodel$/;
const WITHHELD = 'withheld by Leadbench';

/**
 * List what is sent of a published model's files, each below a folder of the model's own, so that a later model of the
 * same study does not take its place, with what MLflow needs to load it. Two things are held back because MLflow must hold no personal data: why a quality
 * gate was overridden (`metadata.json`) and the rows and values that failed a check (`validation_results.json`).
 *
 * @param files name to content
 * @returns a failure `mlflow_artifact_personal` where a text still holds an e-mail address, `mlflow_artifact_name` for an
 * unusable name, `mlflow_artifact_unreadable` where one of the two files is not what it should be
 */
export function modelArtifacts(
  modelId: string,
  files: Readonly<Record<string, Uint8Array>>,
): Result<readonly Artifact[]> {
  const artifacts: Artifact[] = [];
  const metadata = files['metadata.json'];
  const description = metadata === undefined ? null : mlflowModelFiles(metadata);
  for (const [name, bytes] of Object.entries({ ...files, ...description })) {
    if (!NAME.test(name)) {
      return fault('mlflow_artifact_name', `The file name ${JSON.stringify(name)} is not sent to MLflow.`);
    }
    const sent = withoutPersonalData(name, bytes);
    if (sent === null) return fault('mlflow_artifact_unreadable', `${name} of ${modelId} cannot be read.`);
    if (TEXT_FILE.test(name) && ADDRESS.test(new TextDecoder().decode(sent))) {
      return fault('mlflow_artifact_personal', `${name} of ${modelId} holds an e-mail address.`);
    }
    artifacts.push({ path: `${modelId}/${name}`, bytes: sent });
  }
  return succeed(artifacts);
}

function withoutPersonalData(name: string, bytes: Uint8Array): Uint8Array | null {
  if (name === 'metadata.json') return withoutReason(bytes);
  if (name === 'validation_results.json') return withoutRows(bytes);
  return bytes;
}

const metadataSchema = z.looseObject({ gate_override_reason: z.string().nullable() });

/** Byte for byte as published where there is no reason in it. */
function withoutReason(bytes: Uint8Array): Uint8Array | null {
  const metadata = metadataSchema.safeParse(jsonOf(bytes));
  if (!metadata.success) return null;
  if (metadata.data.gate_override_reason === null) return bytes;
  return encoded({ ...metadata.data, gate_override_reason: WITHHELD });
}

/** Keep a check's verdict and its counts; leave out values, rows, sentences and messages. */
function withoutRows(bytes: Uint8Array): Uint8Array | null {
  const json = jsonOf(bytes);
  return json === undefined ? null : encoded(countsOnly(json));
}

function countsOnly(json: unknown): unknown {
  if (Array.isArray(json)) return json.map(countsOnly);
  if (json === null || typeof json !== 'object') return json;
  return Object.fromEntries(
    Object.entries(json).flatMap(([key, value]): [string, unknown][] => {
      if (key === 'reasons' || key === 'exception_message' || key === 'exception_traceback') return [];
      if (key === 'result' && value !== null && typeof value === 'object') {
        return [[key, Object.fromEntries(Object.entries(value).filter(([, entry]) => isCount(entry)))]];
      }
      return [[key, countsOnly(value)]];
    }),
  );
}

function isCount(value: unknown): boolean {
  return typeof value === 'number' || typeof value === 'boolean';
}

/**
 * Give the path of the server's own artifact service below which a run keeps its files, every segment encoded.
 *
 * @param host of the server that is talked to; a service on another host is never used
 * @returns a failure `mlflow_artifacts_elsewhere` where the run's files do not go through the server
 */
export function artifactRoot({ artifactUri }: Pick<FoundRun, 'artifactUri'>, host: string): Result<string> {
  const parts = /^mlflow-artifacts:(?:\/\/([^/]*))?\/*([^?#]*)$/.exec(artifactUri);
  const segments = parts?.[2]?.split('/').filter((segment) => segment !== '') ?? [];
  const isOurs = parts !== null && (parts[1] === undefined || parts[1] === '' || parts[1] === host);
  if (!isOurs || segments.length === 0 || segments.some((segment) => !/^[\w-][\w.-]*$/.test(segment))) {
    return fail(
      'mlflow_artifacts_elsewhere',
      'This MLflow server does not store files itself, so the model is not sent.',
      'Start it with "--artifacts-destination" and without "--no-serve-artifacts"; runs made from then on take files.',
    );
  }
  return succeed(segments.map(encodeURIComponent).join('/'));
}

function jsonOf(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function encoded(value: unknown): Uint8Array {
  return new TextEncoder().encode(`${JSON.stringify(value, null, 2)}\n`);
}

function fault(code: string, message: string) {
  return fail(code, message, 'Nothing of this model is sent; report it as a bug of Leadbench.');
}
