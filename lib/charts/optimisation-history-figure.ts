import { countText } from '@/lib/explore/plain-numbers';
import type { TrialMetrics } from '@/lib/tuning/study-events';
import { bestTrial, type StudyState, type TrialRecord } from '@/lib/tuning/study-state';
import { emptyLayout, themedAxis, themedLayout } from './base-layout';
import type { ChartTheme } from './chart-theme';
import { type FigureSpec, type FigureTable, numberColumn, textColumn } from './figure-spec';

interface FinishedTrial extends TrialRecord {
  readonly metrics: TrialMetrics;
}

/** Draw a study so far: the objective of each finished trial, and the best up to it as a stepped line. */
export function optimisationHistoryFigure(state: StudyState, theme: ChartTheme): FigureSpec {
  const finished = state.trials.filter(
    (trial): trial is FinishedTrial => trial?.state === 'complete' && trial.metrics !== null,
  );
  const bestSoFar = runningMaximum(finished.map((trial) => trial.metrics[state.config.objective]));
  const table = historyTable(state, new Map(finished.map((trial, i) => [trial.number, bestSoFar[i]!])));
  const title = historyTitle(state, finished.length);
  if (finished.length === 0) {
    return { title, data: [], layout: emptyLayout(theme, 'No trial has finished yet.'), table };
  }
  return {
    title,
    data: [trialPoints(finished, theme), bestLine(finished, { bestSoFar, theme })],
    layout: themedLayout(theme, {
      showlegend: true,
      xaxis: themedAxis(theme, 'Trial', {
        range: [0.5, state.config.nTrials + 0.5],
        tickformat: ',d',
        showgrid: false,
      }),
      yaxis: themedAxis(theme, 'ROC AUC on validation rows', { tickformat: '.3f' }),
    }),
    table,
  };
}

function historyTitle(state: StudyState, nFinished: number): string {
  const best = bestTrial(state);
  const { nTrials } = state.config;
  if (best === null) return `None of ${countText(nTrials)} trials has finished yet.`;
  const nFailed = state.trials.filter((trial) => trial?.state === 'failed').length;
  const failed = nFailed === 0 ? '' : ` (${nFailed} failed)`;
  const done = `${countText(nFinished)} of ${countText(nTrials)} trials finished${failed}`;
  return `Best ROC AUC on validation rows ${best.metrics.roc_auc.toFixed(4)}, in trial ${best.number}; ${done}.`;
}

function runningMaximum(values: readonly number[]): number[] {
  let largest = Number.NEGATIVE_INFINITY;
  return values.map((value) => {
    largest = Math.max(largest, value);
    return largest;
  });
}

function trialPoints(finished: readonly FinishedTrial[], theme: ChartTheme) {
  return {
    type: 'scatter' as const,
    mode: 'markers' as const,
    name: 'Trial',
    x: finished.map((trial) => trial.number),
    y: finished.map((trial) => trial.metrics.roc_auc),
    marker: { color: theme.series[0], size: 8 },
    customdata: finished.map(({ metrics, params }) => [
      metrics.roc_auc.toFixed(4),
      `depth ${params.max_depth}, rate ${params.learning_rate.toPrecision(3)}, ${params.n_estimators} trees`,
      `rows ${params.subsample.toFixed(2)}, columns ${params.colsample_bytree.toFixed(2)}`,
    ]),
    hovertemplate: 'Trial %{x}: %{customdata[0]}<br>%{customdata[1]}<br>%{customdata[2]}<extra></extra>',
  };
}

function bestLine(
  finished: readonly FinishedTrial[],
  options: { readonly bestSoFar: readonly number[]; readonly theme: ChartTheme },
) {
  return {
    type: 'scatter' as const,
    mode: 'lines' as const,
    name: 'Best so far',
    x: finished.map((trial) => trial.number),
    y: [...options.bestSoFar],
    line: { color: options.theme.series[1], width: 2, shape: 'hv' as const },
    hoverinfo: 'skip' as const,
  };
}

function historyTable(state: StudyState, bestByNumber: ReadonlyMap<number, number>): FigureTable {
  const begun = state.trials.filter((trial): trial is TrialRecord => trial !== undefined);
  return {
    columns: [
      numberColumn('trial', 'Trial', 'count'),
      textColumn('state', 'State'),
      numberColumn('roc_auc', 'ROC AUC', 'score'),
      numberColumn('best_so_far', 'Best so far', 'score'),
    ],
    rows: begun.map((trial) => ({
      trial: trial.number,
      state: trial.state,
      roc_auc: trial.metrics?.roc_auc ?? null,
      best_so_far: bestByNumber.get(trial.number) ?? null,
    })),
  };
}
