'use client';

import { useCallback } from 'react';
import type { ChartTheme } from '@/lib/charts/chart-theme';
import { ratingConversionFigure } from '@/lib/charts/rating-conversion-figure';
import { Figure } from '../figure';
import { Cell, EmptyOutput } from '../workbench/cell';
import { useWorkbenchState } from '../workbench/use-workbench';

const DEFINITION = `Over all subscribers: group by member_rating (1 … 5); n, buyers, conversion = buyers / n,
with the 95 % Wilson interval. Correlations are over rated subscribers.`;

/** Conversion by member rating. */
export function RatingCell() {
  const rating = useWorkbenchState((state) => state.rating);
  const build = useCallback(
    (theme: ChartTheme) =>
      ratingConversionFigure(rating ?? { rows: [], pearson: null, spearman: null }, theme),
    [rating],
  );
  return (
    <Cell id="rating" definition={{ label: 'definition', text: DEFINITION }}>
      {rating ? (
        <Figure build={build} fileName="conversion_by_rating" heightPx={280} />
      ) : (
        <EmptyOutput id="rating" />
      )}
    </Cell>
  );
}
