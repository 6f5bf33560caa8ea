import type { JoinedTable } from '@/lib/crm/joined-table';
import { sliceGroups } from '@/lib/evaluation/slices/slice-groups';
import { slicesJson } from '@/lib/evaluation/slices/slices-json';
import { SplitPart } from '@/lib/features/matrix';
import { rowsOfPart } from '@/lib/features/split';
import { readableJson } from '../run-folder';
import type { StageContext } from '../stage';

/** Write `slices.json`: for whom of the test rows the model is worse. */
export async function writeSlices(
  { folder, note }: StageContext,
  scored: {
    readonly table: JoinedTable;
    readonly split: Uint8Array;
    readonly probabilities: Float32Array;
    readonly threshold: number;
  },
): Promise<void> {
  const { table, split, probabilities, threshold } = scored;
  const rows = rowsOfPart(split, SplitPart.test);
  const judged = {
    labels: Uint8Array.from(rows, (row) => table.madePurchase[row]!),
    probabilities: Float32Array.from(rows, (row) => probabilities[row]!),
  };
  const slices = slicesJson(judged, sliceGroups(table, rows), threshold);
  await folder.write('slices.json', readableJson(slices));
  for (const sentence of slices.sentences) note(sentence);
}
