import type { RatingConversion } from '../rating/rating-conversion';
import type { TagCountQuantiles } from '../tags/tag-counts';
import { percentText } from './plain-numbers';

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
