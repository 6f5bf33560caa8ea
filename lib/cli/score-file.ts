import { realpath } from 'node:fs/promises';
import { basename } from 'node:path';
import { ExpectedFailure, fail } from '@/lib/core/result';
import type { JoinedTable } from '@/lib/crm/joined-table';
import { encodeFeatures } from '@/lib/features/encode';
import { fileFit } from '@/lib/features/file-fit';
import type { Scores } from '@/lib/onnx/scoring-session';
import { newestDayAt } from '@/lib/quality/newest-day';
import { outcomeText, stepText } from '@/lib/quality/repair/step-sentence';
import { validate } from '@/lib/quality/run-suites';
import type { LeadOrigin } from '@/lib/scoring/export/lead-manifest';
import { suppressedRows } from '@/lib/scoring/export/suppression';
import { leadOrder, type ScoredTable } from '@/lib/scoring/lead-list';
import { percentilesInOrder } from '@/lib/scoring/percentiles';
import { openNodeScoringSession } from '@/lib/server/onnx-node';
import { isMissing } from '@/lib/server/storage/durable-write';
import packageInfo from '@/package.json';
import { type CrmFileContent, readCrmFile, unwrapped } from './crm-file';
import { withFileWords } from './file-failure';
import { joinedDigest } from './joined-file';
import { type LeadListOptions, optedOutText, readSuppressed, writeLeadFile } from './lead-files';
import { readModelFolder, type ScoringModel } from './model-folder';
import { readRepairSteps } from './repair-files';
import { count, type Reporter } from './reporter';

/** What `score` was asked to do. */
export interface ScoreOptions {
  readonly dbPath: string;
  readonly modelPath: string;
  readonly outPath: string;
  /** A `repair_steps.json`; null where it was not given. */
  readonly stepsPath: string | null;
  readonly leads: LeadListOptions;
}

const COMMAND = 'score';

/**
 * Score a CRM file with a model that was made before, on this list or another, and write the leads as `scored_leads.csv`
 * is written. No gate stops it, since nothing is learnt from the file; what the checks find is told as warnings. A file that
 * does not fit the model's features is refused.
 *
 * @throws ExpectedFailure where the file, the model or the output cannot be used
 */
export async function scoreFile(
  options: ScoreOptions,
  {
    reporter,
    elapsed,
    now,
  }: { readonly reporter: Reporter; readonly elapsed: () => number; readonly now: () => number },
): Promise<void> {
  const startedAtMs = elapsed();
  reporter.started(COMMAND);
  await refuseOverwriting(options);
  const model = await readModelFolder(options.modelPath);
  const crm = await readCrmFile(options.dbPath, await readRepairSteps(options.stepsPath));
  for (const outcome of crm.outcomes)
    reporter.note(COMMAND, `${stepText(outcome.step)}: ${outcomeText(outcome)}.`);
  const { gate } = validate({ ...crm, newestDay: newestDayAt(now()) });
  for (const text of [...crm.notices, ...gate.reasons]) reporter.warning(COMMAND, text);
  unwrapped(fileFit(model.spec, crm.table));
  const { matrix, notes } = encodeFeatures(model.spec, crm.table);
  for (const { message } of notes) reporter.warning(COMMAND, message);
  const scores = await scored(model, matrix, (done, total) =>
    reporter.progress(COMMAND, { label: 'subscribers', done, total }),
  );
  const suppressed = suppressedRows(crm.table.userEmail, await readSuppressed(options.leads.suppressPath));
  const list = scoredList(crm, { scores, values: matrix.values }, model);
  const all = leadOrder(scores.probabilities, scores.margins);
  const rows = all.filter((row) => suppressed[row] === 0);
  const [format = 'csv'] = options.leads.formats;
  const nScored = crm.table.nRows;
  await writeLeadFile(
    { path: options.outPath, name: basename(options.outPath), format },
    { list, rows, nSuppressed: nScored - rows.length },
    originOf(model, crm.table),
  );
  reporter.finished(COMMAND, elapsed() - startedAtMs, {
    sentence: `${count(nScored)} leads scored with ${model.metadata.model_id}${optedOutText(nScored - rows.length)}: ${options.outPath}`,
    facts: {
      model_id: model.metadata.model_id,
      n_scored: nScored,
      n_suppressed: nScored - rows.length,
      gate_open: gate.open,
      files: { scored_leads: options.outPath, manifest: `${options.outPath}.manifest.json` },
    },
  });
}

async function scored(
  { onnx, spec }: ScoringModel,
  matrix: ReturnType<typeof encodeFeatures>['matrix'],
  onProgress: (done: number, total: number) => void,
): Promise<Scores> {
  const featureNames = spec.features.map(({ name }) => name);
  const session = await openNodeScoringSession(onnx, featureNames);
  try {
    return await session.score(matrix, onProgress);
  } finally {
    await session.close();
  }
}

function scoredList(
  { table }: CrmFileContent,
  { scores: scored, values }: { readonly scores: Scores; readonly values: Float32Array },
  { metadata, explainer }: ScoringModel,
): ScoredTable {
  const { probabilities: scores, margins } = scored;
  const percentiles = percentilesInOrder(scores, leadOrder(scores, margins));
  const topReasons: ScoredTable['topReasons'] = (rows, nReasons) =>
    explainer.topReasons({ table, values }, rows, nReasons);
  return { table, scores, percentiles, cutoffs: metadata.tier_cutoffs, topReasons };
}

function originOf({ metadata }: ScoringModel, table: JoinedTable): LeadOrigin {
  return {
    modelId: metadata.model_id,
    dataSha256: joinedDigest(table),
    specSha256: metadata.feature_spec_sha256,
    leadbenchVersion: packageInfo.version,
  };
}

/** The list that is read must not be the one that is written: a CRM file is not made twice. */
async function refuseOverwriting({ dbPath, outPath }: ScoreOptions): Promise<void> {
  const source = await withFileWords(dbPath, () => realpath(dbPath));
  const target = await withFileWords(outPath, () => realpathOrNull(outPath));
  if (source !== target) return;
  throw new ExpectedFailure(
    fail(
      'would_overwrite',
      `${outPath} is the CRM file itself.`,
      'Give --out another name, for example leads.csv.',
    ).error,
  );
}

async function realpathOrNull(path: string): Promise<string | null> {
  try {
    return await realpath(path);
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
}
