import type { EvaluationReport } from '@/lib/evaluation/evaluation-report';
import { countText, percentText } from '@/lib/explore/summary/plain-numbers';
import { emptyLayout, PERCENT_TICKS, themedAxis, themedLayout } from './base-layout';
import type { ChartTheme } from './chart-theme';
import { type FigureSpec, type FigureTable, numberColumn, textColumn } from './figure-spec';
import { plotText } from './plot-text';

/** Features drawn; the table has all. */
const N_DRAWN = 15;

/** Draw the features that brought the most gain, largest on top. The table lists every feature. */
export function importancesFigure(
  importances: EvaluationReport['importances'],
  theme: ChartTheme,
): FigureSpec {
  const table = importancesTable(importances);
  const used = importances.filter((row) => row.gain_share > 0);
  const [first] = used;
  if (first === undefined) {
    const title = 'The model never split: no feature brought any gain.';
    return { title, data: [], layout: emptyLayout(theme, 'No gain.'), table };
  }
  const drawn = used.slice(0, N_DRAWN);
  const share = drawn.reduce((sum, row) => sum + row.gain_share, 0);
  const together = `the first ${drawn.length} of ${countText(importances.length)} features bring ${percentText(share, 0)}`;
  return {
    title: `${first.feature} brings ${percentText(first.gain_share, 0)} of the gain; ${together}.`,
    data: [
      {
        type: 'bar',
        orientation: 'h',
        y: drawn.map((row) => plotText(row.feature)),
        x: drawn.map((row) => row.gain_share),
        marker: { color: theme.series[0] },
        customdata: drawn.map((row) => [percentText(row.gain_share), countText(row.n_splits)]),
        hovertemplate: '%{y}: %{customdata[0]} of the gain, %{customdata[1]} splits<extra></extra>',
      },
    ],
    layout: themedLayout(theme, {
      xaxis: themedAxis(theme, 'Share of total gain', { rangemode: 'tozero', tickformat: PERCENT_TICKS }),
      yaxis: themedAxis(theme, '', { type: 'category', autorange: 'reversed', showgrid: false }),
    }),
    table,
  };
}

function importancesTable(importances: EvaluationReport['importances']): FigureTable {
  return {
    columns: [
      textColumn('feature', 'Feature'),
      numberColumn('gain_share', 'Share of gain', 'share'),
      numberColumn('n_splits', 'Splits', 'count'),
    ],
    rows: importances.map(({ feature, gain_share, n_splits }) => ({ feature, gain_share, n_splits })),
  };
}
