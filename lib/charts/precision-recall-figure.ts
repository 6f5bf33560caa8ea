import type { EvaluationReport } from '@/lib/evaluation/evaluation-report';
import { countText, percentText } from '@/lib/explore/summary/plain-numbers';
import { emptyLayout, levelLine, themedAxis, themedLayout, WHOLE_SHARE_AXIS } from './base-layout';
import type { ChartTheme } from './chart-theme';
import { curveTable, curveTrace, thresholdPoint } from './curve-trace';
import type { FigureSpec } from './figure-spec';

/** Draw the precision–recall curve of the test rows, the base rate of a guess, and the chosen threshold. */
export function precisionRecallFigure(report: EvaluationReport, theme: ChartTheme): FigureSpec {
  const curve = report.precision_recall_curve;
  const table = curveTable(
    curve,
    { key: 'recall', label: 'Recall' },
    { key: 'precision', label: 'Precision' },
  );
  if (curve.x.length === 0 || report.n_test_buyers === 0) {
    const title = 'There is no precision–recall curve: the test rows lack buyers.';
    return { title, data: [], layout: emptyLayout(theme, 'Needs buyers.'), table };
  }
  const baseRate = report.n_test_buyers / report.n_test;
  const times = (report.average_precision / baseRate).toFixed(1);
  const title = `Average precision ${report.average_precision.toFixed(4)} on ${countText(report.n_test)} test rows, ${times} times the base rate of ${percentText(baseRate, 2)}.`;
  return {
    title,
    data: [
      curveTrace(curve, { name: 'Model', xLabel: 'recall', yLabel: 'precision', theme }),
      thresholdPoint({ x: report.recall, y: report.precision, threshold: report.threshold }, theme),
    ],
    layout: themedLayout(theme, {
      showlegend: true,
      xaxis: themedAxis(theme, 'Recall (share of buyers found)', WHOLE_SHARE_AXIS),
      yaxis: themedAxis(theme, 'Precision (share of called who bought)', WHOLE_SHARE_AXIS),
      ...levelLine(theme, {
        y: baseRate,
        yref: 'y',
        label: `base rate ${percentText(baseRate, 2)}`,
        labelAt: 'left',
      }),
    }),
    table,
  };
}
