import type { RankedScores } from '@/lib/evaluation/ranked-scores';
import { type ThresholdOutcome, thresholdOutcome } from '@/lib/evaluation/threshold/threshold-rules';
import { percentText } from '@/lib/explore/summary/plain-numbers';
import { emptyLayout, PERCENT_TICKS, themedAxis, themedLayout } from '../base-layout';
import type { ChartTheme } from '../chart-theme';
import { type FigureSpec, type FigureTable, numberColumn } from '../figure-spec';

const N_POINTS = 80;

/**
 * Draw precision, recall and F1 of the validation rows over the share that is called, and where the threshold lies. The share
 * and not the score is along the bottom, since scores crowd near 0.
 */
export function thresholdFigure(
  { ranked, threshold }: { readonly ranked: RankedScores; readonly threshold: number },
  theme: ChartTheme,
): FigureSpec {
  const outcomes = outcomesDown(ranked);
  const table = outcomeTable(outcomes);
  if (outcomes.length === 0) {
    const title = 'There is no threshold to choose: no validation rows.';
    return { title, data: [], layout: emptyLayout(theme, 'No validation rows.'), table };
  }
  const chosen = thresholdOutcome(ranked, threshold);
  const line = (
    name: string,
    color: string,
    dash: 'solid' | 'dash' | 'dot',
    of: (outcome: ThresholdOutcome) => number,
  ) => ({
    type: 'scatter' as const,
    mode: 'lines' as const,
    name,
    x: outcomes.map(({ share }) => share),
    y: outcomes.map(of),
    line: { color, width: 2, dash },
    customdata: outcomes.map((outcome) => outcome.threshold.toFixed(4)),
    hovertemplate: `${name} %{y:.1%} at %{x:.1%} called, scores from %{customdata}<extra></extra>`,
  });
  return {
    title: `From a score of ${threshold.toFixed(4)} on, ${percentText(chosen.share, 1)} of the validation rows are called: precision ${percentText(chosen.precision, 1)}, recall ${percentText(chosen.recall, 1)}, F1 ${chosen.f1.toFixed(3)}.`,
    data: [
      line('Recall', theme.series[0], 'solid', ({ recall }) => recall),
      line('Precision', theme.series[1], 'dash', ({ precision }) => precision),
      line('F1', theme.series[2], 'dot', ({ f1 }) => f1),
    ],
    layout: themedLayout(theme, {
      showlegend: true,
      xaxis: themedAxis(theme, 'Share called, best first (logarithmic)', {
        type: 'log',
        tickvals: [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1],
        tickformat: ',.1~%',
      }),
      yaxis: themedAxis(theme, 'Precision, recall, F1', { tickformat: PERCENT_TICKS, range: [0, 1.02] }),
      shapes:
        chosen.nCalled === 0
          ? []
          : [
              {
                type: 'line',
                x0: chosen.share,
                x1: chosen.share,
                yref: 'paper',
                y0: 0,
                y1: 1,
                line: { color: theme.text, width: 1, dash: 'dash' },
              },
            ],
    }),
    table,
  };
}

/** At most `N_POINTS` distinct thresholds, evenly in the logarithm of the rows called. */
function outcomesDown(ranked: RankedScores): ThresholdOutcome[] {
  const n = ranked.nPositive + ranked.nNegative;
  const outcomes: ThresholdOutcome[] = [];
  let wanted = Math.min(5, n);
  ranked.threshold.forEach((threshold, i) => {
    const nCalled = ranked.truePositive[i]! + ranked.falsePositive[i]!;
    if (nCalled < wanted && i < ranked.threshold.length - 1) return;
    outcomes.push(thresholdOutcome(ranked, threshold));
    wanted = Math.max(nCalled + 1, nCalled * (n / 5) ** (1 / N_POINTS));
  });
  return outcomes;
}

function outcomeTable(outcomes: readonly ThresholdOutcome[]): FigureTable {
  return {
    columns: [
      numberColumn('threshold', 'Score from', 'score'),
      numberColumn('nCalled', 'Called', 'count'),
      numberColumn('nBuyers', 'Buyers', 'count'),
      numberColumn('precision', 'Precision', 'share'),
      numberColumn('recall', 'Recall', 'share'),
      numberColumn('f1', 'F1', 'score'),
    ],
    rows: outcomes.map((outcome) => ({ ...outcome })),
  };
}
