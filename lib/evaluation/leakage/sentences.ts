import { nounText } from '@/lib/explore/summary/plain-numbers';
import type { LeakageMeasurement, TimeSplit, WithoutSuspect } from './measurement';
import { isGroup, type SuspectReport, suspectLabel } from './suspects';

/** A time-based split this much below the random one is worth a warning where its interval leaves out 0. */
export const NOTEWORTHY_GAP = 0.02;
/** A suspect that brings more than this is worth a warning where its interval leaves out 0. */
export const NOTEWORTHY_GAIN = 0.05;

const auc = (value: number) => value.toFixed(3);
const signed = (value: number) => `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(3)}`;

/** Say who is suspected. */
export function suspectsSentence({ suspects }: SuspectReport): string {
  const ofGrade = (grade: string) =>
    suspects.filter((suspect) => suspect.grade === grade && (grade === 'possible' || !isGroup(suspect)));
  const certain = ofGrade('certain');
  const likely = ofGrade('likely');
  const names = [...certain, ...likely].map(({ label }) => label).join(', ');
  const possible = nounText(ofGrade('possible').length, 'is possible', 'are possible');
  if (suspects.length === 0) return 'No feature could be known only after the purchase.';
  if (names === '')
    return `Nothing in the rows says that a feature knows of the purchase; ${possible} by what they are.`;
  const worst =
    certain.length > 0 ? 'knows of the purchase, as good as certain' : 'probably knows of the purchase';
  return `${names}: ${certain.length + likely.length === 1 ? worst : 'these know of the purchase, certainly or probably'}; ${possible} by what they are.`;
}

/** Say what leaving out the suspects changes: the gravest, and the one that matters most where that is another. */
export function measurementSentence({ all, without, nFolds }: LeakageMeasurement): string {
  const start = `ROC AUC with all features is ${auc(all.value)} (95 % ${auc(all.low)} to ${auc(all.high)}, ${nFolds} folds)`;
  const [gravest] = without;
  if (gravest === undefined) return `${start}; there is no suspect to leave out.`;
  const most = without.reduce((best, one) => (one.gain.value > best.gain.value ? one : best));
  const change = ({ gain }: WithoutSuspect) =>
    `a change of ${signed(-gain.value)}, 95 % ${signed(-gain.high)} to ${signed(-gain.low)}`;
  const first = `without ${suspectLabel(gravest.id)} it is ${auc(gravest.rocAuc.value)} (${change(gravest)})`;
  if (most === gravest) return `${start}; ${first}, which matters most.`;
  return `${start}; ${first}; without ${suspectLabel(most.id)}, which matters most, ${auc(most.rocAuc.value)} (${change(most)}).`;
}

/** Say what the time-based split means. */
export function timeSplitSentence({ rocAuc, randomRocAuc, gap }: TimeSplit): string {
  const numbers = `On the newest fifth of the list a model that knows only older opt-ins has a ROC AUC of ${auc(rocAuc.value)} (95 % ${auc(rocAuc.low)} to ${auc(rocAuc.high)}), one that knows every age ${auc(randomRocAuc.value)}`;
  if (gap.low > 0 && gap.value >= NOTEWORTHY_GAP) {
    return `${numbers}: the random split flatters by ${signed(gap.value)} (95 % ${signed(gap.low)} to ${signed(gap.high)}), so expect less of a model that meets new subscribers.`;
  }
  if (gap.high < 0) {
    return `${numbers}: the random split does not flatter; the older opt-ins teach more about the newest than the mixture does (${signed(gap.value)}, 95 % ${signed(gap.low)} to ${signed(gap.high)}).`;
  }
  if (gap.low > 0) {
    return `${numbers}: the random split flatters by ${signed(gap.value)} at the most ${signed(gap.high)}, too little to matter.`;
  }
  return `${numbers}: no difference that chance would not make (${signed(gap.value)}, 95 % ${signed(gap.low)} to ${signed(gap.high)}), so the random split does not flatter the model measurably.`;
}
