import { realpath } from 'node:fs/promises';
import { ExpectedFailure, fail } from '@/lib/core/result';
import { encodeFeatures } from '@/lib/features/encode';
import { fileFit } from '@/lib/features/file-fit';
import type { Scores } from '@/lib/onnx/scoring-session';
import { newestDayAt } from '@/lib/quality/newest-day';
import { outcomeText, stepText } from '@/lib/quality/repair/step-sentence';
import { validate } from '@/lib/quality/run-suites';
import { leadListCsvChunks, leadOrder, type ScoredTable } from '@/lib/scoring/lead-list';
import { percentilesInOrder } from '@/lib/scoring/percentiles';
import { openNodeScoringSession } from '@/lib/server/onnx-node';
import { isMissing } from '@/lib/server/storage/durable-write';
import { type CrmFileContent, readCrmFile, unwrapped } from './crm-file';
import { withFileWords } from './file-failure';
import { readModelFolder, type ScoringModel } from './model-folder';
import { readRepairSteps } from './repair-files';
import { count, type Reporter } from './reporter';
import { writePieces } from './run-folder';

/** What `score` was asked to do. */
export interface ScoreOptions {
  readonly dbPath: string;
  readonly modelPath: string;
  readonly outPath: string;
  /** A `repair_steps.json`; null where it was not given. */
  readonly stepsPath: string | null;
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
  await writePieces(options.outPath, leadCsv(crm, { scores, values: matrix.values }, model));
  const nScored = crm.table.nRows;
  reporter.finished(COMMAND, elapsed() - startedAtMs, {
    sentence: `${count(nScored)} leads scored with ${model.metadata.model_id}: ${options.outPath}`,
    facts: {
      model_id: model.metadata.model_id,
      n_scored: nScored,
      gate_open: gate.open,
      files: { scored_leads: options.outPath },
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

function leadCsv(
  { table }: CrmFileContent,
  { scores: scored, values }: { readonly scores: Scores; readonly values: Float32Array },
  { metadata, explainer }: ScoringModel,
) {
  const { probabilities: scores, margins } = scored;
  const order = leadOrder(scores, margins);
  const percentiles = percentilesInOrder(scores, order);
  const topReasons: ScoredTable['topReasons'] = (rows, nReasons) =>
    explainer.topReasons({ table, values }, rows, nReasons);
  return leadListCsvChunks({ table, scores, percentiles, cutoffs: metadata.tier_cutoffs, topReasons }, order);
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
