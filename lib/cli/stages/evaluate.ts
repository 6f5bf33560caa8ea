import { ExpectedFailure, fail } from '@/lib/core/result';
import { modelVerdict } from '@/lib/evaluation/verdict/verdict';
import { VERDICT_WORDS, type Verdict } from '@/lib/evaluation/verdict/verdict-reason';
import { type BuiltModel, buildModel } from '@/lib/server/models/build-model';
import { codeSha256 } from '@/lib/server/models/code-version';
import { finalFitJob } from '@/lib/server/models/final-fit-job';
import { DIGEST_FILE, digestList } from '@/lib/server/models/model-files';
import type { FinalFit, FinalFitJob } from '@/lib/server/xgboost/trial-executor';
import { isTuningOver } from '@/lib/tuning/study/study-plan';
import { bestTrial, type StudyState } from '@/lib/tuning/study/study-state';
import packageInfo from '@/package.json';
import { unwrapped } from '../crm-file';
import { passedGate } from '../gate';
import { count, type StageOutcome } from '../reporter';
import { readRunRecord } from '../run-record';
import type { StageContext } from '../stage';
import { heldDataset, lastStudy, type PreparedFiles, preparedFiles, studyFailure } from '../study-files';
import { countedLook } from '../test-looks-file';

/** A model, and the margins that prove its ONNX file. */
export interface EvaluatedModel {
  readonly outcome: StageOutcome;
  readonly model: BuiltModel;
  readonly testMargins: Float32Array;
}

/**
 * Fit the best trial's parameters on training and validation rows, judge the model once on the test rows, and write
 * `model/` and `evaluation_report.json`.
 */
export async function evaluate(context: StageContext): Promise<EvaluatedModel> {
  const { folder } = context;
  const prepared = await preparedFiles(context);
  await passedGate(context, prepared.preparedFrom);
  const study = await finishedStudy(context, prepared);
  const best = bestTrial(study);
  if (best === null) throw studyFailure('no trial completed');
  const { dataset } = await heldDataset(context, prepared);
  const job = finalFitJob(study.config, best);
  const finalFit = await fitted(context, prepared, { engineVersion: study.engineVersion, job });
  const model = unwrapped(
    await buildModel({
      config: study.config,
      best,
      xgboostVersion: study.engineVersion,
      leadbenchVersion: packageInfo.version,
      codeDigest: codeSha256(),
      gateOverrideReason: study.gateOverrideReason,
      featureSpec: prepared.spec,
      dataset,
      finalFit,
    }),
  );
  await folder.replaceFolder('model', { ...model.files, [DIGEST_FILE]: digestList(model.files) });
  await folder.write('evaluation_report.json', model.files['evaluation_report.json']);
  const nTestLooks = await countedLook(folder, model.metadata);
  const verdict = modelVerdict({
    report: model.report,
    leakage: model.metadata.leakage ?? [],
    gateOverrideReason: model.metadata.gate_override_reason,
    nTestLooks,
    furtherReasons: [],
  });
  for (const { sentence } of verdict.reasons) context.note(sentence);
  return { outcome: outcomeOf(model, verdict, nTestLooks), model, testMargins: finalFit.testMargins };
}

/** The study that tuned last, which must be over and of the dataset that lies here now. */
async function finishedStudy(context: StageContext, prepared: PreparedFiles): Promise<StudyState> {
  const { folder } = context;
  const state = (await lastStudy(context, await readRunRecord(folder))).state();
  if (
    state.config.datasetDigest !== prepared.datasetSha256 ||
    state.config.featureSpecDigest !== prepared.specSha256
  ) {
    const message = `${folder.file('trials.csv')} was tuned on another dataset than the one in ${folder.path}.`;
    throw folder.runFirst('tune', 'trials_outdated', message);
  }
  if (isTuningOver(state)) return state;
  throw folder.runFirst('tune', 'trials_unfinished', `The tuning study in ${folder.path} is not finished.`);
}

async function fitted(
  { folder, openEngine, interruptible }: StageContext,
  { datasetSha256 }: PreparedFiles,
  fit: { readonly engineVersion: string; readonly job: FinalFitJob },
): Promise<FinalFit> {
  const engine = await openEngine();
  const { engineVersion, job } = fit;
  if (engine.info.version !== engineVersion) throw engineChanged(engineVersion, engine.info.version);
  const dataset = { path: folder.file('dataset.arrow'), digest: datasetSha256 };
  return interruptible(async (signal) => {
    const executor = engine.openExecutor(1);
    try {
      return await executor.runFinalFit(job, dataset, signal);
    } finally {
      await executor.close();
    }
  });
}

function engineChanged(began: string, found: string): ExpectedFailure {
  return new ExpectedFailure(
    fail(
      'engine_changed',
      `The trials were run with XGBoost ${began}, and ${found} is in use now.`,
      'Run tune again, or go back to that version.',
    ).error,
  );
}

function outcomeOf({ modelId, report }: BuiltModel, verdict: Verdict, nTestLooks: number): StageOutcome {
  const { roc_auc: interval } = report.intervals;
  const range = interval === null ? '' : ` (95 %: ${interval.low.toFixed(4)} to ${interval.high.toFixed(4)})`;
  const looks = nTestLooks === 1 ? '' : `, look ${nTestLooks} at them`;
  return {
    sentence: `test ROC AUC ${report.roc_auc.toFixed(4)} on ${count(report.n_test)} rows${range}${looks}; ${VERDICT_WORDS[verdict.grade]}; ${modelId}`,
    facts: {
      model_id: modelId,
      roc_auc: report.roc_auc,
      average_precision: report.average_precision,
      f1_score: report.f1_score,
      recall: report.recall,
      precision: report.precision,
      threshold: report.threshold,
      n_test: report.n_test,
      validation_roc_auc: report.validation_roc_auc,
      intervals: report.intervals,
      baseline: report.baseline,
      expected_calibration_error: report.calibration.after.expected_calibration_error,
      n_test_looks: nTestLooks,
      verdict: verdict.grade,
      verdict_reasons: verdict.reasons,
    },
  };
}
