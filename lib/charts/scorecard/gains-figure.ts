import type { EvaluationReport } from '@/lib/evaluation/evaluation-report';
import { countText, percentText } from '@/lib/explore/summary/plain-numbers';
import {
  emptyLayout,
  levelLine,
  PERCENT_TICKS,
  themedAxis,
  themedLayout,
  WHOLE_SHARE_AXIS,
} from '../base-layout';
import type { ChartTheme } from '../chart-theme';
import { type FigureSpec, type FigureTable, numberColumn } from '../figure-spec';

type Gains = Pick<EvaluationReport, 'gains' | 'n_test' | 'n_test_buyers'>;

/** Draw which share of the buyers is found by calling the best-ranked share of the test rows, beside calling at random. */
export function gainsFigure({ gains, n_test }: Gains, theme: ChartTheme): FigureSpec {
  const table = gainsTable(gains);
  const fifth = nearest(gains, 0.2);
  if (fifth === null) {
    const title = 'There are no gains: the test rows lack buyers.';
    return { title, data: [], layout: emptyLayout(theme, 'Needs buyers.'), table };
  }
  return {
    title: `Calling the best ${percentText(fifth.share_called, 0)} of ${countText(n_test)} test rows finds ${percentText(fifth.share_found, 0)} of the buyers; at random it would find ${percentText(fifth.share_called, 0)}.`,
    data: [
      {
        type: 'scatter',
        mode: 'lines+markers',
        name: 'Model',
        x: [0, ...gains.map((point) => point.share_called)],
        y: [0, ...gains.map((point) => point.share_found)],
        line: { color: theme.series[0], width: 2 },
        marker: { size: 6 },
        customdata: [[0, 0], ...gains.map((point) => [point.n_called, Math.round(point.n_buyers)])],
        hovertemplate:
          '%{customdata[0]:,d} called, %{customdata[1]:,d} buyers: %{y:.1%} found<extra></extra>',
      },
      {
        type: 'scatter',
        mode: 'lines',
        name: 'At random',
        x: [0, 1],
        y: [0, 1],
        line: { color: theme.rest, width: 1, dash: 'dash' },
        hoverinfo: 'skip',
      },
    ],
    layout: themedLayout(theme, {
      showlegend: true,
      xaxis: themedAxis(theme, 'Share called, best first', WHOLE_SHARE_AXIS),
      yaxis: themedAxis(theme, 'Share of buyers found', WHOLE_SHARE_AXIS),
    }),
    table,
  };
}

/** Draw lift: how many times as many buyers the best-ranked share holds as a share taken at random. */
export function liftFigure({ gains, n_test, n_test_buyers }: Gains, theme: ChartTheme): FigureSpec {
  const table = gainsTable(gains);
  const tenth = nearest(gains, 0.1);
  if (tenth === null) {
    const title = 'There is no lift: the test rows lack buyers.';
    return { title, data: [], layout: emptyLayout(theme, 'Needs buyers.'), table };
  }
  const base = percentText(n_test_buyers / n_test, 2);
  return {
    title: `The best ${percentText(tenth.share_called, 0)} of the test rows hold ${tenth.lift.toFixed(1)} times as many buyers as as many taken at random, of whom ${base} buy.`,
    data: [
      {
        type: 'scatter',
        mode: 'lines+markers',
        name: 'Lift',
        x: gains.map((point) => point.share_called),
        y: gains.map((point) => point.lift),
        line: { color: theme.series[0], width: 2 },
        marker: { size: 6 },
        hovertemplate: 'best %{x:.1%}: lift %{y:.2f}<extra></extra>',
      },
    ],
    layout: themedLayout(theme, {
      xaxis: themedAxis(theme, 'Share called, best first (logarithmic)', {
        type: 'log',
        tickvals: [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1],
        tickformat: PERCENT_TICKS,
      }),
      yaxis: themedAxis(theme, 'Lift (times the buyers of chance)', { rangemode: 'tozero' }),
      ...levelLine(theme, { y: 1, yref: 'y', label: 'chance', labelAt: 'left' }),
    }),
    table,
  };
}

function nearest(gains: Gains['gains'], share: number): Gains['gains'][number] | null {
  const ranked = gains.toSorted(
    (a, b) => Math.abs(a.share_called - share) - Math.abs(b.share_called - share),
  );
  return ranked[0] ?? null;
}

function gainsTable(gains: Gains['gains']): FigureTable {
  return {
    columns: [
      numberColumn('share_called', 'Called', 'share'),
      numberColumn('n_called', 'Rows', 'count'),
      numberColumn('n_buyers', 'Buyers', 'count'),
      numberColumn('share_found', 'Found', 'share'),
      numberColumn('lift', 'Lift', 'ratio'),
    ],
    rows: gains.map((point) => ({ ...point })),
  };
}
