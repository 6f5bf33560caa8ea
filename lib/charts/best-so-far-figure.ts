import type { Data } from 'plotly.js';
import { countText, nounText } from '@/lib/explore/summary/plain-numbers';
import { bestProgress, type Improvement, objectiveInterval } from '@/lib/tuning/insight/best-progress';
import type { StudyState } from '@/lib/tuning/study/study-state';
import { emptyLayout, themedLayout } from './base-layout';
import type { ChartTheme } from './chart-theme';
import { type FigureSpec, type FigureTable, numberColumn } from './figure-spec';
import { objectiveName, objectiveText } from './objective-text';
import { countAxis, objectiveAxis, STUDY_MARGIN } from './study-axes';
import { bestText } from './study-text';
import { type StudyFigureInput, trialMarkers } from './trial-marks';

/**
 * Draw the best against what it cost: the boosting rounds trained until each trial became the best, in the order of the
 * decisions, with the normal 95 % interval of each as a band. The table has a row a trial that became the best.
 */
export function bestSoFarFigure(
  { state, selected }: StudyFigureInput & { readonly state: Pick<StudyState, 'steps'> },
  theme: ChartTheme,
): FigureSpec {
  const { config } = state;
  const { improvements, nRounds } = bestProgress(state);
  const table = bestTable(improvements, config);
  const last = improvements[improvements.length - 1];
  if (last === undefined) {
    const title = `No trial is complete yet, after ${nounText(nRounds, 'round', 'rounds')}.`;
    return { title, data: [], layout: emptyLayout(theme, 'No trial is complete yet.'), table };
  }
  const rounds = [...improvements.map((improvement) => improvement.nRounds), nRounds];
  const steps = [...improvements, last].map(({ trial }) => ({
    value: trial.metrics[config.objective],
    interval: objectiveInterval(trial, config),
  }));
  const ends = steps.flatMap(({ value, interval }) => [interval?.low ?? value, interval?.high ?? value]);
  return {
    title: `${bestText(state)}, found after ${countText(last.nRounds)} of ${nounText(nRounds, 'round', 'rounds')} trained.`,
    data: [
      ...intervalBand({ rounds, intervals: steps.map(({ interval }) => interval) }, theme),
      {
        ...stepLine(
          rounds,
          steps.map(({ value }) => value),
        ),
        name: 'Best so far',
        line: { color: theme.series[1], width: 2, shape: 'hv' },
      },
      improvementMarks(improvements, { config, selected, theme }),
    ],
    layout: themedLayout(theme, {
      showlegend: true,
      margin: STUDY_MARGIN,
      xaxis: countAxis('Boosting rounds trained', [0, nRounds * 1.03], theme),
      yaxis: objectiveAxis(config, ends, { theme }),
    }),
    table,
  };
}

function stepLine(rounds: readonly number[], values: readonly (number | null)[]) {
  return {
    type: 'scatter' as const,
    mode: 'lines' as const,
    x: [...rounds],
    y: [...values],
    line: { shape: 'hv' as const },
    hoverinfo: 'skip' as const,
  };
}

/** Alpha of the band's colour; its edges are drawn at full strength, dotted. */
const BAND_ALPHA = '2e';

function intervalBand(
  band: {
    readonly rounds: readonly number[];
    readonly intervals: readonly ReturnType<typeof objectiveInterval>[];
  },
  theme: ChartTheme,
): readonly Data[] {
  const { rounds, intervals } = band;
  if (intervals.every((interval) => interval === null)) return [];
  const line = { color: theme.series[1], width: 1, dash: 'dot', shape: 'hv' } as const;
  const low = stepLine(
    rounds,
    intervals.map((interval) => interval?.low ?? null),
  );
  const high = stepLine(
    rounds,
    intervals.map((interval) => interval?.high ?? null),
  );
  return [
    { ...low, name: '95 % from', line, showlegend: false },
    { ...high, name: '95 % interval', line, fill: 'tonexty', fillcolor: `${theme.series[1]}${BAND_ALPHA}` },
  ];
}

function improvementMarks(
  improvements: readonly Improvement[],
  options: Pick<StudyFigureInput, 'selected'> & {
    readonly config: StudyState['config'];
    readonly theme: ChartTheme;
  },
) {
  const { config, selected, theme } = options;
  const points = improvements.map(({ trial, nRounds }) => ({
    trialNumber: trial.number,
    x: nRounds,
    y: trial.metrics[config.objective],
    texts: [objectiveText(trial.metrics[config.objective]), countText(nRounds)],
  }));
  return trialMarkers(points, {
    style: { name: 'Became the best', color: theme.series[1], symbol: 'circle' },
    selected,
    theme,
    hovertemplate: 'Trial %{customdata[0]}: %{customdata[1]} after %{customdata[2]} rounds<extra></extra>',
  });
}

function bestTable(improvements: readonly Improvement[], config: StudyState['config']): FigureTable {
  const { objective } = config;
  return {
    columns: [
      numberColumn('trial', 'Trial', 'count'),
      numberColumn('rounds_trained', 'Rounds trained', 'count'),
      numberColumn(objective, objectiveName(objective), 'score'),
      numberColumn('low', '95 % from', 'score'),
      numberColumn('high', '95 % to', 'score'),
    ],
    rows: improvements.map(({ trial, nRounds }) => {
      const interval = objectiveInterval(trial, config);
      return {
        trial: trial.number,
        rounds_trained: nRounds,
        [objective]: trial.metrics[objective],
        low: interval?.low ?? null,
        high: interval?.high ?? null,
      };
    }),
  };
}
