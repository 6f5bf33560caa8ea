import { ExpectedFailure, fail } from '@/lib/core/result';
import { runModelTests } from '@/lib/evaluation/model-tests/run-tests';
import type { ScoringModel, TrainingAgain } from '@/lib/evaluation/model-tests/test-context';
import type { ModelTests } from '@/lib/evaluation/model-tests/test-results';
import type { TestSuite } from '@/lib/evaluation/model-tests/test-suite';
import type { ProbeJob, ProbeScores } from '@/lib/evaluation/probe/probe-job';
import type { TrainingDataset } from '@/lib/features/matrix';
import { parseFeatureSpec } from '@/lib/features/spec-json';
import type { ModelMetadata } from '@/lib/scoring/model-metadata';
import { finalFitJob } from '@/lib/server/models/final-fit-job';
import { writeModelTests } from '@/lib/server/models/model-tests-file';
import { type VerifiedModel, verifiedModel } from '@/lib/server/models/verified-model';
import { openNodeScoringSession } from '@/lib/server/onnx-node';
import { readDataset } from '@/lib/server/storage/dataset-store';
import type { Home } from '@/lib/server/storage/home';
import type { MeasurementContext } from './measure-leakage';
import { probeBatch } from './probe-batch';

/** What to test, and against what. */
export interface ModelTestsOrder {
  readonly datasetDigest: string;
  readonly seed: number;
  readonly modelId: string;
  /** Null where no other model is in use. */
  readonly championId: string | null;
  readonly suite: TestSuite;
}

/**
 * Run tests on a published model and leave them beside it as `model_tests.json`.
 *
 * @throws ExpectedFailure of the model's or dataset's files, `model_of_another_dataset`; TrialFailure; the signal's reason
 */
export async function measureModelTests(
  order: ModelTestsOrder,
  context: MeasurementContext & { readonly home: Home; readonly elapsed: () => number },
): Promise<ModelTests> {
  const { home } = context;
  const model = unwrapped(await verifiedModel(home.modelFolder(order.modelId), order.modelId));
  const dataset = unwrapped(await readDataset(home, order.datasetDigest));
  const isTestedAgainst = order.championId !== null && order.championId !== order.modelId;
  const champion = isTestedAgainst
    ? unwrapped(await verifiedModel(home.modelFolder(order.championId!), order.championId))
    : null;
  const championDataset = champion === null ? null : await datasetOrNull(home, champion.metadata);
  const tests = await testedModel({ ...order, model, champion, championDataset, dataset }, context);
  await writeModelTests(home, tests);
  return tests;
}

/** The dataset that a model was made on, where it still lies here. */
async function datasetOrNull(home: Home, { dataset_sha256 }: ModelMetadata): Promise<TrainingDataset | null> {
  const dataset = await readDataset(home, dataset_sha256);
  if (dataset.ok) return dataset.value;
  if (dataset.error.code === 'dataset_missing') return null;
  throw new ExpectedFailure(dataset.error);
}

/** Models and data that are read already. */
export interface TestedFiles {
  readonly model: VerifiedModel;
  readonly champion: VerifiedModel | null;
  /** What the champion was made on; null where it cannot be had. */
  readonly championDataset: TrainingDataset | null;
  readonly dataset: TrainingDataset;
  readonly suite: TestSuite;
  readonly seed: number;
}

/**
 * Run tests on a model whose files were checked, with as many training processes as the executor has.
 *
 * @throws as `measureModelTests`
 */
export async function testedModel(
  { model, champion, championDataset, dataset, suite, seed }: TestedFiles,
  context: MeasurementContext & { readonly elapsed: () => number },
): Promise<ModelTests> {
  const { metadata, files } = model;
  if (metadata.dataset_sha256 !== context.dataset.digest) throw otherDataset(metadata);
  const opened: { close(): Promise<void> }[] = [];
  const scoring = async (one: VerifiedModel): Promise<ScoringModel> => {
    const { session, model: ready } = await scoringModel(one);
    opened.push(session);
    return ready;
  };
  try {
    return await runModelTests(
      suite,
      {
        model: await scoring(model),
        dataset,
        nativeTestMargins: new Float32Array(files['test_margins.f32'].buffer.slice(0)),
        champion: champion === null ? null : { ...(await scoring(champion)), dataset: championDataset },
        seed,
        trainAgain: (plans) => trainedAgain(metadata, plans, context),
        elapsed: context.elapsed,
      },
      {
        datasetSha256: context.dataset.digest,
        onProgress: (done, total) => {
          context.signal.throwIfAborted();
          context.onProgress(done, total);
        },
      },
    );
  } finally {
    for (const session of opened) await session.close();
  }
}

async function scoringModel({ metadata, files }: VerifiedModel) {
  const spec = unwrapped(parseFeatureSpec(new TextDecoder().decode(files['feature_spec.json'])));
  const session = await openNodeScoringSession(files['model.onnx'], metadata.feature_names);
  const model: ScoringModel = {
    modelId: metadata.model_id,
    spec,
    threshold: metadata.threshold,
    scoreMatrix: (matrix) => session.score(matrix),
  };
  return { session, model };
}

async function trainedAgain(
  { study, params, n_rounds }: ModelMetadata,
  plans: readonly TrainingAgain[],
  context: MeasurementContext,
): Promise<readonly ProbeScores[]> {
  const { params: fitted, monotoneConstraints } = finalFitJob(study, { params, rounds: n_rounds });
  const jobs = plans.map(
    ({ seed, isBootstrap }): ProbeJob => ({
      params: fitted,
      seed,
      leftOut: [],
      rows: { type: 'training', bootstrapSeed: isBootstrap ? seed : null },
      monotoneConstraints,
    }),
  );
  const silent = { ...context, onProgress: () => undefined };
  const scores = await probeBatch(jobs, silent, (error) => {
    throw error;
  });
  return scores.filter((one) => one !== null);
}

function otherDataset({ model_id, dataset_sha256 }: ModelMetadata): ExpectedFailure {
  return new ExpectedFailure(
    fail(
      'model_of_another_dataset',
      `${model_id} was made on the dataset ${dataset_sha256.slice(0, 12)}…, and is to be tested on another.`,
      'Open the file and the settings that the model was made with.',
    ).error,
  );
}

function unwrapped<T>(result: { ok: true; value: T } | { ok: false; error: ExpectedFailure['failure'] }): T {
  if (result.ok) return result.value;
  throw new ExpectedFailure(result.error);
}
