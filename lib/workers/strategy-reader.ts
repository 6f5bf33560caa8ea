import type { JoinedTable } from '@/lib/crm/joined-table';
import { SplitPart } from '@/lib/features/matrix';
import { rowsOfPart } from '@/lib/features/split';
import { type ChosenStrategy, chosenStrategy } from '@/lib/scoring/strategy/chosen-strategy';
import type { AskedStrategy } from './crm-api';

/**
 * Choose whom to write to: the cut-off on the validation rows, its value on the test rows.
 *
 * @param held a score a row of the table, by the model in use
 */
export function strategyOf(
  held: { readonly table: JoinedTable; readonly split: Uint8Array; readonly scores: Float32Array },
  { validation, plan, seed }: AskedStrategy,
): ChosenStrategy {
  const { table, split, scores } = held;
  const testRows = rowsOfPart(split, SplitPart.test);
  return chosenStrategy(
    {
      chosenOn: { scores: validation.probabilities, labels: validation.labels },
      judgedOn: {
        scores: Float32Array.from(testRows, (row) => scores[row]!),
        labels: Uint8Array.from(testRows, (row) => table.madePurchase[row]!),
      },
      list: scores,
    },
    plan,
    seed,
  );
}
