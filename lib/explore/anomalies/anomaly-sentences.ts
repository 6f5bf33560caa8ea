import { formatDay } from '@/lib/core/day';
import { countText, nounText, percentText } from '../summary/plain-numbers';
import type { AnomalyReport } from './anomalies';

/** Say how the opt-ins came in, and which day stands out most. */
export function optinDaysSentence({ days }: Pick<AnomalyReport, 'days'>): string {
  if (days === null) return 'The opt-ins span too short a time to tell one day from another.';
  const spikes = days.days.filter(({ isSpike }) => isSpike);
  const all = `Of ${nounText(days.days.length, 'day', 'days')}`;
  const [first] = spikes;
  if (first === undefined) return `${all} none has more opt-ins than chance and its weekday explain.`;
  const most = spikes.reduce((a, b) => (b.n > a.n ? b : a), first);
  const verb = spikes.length === 1 ? 'has' : 'have';
  return `${all}, ${spikes.length} ${verb} at least twice the opt-ins to be expected, beyond chance; ${formatDay(most.day)} has most, ${countText(most.n)} where about ${countText(Math.round(most.expected))} were expected.`;
}

/** Say what else looks wrong. */
export function anomalySentence({ nSubscribers, groups, rules }: AnomalyReport): string {
  if (nSubscribers === 0) return 'There is no subscriber to look at.';
  const sum = (kind: string) =>
    groups.filter((group) => group.kind === kind).reduce((n, group) => n + group.n, 0);
  const broken = rules.filter(({ n }) => n > 0).length;
  const impossible =
    broken === 0
      ? 'No value is impossible'
      : `${nounText(sum('impossible'), 'value is', 'values are')} impossible, by ${nounText(broken, 'rule', 'rules')}`;
  const outliers = groups.filter(({ kind }) => kind === 'outlier');
  const far =
    outliers.length === 0
      ? 'no number lies far out'
      : outliers
          .map(
            ({ level, n }) =>
              `${nounText(n, 'subscriber lies', 'subscribers lie')} far out in ${level.replace('outlier ', '')}`,
          )
          .join(', ');
  const isolated = sum('isolation');
  return `${impossible}; ${far}; an isolation forest sets ${nounText(isolated, 'subscriber', 'subscribers')} apart (${percentText(isolated / nSubscribers)}).`;
}
