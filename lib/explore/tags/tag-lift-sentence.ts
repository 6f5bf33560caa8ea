import { nounText, percentText } from '../summary/plain-numbers';
import type { TagLifts } from './tag-lift';

const MOST_CHANCE = 0.05;

/** Say which tag goes with buying most once small groups are drawn to the mean, and which pair sells together. */
export function tagLiftSentence({ tags, pairs, prior }: TagLifts, conversion: number | null): string {
  const held = tags.flatMap((row) =>
    row.shrunkConversion === null ? [] : [{ ...row, shrunk: row.shrunkConversion }],
  );
  if (tags.length === 0) return 'The file has no tags.';
  if (held.length === 0 || conversion === null) return 'No subscriber who passes the filters holds a tag.';
  const best = held.reduce((a, b) => (b.shrunk > a.shrunk ? b : a));
  const how = prior === null ? '' : ', drawn to the mean of all tags';
  const text = `Of ${nounText(held.length, 'tag', 'tags')}, ${best.tag} goes with buying most: ${percentText(best.shrunk)} of its ${nounText(best.holders, 'holder', 'holders')}${how}, against ${percentText(conversion)} of all`;
  const [pair] = pairs;
  if (pair === undefined || pair.adjustedPValue > MOST_CHANCE || pair.liftOverBetter <= 1) {
    return `${text}; no pair sells better than its better tag beyond chance.`;
  }
  return `${text}; ${pair.tags.join(' with ')} sells ${pair.liftOverBetter.toFixed(2)} times as well as the better of the two.`;
}
