import { countText } from '@/lib/explore/summary/plain-numbers';
import { bestTrial } from '@/lib/tuning/study/study-state';
import { isComplete } from '@/lib/tuning/study/trial-record';
import { emptyLayout, themedLayout } from './base-layout';
import type { ChartTheme } from './chart-theme';
import { type DistributionStep, empiricalDistribution, valueOfBetterHalf } from './empirical-distribution';
import { type FigureSpec, type FigureTable, numberColumn } from './figure-spec';
import { objectiveMeasure, objectiveName, objectiveText } from './objective-text';
import { objectiveAxis, STUDY_MARGIN, shareAxis } from './study-axes';
import { progressText } from './study-text';
import { type StudyFigureInput, trialMarkers, trialStateStyle } from './trial-marks';

/** Draw the empirical distribution function of the objective: the share of the complete trials up to each value. */
export function objectiveDistributionFigure(
  { state, selected }: StudyFigureInput,
  theme: ChartTheme,
): FigureSpec {
  const { config } = state;
  const steps = empiricalDistribution(state.trials.filter(isComplete), config);
  const table = distributionTable(steps, state);
  const [first] = steps;
  if (first === undefined) {
    const title = `No trial is complete yet: ${progressText(state)}.`;
    return { title, data: [], layout: emptyLayout(theme, 'No trial is complete yet.'), table };
  }
  const points = steps.map(({ trialNumber, value, share }) => ({
    trialNumber,
    x: value,
    y: share,
    texts: [objectiveText(value)],
  }));
  return {
    title: distributionTitle(state),
    data: [
      {
        ...distributionLine(steps),
        line: { color: theme.series[0], width: 2, shape: 'hv' },
      },
      trialMarkers(points, {
        style: { ...trialStateStyle('complete', theme), name: 'Trial' },
        ...{ selected, theme },
        hovertemplate: 'Trial %{customdata[0]}: %{customdata[1]}<br>%{y:.1%} up to here<extra></extra>',
      }),
    ],
    layout: themedLayout(theme, {
      margin: STUDY_MARGIN,
      xaxis: objectiveAxis(
        config,
        steps.map(({ value }) => value),
        { theme },
      ),
      yaxis: shareAxis(theme),
    }),
    table,
  };
}

/** The function as a line, from nothing before the lowest value. */
export function distributionLine(steps: readonly DistributionStep[]) {
  const lowest = steps[0]?.value ?? null;
  return {
    type: 'scatter' as const,
    mode: 'lines' as const,
    name: 'Share up to here',
    x: [lowest, ...steps.map(({ value }) => value)],
    y: [0, ...steps.map(({ share }) => share)],
    line: { shape: 'hv' as const },
    hoverinfo: 'skip' as const,
  };
}

function distributionTitle({ config, trials }: StudyFigureInput['state']): string {
  const complete = trials.filter(isComplete);
  const best = bestTrial({ config, trials });
  const half = valueOfBetterHalf(complete, config);
  if (best === null || half === null) throw new Error('A distribution needs a complete trial');
  const bestValue = objectiveText(best.metrics[config.objective]);
  const measure = objectiveMeasure(config);
  if (complete.length === 1) return `The only complete trial has ${measure} ${bestValue}.`;
  return `Half of ${countText(complete.length)} complete trials reach ${measure} ${objectiveText(half)} or better; the best reaches ${bestValue}.`;
}

function distributionTable(
  steps: readonly DistributionStep[],
  { config }: StudyFigureInput['state'],
): FigureTable {
  const { objective } = config;
  return {
    columns: [
      numberColumn('trial', 'Trial', 'count'),
      numberColumn(objective, objectiveName(objective), 'score'),
      numberColumn('share', 'Share up to it', 'share'),
    ],
    rows: steps.map(({ trialNumber, value, share }) => ({ trial: trialNumber, [objective]: value, share })),
  };
}
