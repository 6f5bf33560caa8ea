import { matrixToScore } from '@/lib/features/prepare-dataset';
import { suppressedRows } from '@/lib/scoring/export/suppression';
import { createLeadBook } from '@/lib/scoring/lead-book';
import { openExplainer } from '@/lib/scoring/reasons/open-explainer';
import { openNodeScoringSession } from '@/lib/server/onnx-node';
import packageInfo from '@/package.json';
import { unwrapped } from '../crm-file';
import { heldTable } from '../joined-file';
import { optedOutText, readSuppressed, writeLeadLists } from '../lead-files';
import { count, type StageOutcome } from '../reporter';
import type { StageContext } from '../stage';
import { heldDataset, preparedFiles } from '../study-files';
import type { EvaluatedModel } from './evaluate';
import { writeSlices } from './slices';

/**
 * Score every subscriber with the ONNX file, prove on the test rows that it scores as libxgboost does, and write
 * `scored_leads.csv`, best first, and `slices.json`: the page's steps on the page's data.
 */
export async function scoreLeads(
  context: StageContext,
  { model, testMargins }: EvaluatedModel,
): Promise<StageOutcome> {
  const { folder, progress, options } = context;
  const prepared = await preparedFiles(context);
  const { table, sha256 } = await heldTable(context);
  if (sha256 !== prepared.preparedFrom) {
    const message = `${folder.file('subscribers_joined.csv')} is not the one that the dataset was prepared from.`;
    throw folder.runFirst('prepare', 'prepared_outdated', message);
  }
  const { dataset } = await heldDataset(context, prepared);
  const session = await openNodeScoringSession(model.files['model.onnx'], dataset.matrix.featureNames);
  try {
    const matrix = matrixToScore({ spec: prepared.spec, dataset }, table);
    const scores = await session.score(matrix, (done, total) =>
      progress({ label: 'subscribers', done, total }),
    );
    const explainer = unwrapped(
      openExplainer(
        {
          modelUbj: model.files['model.ubj'],
          reasonGroups: new TextDecoder().decode(model.files['reason_groups.json']),
        },
        prepared.spec,
      ),
    );
    const leads = { table, values: matrix.values };
    const { book, summary } = unwrapped(
      createLeadBook({
        table,
        split: dataset.split,
        ...scores,
        nativeTestMargins: testMargins,
        cutoffs: model.metadata.tier_cutoffs,
        topReasons: (rows, nReasons) => explainer.topReasons(leads, rows, nReasons),
      }),
    );
    book.suppress(suppressedRows(table.userEmail, await readSuppressed(options.leads.suppressPath)));
    const written = book.leads('all');
    const origin = {
      modelId: model.modelId,
      dataSha256: sha256,
      specSha256: model.metadata.feature_spec_sha256,
      leadbenchVersion: packageInfo.version,
    };
    await writeLeadLists(folder, options.leads.formats, { leads: written, origin });
    const { threshold } = model.metadata;
    await writeSlices(context, { table, split: dataset.split, ...scores, threshold });
    const tiers = summary.tiers.map(({ tier, nLeads }) => `${count(nLeads)} ${tier}`).join(', ');
    return {
      sentence: `${count(summary.nScored)} leads: ${tiers}${optedOutText(written.nSuppressed)}`,
      facts: {
        n_scored: summary.nScored,
        n_suppressed: written.nSuppressed,
        n_test_rows_compared: summary.nTestRowsCompared,
        largest_margin_difference: summary.largestMarginDifference,
        tiers: Object.fromEntries(summary.tiers.map(({ tier, nLeads }) => [tier, nLeads])),
      },
    };
  } finally {
    await session.close();
  }
}
