import { levelsKept, type ParetoRow } from '@/lib/explore/country-pareto';
import { countText, percentText } from '@/lib/explore/plain-numbers';
import { countrySentence } from '@/lib/explore/summary-sentences';
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

/** Countries in view at first; the rest is to the right, and in the table. */
const N_IN_VIEW = 30;

interface KnownRow extends ParetoRow {
  readonly code: string;
  readonly cumulativeSalesShare: number;
}

/**
 * Draw the country Pareto: a bar of sales a country, kept ones in the accent colour, and the cumulative share on the
 * right axis with the wanted share as a line. Subscribers without a country are in the title and the table only.
 *
 * @param input.rows as `countryPareto` returns them
 * @param input.paretoShare share of the sales that the kept countries must hold
 */
export function countryParetoFigure(
  input: { readonly rows: readonly ParetoRow[]; readonly paretoShare: number },
  theme: ChartTheme,
): FigureSpec {
  const { rows, paretoShare } = input;
  const kept = levelsKept(rows, paretoShare);
  const title = countrySentence(rows, { kept, paretoShare });
  const table = paretoTable(rows, new Set(kept));
  const known = rows.filter((row): row is KnownRow => row.code !== null && row.cumulativeSalesShare !== null);
  if (known.length === 0) {
    return { title, data: [], layout: emptyLayout(theme, 'No sales of known country.'), table };
  }
  return {
    title,
    data: [
      bars(known.slice(0, kept.length), { name: 'Kept', color: theme.series[0] }),
      bars(known.slice(kept.length), { name: 'Other', color: theme.rest }),
      cumulativeLine(known, theme),
    ],
    layout: themedLayout(theme, {
      showlegend: true,
      barmode: 'overlay',
      hovermode: 'x unified',
      margin: fixedMargin({ left: 76, right: 68, bottom: 56 }),
      xaxis: themedAxis(theme, 'Country, by sales', {
        ...FIXED_ROOM,
        type: 'category',
        range: [-0.5, Math.min(known.length, N_IN_VIEW) - 0.5],
        showgrid: false,
      }),
      yaxis: themedAxis(theme, 'Sales (subscribers who bought)', {
        ...FIXED_ROOM,
        rangemode: 'tozero',
        tickformat: ',d',
      }),
      yaxis2: themedAxis(theme, 'Cumulative share of sales', {
        ...FIXED_ROOM,
        overlaying: 'y',
        side: 'right',
        range: [0, 1.04],
        tickformat: PERCENT_TICKS,
        showgrid: false,
      }),
      ...levelLine(theme, {
        y: paretoShare,
        yref: 'y2',
        label: percentText(paretoShare, 0),
        labelAt: 'right',
      }),
    }),
    table,
  };
}

function bars(rows: readonly KnownRow[], style: { readonly name: string; readonly color: string }) {
  return {
    type: 'bar' as const,
    name: style.name,
    x: rows.map((row) => plotText(row.code)),
    y: rows.map((row) => row.buyers),
    marker: { color: style.color },
    customdata: rows.map((row) => [
      countText(row.buyers),
      countText(row.n),
      percentText(row.conversion),
      percentText(row.interval.low),
      percentText(row.interval.high),
    ]),
    hovertemplate:
      '%{customdata[0]} of %{customdata[1]} bought: %{customdata[2]} (95 %: %{customdata[3]} to %{customdata[4]})<extra></extra>',
  };
}

function cumulativeLine(rows: readonly KnownRow[], theme: ChartTheme) {
  return {
    type: 'scatter' as const,
    mode: 'lines+markers' as const,
    name: 'Cumulative share',
    yaxis: 'y2',
    x: rows.map((row) => plotText(row.code)),
    y: rows.map((row) => row.cumulativeSalesShare),
    line: { color: theme.series[1], width: 2 },
    marker: { color: theme.series[1], size: 5 },
    customdata: rows.map((row) => percentText(row.cumulativeSalesShare)),
    hovertemplate: '%{customdata} of sales up to here<extra></extra>',
  };
}

function paretoTable(rows: readonly ParetoRow[], kept: ReadonlySet<string>): FigureTable {
  return {
    columns: [
      textColumn('country_code', 'Country'),
      numberColumn('n', 'Subscribers', 'count'),
      numberColumn('buyers', 'Sales', 'count'),
      numberColumn('conversion', 'Conversion', 'share'),
      numberColumn('conversion_low', '95 % from', 'share'),
      numberColumn('conversion_high', '95 % to', 'share'),
      numberColumn('sales_share', 'Share of sales', 'share'),
      numberColumn('cumulative_sales_share', 'Cumulative', 'share'),
      textColumn('kept', 'Level'),
    ],
    rows: rows.map((row) => ({
      country_code: row.code ?? 'missing',
      n: row.n,
      buyers: row.buyers,
      conversion: row.conversion,
      conversion_low: row.interval.low,
      conversion_high: row.interval.high,
      sales_share: row.salesShare,
      cumulative_sales_share: row.cumulativeSalesShare,
      kept: row.code === null ? 'missing' : kept.has(row.code) ? 'kept' : 'other',
    })),
  };
}
