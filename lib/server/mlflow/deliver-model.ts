import { z } from 'zod';
import { ExpectedFailure, fail, type Result } from '@/lib/core/result';
import { deliverBatch, missingPoints } from './deliver-run';
import { MlflowRefused } from './mlflow-failures';
import { type Artifact, artifactRoot, modelArtifacts } from './model-artifacts';
import type { ModelVersion } from './registry-api';
import { type KeyValue, keyValues, type MetricPoint, type PublishedModel } from './run-image';
import { KEY_TAG, STUDY_TAG } from './study-run-image';
import { type StudySession, sentTo } from './study-session';

/** The alias of the model that was published last. */
export const CHAMPION = 'champion';
const EVALUATED_TAG = 'leadbench.evaluated_at_ms';

/** A model of a study, and the run that it goes to. */
export interface ModelDelivery {
  readonly studyId: string;
  readonly studyRunId: string;
  readonly model: PublishedModel;
  /** All that the study published, oldest first. */
  readonly models: readonly PublishedModel[];
}

/** Name the receipt of a model that is wholly delivered. */
export function modelPart({ modelId }: Pick<PublishedModel, 'modelId'>): string {
  return `model:${modelId}`;
}

/**
 * Send a published model: its files, what it scored on the test rows as metrics of the study's run, a version of the
 * registered model, and the alias `champion`. Each step is written down, so that none is repeated without need.
 *
 * @throws ExpectedFailure `mlflow_model_missing`, or as `modelArtifacts` and `artifactRoot` fail
 */
export async function deliverModel(session: StudySession, delivery: ModelDelivery): Promise<void> {
  const { model } = delivery;
  const files = await session.readModelFiles(model.modelId);
  if (files === null) throw new ExpectedFailure(missing(model.modelId).error);
  await deliverFiles(session, delivery, valueIn(modelArtifacts(model.modelId, files)));
  await deliverReport(session, delivery, files['evaluation_report.json']);
  const version = await registeredVersion(session, delivery);
  await makeChampion(session, model, version);
  await session.outbox.write({ type: 'sent', what: sentTo(delivery.studyRunId, modelPart(model)) });
}

async function deliverFiles(
  { api, outbox, memory, mlflowHost }: StudySession,
  { studyRunId }: ModelDelivery,
  artifacts: readonly Artifact[],
): Promise<void> {
  const missing = artifacts.filter(({ path }) => !outbox.isSent(sentTo(studyRunId, `file:${path}`)));
  if (missing.length === 0) return;
  const artifactUri = memory.artifactUris.get(studyRunId) ?? (await api.getRun(studyRunId)).artifactUri;
  memory.artifactUris.set(studyRunId, artifactUri);
  const root = valueIn(artifactRoot({ artifactUri }, mlflowHost));
  for (const { path, bytes } of missing) {
    await api.putArtifact(`${root}/${path.split('/').map(encodeURIComponent).join('/')}`, bytes);
    await outbox.write({ type: 'sent', what: sentTo(studyRunId, `file:${path}`) });
  }
}

/** The numbers at the top of the report; the curves are in its file. */
async function deliverReport(
  session: StudySession,
  { studyRunId, model, models }: ModelDelivery,
  report: Uint8Array | undefined,
): Promise<void> {
  const what = sentTo(studyRunId, `report:${model.modelId}`);
  if (report === undefined || session.outbox.isSent(what)) return;
  const metrics = await missingPoints(session, studyRunId, reportPoints(report, model));
  const tags = [modelHistory(studyRunId, models.slice(0, models.indexOf(model) + 1))];
  await deliverBatch(session, studyRunId, { params: [], tags, metrics });
  await session.outbox.write({ type: 'sent', what });
}

/** Most models that the tag below names: a tag has a limit, and the newest are looked for. */
const MAX_IN_HISTORY = 10;

