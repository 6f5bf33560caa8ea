import { basename } from 'node:path';
import type { JoinedTable } from '@/lib/crm/joined-table';
import { ANOMALY_SEED, anomaliesOf } from '@/lib/explore/anomalies';
import { anomaliesJson } from '@/lib/explore/anomalies-json';
import { segmenterOfTable } from '@/lib/explore/drift-columns';
import { driftJson } from '@/lib/explore/drift-json';
import { DRIFT_SEED, type DriftReport, driftBetweenFiles, driftByDate } from '@/lib/explore/drift-report';
import { edaSummary } from '@/lib/explore/summary';
import { newestDayAt } from '@/lib/quality/newest-day';
import { readCrmFile } from '../crm-file';
import { passedGate } from '../gate';
import { heldTable } from '../joined-file';
import { readableJson } from '../run-folder';
import type { Stage } from '../stage';

/**
 * Sum up countries, ratings and tags in `eda_summary.json`, what of the list has changed in `drift.json`, and what looks wrong in
 * `anomalies.json`.
 */
export const explore: Stage = async (context) => {
  const { folder, options, note } = context;
  const { table, sha256 } = await heldTable(context);
  await passedGate(context, sha256);
  const summary = edaSummary(table, { paretoShare: options.params.paretoShare });
  await folder.write('eda_summary.json', readableJson(summary));
  const drift = driftJson(await driftOf(table, options.comparePath));
  await folder.write('drift.json', readableJson(drift));
  const newestDay = options.newestDay ?? newestDayAt(context.now());
  const list = { table, segmenter: segmenterOfTable(table) };
  const anomalies = anomaliesJson(anomaliesOf(list, { newestDay, seed: ANOMALY_SEED }).report);
  await folder.write('anomalies.json', readableJson(anomalies));
  const parts = [summary.member_rating, summary.tag_count, summary.tags, drift, anomalies];
  for (const { sentence } of [...parts, anomalies.optin_days]) note(sentence);
  return {
    sentence: summary.country.sentence.replace(/\.$/, ''),
    facts: { ...summary.totals, countries_kept: summary.country.levels_kept },
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
