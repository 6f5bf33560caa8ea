import { powerLawAt } from '@/lib/evaluation/learning-curve/power-law';
import { sizeCurveSentence } from '@/lib/evaluation/learning-curve/sentence';
import type { SizeCurve, SizePoint } from '@/lib/evaluation/learning-curve/size-curve';
import { countText } from '@/lib/explore/summary/plain-numbers';
import { FIXED_ROOM, fixedMargin, themedAxis, themedLayout } from './base-layout';
import type { ChartTheme } from './chart-theme';
import { type FigureSpec, type FigureTable, numberColumn } from './figure-spec';

const N_DRAWN = 60;
/** The curve is drawn beyond the rows there are, up to this many times as many. */
const AHEAD = 2;

/**
 * Draw ROC AUC on the validation rows by the number of training rows: a point a sample, the fitted curve, and the curve
 * ahead, for up to twice the rows, dotted.
 *
 * @param listBuyers buyers of the whole list, for the sentence
 */
export function learningCurveOfSizeFigure(
  { curve, listBuyers }: { readonly curve: SizeCurve; readonly listBuyers: number },
  theme: ChartTheme,
): FigureSpec {
  const { points, fit } = curve;
  const samples = points.flatMap((point) => point.values.map((value) => ({ ...point, value })));
  const smallest = points[0]?.n ?? 1;
  const largest = points.at(-1)?.n ?? 1;
  const line = (from: number, to: number) => {
    const x = Array.from({ length: N_DRAWN }, (_, i) => from * (to / from) ** (i / (N_DRAWN - 1)));
    return {
      x,
      y: x.map((n) => powerLawAt(fit, n)),
      type: 'scatter',
      mode: 'lines',
      hoverinfo: 'skip',
    } as const;
  };
  return {
    title: sizeCurveSentence(curve, listBuyers),
    data: [
      { ...line(smallest, largest), name: 'Fitted curve', line: { color: theme.series[0]!, width: 2 } },
      {
        ...line(largest, AHEAD * largest),
        name: 'Ahead',
        line: { color: theme.series[0]!, width: 2, dash: 'dot' },
      },
      {
        type: 'scatter',
        mode: 'markers',
        name: 'A sample',
        x: samples.map(({ n }) => n),
        y: samples.map(({ value }) => value),
        marker: { color: theme.series[1]!, size: 7 },
        customdata: samples.map(({ n, nBuyers, value }) => [
          countText(n),
          countText(nBuyers),
          value.toFixed(4),
        ]),
        hovertemplate:
          '%{customdata[0]} rows, %{customdata[1]} buyers<br>ROC AUC %{customdata[2]}<extra></extra>',
      },
    ],
    layout: themedLayout(theme, {
      showlegend: true,
      margin: fixedMargin({ left: 64, right: 20, bottom: 52 }),
      xaxis: themedAxis(theme, 'Training rows (logarithmic)', {
        ...FIXED_ROOM,
        type: 'log',
        tickvals: points.filter((_, i) => i % 2 === 1).map(({ n }) => n),
        ticktext: points.filter((_, i) => i % 2 === 1).map(({ n }) => countText(n)),
      }),
      yaxis: themedAxis(theme, 'ROC AUC on the validation rows', { ...FIXED_ROOM, tickformat: '.3~f' }),
    }),
    heightPx: 360,
    table: curveTable(points, curve),
  };
}

function curveTable(points: readonly SizePoint[], { fit }: SizeCurve): FigureTable {
  return {
    columns: [
      numberColumn('rows', 'Training rows', 'count'),
      numberColumn('buyers', 'Buyers', 'count'),
      numberColumn('samples', 'Samples', 'count'),
      numberColumn('mean', 'ROC AUC, mean', 'score'),
      numberColumn('lowest', 'Lowest', 'score'),
      numberColumn('highest', 'Highest', 'score'),
      numberColumn('fitted', 'Fitted curve', 'score'),
    ],
    rows: points.map(({ n, nBuyers, values }) => ({
      rows: n,
      buyers: nBuyers,
      samples: values.length,
      mean: values.reduce((sum, value) => sum + value, 0) / values.length,
      lowest: Math.min(...values),
      highest: Math.max(...values),
      fitted: powerLawAt(fit, n),
    })),
  };
}
