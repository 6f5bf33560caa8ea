import type { Data } from 'plotly.js';
import { nounText } from '@/lib/explore/summary/plain-numbers';
import { type ObjectiveSurface, objectiveSurface } from '@/lib/tuning/insight/objective-surface';
import type { ParameterName } from '@/lib/tuning/space/parameter-catalogue';
import type { ParamValue } from '@/lib/tuning/space/search-space';
import { asGain } from '@/lib/tuning/study/trial-record';
import { paddedRange } from './axis-range';
import { emptyLayout, fixedMargin, themedLayout } from './base-layout';
import type { ChartTheme } from './chart-theme';
import { mixedColour } from './colour-contrast';
import { type FigureSpec, type FigureTable, numberColumn } from './figure-spec';
import { type MeasuredGroup, measuredGroups } from './measured-trials';
import { OBJECTIVE_TICKS, objectiveMeasure, objectiveName, objectiveText } from './objective-text';
import { axisValue, parameterAxis, type SpaceParameter, spaceParameters } from './parameter-axis';
import { parameterText } from './parameter-text';
import { progressText } from './study-text';
import { type StudyFigureInput, trialMarkers, trialStateStyle } from './trial-marks';

/** Two different parameters of the space, along and up. */
export type ParameterPair = readonly [ParameterName, ParameterName];

/**
 * Draw the objective over two parameters: contours of `objectiveSurface`, or cells where one of them is a choice, with the
 * trials on top. Trials without one of the two, and those without a result, are not drawn. The table has the surface.
 *
 * @throws where a parameter is not in the space
 */
export function contourFigure(
  input: StudyFigureInput & { readonly parameters: ParameterPair },
  theme: ChartTheme,
): FigureSpec {
  const { state, parameters } = input;
  const [along, up] = spaceParameters(state.config, parameters);
  if (along === undefined || up === undefined) throw new Error('A contour needs two parameters');
  const surface = objectiveSurface(state, parameters);
  const table = surfaceTable(surface, input);
  const groups = measuredGroups(state)
    .map((group) => ({ ...group, trials: group.trials.filter(hasBoth(parameters)) }))
    .filter(({ trials }) => trials.length > 0);
  if (groups.length === 0) {
    const title = `No trial with ${along.name} and ${up.name} has a result yet: ${progressText(state)}.`;
    return { title, data: [], layout: emptyLayout(theme, 'No trial has a result yet.'), table };
  }
  return {
    title: contourTitle(surface, { input, along, up }),
    data: [
      ...(surface.nTrials === 0 ? [] : [surfaceTrace(surface, { input, along, up, theme })]),
      ...groups.map((group) => trialPoints(group, { input, along, up, theme })),
    ],
    layout: themedLayout(theme, {
      showlegend: true,
      margin: fixedMargin({ left: 88, right: 16, bottom: 52 }),
      xaxis: parameterAxis(along, theme),
      yaxis: parameterAxis(up, theme),
    }),
    table,
  };
}

function hasBoth([first, second]: ParameterPair) {
  return ({ params }: MeasuredGroup['trials'][number]) =>
    params[first] !== undefined && params[second] !== undefined;
}

interface Plane {
  readonly input: StudyFigureInput & { readonly parameters: ParameterPair };
  readonly along: SpaceParameter;
  readonly up: SpaceParameter;
  readonly theme: ChartTheme;
}

function contourTitle(
  surface: ObjectiveSurface,
  { input: { state, parameters }, along, up }: Omit<Plane, 'theme'>,
): string {
  const { objective } = state.config;
  const [first, second] = parameters;
  const cells = surfaceCells(surface);
  const falling = cells.toSorted((a, b) => asGain(b.value, objective) - asGain(a.value, objective));
  const [best] = falling;
  if (best === undefined) {
    return `No complete trial has ${first} and ${second}: ${progressText(state)}.`;
  }
  const place = `${first} ${placeText(best.x, along)}, ${second} ${placeText(best.y, up)}`;
  const trials = nounText(surface.nTrials, 'complete trial', 'complete trials');
  const where =
    best.value === falling[falling.length - 1]?.value
      ? `${objectiveName(objective)} is ${objectiveText(best.value)} wherever there are trials`
      : `${objectiveName(objective)} is best near ${place} (${objectiveText(best.value)})`;
  return `${where}, interpolated by inverse squared distance between ${trials}.`;
}

