import { edaSummary } from '@/lib/explore/summary';
import { passedGate } from '../gate';
import { heldTable } from '../joined-file';
import { readableJson } from '../run-folder';
import type { Stage } from '../stage';

/** Sum up countries, ratings and tags in `eda_summary.json`. */
export const explore: Stage = async (context) => {
  const { folder, options, note } = context;
  const { table, sha256 } = await heldTable(context);
  await passedGate(context, sha256);
  const summary = edaSummary(table, { paretoShare: options.params.paretoShare });
  await folder.write('eda_summary.json', readableJson(summary));
  for (const part of [summary.member_rating, summary.tag_count, summary.tags]) note(part.sentence);
  return {
    sentence: summary.country.sentence.replace(/\.$/, ''),
    facts: { ...summary.totals, countries_kept: summary.country.levels_kept },
  };
};
