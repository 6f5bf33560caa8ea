import type { EvaluationReport } from '@/lib/evaluation/evaluation-report';
import type { ChartTheme } from './chart-theme';
import { type FigureTable, numberColumn } from './figure-spec';

type Curve = EvaluationReport['roc_curve'];

/** The line of a curve, each point with the threshold that reaches it. */
export function curveTrace(
  curve: Curve,
  options: {
    readonly name: string;
    readonly xLabel: string;
    readonly yLabel: string;
    readonly theme: ChartTheme;
  },
) {
  const { name, xLabel, yLabel, theme } = options;
  return {
    type: 'scatter' as const,
    mode: 'lines' as const,
    name,
    x: [...curve.x],
    y: [...curve.y],
    line: { color: theme.series[0], width: 2 },
    customdata: curve.threshold.map((threshold) => threshold.toFixed(4)),
    hovertemplate: `${yLabel} %{y:.1%}, ${xLabel} %{x:.1%}<br>score from %{customdata}<extra></extra>`,
  };
}

/** The point of the chosen threshold. */
export function thresholdPoint(
  point: { readonly x: number; readonly y: number; readonly threshold: number },
  theme: ChartTheme,
) {
  const label = `Threshold ${point.threshold.toFixed(3)}`;
  return {
    type: 'scatter' as const,
    mode: 'markers' as const,
    name: label,
    x: [point.x],
    y: [point.y],
    marker: { color: theme.series[1], size: 11, symbol: 'diamond' },
    hovertemplate: `${label}: %{y:.1%} at %{x:.1%}<extra></extra>`,
  };
}

/** A curve's points, in its order. */
export function curveTable(
  curve: Curve,
  x: { readonly key: string; readonly label: string },
  y: { readonly key: string; readonly label: string },
): FigureTable {
  return {
    columns: [
      numberColumn('threshold', 'Score from', 'score'),
      numberColumn(x.key, x.label, 'share'),
      numberColumn(y.key, y.label, 'share'),
    ],
    rows: curve.threshold.map((threshold, i) => ({
      threshold,
      [x.key]: curve.x[i] ?? null,
      [y.key]: curve.y[i] ?? null,
    })),
  };
}
