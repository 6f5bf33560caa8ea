import { countText, nounText, percentText } from '@/lib/explore/summary/plain-numbers';
import type { CapacityPlan } from './capacity-plan';
import type { ChosenStrategy } from './chosen-strategy';

/** Write US dollars without cents. @example usdText(-1234.5) // '−$1,235' */
export function usdText(usd: number): string {
  const text = `$${countText(Math.round(Math.abs(usd)))}`;
  return Math.round(usd) < 0 ? `−${text}` : text;
}

/** Say whom to write to and what it is worth. */
export function strategySentence({ best, judged, list, plan }: ChosenStrategy): string {
  const nAll = list.nHot + list.nCold;
  if (best === null || judged === null) return 'Nothing can be valued: the held-out rows hold no buyer.';
  const { value, intervals } = judged;
  const { low, high } = intervals.expectedValueUsd;
  const safeguard = plan.leastSalesShare === 0 ? '' : `, keeping ${percentText(value.gain)} of monthly sales`;
  return `Write to the ${countText(list.nHot)} hottest of ${countText(nAll)} subscribers (${percentText(list.nHot / nAll)}): worth ${usdText(value.expectedValueUsd)} a month (95 %: ${usdText(low)} to ${usdText(high)})${safeguard}.`;
}

/** Say which rows chose the cut-off and which judged it, and why not the same. */
export function heldOutSentence({ chosenOn, judgedOn, best, judged, plan, seed }: ChosenStrategy): string {
  const rows = `The cut-off is chosen on ${countText(chosenOn.n)} validation rows, as scored by a model that was trained without them, since the final model has seen them; its value is that on the ${countText(judgedOn.n)} test rows, which no model has seen and which choose nothing.`;
  if (best === null || judged === null) return rows;
  const promised = `The rows that chose it promise ${usdText(best.expectedValueUsd)}.`;
  const least = plan.leastSalesShare;
  const broken =
    judged.value.gain < least
      ? ` On the test rows it keeps ${percentText(judged.value.gain)} of sales, less than the ${percentText(least)} asked for: it kept ${percentText(best.gain)} where it was chosen.`
      : '';
  return `${rows} ${promised}${broken} Intervals by bootstrap over the test rows, seed ${seed}.`;
}

/** Say how far the same assumptions lead here, beside what was published of the list that the demo is modelled on. */
export const PUBLISHED_STRATEGIES = [
  { gainThreshold: '0.88', hotShare: 0.465, monthlySalesUsd: 219_595, expectedValueUsd: 322_893, nSaved: 67 },
  { gainThreshold: '0.9', hotShare: 0.525, monthlySalesUsd: 224_532, expectedValueUsd: 317_695, nSaved: 59 },
  {
    gainThreshold: '0.9091',
    hotShare: 0.575,
    monthlySalesUsd: 227_131,
    expectedValueUsd: 310_555,
    nSaved: 53,
  },
  { gainThreshold: '0.95', hotShare: 0.738, monthlySalesUsd: 237_266, expectedValueUsd: 290_148, nSaved: 33 },
] as const;

/** Say what a week's capacity comes to. */
export function capacitySentence({ called, written, contacted, left }: CapacityPlan): string {
  const people = `${countText(called.nLeads)} called and ${countText(written.nLeads)} written to`;
  if (contacted.nLeads === 0) return 'Nobody can be called or written to.';
  const { low, high } = contacted.buyersInterval;
  if (contacted.expectedBuyers === null)
    return `${people}: no test row scores as they do, so nothing is known.`;
  const rest =
    left.expectedBuyers === null
      ? ''
      : ` Left on the table: ${buyersText(left.expectedBuyers)} among ${countText(left.nLeads)}.`;
  return `${people}: ${buyersText(contacted.expectedBuyers)} to expect (95 %: ${countText(low)} to ${countText(high)}).${rest}`;
}

/** @example buyersText(12.4) // '12 buyers' */
export function buyersText(expected: number): string {
  return nounText(Math.round(expected), 'buyer', 'buyers');
}
