import type { ParetoRow } from './country-pareto';
import { nounText, percentText } from './plain-numbers';
import type { RatingConversion } from './rating-conversion';
import type { TagCountQuantiles, TagRow } from './tag-counts';

/** A tag must have this many holders before a sentence calls its conversion the highest. */
const MIN_HOLDERS_NAMED = 30;

/** Say how few countries hold the wanted share of the sales, and what is missing. */
export function countrySentence(
  rows: readonly ParetoRow[],
  options: { kept: readonly string[]; paretoShare: number },
): string {
  const { kept, paretoShare } = options;
  const known = rows.filter((row) => row.code !== null);
  const missing = rows.find((row) => row.code === null);
  if (known.length === 0) return 'No subscriber has a country.';
  const nMissing = missing?.n ?? 0;
  const n = known.reduce((sum, row) => sum + row.n, nMissing);
  const absent =
    nMissing === 0 ? 'every subscriber has one' : `${percentText(nMissing / n)} of the subscribers have none`;
  if (kept.length === 0) {
    return `No subscriber of the ${nounText(known.length, 'country', 'countries')} has bought; ${absent}.`;
  }
  const verb = kept.length === 1 ? 'holds' : 'hold';
  const of = `${kept.length} of ${nounText(known.length, 'country', 'countries')}`;
  return `${of} ${verb} ${percentText(paretoShare, 0)} of the sales of known country; ${absent}.`;
}

/** Say where conversion is lowest and highest among the ratings that subscribers have. */
export function ratingSentence({ rows, spearman }: RatingConversion): string {
  const rated = rows.flatMap(({ rating, conversion }) =>
    conversion === null || rating === 'missing' || rating === 'invalid' ? [] : [{ rating, conversion }],
  );
  const [first] = rated;
  if (first === undefined) return 'No subscriber has a rating from 1 to 5.';
  if (rated.length === 1) {
    return `All rated subscribers have rating ${first.rating}; ${percentText(first.conversion)} of them bought.`;
  }
  const lowest = rated.reduce((a, b) => (b.conversion < a.conversion ? b : a));
  const highest = rated.reduce((a, b) => (b.conversion > a.conversion ? b : a));
  if (lowest.conversion === highest.conversion) {
    return `Conversion is ${percentText(lowest.conversion)} at every rating.`;
  }
  const ends = `Conversion runs from ${percentText(lowest.conversion)} at rating ${lowest.rating} to ${percentText(highest.conversion)} at rating ${highest.rating}`;
  return spearman === null ? `${ends}.` : `${ends}; rank correlation with purchase ${spearman.toFixed(2)}.`;
}

/** Say how many more tags buyers hold than non-buyers. */
export function tagCountSentence([others, buyers]: readonly [TagCountQuantiles, TagCountQuantiles]): string {
  if (others.n + buyers.n === 0) return 'No subscriber is counted.';
  if (buyers.mean === null) return 'No subscriber has bought.';
  if (others.mean === null) return 'Every subscriber has bought.';
  const means = `Buyers hold ${buyers.mean.toFixed(1)} tags on average, others ${others.mean.toFixed(1)}`;
  return `${means}; their 10, 50 and 90 % quantiles are ${quantilesText(buyers)} against ${quantilesText(others)}.`;
}

function quantilesText({ p10, p50, p90 }: TagCountQuantiles): string {
  const [low, middle, high] = [p10, p50, p90].map((quantile) => shortText(quantile ?? Number.NaN));
  return `${low}, ${middle} and ${high}`;
}

const shortText = (value: number) => String(Number(value.toFixed(1)));

/** Name the most held tag and the one whose holders convert best. */
export function tagSentence(rows: readonly TagRow[], conversion: number | null): string {
  const [widest] = rows;
  if (widest === undefined) return 'The file has no tags.';
  const nTags = nounText(rows.length, 'tag', 'tags');
  const held = `${nTags}; ${widest.tag} is held most, by ${nounText(widest.holders, 'subscriber', 'subscribers')}`;
  const candidates = rows.filter((row) => row.lift !== null && row.holders >= MIN_HOLDERS_NAMED);
  const [first] = candidates;
  if (first === undefined || conversion === null) return `${held}.`;
  const best = candidates.reduce((a, b) => ((b.lift ?? 0) > (a.lift ?? 0) ? b : a), first);
  const shares = `${percentText(best.conversion ?? 0)} against ${percentText(conversion)} of all`;
  return `${held}; holders of ${best.tag} convert best, ${shares}.`;
}
