import { runStudy } from '@/lib/server/studies/run-study';
import type { TrainingEngine } from '@/lib/server/studies/study-engine';
import type { StoredStudyLog } from '@/lib/server/studies/study-log';
import { DESIGN_SEARCH_SPACE } from '@/lib/tuning/search-space';
import type { StudyConfig } from '@/lib/tuning/study-events';
import { studyProgress } from '@/lib/tuning/study-progress';
import { bestTrial, type StudyState } from '@/lib/tuning/study-state';
import { unwrapped } from '../crm-file';
import { passedGate } from '../gate';
import { count, type StageOutcome } from '../reporter';
import { changeRunRecord } from '../run-record';
import type { Stage, StageContext } from '../stage';
import { openedStudy, type PreparedFiles, preparedFiles, studyFailure } from '../study-files';
import { trialsCsv } from '../trials-csv';

/** Search the design's space for the best parameters; write `trials.csv`. A study cut short goes on where it was. */
export const tune: Stage = async (context) => {
  const { folder } = context;
  const prepared = await preparedFiles(context);
  const gateOverrideReason = await passedGate(context, prepared.preparedFrom);
  const engine = await context.openEngine();
  const config = studyConfig(context, prepared);
  // Until these trials are over, there are none to evaluate.
  await changeRunRecord(folder, { study_id: null });
  const log = await openedStudy(context, { config, spec: prepared.spec, gateOverrideReason, engine });
  const nBefore = studyProgress(log.state()).nComplete;
  const state = await tunedState(context, { log, engine, prepared });
  if (state.phase === 'failed') throw studyFailure(state.failure ?? 'no reason was recorded');
  await folder.write('trials.csv', trialsCsv(state));
  await changeRunRecord(folder, { study_id: state.studyId });
  return outcomeOf(state, nBefore);
};

/** The same as the page's: only the workers asked for count, not how many this machine bears. */
function studyConfig({ options }: StageContext, prepared: PreparedFiles): StudyConfig {
  const { nTrials, workers, sampler, seed } = options.params;
  return {
    datasetDigest: prepared.datasetSha256,
    featureSpecDigest: prepared.specSha256,
    nTrials,
    workers,
    sampler,
    seed: options.isSeedGiven ? seed : prepared.spec.split.seed,
    objective: 'roc_auc',
    searchSpace: DESIGN_SEARCH_SPACE,
  };
}

async function tunedState(
  context: StageContext,
  study: {
    readonly log: StoredStudyLog;
    readonly engine: TrainingEngine;
    readonly prepared: PreparedFiles;
  },
): Promise<StudyState> {
  const { log, engine, prepared } = study;
  const dataset = { path: context.folder.file('dataset.arrow'), digest: prepared.datasetSha256 };
  const nProcesses = engine.processesFor(log.state().config.workers);
  unwrapped(await log.open());
  const stopListening = log.listen(({ type }) => {
    if (type === 'trial_completed' || type === 'trial_failed') context.progress(progressOf(log.state()));
  });
  try {
    return await context.interruptible(async (signal) => {
      const executor = engine.openExecutor(nProcesses);
      try {
        if (log.state().lastSequence > 1) {
          await log.record({ type: 'study_resumed', nProcesses, engineVersion: engine.info.version });
        }
        context.progress(progressOf(log.state()));
        return await runStudy({ log, dataset, executor, signal });
      } finally {
        await executor.close();
      }
    });
  } finally {
    stopListening();
    await log.close();
  }
}

function progressOf(state: StudyState) {
  const { nTrials, nComplete, nFailed } = studyProgress(state);
  const best = bestTrial(state)?.metrics.roc_auc ?? null;
  return {
    label: best === null ? 'trials' : `trials, best validation ROC AUC ${best.toFixed(4)}`,
    done: nComplete + nFailed,
    total: nTrials,
    facts: { n_failed: nFailed, best_roc_auc: best },
  };
}

function outcomeOf(state: StudyState, nBefore: number): StageOutcome {
  const { nTrials, nComplete, nFailed } = studyProgress(state);
  const best = bestTrial(state);
  if (best === null) throw studyFailure('no trial completed');
  const failed = nFailed === 0 ? '' : `, ${count(nFailed)} failed`;
  const before = nBefore === 0 ? '' : `, ${count(nBefore)} from before`;
  return {
    sentence: `${count(nComplete)} of ${count(nTrials)} trials (${state.nProcesses} at once${before})${failed}; best validation ROC AUC ${best.metrics.roc_auc.toFixed(4)}, trial ${best.number}`,
    facts: {
      n_trials: nTrials,
      n_complete: nComplete,
      n_failed: nFailed,
      n_processes: state.nProcesses,
      n_from_before: nBefore,
      best_trial_number: best.number,
      best_validation_roc_auc: best.metrics.roc_auc,
      best_params: best.params,
    },
  };
}
