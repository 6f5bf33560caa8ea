import type { ThresholdMetrics } from '@/lib/evaluation/evaluation-report';
import { countText, nounText, percentText } from '@/lib/explore/summary/plain-numbers';
import { emptyLayout, themedAxis, themedLayout } from './base-layout';
import type { ChartTheme } from './chart-theme';
import { contrastRatio, mixedColour } from './colour-contrast';
import { type FigureSpec, type FigureTable, numberColumn, textColumn } from './figure-spec';

const CALLED = 'Called a buyer';
const NOT_CALLED = 'Not called';

/** Draw the confusion matrix at a threshold: counts in the cells, colour by the share of the row they make up. */
export function confusionMatrixFigure(metrics: ThresholdMetrics, theme: ChartTheme): FigureSpec {
  const actual = [
    { name: 'Bought', called: metrics.true_positive, notCalled: metrics.false_negative },
    { name: 'Did not buy', called: metrics.false_positive, notCalled: metrics.true_negative },
  ];
  const rows = actual.map((row) => ({ ...row, n: row.called + row.notCalled }));
  const table = confusionTable(rows);
  const nTest = rows.reduce((sum, row) => sum + row.n, 0);
  if (nTest === 0) {
    const title = 'There is nothing to confuse: no test rows.';
    return { title, data: [], layout: emptyLayout(theme, 'No test rows.'), table };
  }
  const shareOf = (count: number, n: number) => (n === 0 ? 0 : count / n);
  return {
    title: confusionTitle(metrics),
    data: [
      {
        type: 'heatmap',
        x: [CALLED, NOT_CALLED],
        y: rows.map((row) => row.name),
        z: rows.map((row) => [shareOf(row.called, row.n), shareOf(row.notCalled, row.n)]),
        zmin: 0,
        zmax: 1,
        colorscale: [
          [0, theme.surface],
          [1, theme.series[0]],
        ],
        showscale: false,
        xgap: 2,
        ygap: 2,
        hovertemplate: '%{y}, %{x}: %{z:.1%} of the row<extra></extra>',
      },
    ],
    layout: themedLayout(theme, {
      xaxis: themedAxis(theme, `Predicted, at a score of ${metrics.threshold.toFixed(3)} and above`, {
        type: 'category',
        showgrid: false,
      }),
      yaxis: themedAxis(theme, 'Actual', { type: 'category', autorange: 'reversed', showgrid: false }),
      annotations: rows.flatMap((row) => [
        cellLabel({ x: CALLED, y: row.name, count: row.called, share: shareOf(row.called, row.n) }, theme),
        cellLabel(
          { x: NOT_CALLED, y: row.name, count: row.notCalled, share: shareOf(row.notCalled, row.n) },
          theme,
        ),
      ]),
    }),
    table,
  };
}

/** Count and share in a cell, in whichever of the theme's two ends reads better on the cell's colour. */
function cellLabel(
  cell: { readonly x: string; readonly y: string; readonly count: number; readonly share: number },
  theme: ChartTheme,
) {
  const behind = mixedColour(theme.surface, theme.series[0], cell.share);
  const isTextLegible = contrastRatio(theme.text, behind) >= contrastRatio(theme.surface, behind);
  return {
    x: cell.x,
    y: cell.y,
    text: `${countText(cell.count)}<br>${percentText(cell.share)}`,
    showarrow: false,
    font: { size: 14, color: isTextLegible ? theme.text : theme.surface },
  };
}

function confusionTitle(metrics: ThresholdMetrics): string {
  const nBuyers = metrics.true_positive + metrics.false_negative;
  const found = `${countText(metrics.true_positive)} of ${nounText(nBuyers, 'buyer', 'buyers')}`;
  const calls = nounText(metrics.false_positive, 'call', 'calls');
  return `At a threshold of ${metrics.threshold.toFixed(3)} the model finds ${found}, with ${calls} to people who did not buy.`;
}

function confusionTable(
  rows: readonly { name: string; called: number; notCalled: number; n: number }[],
): FigureTable {
  return {
    columns: [
      textColumn('actual', 'Actual'),
      numberColumn('called', CALLED, 'count'),
      numberColumn('not_called', NOT_CALLED, 'count'),
      numberColumn('n', 'All', 'count'),
    ],
    rows: rows.map(({ name, called, notCalled, n }) => ({ actual: name, called, not_called: notCalled, n })),
  };
}
