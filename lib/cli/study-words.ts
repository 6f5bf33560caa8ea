import type { StudyAnswer } from '@/lib/server/control/study-answers';
import type { StudySummary } from '@/lib/tuning/study/study-summary';
import { count, type Facts } from './reporter';

/** While somebody works on a study. */
const AT_WORK: Readonly<Record<StudySummary['phase'], string>> = {
  tuning: 'running',
  stopping: 'stopping',
  pausing: 'pausing',
  paused: 'running',
  tuned: 'running',
  evaluating: 'evaluating',
  evaluated: 'running',
  failed: 'running',
};

/** While nobody does. */
const AT_REST: Readonly<Record<StudySummary['phase'], string>> = {
  tuning: 'interrupted',
  stopping: 'interrupted',
  pausing: 'interrupted',
  paused: 'paused',
  tuned: 'stopped',
  evaluating: 'interrupted',
  evaluated: 'done',
  failed: 'failed',
};

/**
 * Say in a word where a study stands: what is done with it, or how it was left. `tuned` has all its trials and no model,
 * `stopped` some of them.
 */
export function stateWord({ study, activity }: StudyAnswer): string {
  if (activity.kind === 'queued' || activity.kind === 'held') return activity.kind;
  if (activity.kind === 'running') return AT_WORK[study.phase];
  return study.phase === 'tuned' && nOver(study) >= study.nTrials ? 'tuned' : AT_REST[study.phase];
}

function nOver({ nComplete, nPruned, nFailed }: StudySummary): number {
  return nComplete + nPruned + nFailed;
}

/** Write the best trial's objective. @example bestText(study) // 'roc_auc 0.8123 ± 0.0041' */
export function bestText({ objective, bestValue, bestStandardError }: StudySummary): string {
  if (bestValue === null) return '–';
  const error = bestStandardError === null ? '' : ` ± ${bestStandardError.toFixed(4)}`;
  return `${objective} ${bestValue.toFixed(4)}${error}`;
}

/** Write how far a study has come. @example trialsText(study) // '24/48' */
export function trialsText(study: StudySummary): string {
  return `${count(nOver(study))}/${count(study.nTrials)}`;
}

/** Sum a study up in a sentence without a full stop. */
export function studySentence(answer: StudyAnswer): string {
  const { study } = answer;
  const model = study.modelId === null ? '' : `; ${study.modelId}`;
  return `${study.studyId} is ${stateWord(answer)}: ${trialsText(study)} trials, best ${bestText(study)}${model}`;
}

const HEADER = ['STUDY', 'STATE', 'BEST', 'TRIALS', 'SAMPLER', 'SEED', 'CREATED (UTC)'];

/** Write studies as a table, a line each below its header. */
export function studyTable(answers: readonly StudyAnswer[]): readonly string[] {
  const rows = answers.map((answer) => {
    const { study } = answer;
    return [
      study.studyId,
      stateWord(answer),
      bestText(study),
      trialsText(study),
      study.sampler,
      String(study.seed),
      minuteText(study.createdAtMs),
    ];
  });
  const widths = HEADER.map((name, i) => Math.max(name.length, ...rows.map((row) => row[i]?.length ?? 0)));
  return [HEADER, ...rows].map((row) =>
    row
      .map((cell, i) => cell.padEnd(widths[i] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}

/** Tell all of one study, a line a fact. */
export function studyLines(answer: StudyAnswer): readonly string[] {
  const { study, activity } = answer;
  const facts: readonly (readonly [string, string])[] = [
    ['study', study.studyId],
    ['state', stateWord(answer)],
    ['best', study.bestTrialNumber === null ? '–' : `${bestText(study)}, trial ${study.bestTrialNumber}`],
    [
      'trials',
      `${trialsText(study)}: ${count(study.nComplete)} complete, ${count(study.nPruned)} pruned, ${count(study.nFailed)} failed, ${count(study.nUnderWay)} under way`,
    ],
    ['sampler', `${study.sampler}, scheduler ${study.scheduler}, ${study.workers} workers`],
    ['seed', String(study.seed)],
    ['created', `${minuteText(study.createdAtMs)} UTC`],
    ['changed', `${minuteText(study.updatedAtMs)} UTC`],
    ['dataset', study.datasetDigest],
    ['model', study.modelId ?? '–'],
  ];
  const lines = facts.map(([name, value]) => `${name.padEnd(10)}${value}`);
  return activity.problem === null
    ? lines
    : [...lines, `${'problem'.padEnd(10)}${activity.problem.message} ${activity.problem.hint}`];
}

/** Tell a study to programs. */
export function studyFacts(answer: StudyAnswer): Facts {
  const { study, activity } = answer;
  return {
    study_id: study.studyId,
    state: stateWord(answer),
    phase: study.phase,
    activity: activity.kind,
    problem: activity.problem,
    objective: study.objective,
    best_value: study.bestValue,
    best_standard_error: study.bestStandardError,
    best_trial_number: study.bestTrialNumber,
    n_trials: study.nTrials,
    n_complete: study.nComplete,
    n_pruned: study.nPruned,
    n_failed: study.nFailed,
    n_under_way: study.nUnderWay,
    sampler: study.sampler,
    scheduler: study.scheduler,
    workers: study.workers,
    seed: study.seed,
    created_at: new Date(study.createdAtMs).toISOString(),
    updated_at: new Date(study.updatedAtMs).toISOString(),
    dataset_sha256: study.datasetDigest,
    feature_spec_sha256: study.featureSpecDigest,
    model_id: study.modelId,
  };
}

function minuteText(atMs: number): string {
  return new Date(atMs).toISOString().slice(0, 16).replace('T', ' ');
}
