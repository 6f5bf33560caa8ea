import type { Data } from 'plotly.js';
import { objectiveInterval } from '@/lib/tuning/insight/best-progress';
import { bestSoFar } from '@/lib/tuning/study/study-progress';
import { begunTrials, bestTrial } from '@/lib/tuning/study/study-state';
import { emptyLayout, themedLayout } from './base-layout';
import type { ChartTheme } from './chart-theme';
import { type FigureSpec, type FigureTable, numberColumn, textColumn } from './figure-spec';
import { type MeasuredGroup, measuredGroups } from './measured-trials';
import { objectiveName, objectiveText } from './objective-text';
import { paramsText } from './parameter-text';
import { countAxis, objectiveAxis, STUDY_MARGIN } from './study-axes';
import { bestText, progressText } from './study-text';
import { type StudyFigureInput, trialMarkers, trialStateStyle } from './trial-marks';

/**
 * Draw a study so far: the objective of each trial, those ended early apart from the complete ones; the best up to each
 * trial as a stepped line; and the best with its 95 % interval. The table lists every trial that has begun.
 */
export function optimisationHistoryFigure(input: StudyFigureInput, theme: ChartTheme): FigureSpec {
  const { state } = input;
  const best = bestText(state);
  const title = best === null ? `${progressText(state)}.` : `${best}; ${progressText(state)}.`;
  const table = historyTable(state);
  const groups = measuredGroups(state);
  if (groups.length === 0) {
    return { title, data: [], layout: emptyLayout(theme, 'No trial has a result yet.'), table };
  }
  return {
    title,
    data: [
      ...groups.map((group) => trialPoints(group, input, theme)),
      ...bestLine(state, theme),
      ...bestMark(state, theme),
    ],
    layout: themedLayout(theme, {
      showlegend: true,
      margin: STUDY_MARGIN,
      xaxis: countAxis('Trial', [0.5, state.config.nTrials + 0.5], theme),
      yaxis: objectiveAxis(state.config, valuesInView(groups, state), { theme }),
    }),
    table,
  };
}

type State = StudyFigureInput['state'];

function valuesInView(groups: readonly MeasuredGroup[], state: State): readonly number[] {
  const { objective } = state.config;
  const best = bestTrial(state);
  const interval = best === null ? null : objectiveInterval(best, state.config);
  return [
    ...groups.flatMap(({ trials }) => trials.map(({ metrics }) => metrics[objective])),
    ...(interval === null ? [] : [interval.low, interval.high]),
  ];
}

function trialPoints({ status, trials }: MeasuredGroup, input: StudyFigureInput, theme: ChartTheme) {
  const { state, selected } = input;
  const { objective } = state.config;
  const points = trials.map(({ number, metrics, params }) => ({
    trialNumber: number,
    x: number,
    y: metrics[objective],
    texts: [objectiveText(metrics[objective]), paramsText(params)],
  }));
  return trialMarkers(points, {
    style: trialStateStyle(status, theme),
    selected,
    theme,
    hovertemplate: `Trial %{customdata[0]}, ${status}: %{customdata[1]}<br>%{customdata[2]}<extra></extra>`,
  });
}

/** Steps at the trials that became the best, and on to the last that has begun. */
function bestLine({ config, trials }: State, theme: ChartTheme): readonly Data[] {
  const best = bestSoFar({ config, trials });
  const at = best.flatMap((value, i) => (value === null || value === best[i - 1] ? [] : [i]));
  if (at.length === 0) return [];
  const drawn = [...at, best.length - 1];
  return [
    {
      type: 'scatter',
      mode: 'lines',
      name: 'Best so far',
      x: drawn.map((i) => i + 1),
      y: drawn.map((i) => best[i] ?? null),
      line: { color: theme.series[1], width: 2, shape: 'hv' },
      hoverinfo: 'skip',
    },
  ];
}

function bestMark(state: State, theme: ChartTheme): readonly Data[] {
  const best = bestTrial(state);
  if (best === null) return [];
  const value = best.metrics[state.config.objective];
  const interval = objectiveInterval(best, state.config);
  return [
    {
      ...trialMarkers(
        [{ trialNumber: best.number, x: best.number, y: value, texts: [objectiveText(value)] }],
        {
          style: { name: 'Best, 95 %', color: theme.series[1], symbol: 'star' },
          selected: new Set(),
          theme,
          hovertemplate: 'Trial %{customdata[0]}, the best: %{customdata[1]}<extra></extra>',
        },
      ),
      ...(interval !== null && {
        error_y: {
          type: 'data',
          array: [interval.high - value],
          arrayminus: [value - interval.low],
          color: theme.series[1],
          thickness: 1.5,
        },
      }),
    },
  ];
}

function historyTable(state: State): FigureTable {
  const { objective } = state.config;
  const best = bestSoFar(state);
  return {
    columns: [
      numberColumn('trial', 'Trial', 'count'),
      textColumn('state', 'State'),
      numberColumn(objective, objectiveName(objective), 'score'),
      numberColumn('standard_error', 'Standard error', 'score'),
      numberColumn('rounds', 'Rounds', 'count'),
      numberColumn('best_so_far', 'Best so far', 'score'),
      textColumn('failure', 'Failure'),
    ],
    rows: begunTrials(state).map((trial) => ({
      trial: trial.number,
      state: trial.state,
      [objective]: trial.metrics?.[objective] ?? null,
      standard_error: trial.standardError,
      rounds: trial.rounds,
      best_so_far: best[trial.number - 1] ?? null,
      failure: trial.failure,
    })),
  };
}
