import type { Data } from 'plotly.js';
import type { ChosenStrategy } from '@/lib/scoring/strategy/chosen-strategy';
import { strategySentence, usdText } from '@/lib/scoring/strategy/strategy-sentences';
import type { ThresholdValue } from '@/lib/scoring/strategy/threshold-value';
import { emptyLayout, FIXED_ROOM, fixedMargin, PERCENT_TICKS, themedAxis, themedLayout } from './base-layout';
import type { ChartTheme } from './chart-theme';
import { mixedColour } from './colour-contrast';
import { type FigureSpec, type FigureTable, numberColumn } from './figure-spec';

/**
 * Draw what every cut-off is worth a month, by the share of leads written to: expected value, sales kept and savings on the rows
 * that choose; the best cut-off as chosen, and as judged on the test rows with its interval. Shares that break the safeguard are shaded.
 */
export function strategyFigure(strategy: ChosenStrategy, theme: ChartTheme): FigureSpec {
  const { curve, best } = strategy;
  const title = strategySentence(strategy);
  const table = curveTable(curve);
  if (best === null) {
    return { title, data: [], layout: emptyLayout(theme, 'No buyer among the held-out rows.'), table };
  }
  return {
    title,
    data: [
      line(curve, { name: 'Expected value', of: 'expectedValueUsd', color: theme.series[0] }),
      line(curve, { name: 'Monthly sales kept', of: 'monthlySalesUsd', color: theme.series[2] }),
      line(curve, { name: 'Savings', of: 'savingsUsd', color: theme.rest }),
      ...bestMarks(strategy, theme),
    ],
    layout: themedLayout(theme, {
      showlegend: true,
      margin: fixedMargin({ left: 84, right: 20, bottom: 52 }),
      xaxis: themedAxis(theme, 'Share of leads written to, hottest first', {
        ...FIXED_ROOM,
        range: [-0.01, 1.01],
        tickformat: PERCENT_TICKS,
      }),
      yaxis: themedAxis(theme, 'US dollars a month', { ...FIXED_ROOM, tickformat: '$,.0f' }),
      shapes: [brokenSafeguard(strategy, theme)],
    }),
    heightPx: 380,
    table,
  };
}

function shareOf({ nHot, nCold }: ThresholdValue): number {
  return nHot / (nHot + nCold);
}

function line(
  curve: readonly ThresholdValue[],
  how: {
    readonly name: string;
    readonly of: 'expectedValueUsd' | 'monthlySalesUsd' | 'savingsUsd';
    readonly color: string;
  },
): Data {
  return {
    type: 'scatter',
    mode: 'lines',
    name: how.name,
    x: curve.map(shareOf),
    y: curve.map((value) => value[how.of]),
    line: { color: how.color, width: how.of === 'expectedValueUsd' ? 2.5 : 1.5 },
    customdata: curve.map((value) => [
      usdText(value[how.of]),
      Number.isFinite(value.threshold) ? value.threshold.toFixed(4) : 'above all',
    ]),
    hovertemplate: `${how.name} %{customdata[0]}<br>%{x:.1%} written to, cut-off %{customdata[1]}<extra></extra>`,
  };
}

function bestMarks({ best, judged }: ChosenStrategy, theme: ChartTheme): Data[] {
  if (best === null) return [];
  const chosen: Data = {
    type: 'scatter',
    mode: 'markers',
    name: 'Best, as chosen',
    x: [shareOf(best)],
    y: [best.expectedValueUsd],
    marker: { color: theme.series[0], size: 11, symbol: 'circle-open', line: { width: 3 } },
    customdata: [[usdText(best.expectedValueUsd)]],
    hovertemplate: 'On the rows that choose: %{customdata[0]}<extra></extra>',
  };
  if (judged === null) return [chosen];
  const { value, intervals } = judged;
  const { low, high } = intervals.expectedValueUsd;
  return [
    chosen,
    {
      type: 'scatter',
      mode: 'markers',
      name: 'On the test rows, 95 %',
      x: [shareOf(value)],
      y: [value.expectedValueUsd],
      marker: { color: theme.series[1], size: 9 },
      error_y: {
        type: 'data',
        symmetric: false,
        array: [high - value.expectedValueUsd],
        arrayminus: [value.expectedValueUsd - low],
        color: theme.series[1],
        thickness: 2,
      },
      customdata: [[usdText(value.expectedValueUsd), usdText(low), usdText(high)]],
      hovertemplate:
        'On the test rows: %{customdata[0]}<br>95 %: %{customdata[1]} to %{customdata[2]}<extra></extra>',
    },
  ];
}

/** Shares of leads at which too few sales are kept. */
function brokenSafeguard({ curve, plan }: ChosenStrategy, theme: ChartTheme) {
  const first = curve.find(({ gain }) => gain >= plan.leastSalesShare);
  return {
    type: 'rect' as const,
    layer: 'below' as const,
    xref: 'x' as const,
    yref: 'paper' as const,
    x0: 0,
    x1: first === undefined ? 1 : shareOf(first),
    y0: 0,
    y1: 1,
    line: { width: 0 },
    fillcolor: mixedColour(theme.surface, theme.rest, 0.12),
  };
}

function curveTable(curve: readonly ThresholdValue[]): FigureTable {
  return {
    columns: [
      numberColumn('cutoff', 'Cut-off', 'score'),
      numberColumn('hot', 'Hot leads', 'count'),
      numberColumn('cold', 'Cold leads', 'count'),
      numberColumn('hot_share', 'Written to', 'share'),
      numberColumn('kept', 'Sales kept', 'share'),
      numberColumn('monthly_sales_usd', 'Monthly sales, $', 'count'),
      numberColumn('savings_usd', 'Savings, $', 'count'),
      numberColumn('expected_value_usd', 'Expected value, $', 'count'),
    ],
    rows: curve.map((value) => ({
      cutoff: Number.isFinite(value.threshold) ? value.threshold : null,
      hot: value.nHot,
      cold: value.nCold,
      hot_share: shareOf(value),
      kept: value.gain,
      monthly_sales_usd: Math.round(value.monthlySalesUsd),
      savings_usd: Math.round(value.savingsUsd),
      expected_value_usd: Math.round(value.expectedValueUsd),
    })),
  };
}