/** The surface is read between the values that a whole-number parameter can have; a place on it is the nearest of them. */
function placeText(value: ParamValue, { distribution: { type } }: SpaceParameter): string {
  const isWhole = type === 'randint' || type === 'lograndint';
  return parameterText(isWhole && typeof value === 'number' ? Math.round(value) : value);
}

function surfaceCells({ xs, ys, values }: ObjectiveSurface) {
  return values.flatMap((row, i) =>
    row.flatMap((value, j) => {
      const [x, y] = [xs[j], ys[i]];
      return value === null || x === undefined || y === undefined ? [] : [{ x, y, value }];
    }),
  );
}

function surfaceTrace(surface: ObjectiveSurface, { input, along, up, theme }: Plane): Data {
  const { config } = input.state;
  const [zmin, zmax] = paddedRange(surfaceCells(surface).map(({ value }) => value));
  const isSmooth = along.distribution.type !== 'choice' && up.distribution.type !== 'choice';
  return {
    type: isSmooth ? 'contour' : 'heatmap',
    name: objectiveName(config.objective),
    x: surface.xs.map((x) => axisValue(x, along.distribution)),
    y: surface.ys.map((y) => axisValue(y, up.distribution)),
    z: surface.values.map((row) => [...row]),
    zmin,
    zmax,
    colorscale: surfaceColours(theme),
    // The stronger colour is always the better value.
    reversescale: asGain(1, config.objective) < 0,
    colorbar: {
      title: { text: objectiveMeasure(config), side: 'right', font: { color: theme.text, size: 12 } },
      tickfont: { color: theme.muted, size: 12 },
      tickformat: OBJECTIVE_TICKS,
      thickness: 12,
      outlinewidth: 0,
    },
    ...(isSmooth
      ? {
          line: { color: theme.muted, width: 0.5 },
          contours: {
            coloring: 'fill',
            ...contourLevels(zmin, zmax),
          },
        }
      : { hoverongaps: false }),
    hovertemplate: `${along.name} %{x}, ${up.name} %{y}<br>interpolated %{z:.4f}<extra></extra>`,
  };
}

const N_LEVELS = 12;

/** Levels at round numbers, about a dozen. */
function contourLevels(low: number, high: number) {
  const rough = (high - low) / N_LEVELS;
  const power = 10 ** Math.floor(Math.log10(rough));
  const size = power * ([1, 2, 5].find((digit) => digit * power >= rough) ?? 10);
  return { start: Math.ceil(low / size) * size, end: high, size };
}

/** Marks stay visible on all of it. */
const STRONGEST = 0.5;

function surfaceColours({ surface, series }: ChartTheme): [number, string][] {
  return [
    [0, mixedColour(surface, series[0], 0.04)],
    [1, mixedColour(surface, series[0], STRONGEST)],
  ];
}

function trialPoints({ status, trials }: MeasuredGroup, { input, along, up, theme }: Plane): Data {
  const { state, selected } = input;
  const points = trials.map(({ number, metrics, params }) => {
    const [x, y] = [params[along.name], params[up.name]];
    return {
      trialNumber: number,
      x: axisValue(x, along.distribution),
      y: axisValue(y, up.distribution),
      texts: [
        objectiveText(metrics[state.config.objective]),
        ...[x, y].map((value) => parameterText(value ?? '')),
      ],
    };
  });
  const { name, symbol, color } = trialStateStyle(status, theme);
  return trialMarkers(points, {
    style: { name, symbol, color, outlinePx: 1 },
    selected,
    theme,
    hovertemplate: `Trial %{customdata[0]}, ${status}: %{customdata[1]}<br>${along.name} %{customdata[2]}, ${up.name} %{customdata[3]}<extra></extra>`,
  });
}

function surfaceTable(surface: ObjectiveSurface, { state, parameters }: Plane['input']): FigureTable {
  const { objective } = state.config;
  const [first, second] = parameters;
  return {
    columns: [
      numberColumn(first, first, 'number'),
      numberColumn(second, second, 'number'),
      numberColumn(objective, `${objectiveName(objective)}, interpolated`, 'score'),
    ],
    rows: surfaceCells(surface).map(({ x, y, value }) => ({ [first]: x, [second]: y, [objective]: value })),
  };
}
