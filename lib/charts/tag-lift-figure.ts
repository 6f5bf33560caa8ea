import type { ShareInterval } from '@/lib/explore/statistics/wilson-interval';
import { countText, percentText } from '@/lib/explore/summary/plain-numbers';
import type { TagLift, TagLifts } from '@/lib/explore/tags/tag-lift';
import { tagLiftSentence } from '@/lib/explore/tags/tag-lift-sentence';
import { emptyLayout, FIXED_ROOM, fixedMargin, PERCENT_TICKS, themedAxis, themedLayout } from './base-layout';
import type { ChartTheme } from './chart-theme';
import { type FigureSpec, type FigureTable, numberColumn, textColumn } from './figure-spec';
import { plotText } from './plot-text';

/** Tags drawn; the table has all. */
const N_DRAWN = 25;
const ROW_PX = 22;

interface Input {
  readonly lifts: TagLifts;
  /** Conversion of all subscribers counted; null where there is none. */
  readonly conversion: number | null;
  /** Tags that the page is filtered to. */
  readonly chosen?: readonly string[];
}

type Held = TagLift & {
  readonly conversion: number;
  readonly interval: ShareInterval;
  readonly shrunkConversion: number;
};

/**
 * Draw the conversion of the holders of each tag with its 95 % interval, most held on top, the conversion drawn to the mean
 * of all tags as an open mark, and the conversion of all as a line. A point's `customdata` begins with `tag` and the tag.
 */
export function tagLiftFigure({ lifts, conversion, chosen = [] }: Input, theme: ChartTheme): FigureSpec {
  const title = tagLiftSentence(lifts, conversion);
  const table = liftTable(lifts);
  const held = lifts.tags.filter((row): row is Held => row.conversion !== null).slice(0, N_DRAWN);
  if (held.length === 0) return { title, data: [], layout: emptyLayout(theme, 'No tag is held.'), table };
  const names = held.map(({ tag }) => plotText(tag.replace(/^tag_/, '')));
  return {
    title,
    data: [
      {
        type: 'scatter',
        mode: 'markers',
        name: 'Conversion of holders, 95 %',
        x: held.map((row) => row.conversion),
        y: names,
        error_x: {
          type: 'data',
          symmetric: false,
          array: held.map((row) => row.interval.high - row.conversion),
          arrayminus: held.map((row) => row.conversion - row.interval.low),
          color: theme.muted,
          thickness: 1.5,
          width: 4,
        },
        marker: {
          color: theme.series[0],
          size: 8,
          line: { color: theme.text, width: held.map(({ tag }) => (chosen.includes(tag) ? 2 : 0)) },
        },
        customdata: held.map((row) => [
          'tag',
          row.tag,
          countText(row.buyers),
          countText(row.holders),
          percentText(row.conversion),
          percentText(row.interval.low),
          percentText(row.interval.high),
          row.lift === null ? '–' : row.lift.toFixed(2),
        ]),
        hovertemplate:
          '%{y}: %{customdata[2]} of %{customdata[3]} holders bought<br>%{customdata[4]} (95 %: %{customdata[5]} to %{customdata[6]}), lift %{customdata[7]}<extra></extra>',
      },
      {
        type: 'scatter',
        mode: 'markers',
        name: 'Drawn to the mean of tags',
        x: held.map((row) => row.shrunkConversion),
        y: names,
        marker: { color: theme.series[1], size: 8, symbol: 'circle-open', line: { width: 2 } },
        customdata: held.map((row) => ['tag', row.tag, percentText(row.shrunkConversion)]),
        hovertemplate: '%{y}: %{customdata[2]} drawn to the mean<extra></extra>',
      },
    ],
    layout: themedLayout(theme, {
      showlegend: true,
      margin: fixedMargin({ left: 168, right: 24, bottom: 52 }),
      xaxis: themedAxis(theme, 'Conversion (share of holders who bought)', {
        ...FIXED_ROOM,
        rangemode: 'tozero',
        tickformat: PERCENT_TICKS,
      }),
      yaxis: themedAxis(theme, '', {
        ...FIXED_ROOM,
        type: 'category',
        autorange: 'reversed',
        dtick: 1,
        showgrid: false,
      }),
      ...(conversion === null ? {} : averageLine(conversion, theme)),
    }),
    heightPx: 110 + ROW_PX * held.length,
    table,
  };
}

function averageLine(conversion: number, theme: ChartTheme) {
  return {
    shapes: [
      {
        type: 'line' as const,
        xref: 'x' as const,
        x0: conversion,
        x1: conversion,
        yref: 'paper' as const,
        y0: 0,
        y1: 1,
        line: { color: theme.muted, width: 1, dash: 'dash' as const },
      },
    ],
    annotations: [
      {
        text: `all: ${percentText(conversion)}`,
        showarrow: false,
        x: conversion,
        xanchor: 'left' as const,
        xshift: 4,
        yref: 'paper' as const,
        y: 0,
        yanchor: 'bottom' as const,
        font: { color: theme.muted, size: 12 },
      },
    ],
  };
}

function liftTable({ tags }: TagLifts): FigureTable {
  return {
    picks: tags.map(({ tag }) => [{ dimension: 'tag', level: tag }]),
    columns: [
      textColumn('tag', 'Tag'),
      numberColumn('holders', 'Holders', 'count'),
      numberColumn('buyers', 'Sales', 'count'),
      numberColumn('conversion', 'Conversion', 'share'),
      numberColumn('conversion_low', '95 % from', 'share'),
      numberColumn('conversion_high', '95 % to', 'share'),
      numberColumn('shrunk', 'Drawn to the mean', 'share'),
      numberColumn('lift', 'Lift', 'ratio'),
      numberColumn('ratio', 'Times the others', 'ratio'),
      numberColumn('ratio_low', 'Times, 95 % from', 'ratio'),
      numberColumn('ratio_high', 'Times, 95 % to', 'ratio'),
    ],
    rows: tags.map((row) => ({
      tag: row.tag,
      holders: row.holders,
      buyers: row.buyers,
      conversion: row.conversion,
      conversion_low: row.interval?.low ?? null,
      conversion_high: row.interval?.high ?? null,
      shrunk: row.shrunkConversion,
      lift: row.lift,
      ratio: row.ratio?.value ?? null,
      ratio_low: row.ratio?.low ?? null,
      ratio_high: row.ratio?.high ?? null,
    })),
  };
}
