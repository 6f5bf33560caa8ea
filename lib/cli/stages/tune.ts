import { ExpectedFailure } from '@/lib/core/result';
import type { FeatureSpec } from '@/lib/features/spec';
import { runStudy } from '@/lib/server/studies/run-study';
import { gridFault } from '@/lib/server/studies/study-commands';
import type { TrainingEngine } from '@/lib/server/studies/study-engine';
import type { StoredStudyLog } from '@/lib/server/studies/study-log';
import type { DatasetFile } from '@/lib/server/xgboost/trial-executor';
import { foldLeakFault } from '@/lib/tuning/study/fold-leak';
import { studyConfigOf } from '@/lib/tuning/study/pipeline-params';
import type { StudyConfig } from '@/lib/tuning/study/study-config';
import type { StudyEvent } from '@/lib/tuning/study/study-events';
import { studyProgress } from '@/lib/tuning/study/study-progress';
import { bestTrial, type StudyState } from '@/lib/tuning/study/study-state';
import { unwrapped } from '../crm-file';
import { passedGate } from '../gate';
import { count, type StageOutcome, type StageProgress } from '../reporter';
import { changeRunRecord } from '../run-record';
import type { Stage, StageContext } from '../stage';
import { keptDataset, openedStudy, type PreparedFiles, preparedFiles, studyFailure } from '../study-files';
import { learningCurvesCsv, trialsCsv } from '../trials-csv';

/**
 * Search for the best parameters; write `trials.csv`. A study cut short goes on where it was, and one with fewer trials
 * than asked for is extended.
 */
export const tune: Stage = async (context) => {
  const { folder, options } = context;
  const prepared = await preparedFiles(context);
  const gateOverrideReason = await passedGate(context, prepared.preparedFrom);
  const config = studyConfig(context, prepared);
  const engine = await context.openEngine();
  // Until these trials are over, there are none to evaluate.
  await changeRunRecord(folder, { study_id: null });
  const dataset = await keptDataset(context, prepared);
  const log = await openedStudy(context, { config, spec: prepared.spec, gateOverrideReason, engine });
  const nBefore = studyProgress(log.state()).nComplete;
  const state = await tunedState(context, { log, engine, dataset, nTrials: config.nTrials });
  if (state.phase === 'failed') throw studyFailure(state.failure ?? 'no reason was recorded');
  await folder.write('trials.csv', trialsCsv(state));
  if (options.writesCurves) await folder.write('learning_curves.csv', learningCurvesCsv(state));
  else await folder.remove('learning_curves.csv');
  await changeRunRecord(folder, { study_id: state.studyId });
  return outcomeOf(state, nBefore);
};

/** The same as the page's: only the workers asked for count, not how many this machine bears. */
function studyConfig({ options }: StageContext, prepared: PreparedFiles): StudyConfig {
  const { params, isSeedGiven } = options;
  const seed = isSeedGiven ? params.seed : prepared.spec.split.seed;
  const config = studyConfigOf(
    { ...params, seed },
    { datasetDigest: prepared.datasetSha256, featureSpecDigest: prepared.specSha256 },
  );
  refuseUnknownFeatures(config, prepared.spec);
  const fault = foldLeakFault(config.validation, prepared.spec) ?? gridFault(config);
  if (fault !== null) throw new ExpectedFailure(fault);
  return config;
}

function refuseUnknownFeatures({ monotoneConstraints }: StudyConfig, { features }: FeatureSpec): void {
  const unknown = Object.keys(monotoneConstraints).find(
    (name) => !features.some((feature) => feature.name === name),
  );
  if (unknown === undefined) return;
  throw new ExpectedFailure({
    code: 'feature_unknown',
    message: `There is no feature ${unknown} to hold monotone.`,
    hint: 'Take the names from the first line of X_train.csv.',
  });
}

async function tunedState(
  context: StageContext,
  study: {
    readonly log: StoredStudyLog;
    readonly engine: TrainingEngine;
    readonly dataset: DatasetFile;
    readonly nTrials: number;
  },
): Promise<StudyState> {
  const { log, engine, dataset, nTrials } = study;
  const nProcesses = engine.processesFor(log.state().config.workers);
  unwrapped(await log.open());
  const stopListening = log.listen((event) => {
    if (isStretchEnd(event)) context.progress(progressOf(log.state()));
  });
  try {
    return await context.interruptible(async (signal) => {
      const executor = engine.openExecutor(nProcesses);
      try {
        if (nTrials > log.state().config.nTrials) await log.record({ type: 'study_extended', nTrials });
        if (log.state().lastSequence > 1) {
          await log.record({ type: 'study_resumed', nProcesses, engineVersion: engine.info.version });
        }
        context.progress(progressOf(log.state()));
        return await runStudy({ log, dataset, executor, signal, elapsed: context.elapsed });
      } finally {
        await executor.close();
      }
    });
  } finally {
    stopListening();
    await log.close();
  }
}

const STRETCH_ENDS: readonly StudyEvent['type'][] = [
  'trial_completed',
  'trial_paused',
  'trial_pruned',
  'trial_failed',
];

/** Whether an event ends a stretch of a trial, so that there is something new to tell. */
export function isStretchEnd({ type }: StudyEvent): boolean {
  return STRETCH_ENDS.includes(type);
}

/** How far a study has come, for people and for programs. */
export function progressOf(state: StudyState): StageProgress {
  const { nTrials, nPruned, nFailed, nOver } = studyProgress(state);
  const { objective } = state.config;
  const best = bestTrial(state)?.metrics[objective] ?? null;
  return {
    label: best === null ? 'trials' : `trials, best ${objective} ${best.toFixed(4)}`,
    done: nOver,
    total: nTrials,
    facts: { n_pruned: nPruned, n_failed: nFailed, objective, best_value: best },
  };
}

function outcomeOf(state: StudyState, nBefore: number): StageOutcome {
  const { nTrials, nComplete, nPruned, nFailed, nRounds } = studyProgress(state);
  const { objective } = state.config;
  const best = bestTrial(state);
  if (best === null) throw studyFailure('no trial completed');
  const value = best.metrics[objective];
  const error = best.standardError === null ? '' : ` ± ${best.standardError.toFixed(4)}`;
  const lost = [
    nPruned > 0 ? `, ${count(nPruned)} pruned` : '',
    nFailed > 0 ? `, ${count(nFailed)} failed` : '',
  ];
  const before = nBefore === 0 ? '' : `, ${count(nBefore)} from before`;
  return {
    sentence: `${count(nComplete)} of ${count(nTrials)} trials (${state.nProcesses} at once${before})${lost.join('')}; best ${objective} ${value.toFixed(4)}${error}, trial ${best.number}`,
    facts: {
      study_id: state.studyId,
      n_trials: nTrials,
      n_complete: nComplete,
      n_pruned: nPruned,
      n_failed: nFailed,
      n_rounds: nRounds,
      n_processes: state.nProcesses,
      n_from_before: nBefore,
      objective,
      best_trial_number: best.number,
      best_value: value,
      best_standard_error: best.standardError,
      best_params: best.params,
    },
  };
}
