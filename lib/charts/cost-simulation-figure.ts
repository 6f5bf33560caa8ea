import { percentText } from '@/lib/explore/summary/plain-numbers';
import { costSimulation, type Economics, totalCostUsd } from '@/lib/scoring/strategy/economics';
import { usdText } from '@/lib/scoring/strategy/strategy-sentences';
import { FIXED_ROOM, fixedMargin, themedAxis, themedLayout } from './base-layout';
import type { ChartTheme } from './chart-theme';
import { mixedColour } from './colour-contrast';
import { type FigureSpec, type FigureTable, numberColumn } from './figure-spec';

/** Steps of a simulation about the assumption, in points: half of it and twice, so to say. */
const GROWTH_STEPS = [-0.02, -0.015, -0.01, -0.005, 0, 0.005, 0.01];
const CONVERSION_STEPS = [-0.02, -0.01, 0, 0.01, 0.02];

/** Growth and conversion that are simulated: those that are assumed, in the middle of others. */
export function simulationGrid({ growthPerMonth, conversion }: Economics) {
  const around = (value: number, steps: readonly number[], least: number, most: number) => [
    ...new Set(
      steps
        .map((step) => Number((value + step).toFixed(6)))
        .filter((moved) => moved >= least && moved <= most),
    ),
  ];
  return {
    growthPerMonth: around(growthPerMonth, GROWTH_STEPS, -1, 10),
    conversion: around(conversion, CONVERSION_STEPS, 0, 1),
  };
}

/** Draw what unsubscribing costs over all months, by list growth and conversion, as a heat map with the amounts written in. */
export function costSimulationFigure(economics: Economics, theme: ChartTheme): FigureSpec {
  const grid = simulationGrid(economics);
  const costs = costSimulation(economics, grid);
  const all = costs.flat();
  const [lowest, highest] = [Math.min(...all), Math.max(...all)];
  return {
    title: `Writing to everybody loses ${usdText(totalCostUsd(economics))} in ${economics.nMonths} months by people who unsubscribe; ${usdText(lowest)} to ${usdText(highest)} over the growth and conversion shown.`,
    data: [
      {
        type: 'heatmap',
        x: grid.conversion.map((share) => percentText(share)),
        y: grid.growthPerMonth.map((share) => percentText(share)),
        z: costs.map((row) => [...row]),
        xgap: 1,
        ygap: 1,
        colorscale: [
          [0, mixedColour(theme.surface, theme.series[1], 0.06)],
          [1, mixedColour(theme.surface, theme.series[1], 0.6)],
        ],
        showscale: false,
        text: costs.map((row) => row.map(millionsText)) as unknown as string[],
        texttemplate: '%{text}',
        textfont: { color: theme.text, size: 11 },
        customdata: costs.map((row) => row.map(usdText)) as unknown as string[],
        hovertemplate: 'Growth %{y} a month, conversion %{x}<br>%{customdata}<extra></extra>',
      },
    ],
    layout: themedLayout(theme, {
      margin: fixedMargin({ left: 84, right: 16, bottom: 52 }),
      xaxis: themedAxis(theme, 'Conversion', { ...FIXED_ROOM, type: 'category', showgrid: false }),
      yaxis: themedAxis(theme, 'List growth a month', { ...FIXED_ROOM, type: 'category', showgrid: false }),
    }),
    heightPx: 320,
    table: costTableOf(grid, costs),
  };
}

function millionsText(usd: number): string {
  return Math.abs(usd) >= 1e5 ? `$${(usd / 1e6).toFixed(2)}M` : usdText(usd);
}

function costTableOf(
  grid: ReturnType<typeof simulationGrid>,
  costs: readonly (readonly number[])[],
): FigureTable {
  return {
    columns: [
      numberColumn('growth_per_month', 'Growth a month', 'share'),
      numberColumn('conversion', 'Conversion', 'share'),
      numberColumn('cost_usd', 'Cost, $', 'count'),
    ],
    rows: grid.growthPerMonth.flatMap((growth, i) =>
      grid.conversion.map((conversion, j) => ({
        growth_per_month: growth,
        conversion,
        cost_usd: Math.round(costs[i]?.[j] ?? 0),
      })),
    ),
  };
}
