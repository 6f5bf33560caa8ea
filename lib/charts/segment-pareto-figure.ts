import type { Dimension } from '@/lib/explore/segments/dimensions';
import {
  type SegmentPareto,
  type SegmentParetoRow,
  segmentsKept,
} from '@/lib/explore/segments/segment-pareto';
import { DIMENSION_WORDS, segmentSentence } from '@/lib/explore/segments/segment-sentences';
import { countText, percentText } from '@/lib/explore/summary/plain-numbers';
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
import { plotText } from './plot-text';

/** Levels in view at first; the rest is to the right, and in the table. */
const N_IN_VIEW = 30;
/** Longer names would take the chart's room; the table has them whole. */
const MOST_CHARACTERS = 16;

interface Input {
  readonly pareto: SegmentPareto;
  readonly dimension: Dimension;
  /** Share of the sales that marks where the bars in the accent colour end. */
  readonly share: number;
  /** Levels that the page is filtered to. */
  readonly chosen?: readonly string[];
}

type Known = SegmentParetoRow & { readonly cumulativeSalesShare: number };

/**
 * Draw the levels of a dimension by sales: a bar each, those that together reach the share in the accent colour, and the
 * cumulative share on the right axis. A bar's `customdata` begins with its dimension and level.
 */
export function segmentParetoFigure(input: Input, theme: ChartTheme): FigureSpec {
  const { pareto, dimension, share, chosen = [] } = input;
  const kept = segmentsKept(pareto, share);
  const title = segmentSentence(pareto, { dimension, kept, share });
  const table = paretoTable(input, new Set(kept));
  const known = pareto.rows.filter((row): row is Known => row.cumulativeSalesShare !== null);
  if (known.length === 0) {
    return { title, data: [], layout: emptyLayout(theme, 'Nobody who bought has such a value.'), table };
  }
  const { singular } = DIMENSION_WORDS[dimension];
  const isTilted = known.some(({ level }) => level.length > 3);
  return {
    title,
    data: [
      bars(known.slice(0, kept.length), {
        name: 'Up to the share',
        color: theme.series[0],
        dimension,
        chosen,
        theme,
      }),
      bars(known.slice(kept.length), { name: 'Other', color: theme.rest, dimension, chosen, theme }),
      cumulativeLine(known, dimension, theme),
    ],
    layout: themedLayout(theme, {
      showlegend: true,
      barmode: 'overlay',
      margin: fixedMargin({ left: 76, right: 68, bottom: isTilted ? 96 : 60 }),
      xaxis: themedAxis(theme, `${singular[0]?.toUpperCase()}${singular.slice(1)}, by sales`, {
        ...FIXED_ROOM,
        type: 'category',
        range: [-0.5, Math.min(known.length, N_IN_VIEW) - 0.5],
        tickmode: 'array',
        tickvals: known.map(({ level }) => plotText(level)),
        ticktext: known.map(({ level }) => plotText(shortened(level))),
        tickangle: isTilted ? -45 : 0,
        showgrid: false,
      }),
      yaxis: themedAxis(theme, 'Sales (subscribers who bought)', {
        ...FIXED_ROOM,
        rangemode: 'tozero',
        tickformat: ',d',
        // Plotly would put ticks between whole numbers.
        ...((known[0]?.buyers ?? 0) < 6 ? { dtick: 1 } : {}),
      }),
      yaxis2: themedAxis(theme, 'Cumulative share of sales', {
        ...FIXED_ROOM,
        overlaying: 'y',
        side: 'right',
        range: [0, 1.04],
        tickformat: PERCENT_TICKS,
        showgrid: false,
      }),
      ...levelLine(theme, { y: share, yref: 'y2', label: percentText(share, 0), labelAt: 'right' }),
    }),
    table,
  };
}

function shortened(level: string): string {
  const bare = level.replace(/^tag_/, '');
  return bare.length > MOST_CHARACTERS ? `${bare.slice(0, MOST_CHARACTERS - 1)}…` : bare;
}

interface BarStyle {
  readonly name: string;
  readonly color: string;
  readonly dimension: Dimension;
  readonly chosen: readonly string[];
  readonly theme: ChartTheme;
}

function bars(rows: readonly SegmentParetoRow[], { name, color, dimension, chosen, theme }: BarStyle) {
  return {
    type: 'bar' as const,
    name,
    x: rows.map(({ level }) => plotText(level)),
    y: rows.map(({ buyers }) => buyers),
    marker: {
      color,
      line: { color: theme.text, width: rows.map(({ level }) => (chosen.includes(level) ? 2 : 0)) },
    },
    customdata: rows.map(({ level, buyers, n, conversion, interval }) => [
      dimension,
      level,
      plotText(level),
      countText(buyers),
      countText(n),
      percentText(conversion),
      percentText(interval.low),
      percentText(interval.high),
    ]),
    hovertemplate:
      '%{customdata[2]}: %{customdata[3]} of %{customdata[4]} bought<br>%{customdata[5]} (95 %: %{customdata[6]} to %{customdata[7]})<extra></extra>',
  };
}

function cumulativeLine(rows: readonly Known[], dimension: Dimension, theme: ChartTheme) {
  return {
    type: 'scatter' as const,
    mode: 'lines+markers' as const,
    name: 'Cumulative share',
    yaxis: 'y2',
    x: rows.map(({ level }) => plotText(level)),
    y: rows.map(({ cumulativeSalesShare }) => cumulativeSalesShare),
    line: { color: theme.series[1], width: 2 },
    marker: { color: theme.series[1], size: 5 },
    customdata: rows.map(({ level, cumulativeSalesShare }) => [
      dimension,
      level,
      percentText(cumulativeSalesShare),
    ]),
    hovertemplate: '%{customdata[2]} of sales up to here<extra></extra>',
  };
}

function paretoTable({ pareto, dimension }: Input, kept: ReadonlySet<string>): FigureTable {
  const { singular } = DIMENSION_WORDS[dimension];
  const missing = pareto.missing === null ? [] : [{ ...pareto.missing, isMissing: true }];
  return {
    picks: [...pareto.rows, ...missing].map(({ level }) => [{ dimension, level }]),
    columns: [
      textColumn('level', `${singular[0]?.toUpperCase()}${singular.slice(1)}`),
      numberColumn('n', 'Subscribers', 'count'),
      numberColumn('buyers', 'Sales', 'count'),
      numberColumn('conversion', 'Conversion', 'share'),
      numberColumn('conversion_low', '95 % from', 'share'),
      numberColumn('conversion_high', '95 % to', 'share'),
      numberColumn('sales_share', 'Share of sales', 'share'),
      numberColumn('cumulative_sales_share', 'Cumulative', 'share'),
      textColumn('part', 'Part'),
    ],
    rows: [
      ...pareto.rows.map((row) => ({
        ...tableCells(row),
        sales_share: row.salesShare,
        cumulative_sales_share: row.cumulativeSalesShare,
        part: kept.has(row.level) ? 'up to the share' : 'other',
      })),
      ...missing.map((row) => ({
        ...tableCells(row),
        sales_share: null,
        cumulative_sales_share: null,
        part: 'missing',
      })),
    ],
  };
}

function tableCells({
  level,
  n,
  buyers,
  conversion,
  interval,
}: SegmentPareto['rows'][number] | NonNullable<SegmentPareto['missing']>) {
  return {
    level,
    n,
    buyers,
    conversion,
    conversion_low: interval.low,
    conversion_high: interval.high,
  };
}
