import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { ExpectedFailure, fail } from '@/lib/core/result';
import { codeSha256 } from '@/lib/server/models/code-version';
import {
  REPRODUCTION_STEPS,
  reproducedModel,
  scoresAsPublished,
  type Versions,
} from '@/lib/server/models/reproduce-model';
import { type VerifiedModel, verifiedModel } from '@/lib/server/models/verified-model';
import type { Home } from '@/lib/server/storage/home';
import type { StudyExecutor, TrainingEngine } from '@/lib/server/studies/study-engine';
import { modelIdSchema } from '@/lib/tuning/study/study-events';
import packageInfo from '@/package.json';
import { unwrapped } from './crm-file';
import { withFileWords } from './file-failure';
import type { Reporter } from './reporter';
import { type FoundDataset, foundDataset } from './reproduce-dataset';
import {
  comparisonEnd,
  isReproduced,
  notReproduced,
  scoresSentence,
  shortDigest,
} from './reproduction-table';
import { StageEnd } from './run-stages';
import type { CliSurroundings } from './stage';

/** What `reproduce` was asked to do. */
export interface ReproduceOptions {
  /** A folder, or the id of a model under `models/`. */
  readonly model: string;
  /** Null where the dataset is to be found. */
  readonly datasetPath: string | null;
  /** Train nothing: only check the files, and that XGBoost scores with the model as it did. */
  readonly isCheckOnly: boolean;
}

/** What `reproduce` works with. */
export interface ReproduceContext extends Omit<CliSurroundings, 'now'> {
  readonly home: Home;
  readonly reporter: Reporter;
}

const COMMAND = 'reproduce';

/**
 * Train a model again from its `metadata.json` and compare every file byte for byte. A damaged model is refused before
 * anything is trained; other versions of XGBoost or Leadbench are told first, and it is tried all the same.
 *
 * @throws ExpectedFailure `not_reproduced` where a file or a score differs; `model_unknown`, `model_damaged` and what else
 * `verifiedModel` says; what `foundDataset` says; Interruption
 */
export async function reproduceModel(options: ReproduceOptions, context: ReproduceContext): Promise<void> {
  const { reporter, home } = context;
  reporter.started(COMMAND);
  try {
    const { folder, id } = modelPlace(options.model, home);
    const model = unwrapped(await withFileWords(folder, () => verifiedModel(folder, id)));
    const { dataset_sha256: digest } = model.metadata;
    const found = await foundDataset({ given: options.datasetPath, digest, modelFolder: folder, home });
    await (options.isCheckOnly ? check : reproduce)(model, found, context);
  } catch (error) {
    throw new StageEnd(COMMAND, error);
  }
}

function modelPlace(model: string, home: Home): { readonly folder: string; readonly id: string | null } {
  const id = modelIdSchema.safeParse(model);
  if (id.success && !existsSync(model)) return { folder: home.modelFolder(id.data), id: id.data };
  return { folder: resolve(model), id: null };
}

async function reproduce(
  model: VerifiedModel,
  found: FoundDataset,
  context: ReproduceContext,
): Promise<void> {
  const { reporter, elapsed, openEngine } = context;
  const startedAtMs = elapsed();
  const versions = versionsInUse(await openEngine());
  for (const text of otherVersions(model, versions)) reporter.warning(COMMAND, text);
  const report = await withExecutor(context, async (executor, signal) =>
    unwrapped(
      await reproducedModel({
        model,
        datasetFile: found.file,
        dataset: found.dataset,
        executor,
        versions,
        signal,
        onStep: (step) =>
          reporter.progress(COMMAND, {
            label: `steps: ${step}`,
            done: REPRODUCTION_STEPS.indexOf(step),
            total: REPRODUCTION_STEPS.length,
          }),
      }),
    ),
  );
  const { model_id } = model.metadata;
  if (isReproduced(report)) {
    reporter.finished(COMMAND, elapsed() - startedAtMs, {
      sentence: `${model_id} made again: all ${report.files.length} files equal, byte for byte`,
      facts: { model_id },
    });
  }
  reporter.ended(comparisonEnd(model_id, report));
  if (!isReproduced(report)) throw notReproduced(model_id, report);
}

async function check(model: VerifiedModel, found: FoundDataset, context: ReproduceContext): Promise<void> {
  const { reporter, elapsed } = context;
  const startedAtMs = elapsed();
  const isSame = await withExecutor(context, (executor, signal) =>
    scoresAsPublished({ model, datasetFile: found.file, executor, signal }),
  );
  const { model_id } = model.metadata;
  if (!isSame) {
    const hint = 'Run the command again without --check-only to see which files come out different.';
    throw new ExpectedFailure(fail('not_reproduced', scoresSentence(false), hint).error);
  }
  reporter.finished(COMMAND, elapsed() - startedAtMs, {
    sentence: `${model_id} is whole. ${scoresSentence(true).replace(/\.$/, '')}`,
    facts: { model_id, scores_as_published: true },
  });
}

async function withExecutor<T>(
  { openEngine, interruptible }: ReproduceContext,
  use: (executor: StudyExecutor, signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const engine = await openEngine();
  return interruptible(async (signal) => {
    const executor = engine.openExecutor(1);
    try {
      return await use(executor, signal);
    } finally {
      await executor.close();
    }
  });
}

function versionsInUse({ info }: TrainingEngine): Versions {
  return { xgboost: info.version, leadbench: packageInfo.version, codeDigest: codeSha256() };
}

function otherVersions({ metadata }: VerifiedModel, versions: Versions): readonly string[] {
  const texts: string[] = [];
  const { xgboost_version, leadbench_version, code_sha256 } = metadata;
  if (xgboost_version !== versions.xgboost) {
    texts.push(`The model was trained with XGBoost ${xgboost_version}, and ${versions.xgboost} is in use.`);
  }
  if (leadbench_version !== versions.leadbench || code_sha256 !== versions.codeDigest) {
    const made = `Leadbench ${leadbench_version} with sources ${shortDigest(code_sha256)}`;
    texts.push(
      `The model was made by ${made}, and this is ${versions.leadbench} with ${shortDigest(versions.codeDigest)}.`,
    );
  }
  return texts;
}
