import type { RatingConversion, RatingRow } from '@/lib/explore/rating/rating-conversion';
import { MISSING_LEVEL } from '@/lib/explore/segments/row-filter';
import type { ShareInterval } from '@/lib/explore/statistics/wilson-interval';
import { countText, percentText } from '@/lib/explore/summary/plain-numbers';
import { ratingSentence } from '@/lib/explore/summary/summary-sentences';
import {
  emptyLayout,
  FIXED_ROOM,
  fixedMargin,
  levelLine,
  PERCENT_TICKS,
  themedAxis,
  themedLayout,
} from './base-layout';
import type { ChartTheme } from './chart-theme';
import { type FigureSpec, type FigureTable, numberColumn, textColumn } from './figure-spec';

interface Input extends RatingConversion {
  /** Levels of the rating that the page is filtered to. */
  readonly chosen?: readonly string[];
}

interface HeldRow extends RatingRow {
  readonly conversion: number;
  readonly interval: ShareInterval;
}

/**
 * Draw conversion by member rating: a point a rating with its 95 % interval, the number of subscribers below each,
 * the overall conversion as a line. Missing and invalid ratings stand apart in the receding colour.
 */
export function ratingConversionFigure(input: Input, theme: ChartTheme): FigureSpec {
  const title = ratingSentence(input);
  const table = ratingTable(input.rows);
  const held = input.rows.filter((row): row is HeldRow => row.conversion !== null && row.interval !== null);
  if (held.length === 0) return { title, data: [], layout: emptyLayout(theme, 'No subscribers.'), table };
  const n = held.reduce((sum, row) => sum + row.n, 0);
  const overall = held.reduce((sum, row) => sum + row.buyers, 0) / n;
  return {
    title,
    data: [points(held, input.chosen ?? [], theme)],
    layout: themedLayout(theme, {
      margin: fixedMargin({ left: 68, right: 16, bottom: 76 }),
      xaxis: themedAxis(theme, 'Member rating, with subscribers', {
        ...FIXED_ROOM,
        type: 'category',
        categoryorder: 'array',
        categoryarray: input.rows.map((row) => row.rating),
        range: [-0.5, input.rows.length - 0.5],
        tickmode: 'array',
        tickvals: input.rows.map((row) => row.rating),
        ticktext: input.rows.map((row) => `${row.rating}<br>${countText(row.n)}`),
        showgrid: false,
        // Keeps a point at 0 clear of the label below it.
        ticks: 'outside',
        ticklen: 6,
        tickcolor: theme.grid,
      }),
      yaxis: themedAxis(theme, 'Conversion (share who bought)', {
        ...FIXED_ROOM,
        rangemode: 'tozero',
        tickformat: PERCENT_TICKS,
      }),
      ...levelLine(theme, {
        y: overall,
        yref: 'y',
        label: `all: ${percentText(overall, 2)}`,
        labelAt: 'left',
      }),
    }),
    table,
  };
}

function points(rows: readonly HeldRow[], chosen: readonly string[], theme: ChartTheme) {
  const colors = rows.map(({ rating }) =>
    rating === 'missing' || rating === 'invalid' ? theme.rest : theme.series[0],
  );
  return {
    type: 'scatter' as const,
    mode: 'markers' as const,
    name: 'Conversion',
    x: rows.map((row) => row.rating),
    y: rows.map((row) => row.conversion),
    error_y: {
      type: 'data' as const,
      symmetric: false,
      array: rows.map((row) => row.interval.high - row.conversion),
      arrayminus: rows.map((row) => row.conversion - row.interval.low),
      color: theme.muted,
      thickness: 1.5,
      width: 6,
    },
    marker: {
      color: colors,
      size: 11,
      line: {
        color: theme.text,
        width: rows.map(({ rating }) => (chosen.includes(levelOf(rating)) ? 2 : 0)),
      },
    },
    cliponaxis: false,
    customdata: rows.map((row) => [
      'member_rating',
      levelOf(row.rating),
      countText(row.buyers),
      countText(row.n),
      percentText(row.conversion, 2),
      percentText(row.interval.low, 2),
      percentText(row.interval.high, 2),
    ]),
    hovertemplate:
      'Rating %{x}: %{customdata[2]} of %{customdata[3]} bought<br>%{customdata[4]} (95 %: %{customdata[5]} to %{customdata[6]})<extra></extra>',
  };
}

/** The level of the dimension: neither a missing nor an invalid rating is one. */
function levelOf(rating: RatingRow['rating']): string {
  return rating === 'missing' || rating === 'invalid' ? MISSING_LEVEL : rating;
}

function ratingTable(rows: readonly RatingRow[]): FigureTable {
  return {
    picks: rows.map(({ rating }) => [{ dimension: 'member_rating', level: levelOf(rating) }]),
    columns: [
      textColumn('member_rating', 'Rating'),
      numberColumn('n', 'Subscribers', 'count'),
      numberColumn('share', 'Share', 'share'),
      numberColumn('buyers', 'Sales', 'count'),
      numberColumn('conversion', 'Conversion', 'share'),
      numberColumn('conversion_low', '95 % from', 'share'),
      numberColumn('conversion_high', '95 % to', 'share'),
    ],
    rows: rows.map((row) => ({
      member_rating: row.rating,
      n: row.n,
      share: row.share,
      buyers: row.buyers,
      conversion: row.conversion,
      conversion_low: row.interval?.low ?? null,
      conversion_high: row.interval?.high ?? null,
    })),
  };
}
