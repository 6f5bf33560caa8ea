import { readdir } from 'node:fs/promises';
import { ExpectedFailure, type Failure, fail, type Result, succeed } from '@/lib/core/result';
import { evaluationReportSchema } from '@/lib/evaluation/evaluation-report';
import type { ModelTests } from '@/lib/evaluation/model-tests/test-results';
import { testReasons } from '@/lib/evaluation/verdict/found-reasons';
import { modelVerdict } from '@/lib/evaluation/verdict/verdict';
import type { Verdict } from '@/lib/evaluation/verdict/verdict-reason';
import type { ListedModel, ModelListing } from '@/lib/scoring/listed-models';
import { parseModelMetadata } from '@/lib/scoring/model-metadata';
import {
  championOf,
  type Promotion,
  predecessorOf,
  type RegistryState,
  stageOf,
} from '@/lib/scoring/model-registry';
import { isMissing } from '@/lib/server/storage/durable-write';
import type { Home } from '@/lib/server/storage/home';
import { modelIdSchema } from '@/lib/tuning/study/study-events';
import { readModelFile } from './model-files';
import { readModelTests } from './model-tests-file';
import { appendRegistryEvent, readRegistry } from './registry-journal';
import { testLooks } from './test-looks';
import { verifiedModel } from './verified-model';

/** What is to be put to use. */
export interface PromotionOrder {
  readonly modelId: string;
  /** Why, although its tests say no; null where none is given. */
  readonly overrideReason: string | null;
}

/** Keeps which model is in use. Orders are carried out one after the other. */
export interface ModelRegistry {
  list(): Promise<Result<ModelListing>>;
  /**
   * Put a model to use. Refused with `model_not_tested`, `model_tests_outdated`, `model_tests_failed` or `model_not_ready` (by
   * its verdict) unless a reason is given, and always with `already_champion`, or where its files are not those that were published.
   */
  promote(order: PromotionOrder): Promise<Result<Promotion>>;
  /**
   * Go back to the model before the one in use. Refused with `nothing_to_revert_to`, `champion_changed` where another than
   * the one named is in use, or where the files of the one before are not those that were published.
   */
  revert(order: { readonly fromModelId: string; readonly reason: string | null }): Promise<Result<string>>;
}

/** Create the registry of a home. @param parts.now milliseconds since 1970, for the journal */
export function createModelRegistry({
  home,
  now,
}: {
  readonly home: Home;
  readonly now: () => number;
}): ModelRegistry {
  let last: Promise<unknown> = Promise.resolve();
  /** One after the other: the journal is open for one append at a time. */
  const inTurn = <T>(work: () => Promise<Result<T>>): Promise<Result<T>> => {
    const done = last.then(() => asResult(work));
    last = done;
    return done;
  };
  return {
    list: () => inTurn(async () => listing(home, unwrapped(await readRegistry(home)))),
    promote: (order) =>
      inTurn(async () => {
        const state = unwrapped(await readRegistry(home));
        unwrapped(await verifiedModel(home.modelFolder(order.modelId), order.modelId));
        const tests = unwrapped(await readModelTests(home, order.modelId));
        const { verdict } = unwrapped(await listedModel(home, state, { modelId: order.modelId }));
        unwrapped(promotionFault(state, order, { tests, verdict }));
        const event = {
          type: 'model_promoted',
          sequence: state.events.length + 1,
          atMs: now(),
          modelId: order.modelId,
          testsDigest: tests?.digest_sha256 ?? null,
          testsPassed: tests?.passed ?? false,
          overrideReason: order.overrideReason,
        } as const;
        await appendRegistryEvent(home, state, event);
        return succeed(event);
      }),
    revert: (order) =>
      inTurn(async () => {
        const state = unwrapped(await readRegistry(home));
        const toModelId = unwrapped(revertTarget(state, order.fromModelId));
        unwrapped(await verifiedModel(home.modelFolder(toModelId), toModelId));
        const event = {
          type: 'model_reverted',
          sequence: state.events.length + 1,
          atMs: now(),
          ...order,
          toModelId,
        } as const;
        await appendRegistryEvent(home, state, event);
        return succeed(toModelId);
      }),
  };
}

/** Why a model may not be put to use as it stands. */
function promotionFault(
  state: RegistryState,
  { modelId, overrideReason }: PromotionOrder,
  { tests, verdict }: { readonly tests: ModelTests | null; readonly verdict: Verdict },
): Result<void> {
  const champion = championOf(state);
  if (champion === modelId) {
    return fail('already_champion', `${modelId} is in use already.`, 'Nothing is to be done.');
  }
  if (overrideReason !== null) return succeed(undefined);
  const hint = 'Or publish it with a reason, which stays with it.';
  if (tests === null) {
    return fail(
      'model_not_tested',
      `No tests of ${modelId} were run.`,
      `Run the model’s tests first. ${hint}`,
    );
  }
  if (tests.champion_model_id !== champion) {
    return fail(
      'model_tests_outdated',
      `${modelId} was tested against ${tests.champion_model_id ?? 'no other model'}, and ${champion ?? 'none'} is in use now.`,
      `Run the model’s tests again. ${hint}`,
    );
  }
  if (tests.passed && verdict.grade !== 'not_ready') return succeed(undefined);
  if (tests.passed) {
    return fail(
      'model_not_ready',
      `${modelId} is not ready: ${verdict.reasons[0]?.sentence}`,
      `Train another model. ${hint}`,
    );
  }
  const failed = tests.results.find(
    ({ outcome, severity }) => outcome === 'failed' && severity === 'critical',
  );
  return fail(
    'model_tests_failed',
    `${tests.n_failed} of the tests of ${modelId} failed, first “${failed?.name}”: ${failed?.sentence}`,
    `Train a model that passes. ${hint}`,
  );
}

