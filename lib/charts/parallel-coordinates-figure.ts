import type { Data } from 'plotly.js';
import { asGain } from '@/lib/tuning/study/trial-record';
import { emptyLayout, FIXED_ROOM, fixedMargin, themedAxis, themedLayout } from './base-layout';
import { bestRangesText } from './best-ranges-text';
import type { ChartTheme } from './chart-theme';
import { mixedColour } from './colour-contrast';
import type { FigureSpec } from './figure-spec';
import { type MeasuredGroup, type MeasuredTrial, measuredGroups } from './measured-trials';
import { objectiveText } from './objective-text';
import { ABSENT_HEIGHT, type ParallelAxis, parallelAxes } from './parallel-axes';
import { spaceParameters } from './parameter-axis';
import { progressText } from './study-text';
import { type LineStyle, type LineTraces, trialLines } from './trial-lines';
import { type MarkerStyle, type StudyFigureInput, trialMarkers, trialStateStyle } from './trial-marks';
import { trialValueTable } from './trial-value-table';

/**
 * Draw each trial as a line through an upright axis for each parameter and, last, one for the objective, better up. The
 * complete trials are coloured by the fifth of the objective that they belong to; those ended early are dotted. A trial
 * without a value for a parameter passes below its axis. Boxes drawn over axes are read by `trialsThrough`.
 */
export function parallelCoordinatesFigure(input: StudyFigureInput, theme: ChartTheme): FigureSpec {
  const { state } = input;
  const parameters = spaceParameters(state.config);
  const table = trialValueTable(state, parameters);
  const groups = measuredGroups(state);
  if (groups.length === 0) {
    const title = `No trial has a result yet: ${progressText(state)}.`;
    return { title, data: [], layout: emptyLayout(theme, 'No trial has a result yet.'), table };
  }
  const axes = parallelAxes(state);
  // The best are drawn last, over all others.
  const classes = groups.toReversed().flatMap((group, i) => lineClasses(group, { state, theme, rank: i }));
  const traces = classes.map((lines) => classTraces(lines, { axes, input, theme }));
  const names = parameters.map(({ name }) => name);
  return {
    title: `${bestRangesText(state, names)}.`,
    data: [
      axisLines(axes, theme),
      ...traces.flatMap(({ back }) => back),
      ...traces.flatMap(({ front }) => front),
      ...classes.map((lines) => endMarkers(lines, { axes, input, theme })),
      axisTicks(axes, theme),
    ],
    layout: themedLayout(theme, {
      showlegend: true,
      margin: fixedMargin({ left: 60, right: 60, bottom: 84 }),
      xaxis: themedAxis(theme, '', {
        ...FIXED_ROOM,
        range: [-0.3, axes.length - 0.7],
        tickvals: axes.map((_, place) => place),
        ticktext: axes.map(({ name }) => name),
        tickangle: axes.length > 7 ? -30 : 0,
        showgrid: false,
        zeroline: false,
      }),
      yaxis: themedAxis(theme, '', { ...FIXED_ROOM, range: [ABSENT_HEIGHT - 0.06, 1.06], visible: false }),
    }),
    table,
  };
}

/** Trials that look alike. */
interface LineClass {
  readonly style: LineStyle;
  readonly symbol: MarkerStyle['symbol'];
  readonly trials: readonly MeasuredTrial[];
}

/** More lines than these are drawn as hairs, so that those of the best fifth can be followed among them. */
const CROWD = 200;

const FIFTHS = ['Last fifth', 'Fourth', 'Third', 'Second', 'Best fifth'] as const;

