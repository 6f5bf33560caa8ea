import { ExpectedFailure } from '@/lib/core/result';
import { evaluationReportSchema } from '@/lib/evaluation/evaluation-report';
import { modelTestsSchema } from '@/lib/evaluation/model-tests/test-results';
import { parseValidationScores } from '@/lib/evaluation/scorecard/validation-scores';
import { testReasons } from '@/lib/evaluation/verdict/found-reasons';
import { modelVerdict } from '@/lib/evaluation/verdict/verdict';
import type { VerdictReason } from '@/lib/evaluation/verdict/verdict-reason';
import { SplitPart } from '@/lib/features/matrix';
import { matrixToScore } from '@/lib/features/prepare-dataset';
import { rowsOfPart } from '@/lib/features/split';
import { leadReportHtml, type ReportedLeads } from '@/lib/report/lead-report';
import { leadReportPdf } from '@/lib/report/lead-report-pdf';
import { suppressedRows } from '@/lib/scoring/export/suppression';
import { leadOrder } from '@/lib/scoring/lead-list';
import { type ChosenStrategy, chosenStrategy } from '@/lib/scoring/strategy/chosen-strategy';
import { capacitySentence, strategySentence } from '@/lib/scoring/strategy/strategy-sentences';
import { readFolderFile } from '@/lib/server/models/model-files';
import { openNodeScoringSession } from '@/lib/server/onnx-node';
import { unwrapped } from '../crm-file';
import { validationOf } from '../gate';
import { heldTable } from '../joined-file';
import { readSuppressed } from '../lead-files';
import { readModelFolder } from '../model-folder';
import { readStrategyPlan } from '../plan-files';
import { readableJson } from '../run-folder';
import { readRunRecord } from '../run-record';
import type { Stage, StageContext } from '../stage';
import { heldDataset, preparedFiles } from '../study-files';
import { countedLook } from '../test-looks-file';

/** Choose whom to write to, and write it up: `strategy.json`, `lead_report.html` and `lead_report.pdf`. */
export const report: Stage = async (context) => {
  const { folder, note } = context;
  const { strategy, nSuppressed, nSubscribers, nBuyers } = await strategyOfRun(context);
  const { gate } = await validationOf(folder);
  const model = await readModelFolder(folder.file('model'));
  const evaluation = evaluationReportSchema.parse(
    JSON.parse(await modelText(context, 'evaluation_report.json')),
  );
  const reported: ReportedLeads = {
    nSubscribers,
    nBuyers,
    gate,
    overrideReason: (await readRunRecord(folder)).gate_override_reason,
    metadata: model.metadata,
    report: evaluation,
    verdict: modelVerdict({
      report: evaluation,
      leakage: model.metadata.leakage ?? [],
      gateOverrideReason: model.metadata.gate_override_reason,
      nTestLooks: await countedLook(folder, model.metadata),
      furtherReasons: await foundReasons(context, model.metadata.model_id),
    }),
    strategy,
    nSuppressed,
  };
  await folder.write('strategy.json', readableJson(strategy));
  await folder.write('lead_report.html', leadReportHtml(reported));
  await folder.write('lead_report.pdf', await leadReportPdf(reported));
  note(capacitySentence(strategy.capacity));
  return {
    sentence: strategySentence(strategy).replace(/\.$/, ''),
    facts: {
      n_hot: strategy.list.nHot,
      n_cold: strategy.list.nCold,
      threshold: strategy.best?.threshold ?? null,
      expected_value_usd: strategy.judged?.value.expectedValueUsd ?? null,
      n_suppressed: nSuppressed,
    },
  };
};

/** What model tests of this very model say of it, as far as they were run. */
async function foundReasons({ folder }: StageContext, modelId: string): Promise<readonly VerdictReason[]> {
  try {
    const tests = modelTestsSchema.parse(JSON.parse(await folder.readText('model_tests.json')));
    return tests.model_id === modelId ? testReasons(tests) : [];
  } catch (error) {
    if (error instanceof ExpectedFailure && error.failure.code === 'missing_input') return [];
    throw error;
  }
}

async function modelText({ folder }: StageContext, name: 'evaluation_report.json' | 'validation_scores.csv') {
  const file = unwrapped(await readFolderFile({ folder: folder.file('model'), id: null, name }));
  return new TextDecoder().decode(file.bytes);
}

async function strategyOfRun(context: StageContext): Promise<{
  readonly strategy: ChosenStrategy;
  readonly nSuppressed: number;
  readonly nSubscribers: number;
  readonly nBuyers: number;
}> {
  const { folder, options, progress } = context;
  const prepared = await preparedFiles(context);
  const { table } = await heldTable(context);
  const { dataset, spec } = await heldDataset(context, prepared);
  const { onnx } = await readModelFolder(folder.file('model'));
  const session = await openNodeScoringSession(onnx, dataset.matrix.featureNames);
  try {
    const { probabilities, margins } = await session.score(
      matrixToScore({ spec, dataset }, table),
      (done, total) => progress({ label: 'subscribers', done, total }),
    );
    const suppressed = suppressedRows(table.userEmail, await readSuppressed(options.leads.suppressPath));
    const rows = leadOrder(probabilities, margins).filter((row) => suppressed[row] === 0);
    const testRows = rowsOfPart(dataset.split, SplitPart.test);
    const validation = unwrapped(parseValidationScores(await modelText(context, 'validation_scores.csv')));
    const strategy = chosenStrategy(
      {
        chosenOn: { scores: validation.probabilities, labels: validation.labels },
        judgedOn: {
          scores: Float32Array.from(testRows, (row) => probabilities[row]!),
          labels: Uint8Array.from(testRows, (row) => table.madePurchase[row]!),
        },
        list: Float32Array.from(rows, (row) => probabilities[row]!),
      },
      await readStrategyPlan(options.leads.strategyPath),
      options.isSeedGiven ? options.params.seed : spec.split.seed,
    );
    return {
      strategy,
      nSuppressed: table.nRows - rows.length,
      nSubscribers: table.nRows,
      nBuyers: table.madePurchase.reduce((sum, bought) => sum + bought, 0),
    };
  } finally {
    await session.close();
  }
}
