import { basename } from 'node:path';
import type { JoinedTable } from '@/lib/crm/joined-table';
import { ANOMALY_SEED, anomaliesOf } from '@/lib/explore/anomalies/anomalies';
import { anomaliesJson } from '@/lib/explore/anomalies/anomalies-json';
import { segmenterOfTable } from '@/lib/explore/drift/drift-columns';
import { driftJson } from '@/lib/explore/drift/drift-json';
import {
  DRIFT_SEED,
  type DriftReport,
  driftBetweenFiles,
  driftByDate,
} from '@/lib/explore/drift/drift-report';
import { explorationOf } from '@/lib/explore/summary/exploration';
import { edaSummary } from '@/lib/explore/summary/summary';
import { newestDayAt } from '@/lib/quality/newest-day';
import { edaReport } from '@/lib/report/eda-report';
import { readCrmFile } from '../crm-file';
import { passedGate, validationOf } from '../gate';
import { heldTable } from '../joined-file';
import { heldPurchases } from '../purchases';
import { readableJson } from '../run-folder';
import type { Stage } from '../stage';

/**
 * Sum the exploration up in `eda_summary.json`, what of the list has changed in `drift.json`, and what looks wrong in
 * `anomalies.json`.
 */
export const explore: Stage = async (context) => {
  const { folder, options, note } = context;
  const { table, sha256 } = await heldTable(context);
  const overrideReason = await passedGate(context, sha256);
  const { paretoShare } = options.params;
  const purchases = await heldPurchases(context);
  const exploration = explorationOf(table, { purchases, paretoShare });
  const summary = edaSummary(exploration, table, { paretoShare });
  await folder.write('eda_summary.json', readableJson(summary));
  const driftReport = await driftOf(table, options.comparePath);
  const drift = driftJson(driftReport);
  await folder.write('drift.json', readableJson(drift));
  const newestDay = options.newestDay ?? newestDayAt(context.now());
  const list = { table, segmenter: segmenterOfTable(table) };
  const { report: anomalyReport } = anomaliesOf(list, { newestDay, seed: ANOMALY_SEED });
  const anomalies = anomaliesJson(anomalyReport);
  await folder.write('anomalies.json', readableJson(anomalies));
  const parts = [
    summary.member_rating,
    summary.tag_count,
    summary.tags,
    summary.sufficiency,
    drift,
    anomalies,
  ];
  for (const { sentence } of [...parts, anomalies.optin_days]) note(sentence);
  if (options.writesReport) {
    const validation = await validationOf(folder);
    const parts = {
      validation,
      overrideReason,
      exploration,
      paretoShare,
      drift: driftReport,
      anomalies: anomalyReport,
    };
    await folder.write('eda_report.html', edaReport(parts));
  } else {
    // One of an earlier list would be taken for this one's.
    await folder.remove('eda_report.html');
  }
  const [country] = summary.segments;
  return {
    sentence: country?.sentence.replace(/\.$/, '') ?? '',
    facts: { ...summary.totals, countries_kept: country?.levels_kept ?? [] },
  };
};

/** Compare opt-in dates, or the list with a second file. */
async function driftOf(table: JoinedTable, comparePath: string | null): Promise<DriftReport> {
  const list = { table, segmenter: segmenterOfTable(table) };
  if (comparePath === null) return driftByDate(list, { ranges: null, seed: DRIFT_SEED });
  const { table: second } = await readCrmFile(comparePath, []);
  return driftBetweenFiles(
    { ...list, fileName: 'subscribers_joined.csv' },
    { table: second, segmenter: segmenterOfTable(second), fileName: basename(comparePath) },
    { seed: DRIFT_SEED },
  );
}
