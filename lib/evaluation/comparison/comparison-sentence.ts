import { countText } from '@/lib/explore/summary/plain-numbers';
import { type ModelComparison, worseSlices } from './compare-models';

const signed = (value: number) => `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(4)}`;

/** Say in one sentence how a challenger stands to the model in use. */
export function comparisonSentence(
  comparison: ModelComparison,
  { championId, challengerId }: { readonly championId: string; readonly challengerId: string },
): string {
  const { rocAuc, n } = comparison;
  const isBeyondChance = rocAuc.low > 0 || rocAuc.high < 0;
  const overall = isBeyondChance
    ? rocAuc.value > 0
      ? 'better beyond chance'
      : 'worse beyond chance'
    : 'no difference beyond chance';
  const [worst, ...others] = worseSlices(comparison);
  const where =
    worst === undefined
      ? 'no slice is worse beyond chance'
      : `it turned worse for ${worst.label}${others.length === 0 ? '' : ` and ${others.length} more`}`;
  return `On ${countText(n)} test rows the ROC AUC of ${challengerId} differs from that of ${championId} by ${signed(rocAuc.value)} (95 %: ${signed(rocAuc.low)} to ${signed(rocAuc.high)}), ${overall}; ${where}.`;
}