function lineClasses(
  { status, trials }: MeasuredGroup,
  options: { readonly state: StudyFigureInput['state']; readonly theme: ChartTheme; readonly rank: number },
): readonly LineClass[] {
  const { state, theme, rank } = options;
  const { name, color, dash, symbol } = trialStateStyle(status, theme);
  if (status !== 'complete') return [{ style: { name, color, dash, width: 1, rank }, symbol, trials }];
  const { objective } = state.config;
  const gain = ({ metrics }: MeasuredTrial) => asGain(metrics[objective], objective);
  // A tie is won by the lower number, as with the best trial.
  const rising = trials.toReversed().sort((a, b) => gain(a) - gain(b));
  return FIFTHS.map((fifth, i) => ({
    style: {
      ...{ name: fifth, color: fifthColour(i, theme), dash, rank: rank + i },
      width: i === FIFTHS.length - 1 ? 2 : trials.length > CROWD ? 0.5 : 1.25,
    },
    symbol,
    trials: rising.filter((_, rank) => Math.ceil(((rank + 1) * FIFTHS.length) / rising.length) - 1 === i),
  })).filter((lines) => lines.trials.length > 0);
}

/** From the receding colour to the first of the series; the best in the second. */
function fifthColour(fifth: number, { rest, series }: ChartTheme): string {
  const last = FIFTHS.length - 1;
  return fifth === last ? series[1] : mixedColour(rest, series[0], fifth / (last - 1));
}

interface Drawing {
  readonly axes: readonly ParallelAxis[];
  readonly input: StudyFigureInput;
  readonly theme: ChartTheme;
}

function classTraces({ style, trials }: LineClass, { axes, input, theme }: Drawing): LineTraces {
  const places = axes.map((_, place) => place);
  const lines = trials.map((trial) => ({
    trialNumber: trial.number,
    x: places,
    y: axes.map(({ heightOf }) => heightOf(trial)),
    texts: axes.map(({ textOf }) => textOf(trial)),
  }));
  return trialLines(lines, {
    ...{ style, selected: input.selected, theme, links: 'there_and_back' },
    hovertemplate: `Trial %{customdata}, ${style.name.toLowerCase()}<br>%{text}<extra></extra>`,
  });
}

/** A marker where each line ends, on the objective's axis: easier to hit than a line, and caught by a box. */
function endMarkers({ style, symbol, trials }: LineClass, { axes, input, theme }: Drawing): Data {
  const place = axes.length - 1;
  const { objective } = input.state.config;
  const points = trials.map((trial) => ({
    trialNumber: trial.number,
    x: place,
    y: axes[place]?.heightOf(trial) ?? null,
    texts: [objectiveText(trial.metrics[objective])],
  }));
  return {
    ...trialMarkers(points, {
      style: { name: style.name, color: style.color, symbol },
      ...{ selected: input.selected, theme },
      hovertemplate: `Trial %{customdata[0]}, ${style.name.toLowerCase()}: %{customdata[1]}<extra></extra>`,
    }),
    legendgroup: style.name,
    showlegend: false,
  };
}

function axisLines(axes: readonly ParallelAxis[], theme: ChartTheme): Data {
  return {
    type: 'scatter',
    mode: 'lines',
    x: axes.flatMap((_, place) => [place, place, null]),
    y: axes.flatMap(({ isConditional }) => [isConditional ? ABSENT_HEIGHT : 0, 1, null]),
    line: { color: theme.muted, width: 1 },
    hoverinfo: 'skip',
    showlegend: false,
  };
}

function axisTicks(axes: readonly ParallelAxis[], theme: ChartTheme): Data {
  const ticks = axes.flatMap(({ ticks, isConditional }, place) => [
    ...ticks.map((tick) => ({ place, ...tick })),
    ...(isConditional ? [{ place, height: ABSENT_HEIGHT, text: 'absent' }] : []),
  ]);
  // A halo in the colour of the ground keeps the labels readable over the lines.
  const halo = [-1, 1].flatMap((x) => [-1, 1].map((y) => `${x}px ${y}px 2px ${theme.surface}`));
  return {
    type: 'scatter',
    mode: 'text',
    x: ticks.map(({ place }) => place),
    y: ticks.map(({ height }) => height),
    text: ticks.map(({ text }) => text),
    textposition: 'middle right',
    cliponaxis: false,
    textfont: { color: theme.text, size: 11, shadow: halo.join(', ') },
    hoverinfo: 'skip',
    showlegend: false,
  };
}
