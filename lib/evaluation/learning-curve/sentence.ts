import { countText } from '@/lib/explore/summary/plain-numbers';
import { powerLawAt } from './power-law';
import { type SizeCurve, WORTHWHILE_GAIN } from './size-curve';

const signed = (value: number) => `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(4)}`;

/**
 * Say whether the list is enough, and how many more conversions would make ROC AUC grow.
 *
 * @param listBuyers buyers of the whole list, which grows as its training rows do
 */
export function sizeCurveSentence(curve: SizeCurve, listBuyers: number): string {
  const { gainOfDouble, timesForGain, isEnough, points, fit } = curve;
  const { n = 0 } = points.at(-1) ?? {};
  const now = powerLawAt(fit, n).toFixed(3);
  const double = `a list twice as long would bring ${signed(gainOfDouble.value)} (95 % ${signed(gainOfDouble.low)} to ${signed(gainOfDouble.high)})`;
  if (timesForGain.value === null) {
    return `Enough: ROC AUC stands at ${now}, and no number of rows of this kind brings ${WORTHWHILE_GAIN} more; ${double}.`;
  }
  const more = (times: number | null) =>
    times === null ? 'no number' : countText(Math.ceil((times - 1) * listBuyers));
  const range = `95 % ${more(timesForGain.low)} to ${timesForGain.high === null ? 'no end' : more(timesForGain.high)}`;
  return `${isEnough ? 'Enough' : 'Not enough'}: ROC AUC stands at ${now}; about ${more(timesForGain.value)} more conversions (${range}) bring ${WORTHWHILE_GAIN} more, and ${double}.`;
}
