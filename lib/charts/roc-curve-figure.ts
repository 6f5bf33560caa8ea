import type { EvaluationReport } from '@/lib/evaluation/evaluation-report';
import { countText } from '@/lib/explore/summary/plain-numbers';
import { emptyLayout, themedAxis, themedLayout, WHOLE_SHARE_AXIS } from './base-layout';
import type { ChartTheme } from './chart-theme';
import { curveTable, curveTrace, thresholdPoint } from './curve-trace';
import type { FigureSpec } from './figure-spec';

/** Draw the ROC curve of the test rows, the diagonal of a guess, and the chosen threshold. */
export function rocCurveFigure(report: EvaluationReport, theme: ChartTheme): FigureSpec {
  const curve = report.roc_curve;
  const table = curveTable(
    curve,
    { key: 'false_positive_rate', label: 'False positive rate' },
    { key: 'true_positive_rate', label: 'True positive rate' },
  );
  if (curve.x.length === 0) {
    const title = 'There is no ROC curve: the test rows lack buyers or non-buyers.';
    return { title, data: [], layout: emptyLayout(theme, 'Needs buyers and non-buyers.'), table };
  }
  const { confusion } = report;
  const nNonBuyers = confusion.false_positive + confusion.true_negative;
  const title = `A buyer scores higher than a non-buyer in ${(report.roc_auc * 100).toFixed(1)} of 100 pairs: ROC AUC ${report.roc_auc.toFixed(4)} on ${countText(report.n_test)} test rows.`;
  return {
    title,
    data: [
      curveTrace(curve, { name: 'Model', xLabel: 'of non-buyers', yLabel: 'of buyers', theme }),
      {
        type: 'scatter',
        mode: 'lines',
        name: 'Guess',
        x: [0, 1],
        y: [0, 1],
        line: { color: theme.rest, width: 1, dash: 'dash' },
        hoverinfo: 'skip',
      },
      thresholdPoint(
        { x: confusion.false_positive / nNonBuyers, y: confusion.recall, threshold: report.threshold },
        theme,
      ),
    ],
    layout: themedLayout(theme, {
      showlegend: true,
      xaxis: themedAxis(theme, 'False positive rate (share of non-buyers called)', WHOLE_SHARE_AXIS),
      yaxis: themedAxis(theme, 'True positive rate (share of buyers found)', WHOLE_SHARE_AXIS),
    }),
    table,
  };
}