/** The tag by which MLflow's page shows a run's models, and the registered versions beside them. */
function modelHistory(runId: string, models: readonly PublishedModel[]): KeyValue {
  const history = models.slice(-MAX_IN_HISTORY).map(({ modelId, evaluatedAtMs }) => ({
    run_id: runId,
    artifact_path: modelId,
    utc_time_created: new Date(evaluatedAtMs).toISOString().replace('T', ' ').replace('Z', '000'),
    model_uuid: modelId,
    flavors: { python_function: {}, xgboost: {}, onnx: {} },
  }));
  return { key: 'mlflow.log-model.history', value: JSON.stringify(history) };
}

const numbersSchema = z.record(z.string(), z.unknown());

function reportPoints(report: Uint8Array, { nComplete, evaluatedAtMs }: PublishedModel): MetricPoint[] {
  const entries = Object.entries(numbersSchema.parse(JSON.parse(new TextDecoder().decode(report))));
  return entries.flatMap(([name, value]) =>
    typeof value === 'number' && Number.isFinite(value)
      ? [{ key: `evaluation/${name}`, value, step: nComplete, timestamp: Math.round(evaluatedAtMs) }]
      : [],
  );
}

/** Find this model's version among those of the study's run, or make it. The lowest counts, should there be two. */
async function registeredVersion(session: StudySession, delivery: ModelDelivery): Promise<ModelVersion> {
  const { api, registeredModelName: name } = session;
  const { studyId, studyRunId: runId, model } = delivery;
  const [known] = await versionsOf(session, delivery);
  if (known !== undefined) return known;
  try {
    await api.createRegisteredModel(name, 'Ranks an e-mail list by how likely each subscriber is to buy.');
  } catch (error) {
    if (!(error instanceof MlflowRefused && error.errorCode === 'RESOURCE_ALREADY_EXISTS')) throw error;
  }
  return api.createModelVersion({
    name,
    runId,
    source: `runs:/${runId}/${model.modelId}`,
    description: `${model.modelId} of ${studyId}`,
    tags: keyValues({
      [KEY_TAG]: versionKey(delivery),
      [STUDY_TAG]: studyId,
      'leadbench.model_id': model.modelId,
      [EVALUATED_TAG]: String(Math.round(model.evaluatedAtMs)),
    }),
  });
}

/** List the versions that were made of a study's model, lowest first; more than one only after an answer that came too late. */
export async function versionsOf(
  { api, registeredModelName }: Pick<StudySession, 'api' | 'registeredModelName'>,
  delivery: Pick<ModelDelivery, 'studyId' | 'studyRunId' | 'model'>,
): Promise<readonly ModelVersion[]> {
  const ofRun = await api.versionsOfRun(registeredModelName, delivery.studyRunId);
  return ofRun
    .filter(({ tags }) => tags.get(KEY_TAG) === versionKey(delivery))
    .sort((a, b) => Number(a.version) - Number(b.version));
}

function versionKey({ studyId, model }: Pick<ModelDelivery, 'studyId' | 'model'>): string {
  return `${studyId}/${model.modelId}`;
}

/** Point `champion` at a model once, unless it names one that was published later or one that is not of Leadbench. */
async function makeChampion(
  { api, outbox, registeredModelName: name }: StudySession,
  { modelId, evaluatedAtMs }: PublishedModel,
  { version }: ModelVersion,
): Promise<void> {
  const what = `alias:${modelId}`;
  if (outbox.isSent(what)) return;
  const champion = await api.versionOfAlias(name, CHAMPION);
  const isOlder =
    champion === null || Number(champion.tags.get(EVALUATED_TAG) ?? Number.NaN) < Math.round(evaluatedAtMs);
  if (isOlder) await api.setAlias(name, CHAMPION, version);
  await outbox.write({ type: 'sent', what });
}

function valueIn<T>(result: Result<T>): T {
  if (result.ok) return result.value;
  throw new ExpectedFailure(result.error);
}

function missing(modelId: string) {
  return fail(
    'mlflow_model_missing',
    `The files of ${modelId} are not there any more, so they cannot be sent to MLflow.`,
    'Evaluate its study again.',
  );
}
