import { directionOf } from '@/lib/tuning/study/study-config';
import { bestTrial, type StudyState } from '@/lib/tuning/study/study-state';
import { paramValue, tagValue } from './entity-limits';
import { keyValues, type RunImage, type RunStatus } from './run-image';
import type { StudyMilestones } from './study-milestones';

/** The tag that all runs of a study have; a search by it finds them. */
export const STUDY_TAG = 'leadbench.study_id';
/** The tag by which MLflow shows a run below another. */
export const PARENT_TAG = 'mlflow.parentRunId';
/** The tag that tells a run from all others. */
export const KEY_TAG = 'leadbench.key';

/** Give the tags that a study's run and those of its trials have in common. None names a person or a machine. */
export function sharedTags(
  { studyId, engineVersion, config }: StudyState,
  leadbenchVersion: string,
): Readonly<Record<string, string>> {
  return {
    'mlflow.source.name': 'leadbench',
    'mlflow.source.type': 'LOCAL',
    'mlflow.user': 'leadbench',
    'mlflow.experiment.primaryMetric.name': config.objective,
    'mlflow.experiment.primaryMetric.greaterIsBetter':
      directionOf(config.objective) === 'maximize' ? 'True' : 'False',
    [STUDY_TAG]: studyId,
    'leadbench.version': leadbenchVersion,
    'leadbench.xgboost_version': engineVersion,
    'leadbench.dataset_sha256': config.datasetDigest,
    'leadbench.feature_spec_sha256': config.featureSpecDigest,
  };
}

/**
 * Give the run of a study itself. Why a quality gate was overridden stays here: it is free text that may name a person,
 * and so may a failure's message name this machine; that there is one is told.
 */
export function studyRunImage(
  state: StudyState,
  milestones: StudyMilestones,
  shared: Readonly<Record<string, string>>,
): RunImage {
  const { endReason, nTrialsAtLaunch, touchedAtMs } = milestones;
  const best = bestTrial(state);
  const status = statusOf(state, endReason);
  return {
    key: state.studyId,
    name: state.studyId,
    status,
    startedAtMs: state.createdAtMs,
    endedAtMs: status === 'RUNNING' || status === 'SCHEDULED' ? null : touchedAtMs,
    params: paramsOf(state, nTrialsAtLaunch).map(({ key, value }) => ({ key, value: paramValue(value) })),
    tags: keyValues({
      ...shared,
      [KEY_TAG]: state.studyId,
      'leadbench.kind': 'study',
      'leadbench.phase': state.phase,
      'leadbench.n_trials': String(state.config.nTrials),
      'leadbench.gate_overridden': String(state.gateOverrideReason !== null),
      // A tag cannot be taken back by sending the others, so every one is always there.
      'leadbench.end_reason': endReason ?? 'none',
      'leadbench.best_trial': String(best?.number ?? 'none'),
      'leadbench.model_id': state.modelId ?? 'none',
      'mlflow.note.content': tagValue(noteOf(state)),
    }),
    metrics: milestones.points,
    throughSequence: milestones.throughSequence,
  };
}

function statusOf({ phase }: StudyState, endReason: StudyMilestones['endReason']): RunStatus {
  switch (phase) {
    case 'tuning':
    case 'stopping':
    case 'pausing':
    case 'evaluating':
      return 'RUNNING';
    case 'paused':
      return 'SCHEDULED';
    case 'tuned':
      // A study that went through its trials has its evaluation before it.
      return endReason === 'stopped' ? 'KILLED' : 'RUNNING';
    case 'evaluated':
      return 'FINISHED';
    case 'failed':
      return 'FAILED';
  }
}

function paramsOf({ config }: StudyState, nTrialsAtLaunch: number) {
  const { searchSpace, monotoneConstraints, threshold, economics, validation, scheduler } = config;
  return keyValues({
    sampler: config.sampler,
    seed: String(config.seed),
    workers: String(config.workers),
    // A study can be extended, and a parameter never changes: the number of now is a tag.
    n_trials_at_launch: String(nTrialsAtLaunch),
    objective: config.objective,
    threshold: textOf(threshold),
    economics: textOf(economics),
    validation: textOf(validation),
    scheduler: textOf(scheduler),
    report_every_rounds: String(config.reportEveryRounds),
    early_stopping_rounds: String(config.earlyStoppingRounds ?? 'none'),
    max_failures: String(config.maxFailures),
    monotone_constraints: textOf(monotoneConstraints),
    ...Object.fromEntries(
      Object.entries(searchSpace).map(([name, distribution]) => [`space/${name}`, textOf(distribution)]),
    ),
  });
}

const textOf = (value: unknown): string => JSON.stringify(value);

/** A description in Markdown. Only numbers and the field's words are in it. */
function noteOf(state: StudyState): string {
  const { config, studyId, modelId, phase } = state;
  const best = bestTrial(state);
  const direction = directionOf(config.objective) === 'maximize' ? 'larger is better' : 'smaller is better';
  const rows = [
    ['Study', studyId],
    ['Phase', phase],
    ['Objective', `${config.objective}, ${direction}`],
    ['Sampler', `${config.sampler}, seed ${config.seed}, ${config.workers} workers`],
    ['Trials', String(config.nTrials)],
    ['Best', best === null ? 'none yet' : `trial ${best.number}: ${best.metrics[config.objective]}`],
    ...(modelId === null ? [] : [['Model', modelId]]),
  ];
  return ['| | |', '|---|---|', ...rows.map(([name, value]) => `| ${name} | ${value} |`)].join('\n');
}