function revertTarget(state: RegistryState, fromModelId: string): Result<string> {
  const champion = championOf(state);
  const before = predecessorOf(state);
  if (champion !== fromModelId) {
    return fail(
      'champion_changed',
      `${fromModelId} is not the model in use; ${champion ?? 'none'} is.`,
      'Look at the list of models again.',
    );
  }
  if (before !== null) return succeed(before);
  return fail(
    'nothing_to_revert_to',
    `${fromModelId} is the first model that was put to use.`,
    'Publish another model in its place.',
  );
}

async function listing(home: Home, state: RegistryState): Promise<Result<ModelListing>> {
  const models: ListedModel[] = [];
  const unreadable: { modelId: string; failure: Failure }[] = [];
  const looksOf = looksCounter(home);
  for (const modelId of await modelIds(home)) {
    const model = await listedModel(home, state, { modelId, looksOf });
    if (model.ok) models.push(model.value);
    else unreadable.push({ modelId, failure: model.error });
  }
  const isChampion = ({ stage }: ListedModel) => Number(stage === 'champion');
  models.sort(
    (a, b) => isChampion(b) - isChampion(a) || b.rocAuc - a.rocAuc || (a.modelId < b.modelId ? -1 : 1),
  );
  return succeed({
    models,
    unreadable,
    championId: championOf(state),
    predecessorId: predecessorOf(state),
    events: [...state.events].reverse(),
  });
}

async function modelIds(home: Home): Promise<readonly string[]> {
  try {
    const names = await readdir(home.modelsFolder);
    return names.filter((name) => modelIdSchema.safeParse(name).success).sort();
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}

/** How often test rows have been looked at, counted once for all models that share them. */
function looksCounter(home: Home): (testRowsSha256: string) => Promise<number> {
  const counted = new Map<string, Promise<number>>();
  return (digest) => {
    const known = counted.get(digest) ?? testLooks(home, digest);
    counted.set(digest, known);
    return known;
  };
}

async function listedModel(
  home: Home,
  state: RegistryState,
  { modelId, looksOf = looksCounter(home) }: { modelId: string; looksOf?: ReturnType<typeof looksCounter> },
): Promise<Result<ListedModel>> {
  const metadataFile = await readModelFile(home, modelId, 'metadata.json');
  if (!metadataFile.ok) return metadataFile;
  const reportFile = await readModelFile(home, modelId, 'evaluation_report.json');
  if (!reportFile.ok) return reportFile;
  const tests = await readModelTests(home, modelId);
  if (!tests.ok) return tests;
  const metadata = parseModelMetadata(new TextDecoder().decode(metadataFile.value.bytes));
  if (!metadata.ok) return metadata;
  const report = evaluationReportSchema.parse(JSON.parse(new TextDecoder().decode(reportFile.value.bytes)));
  return succeed({
    modelId,
    stage: stageOf(state, modelId),
    rocAuc: report.roc_auc,
    averagePrecision: report.average_precision,
    brierScore: report.brier_score,
    threshold: report.threshold,
    nTest: report.n_test,
    nFeatures: metadata.value.feature_names.length,
    datasetDigest: metadata.value.dataset_sha256,
    seed: metadata.value.xgboost_seed,
    gateOverrideReason: metadata.value.gate_override_reason,
    verdict: modelVerdict({
      report,
      leakage: metadata.value.leakage ?? [],
      gateOverrideReason: metadata.value.gate_override_reason,
      nTestLooks: await looksOf(metadata.value.test_rows_sha256),
      furtherReasons: tests.value === null ? [] : testReasons(tests.value),
    }),
    tests: tests.value === null ? null : inBrief(tests.value),
    promotion: lastPromotion(state, modelId),
  });
}

function inBrief(tests: ModelTests): ListedModel['tests'] {
  const { passed, n_passed, n_failed, n_warned, n_skipped, champion_model_id, suite_name, digest_sha256 } =
    tests;
  return { passed, n_passed, n_failed, n_warned, n_skipped, champion_model_id, suite_name, digest_sha256 };
}

function lastPromotion({ events }: RegistryState, modelId: string): Promotion | null {
  return (
    (events.findLast(
      (event) => event.type === 'model_promoted' && event.modelId === modelId,
    ) as Promotion | null) ?? null
  );
}

function unwrapped<T>(result: Result<T>): T {
  if (result.ok) return result.value;
  throw new ExpectedFailure(result.error);
}

async function asResult<T>(work: () => Promise<Result<T>>): Promise<Result<T>> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof ExpectedFailure) return { ok: false, error: error.failure };
    throw error;
  }
}
