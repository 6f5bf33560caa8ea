import { z } from 'zod';
import { ExpectedFailure, type Result } from '@/lib/core/result';
import { evaluationReportSchema } from '@/lib/evaluation/evaluation-report';
import type { ModelTests } from '@/lib/evaluation/model-tests/test-results';
import { parseValidationScores } from '@/lib/evaluation/scorecard/validation-scores';
import { type FeatureSpec, featureSpecSchema } from '@/lib/features/spec';
import type { ValidationCounts } from '@/lib/quality/validation-counts';
import type { ModelListing } from '@/lib/scoring/listed-models';
import { modelMetadataSchema, TEST_LOOKS_HEADER } from '@/lib/scoring/model-metadata';
import type { EngineStatus, StudyListing, TrainingService } from '@/lib/store/services';
import type { StudyConfig } from '@/lib/tuning/study/study-events';
import { type MeasurementActions, measure } from './measure';
import { pageTime } from './page-time';
import { isFailure, reached } from './reached';
import { followStudy } from './study-stream';

/** The server actions, handed in by the page that may import them. Each takes the page's token first. */
export interface TrainingActions extends MeasurementActions {
  engineStatus(token: string): Promise<Result<EngineStatus>>;
  launchStudy(
    token: string,
    input: {
      readonly config: StudyConfig;
      readonly spec: FeatureSpec;
      readonly gateOverrideReason: string | null;
      readonly validation: ValidationCounts | null;
      readonly idempotencyKey: string;
    },
  ): Promise<Result<string>>;
  stopStudy(token: string, studyId: string): Promise<Result<null>>;
  resumeStudy(token: string, studyId: string): Promise<Result<null>>;
  pauseStudy(token: string, studyId: string): Promise<Result<null>>;
  extendStudy(token: string, studyId: string, nTrials: number): Promise<Result<null>>;
  rerunStudy(
    token: string,
    studyId: string,
    again: { readonly seed: number; readonly idempotencyKey: string },
  ): Promise<Result<string>>;
  listStudies(token: string): Promise<Result<StudyListing>>;
  evaluateStudy(token: string, studyId: string): Promise<Result<null>>;
  listModels(token: string): Promise<Result<ModelListing>>;
  modelTests(token: string, modelId: string): Promise<Result<ModelTests | null>>;
  promoteModel(
    token: string,
    order: { readonly modelId: string; readonly overrideReason: string | null },
  ): Promise<Result<null>>;
  revertModel(
    token: string,
    order: { readonly fromModelId: string; readonly reason: string | null },
  ): Promise<Result<null>>;
  latestStudy(token: string, datasetDigest: string, specDigest: string): Promise<Result<string | null>>;
}

/** Of a header; the model that is asked for is one look. */
const looksSchema = z.coerce.number().int().min(1);

const QUESTION_INTERVAL_MS = 400;
const untilNextQuestion = () =>
  new Promise<void>((resolve) => pageTime.later(() => resolve(), QUESTION_INTERVAL_MS));

/** What every route asks for besides the right origin. */
export function tokenHeaders(token: string): Readonly<Record<string, string>> {
  return { 'x-leadbench-token': token };
}

/** Reach the training server of this page. @throws ExpectedFailure for every failure the server words. */
export function createTrainingService(actions: TrainingActions, token: string): TrainingService {
  const headers = tokenHeaders(token);
  const answer = (modelId: string, name: string) =>
    asked(`/api/models/${modelId}/${name}`, { headers, cache: 'no-store' });
  const file = async (modelId: string, name: string) => (await answer(modelId, name)).arrayBuffer();
  return {
    engine: async () => unwrapped(await reached(actions.engineStatus(token))),
    async putDataset(digest, bytes) {
      const url = `/api/datasets?sha256=${digest}`;
      const known = await asked(url, { headers, cache: 'no-store' });
      if (((await known.json()) as { present?: unknown }).present === true) return;
      await asked(url, {
        method: 'PUT',
        headers: { ...headers, 'content-type': 'application/vnd.apache.arrow.stream' },
        body: bytes,
      });
    },
    launch: async (input) => unwrapped(await reached(actions.launchStudy(token, input))),
    stop: async (studyId) => void unwrapped(await reached(actions.stopStudy(token, studyId))),
    resume: async (studyId) => void unwrapped(await reached(actions.resumeStudy(token, studyId))),
    pause: async (studyId) => void unwrapped(await reached(actions.pauseStudy(token, studyId))),
    extend: async (studyId, nTrials) =>
      void unwrapped(await reached(actions.extendStudy(token, studyId, nTrials))),
    rerun: async (studyId, again) => unwrapped(await reached(actions.rerunStudy(token, studyId, again))),
    studies: async () => unwrapped(await reached(actions.listStudies(token))),
    evaluate: async (studyId) => void unwrapped(await reached(actions.evaluateStudy(token, studyId))),
    latest: async (dataset, spec) => unwrapped(await reached(actions.latestStudy(token, dataset, spec))),
    measure: (order, options) => measure({ actions, token, wait: untilNextQuestion }, order, options),
    follow: (studyId, listener) =>
      followStudy({ url: `/api/studies/${studyId}/events`, headers }, listener, pageTime),
    async model(modelId) {
      const [metadata, report, validation] = await Promise.all([
        answer(modelId, 'metadata.json'),
        answer(modelId, 'evaluation_report.json'),
        answer(modelId, 'validation_scores.csv'),
      ]);
      return {
        metadata: modelMetadataSchema.parse(await metadata.json()),
        report: evaluationReportSchema.parse(await report.json()),
        validation: unwrapped(parseValidationScores(await validation.text())),
        nTestLooks: looksSchema.parse(metadata.headers.get(TEST_LOOKS_HEADER)),
      };
    },
    models: async () => unwrapped(await reached(actions.listModels(token))),
    modelTests: async (modelId) => unwrapped(await reached(actions.modelTests(token, modelId))),
    promote: async (order) => void unwrapped(await reached(actions.promoteModel(token, order))),
    revert: async (order) => void unwrapped(await reached(actions.revertModel(token, order))),
    modelSpec: async (modelId) =>
      featureSpecSchema.parse(await (await answer(modelId, 'feature_spec.json')).json()),
    modelOnnx: (modelId) => file(modelId, 'model.onnx'),
    async explainerFiles(modelId) {
      const [modelUbj, groups] = await Promise.all([
        file(modelId, 'model.ubj'),
        file(modelId, 'reason_groups.json'),
      ]);
      return { modelUbj: new Uint8Array(modelUbj), reasonGroups: new TextDecoder().decode(groups) };
    },
    nativeTestMargins: async (modelId) => new Float32Array(await file(modelId, 'test_margins.f32')),
  };
}

function unwrapped<T>(result: Result<T>): T {
  if (result.ok) return result.value;
  throw new ExpectedFailure(result.error);
}

async function asked(url: string, init: RequestInit): Promise<Response> {
  const response = await reached(fetch(url, init));
  if (response.ok) return response;
  const body: unknown = await response.json().catch((cause: unknown) => {
    throw new Error(`The server answered ${response.status} without saying why`, { cause });
  });
  if (isFailure(body)) throw new ExpectedFailure(body);
  throw new Error(`The server answered ${response.status}`);
}
