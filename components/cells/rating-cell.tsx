'use client';

import { Text } from '@mantine/core';
import { useCallback } from 'react';
import type { ChartTheme } from '@/lib/charts/chart-theme';
import { ratingConversionFigure } from '@/lib/charts/rating-conversion-figure';
import { simpsonSentence } from '@/lib/explore/rating/simpson';
import { Figure } from '../figure';
import { Cell, EmptyOutput } from '../workbench/cell';
import { useWorkbenchState } from '../workbench/use-workbench';
import { useFigureSql } from './explore/use-figure-sql';
import { useLevelPicks } from './explore/use-level-picks';

const DEFINITION = `Over the subscribers who pass the filters of the other figures: group by member_rating (1 … 5); n, buyers, conversion = buyers / n,
with the 95 % Wilson interval. Correlations are over rated subscribers.
Age on the list: thirds by opt-in date; in each the correlation of rating and purchase, and Mantel’s test over all three.`;

const RATING = { kind: 'rating' } as const;

/** Conversion by member rating, and whether it goes the same way at every age on the list. */
export function RatingCell() {
  const rating = useWorkbenchState((state) => state.rating);
  const filters = useWorkbenchState((state) => state.view.filters);
  const handlePick = useLevelPicks();
  const sqlOf = useFigureSql(RATING);
  const chosen = filters.find(({ dimension }) => dimension === 'member_rating')?.levels;
  const build = useCallback(
    (theme: ChartTheme) => {
      if (rating === null) throw new Error('There is nothing to draw yet');
      return ratingConversionFigure({ ...rating, ...(chosen === undefined ? {} : { chosen }) }, theme);
    },
    [rating, chosen],
  );
  return (
    <Cell id="rating" definition={{ label: 'definition', text: DEFINITION }}>
      {rating ? (
        <>
          <Figure
            build={build}
            fileName="conversion_by_rating"
            heightPx={280}
            onPickLevels={handlePick}
            sqlOf={sqlOf}
          />
          <Text size="sm" mt="xs">
            {simpsonSentence(rating.simpson)}
          </Text>
        </>
      ) : (
        <EmptyOutput id="rating" />
      )}
    </Cell>
  );
}
