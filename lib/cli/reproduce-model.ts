import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { ExpectedFailure, fail } from '@/lib/core/result';
import { codeSha256 } from '@/lib/server/models/code-version';
import {
  REPRODUCTION_STEPS,
  type ReproductionReport,
  reproducedModel,
  type Versions,
} from '@/lib/server/models/reproduce-model';
import { type VerifiedModel, verifiedModel } from '@/lib/server/models/verified-model';
import type { Home } from '@/lib/server/storage/home';
import { modelIdSchema } from '@/lib/tuning/study-events';
import packageInfo from '@/package.json';
import { unwrapped } from './crm-file';
import { withFileWords } from './file-failure';
import type { CommandEnd, Reporter } from './reporter';
import { type FoundDataset, foundDataset } from './reproduce-dataset';
import { StageEnd } from './run-stages';
import type { CliSurroundings } from './stage';

/** What `reproduce` was asked to do. */
export interface ReproduceOptions {
  /** A folder, or the id of a model under `models/`. */
  readonly model: string;
  /** Null where the dataset is to be found. */
  readonly datasetPath: string | null;
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
 * @throws ExpectedFailure `not_reproduced` where a file differs; `model_unknown`, `model_damaged` and what else `verifiedModel`
 * says; what `foundDataset` says; Interruption
 */
export async function reproduceModel(options: ReproduceOptions, context: ReproduceContext): Promise<void> {
  const { reporter, home, elapsed } = context;
  const startedAtMs = elapsed();
  reporter.started(COMMAND);
  try {
    const folder = modelFolder(options.model, home);
    const model = unwrapped(await withFileWords(folder, () => verifiedModel(folder)));
    const found = await foundDataset({
      given: options.datasetPath,
      digest: model.metadata.dataset_sha256,
      modelFolder: folder,
      home,
    });
    const report = await reproduced(model, found, context);
    const id = model.metadata.model_id;
    if (!isReproduced(report)) {
      reporter.ended(comparisonEnd(id, report));
      throw notReproduced(id, report);
    }
    reporter.finished(COMMAND, elapsed() - startedAtMs, {
      sentence: `${id} made again: all ${report.files.length} files equal, byte for byte`,
      facts: { model_id: id },
    });
    reporter.ended(comparisonEnd(id, report));
  } catch (error) {
    throw new StageEnd(COMMAND, error);
  }
}

function modelFolder(model: string, home: Home): string {
  const id = modelIdSchema.safeParse(model);
  return resolve(id.success && !existsSync(model) ? home.modelFolder(id.data) : model);
}

async function reproduced(
  model: VerifiedModel,
  found: FoundDataset,
  { openEngine, interruptible, reporter }: ReproduceContext,
): Promise<ReproductionReport> {
  const engine = await openEngine();
  const versions = {
    xgboost: engine.info.version,
    leadbench: packageInfo.version,
    codeDigest: codeSha256(),
  };
  for (const text of otherVersions(model, versions)) reporter.warning(COMMAND, text);
  return interruptible(async (signal) => {
    const executor = engine.openExecutor(1);
    try {
      return unwrapped(
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
      );
    } finally {
      await executor.close();
    }
  });
}

function otherVersions({ metadata }: VerifiedModel, versions: Versions): readonly string[] {
  const texts: string[] = [];
  const { xgboost_version, leadbench_version, code_sha256 } = metadata;
  if (xgboost_version !== versions.xgboost) {
    texts.push(`The model was trained with XGBoost ${xgboost_version}, and ${versions.xgboost} is in use.`);
  }
  if (leadbench_version !== versions.leadbench || code_sha256 !== versions.codeDigest) {
    const made = `Leadbench ${leadbench_version} with sources ${short(code_sha256)}`;
    texts.push(
      `The model was made by ${made}, and this is ${versions.leadbench} with ${short(versions.codeDigest)}.`,
    );
  }
  return texts;
}

function isReproduced({ files, scoresAsPublished }: ReproductionReport): boolean {
  return scoresAsPublished && files.every(({ isEqual }) => isEqual);
}

function comparisonEnd(id: string, report: ReproductionReport): CommandEnd {
  const row = (name: string, verdict: string, published: string, made: string) =>
    `${name.padEnd(24)}${verdict.padEnd(11)}${published.padEnd(14)}${made}`;
  return {
    command: COMMAND,
    lines: [
      '',
      row('file', '', 'published', 'made again'),
      ...report.files.map(({ name, isEqual, publishedSha256, reproducedSha256 }) =>
        row(name, isEqual ? 'equal' : 'different', short(publishedSha256), short(reproducedSha256)),
      ),
      '',
      ...(report.differentEntries.length > 0
        ? [`metadata.json differs in ${report.differentEntries.join(', ')}.`]
        : []),
      report.scoresAsPublished
        ? 'The published model.ubj, loaded by XGBoost, scores the test rows as published, to the bit.'
        : 'The published model.ubj, loaded by XGBoost, scores the test rows otherwise than published.',
    ],
    facts: {
      model_id: id,
      is_reproduced: isReproduced(report),
      scores_as_published: report.scoresAsPublished,
      different_entries: report.differentEntries,
      files: report.files.map(({ name, isEqual, publishedSha256, reproducedSha256 }) => ({
        name,
        is_equal: isEqual,
        published_sha256: publishedSha256,
        reproduced_sha256: reproducedSha256,
      })),
    },
  };
}

function notReproduced(id: string, { files, scoresAsPublished }: ReproductionReport): ExpectedFailure {
  const different = files.filter(({ isEqual }) => !isEqual).map(({ name }) => name);
  const what = different.length > 0 ? `${different.join(', ')} came out different` : 'its scores differ';
  return new ExpectedFailure(
    fail(
      'not_reproduced',
      `${id} could not be made again: ${what}${scoresAsPublished || different.length === 0 ? '' : ', and its scores differ'}.`,
      'Use the versions of XGBoost and Leadbench that its metadata.json names.',
    ).error,
  );
}

function short(digest: string): string {
  return digest.slice(0, 12);
}
