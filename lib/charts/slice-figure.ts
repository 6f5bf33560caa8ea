import type { Data, Layout, XAxisName, YAxisName } from 'plotly.js';
import type { ParameterName } from '@/lib/tuning/space/parameter-catalogue';
import { paddedRange } from './axis-range';
import { emptyLayout, FIXED_ROOM, fixedMargin, themedAxis, themedLayout } from './base-layout';
import { bestRangesText } from './best-ranges-text';
import type { ChartTheme } from './chart-theme';
import type { FigureSpec } from './figure-spec';
import { type MeasuredGroup, measuredGroups } from './measured-trials';
import { OBJECTIVE_TICKS, objectiveMeasure, objectiveName, objectiveText } from './objective-text';
import { axisValue, parameterAxis, type SpaceParameter, spaceParameters } from './parameter-axis';
import { parameterText } from './parameter-text';
import { progressText } from './study-text';
import { type StudyFigureInput, trialMarkers, trialStateStyle } from './trial-marks';
import { trialValueTable } from './trial-value-table';

/** Markers that are drawn in one go without the page stalling. */
const MAX_MARKERS = 1500;
const N_COLUMNS = 3;
const ROW_PX = 190;
const EDGES_PX = 90;

/**
 * Draw the objective against each parameter, a small chart for each; a trial without a value for a parameter has no point
 * there. Trials ended early are apart from the complete ones.
 *
 * @param input.parameters those to draw, in this order; when absent all of the space, or as many as 1,500 points allow
 * @throws where a parameter is not in the space
 */
export function sliceFigure(
  input: StudyFigureInput & { readonly parameters?: readonly ParameterName[] },
  theme: ChartTheme,
): FigureSpec {
  const { state } = input;
  const inSpace = spaceParameters(state.config, input.parameters);
  const table = trialValueTable(state, inSpace);
  const groups = measuredGroups(state);
  const nMeasured = groups.reduce((n, { trials }) => n + trials.length, 0);
  if (nMeasured === 0) {
    const title = `No trial has a result yet: ${progressText(state)}.`;
    return { title, data: [], layout: emptyLayout(theme, 'No trial has a result yet.'), table };
  }
  const nDrawn =
    input.parameters === undefined ? Math.max(1, Math.floor(MAX_MARKERS / nMeasured)) : inSpace.length;
  const drawn = inSpace.slice(0, nDrawn);
  const nRows = Math.ceil(drawn.length / N_COLUMNS);
  return {
    title: sliceTitle(state, { drawn, nInSpace: inSpace.length }),
    data: drawn.flatMap((parameter, place) =>
      groups.map((group) => sliceMarkers(group, { input, parameter, place, theme })),
    ),
    layout: sliceLayout(state, { drawn, groups, theme }),
    table,
    ...(nRows > 1 && { heightPx: nRows * ROW_PX + EDGES_PX }),
  };
}

type State = StudyFigureInput['state'];

function sliceTitle(
  state: State,
  shown: { readonly drawn: readonly SpaceParameter[]; readonly nInSpace: number },
): string {
  const { drawn, nInSpace } = shown;
  const text = bestRangesText(
    state,
    drawn.map(({ name }) => name),
  );
  if (drawn.length === nInSpace) return `${text}.`;
  return `${text}; ${drawn.length} of ${nInSpace} parameters are drawn, all are in the table.`;
}

/** Plotly's names of axes: one along each small chart, one up each row of them. */
const X_AXES = [
  ...(['x', 'x2', 'x3', 'x4', 'x5', 'x6', 'x7', 'x8', 'x9', 'x10'] as const),
  ...(['x11', 'x12', 'x13', 'x14', 'x15', 'x16', 'x17', 'x18'] as const),
] satisfies readonly XAxisName[];
const Y_AXES = ['y', 'y2', 'y3', 'y4', 'y5', 'y6'] as const satisfies readonly YAxisName[];

function axesOf(place: number): { readonly x: XAxisName; readonly y: YAxisName } {
  const x = X_AXES[place];
  const y = Y_AXES[Math.floor(place / N_COLUMNS)];
  if (x === undefined || y === undefined) throw new Error(`No axes for chart ${place + 1}`);
  return { x, y };
}

function sliceMarkers(
  { status, trials }: MeasuredGroup,
  at: {
    readonly input: StudyFigureInput;
    readonly parameter: SpaceParameter;
    readonly place: number;
    readonly theme: ChartTheme;
  },
): Data {
  const { input, parameter, place, theme } = at;
  const { name, distribution } = parameter;
  const { objective } = input.state.config;
  const points = trials.flatMap(({ number, metrics, params }) => {
    const value = params[name];
    if (value === undefined) return [];
    const y = metrics[objective];
    const texts = [objectiveText(y), parameterText(value)];
    return [{ trialNumber: number, x: axisValue(value, distribution), y, texts }];
  });
  const { x, y } = axesOf(place);
  const markers = trialMarkers(points, {
    style: trialStateStyle(status, theme),
    selected: input.selected,
    theme,
    hovertemplate: `Trial %{customdata[0]}, ${status}: %{customdata[1]}<br>${name} %{customdata[2]}<extra></extra>`,
  });
  return {
    ...markers,
    // Plotly draws no axes for a trace without points.
    ...(points.length === 0 && { x: [null], y: [null], customdata: [null] }),
    xaxis: x,
    yaxis: y,
    legendgroup: status,
    showlegend: place === 0,
  };
}

/** Room between charts side by side, as a share of the width. */
const COLUMN_GAP = 0.03;
/** Room between rows of charts, for tick labels and titles. */
const ROW_GAP_PX = 56;

function sliceLayout(
  state: State,
  shown: {
    readonly drawn: readonly SpaceParameter[];
    readonly groups: readonly MeasuredGroup[];
    readonly theme: ChartTheme;
  },
): Partial<Layout> {
  const { drawn, groups, theme } = shown;
  const { objective } = state.config;
  const nRows = Math.ceil(drawn.length / N_COLUMNS);
  const nColumns = Math.min(N_COLUMNS, drawn.length);
  const range = paddedRange(groups.flatMap(({ trials }) => trials.map(({ metrics }) => metrics[objective])));
  const xAxes = drawn.map((parameter, place) => {
    const { x, y } = axesOf(place);
    const domain = domainOf(place % N_COLUMNS, nColumns, COLUMN_GAP);
    return [`xaxis${x.slice(1)}`, parameterAxis(parameter, theme, { domain, anchor: y })];
  });
  const yAxes = Array.from({ length: nRows }, (_, row) => {
    const { x, y } = axesOf(row * N_COLUMNS);
    const title = nRows === 1 ? objectiveMeasure(state.config) : objectiveName(objective);
    const domain = domainOf(nRows - 1 - row, nRows, ROW_GAP_PX / (nRows * ROW_PX));
    const change = { ...FIXED_ROOM, domain, anchor: x, range, tickformat: OBJECTIVE_TICKS };
    return [`yaxis${y.slice(1)}`, themedAxis(theme, title, change)];
  });
  return themedLayout(theme, {
    showlegend: true,
    margin: fixedMargin({ left: 72, right: 16, bottom: 52 }),
    ...Object.fromEntries([...xAxes, ...yAxes]),
  });
}

/** Where one of several charts lies, 0–1, with gaps between them. */
function domainOf(place: number, nPlaces: number, gap: number): [number, number] {
  const size = (1 - gap * (nPlaces - 1)) / nPlaces;
  const start = place * (size + gap);
  return [start, Math.min(1, start + size)];
}
