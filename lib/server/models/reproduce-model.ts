import { sha256Hex } from '@/lib/core/digest';
import { type Result, succeed } from '@/lib/core/result';
import type { TrainingDataset } from '@/lib/features/matrix';
import { parseFeatureSpec } from '@/lib/features/spec-json';
import type { ModelMetadata } from '@/lib/scoring/model-metadata';
import { trainingPlan } from '@/lib/server/studies/run-step';
import type { StudyExecutor } from '@/lib/server/studies/study-engine';
import type { DatasetFile, TrialOutcome } from '@/lib/server/xgboost/trial-executor';
import { roundsOfStep } from '@/lib/tuning/study/study-plan';
import { type BestTrial, buildModel, marginBytes } from './build-model';
import { finalFitJob } from './final-fit-job';
import { MODEL_FILES, type ModelFile } from './model-files';
import type { VerifiedModel } from './verified-model';

/** What a model is made again with. */
export interface Reproduction {
  readonly model: VerifiedModel;
  /** The one that the metadata names. */
  readonly datasetFile: DatasetFile;
  readonly dataset: TrainingDataset;
  readonly executor: StudyExecutor;
  /** What is in use now, which may differ from what made the model. */
  readonly versions: Versions;
  readonly signal: AbortSignal;
  /** Told what is done next. */
  readonly onStep: (step: ReproductionStep) => void;
}

/** The parts of a reproduction, in their order. */
export const REPRODUCTION_STEPS = ['best trial', 'final fit', 'evaluation', 'native scores'] as const;
export type ReproductionStep = (typeof REPRODUCTION_STEPS)[number];

/** What trains. */
export interface Versions {
  readonly xgboost: string;
  readonly leadbench: string;
  readonly codeDigest: string;
}

/** One file of the model as it was published and as it was made again. */
export interface FileComparison {
  readonly name: ModelFile;
  readonly isEqual: boolean;
  readonly publishedSha256: string;
  readonly reproducedSha256: string;
}

/** What a reproduction came to. */
export interface ReproductionReport {
  readonly files: readonly FileComparison[];
  /** Entries of `metadata.json` that differ, in its order. */
  readonly differentEntries: readonly string[];
  /** Whether the published `model.ubj`, loaded by libxgboost, scores the test rows to the very bits of `test_margins.f32`. */
  readonly scoresAsPublished: boolean;
}

/**
 * Make a model again from its `metadata.json`, its feature specification and the dataset that they name: the best trial is
 * trained and measured again, its parameters are fitted again, and every file is compared byte for byte. The published
 * model is also loaded by libxgboost in a process of its own, to see that it scores as it did.
 *
 * @returns a failure of `parseFeatureSpec`, or of `buildModel` where the model made again is none
 * @throws TrialFailure where training or loading fails; the signal's reason when it is aborted
 */
export async function reproducedModel(reproduction: Reproduction): Promise<Result<ReproductionReport>> {
  const { model, datasetFile, dataset, executor, versions, signal, onStep } = reproduction;
  const { metadata, files } = model;
  const featureSpec = parseFeatureSpec(new TextDecoder().decode(files['feature_spec.json']));
  if (!featureSpec.ok) return featureSpec;
  onStep('best trial');
  const best = await retrainedTrial(reproduction);
  onStep('final fit');
  const finalFit = await executor.runFinalFit(finalFitJob(metadata.study, best), datasetFile, signal);
  onStep('evaluation');
  const built = await buildModel({
    config: metadata.study,
    best,
    xgboostVersion: versions.xgboost,
    leadbenchVersion: versions.leadbench,
    codeDigest: versions.codeDigest,
    gateOverrideReason: metadata.gate_override_reason,
    featureSpec: featureSpec.value,
    dataset,
    finalFit,
  });
  if (!built.ok) return built;
  onStep('native scores');
  return succeed({
    files: MODEL_FILES.map((name) => comparison(name, files[name], built.value.files[name])),
    differentEntries: differentEntries(metadata, built.value.metadata),
    scoresAsPublished: await scoresAsPublished(reproduction),
  });
}

/**
 * Load a published model by libxgboost in a process of its own, and tell whether it scores the test rows to the very bits of
 * `test_margins.f32`.
 *
 * @throws TrialFailure where it cannot be loaded; the signal's reason when it is aborted
 */
export async function scoresAsPublished({
  model: { files },
  datasetFile,
  executor,
  signal,
}: Pick<Reproduction, 'model' | 'datasetFile' | 'executor' | 'signal'>): Promise<boolean> {
  const margins = await executor.runNativeScore({ modelUbj: files['model.ubj'] }, datasetFile, signal);
  return isEqualBytes(files['test_margins.f32'], marginBytes(margins));
}

/** Train the best trial again, rung by rung as its study did, so that it reports at the same rounds. */
async function retrainedTrial({ model, datasetFile, executor, signal }: Reproduction): Promise<BestTrial> {
  const { study, params, best_trial_number: number, xgboost_seed: seed } = model.metadata;
  for (let rung = 0; ; rung++) {
    const outcome: TrialOutcome = await executor.run(
      {
        studyKey: model.metadata.model_id,
        trialNumber: number,
        params,
        seed,
        plan: trainingPlan(study),
        toRounds: roundsOfStep(study, rung, params.n_estimators),
        pruneBelow: [],
      },
      datasetFile,
      { signal },
    );
    if (outcome.state === 'paused') continue;
    const { metrics, rounds, standardError } = outcome;
    return { number, params, rounds, metrics, standardError };
  }
}

function comparison(name: ModelFile, published: Uint8Array, reproduced: Uint8Array): FileComparison {
  return {
    name,
    isEqual: isEqualBytes(published, reproduced),
    publishedSha256: sha256Hex(published),
    reproducedSha256: sha256Hex(reproduced),
  };
}

function differentEntries(published: ModelMetadata, reproduced: ModelMetadata): string[] {
  const made = new Map<string, unknown>(Object.entries(reproduced));
  return Object.entries(published)
    .filter(([name, value]) => JSON.stringify(value) !== JSON.stringify(made.get(name)))
    .map(([name]) => name);
}

function isEqualBytes(a: Uint8Array, b: Uint8Array): boolean {
  return Buffer.compare(a, b) === 0;
}
