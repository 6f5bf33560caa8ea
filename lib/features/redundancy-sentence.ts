import { nounText, percentText } from '@/lib/explore/summary/plain-numbers';
import { NEARLY_SAME, type Redundancy } from './redundancy';

/** Say in a sentence how much of the features says the same. */
export function redundancySentence(redundancy: Redundancy): string {
  const { names, pairs, constant, explained } = redundancy;
  const [strongest] = pairs;
  const all = nounText(names.length, 'feature', 'features');
  if (strongest === undefined) return `No two of the ${all} can be compared.`;
  const which = `${names[strongest.a]} and ${names[strongest.b]} at ${strongest.value.toFixed(3)}`;
  const nSame = pairs.filter(({ value }) => Math.abs(value) >= NEARLY_SAME).length;
  const parts = [
    nSame === 0
      ? `No two of the ${all} say nearly the same; strongest are ${which}`
      : `${nounText(nSame, 'pair', 'pairs')} of the ${all} say${nSame === 1 ? 's' : ''} nearly the same (${NEARLY_SAME} or more), first ${which}`,
  ];
  const nWholly = explained?.filter(({ share }) => share === 1).length ?? 0;
  const most = explained?.[0];
  if (nWholly > 0) parts.push(`${nounText(nWholly, 'is', 'are')} a sum of others`);
  else if (most !== undefined) {
    parts.push(`the others explain at most ${percentText(most.share, 0)} of one, ${most.name}`);
  }
  if (constant.length > 0)
    parts.push(`${nounText(constant.length, 'never varies', 'never vary')}: ${constant.join(', ')}`);
  return `${parts.join('; ')}.`;
}
