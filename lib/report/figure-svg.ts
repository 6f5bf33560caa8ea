import { type ChartTheme, LIGHT_CHART_THEME } from '@/lib/charts/chart-theme';
import type { FigureSpec } from '@/lib/charts/figure-spec';
import { percentText } from '@/lib/explore/summary/plain-numbers';
import { type Cell, type DrawnHeatmap, type DrawnLayout, type DrawnTrace, drawnFigure } from './drawn-figure';
import { type PaperAxis, paperAxis } from './svg-axis';
import { barMarks, heatmapMarks, scatterMarks } from './svg-marks';
import { escaped, labelLines, lineBetween, px, textAt } from './svg-text';

const THEME: ChartTheme = LIGHT_CHART_THEME;
const USUAL_HEIGHT_PX = 300;
/** Room for the scale of a heatmap, which Plotly makes by itself. */
const COLOUR_BAR_PX = 84;

interface Axes {
  readonly x: PaperAxis;
  readonly y: PaperAxis;
  readonly y2: PaperAxis | null;
}

/**
 * Draw a figure as SVG for paper, without a browser: bars, points with intervals, lines and heatmaps on axes of categories,
 * numbers, logarithms and days. Light; nothing to click. The same figure gives the same text.
 *
 * @param size in pixels; the picture is stretched to the width of where it stands
 * @throws where the figure holds a kind of trace or axis that is not drawn here
 */
export function figureSvg(
  spec: FigureSpec,
  size: { readonly widthPx: number; readonly heightPx?: number },
): string {
  const { traces, layout } = drawnFigure(spec);
  const { widthPx } = size;
  const heightPx = spec.heightPx ?? size.heightPx ?? USUAL_HEIGHT_PX;
  const heatmap = traces.find((trace) => trace.type === 'heatmap');
  const right = layout.margin.r + (heatmap === undefined ? 0 : COLOUR_BAR_PX);
  const frame = {
    left: layout.margin.l,
    right: widthPx - right,
    top: layout.margin.t,
    bottom: heightPx - layout.margin.b,
  };
  const axes = axesOf(traces, layout, frame);
  const parts = [
    ...(layout.xaxis.visible ? [axisParts(axes, frame)] : []),
    ...traces.map((trace) => traceParts(trace, traces, layout, axes)),
    ...(heatmap === undefined ? [] : [colourBar(heatmap, frame)]),
    ...layout.shapes.map((shape) => shapePart(shape, axes, frame)),
    ...layout.annotations.map((annotation) => annotationPart(annotation, axes, frame)),
    ...(layout.showlegend ? [legend(traces, frame)] : []),
  ];
  const title = escaped(spec.title);
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${px(widthPx)} ${px(heightPx)}" role="img" aria-label="${title}" font-family="system-ui, 'Segoe UI', sans-serif">${parts.join('')}</svg>`;
}

interface Frame {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

function axesOf(traces: readonly DrawnTrace[], layout: DrawnLayout, frame: Frame): Axes {
  const on = (yaxis: 'y' | 'y2') => traces.filter((trace) => trace.yaxis === yaxis);
  const span = ([from, to]: readonly [number, number]) => {
    const height = frame.bottom - frame.top;
    return [frame.bottom - from * height, frame.bottom - to * height] as const;
  };
  const upright = (yaxis: 'y' | 'y2', axis: DrawnLayout['yaxis']) =>
    paperAxis(
      axis,
      on(yaxis).flatMap((trace) => valuesUp(trace)),
      span(axis.domain),
    );
  return {
    x: paperAxis(layout.xaxis, traces.flatMap(valuesAlong), [frame.left, frame.right]),
    y: upright('y', layout.yaxis),
    y2: layout.yaxis2 === undefined ? null : upright('y2', layout.yaxis2),
  };
}

function withError(
  values: readonly Cell[],
  error:
    | { readonly array: readonly number[]; readonly arrayminus?: readonly number[] | undefined }
    | undefined,
): readonly Cell[] {
  if (error === undefined) return values;
  return values.flatMap((value, i): Cell[] =>
    typeof value === 'number'
      ? [value + (error.array[i] ?? 0), value - (error.arrayminus?.[i] ?? error.array[i] ?? 0)]
      : [value],
  );
}

function valuesAlong(trace: DrawnTrace): readonly Cell[] {
  return trace.type === 'scatter' ? withError(trace.x, trace.error_x) : trace.x;
}

function valuesUp(trace: DrawnTrace): readonly Cell[] {
  if (trace.type === 'bar') return [0, ...trace.y];
  return trace.type === 'scatter' ? withError(trace.y, trace.error_y) : trace.y;
}

function traceParts(
  trace: DrawnTrace,
  all: readonly DrawnTrace[],
  layout: DrawnLayout,
  { x, y, y2 }: Axes,
): string {
  const axes = { x, y: trace.yaxis === 'y2' ? (y2 ?? y) : y };
  switch (trace.type) {
    case 'bar': {
      const beside = layout.barmode === 'group' ? all.filter((other) => other.type === 'bar') : [trace];
      const place = { index: beside.indexOf(trace), count: beside.length, gap: layout.bargap };
      return barMarks(trace, axes, place);
    }
    case 'scatter':
      return scatterMarks(trace, axes, THEME);
    case 'heatmap':
      return heatmapMarks(trace, axes, THEME);
    default:
      return trace satisfies never;
  }
}

function axisParts({ x, y, y2 }: Axes, frame: Frame): string {
  const uprights = y2 === null ? [y] : [y, y2];
  return alongPart(x, frame) + uprights.map((axis) => upPart(axis, frame)).join('');
}

const LABEL_PX = 16;
/** Of a letter, on average. */
const CHARACTER_PX = 6.2;

function alongPart({ layout, ticks }: PaperAxis, frame: Frame): string {
  const { bottom, top } = frame;
  const isTilted = (layout.tickangle ?? 0) !== 0;
  const marks = ticks.map(({ at, label }) => {
    const grid = layout.showgrid ? lineBetween([at, top], [at, bottom], { color: THEME.grid }) : '';
    const style = isTilted
      ? ({ anchor: 'end', color: THEME.muted, degrees: layout.tickangle ?? 0 } as const)
      : ({ anchor: 'middle', color: THEME.muted } as const);
    return grid + textAt(at, bottom + LABEL_PX, label, style);
  });
  const nLines = Math.max(1, ...ticks.map(({ label }) => labelLines(label).length));
  const longest = Math.max(0, ...ticks.map(({ label }) => label.length));
  const lean = Math.sin((Math.abs(layout.tickangle ?? 0) * Math.PI) / 180);
  const below = isTilted ? LABEL_PX + longest * CHARACTER_PX * lean : LABEL_PX * nLines;
  const title = layout.title?.text ?? '';
  return (
    marks.join('') +
    textAt((frame.left + frame.right) / 2, bottom + below + LABEL_PX + 4, title, {
      anchor: 'middle',
      color: THEME.text,
      sizePx: 12,
    })
  );
}

function upPart({ layout, ticks, ends }: PaperAxis, frame: Frame): string {
  const isRight = layout.side === 'right';
  const edge = isRight ? frame.right : frame.left;
  const marks = ticks.map(({ at, label }) => {
    const grid = layout.showgrid
      ? lineBetween([frame.left, at], [frame.right, at], { color: THEME.grid })
      : '';
    return (
      grid +
      textAt(isRight ? edge + 6 : edge - 6, at + 4, label, {
        anchor: isRight ? 'start' : 'end',
        color: THEME.muted,
      })
    );
  });
  const middle = (ends[0] + ends[1]) / 2;
  const off = isRight ? edge + 52 : edge - 52;
  const title = layout.title?.text ?? '';
  return (
    marks.join('') +
    textAt(off, middle, title, {
      anchor: 'middle',
      color: THEME.text,
      sizePx: 12,
      degrees: isRight ? 90 : -90,
    })
  );
}

function placeOn(axes: Axes, frame: Frame, ref: string, value: Cell): number {
  if (ref === 'paper') return 0;
  const axis = ref === 'y2' ? (axes.y2 ?? axes.y) : ref.startsWith('y') ? axes.y : axes.x;
  const number =
    typeof value === 'number' && axis.kind !== 'date' ? axis.placeOfUnit(value) : axis.place(value);
  return number ?? (ref.startsWith('y') ? frame.bottom : frame.left);
}

/** Where a point given in any axis' terms, or as a share of the plot, lies. */
function pointOf(
  axes: Axes,
  frame: Frame,
  { xref, yref, x, y }: { readonly xref: string; readonly yref: string; readonly x: Cell; readonly y: Cell },
) {
  const along =
    xref === 'paper' ? frame.left + Number(x) * (frame.right - frame.left) : placeOn(axes, frame, 'x', x);
  const up =
    yref === 'paper' ? frame.bottom - Number(y) * (frame.bottom - frame.top) : placeOn(axes, frame, yref, y);
  return [along, up] as const;
}

function shapePart(shape: DrawnLayout['shapes'][number], axes: Axes, frame: Frame): string {
  const { xref, yref, line, fillcolor = 'none' } = shape;
  const from = pointOf(axes, frame, { xref, yref, x: shape.x0, y: shape.y0 });
  const to = pointOf(axes, frame, { xref, yref, x: shape.x1, y: shape.y1 });
  const style = { color: line?.color ?? THEME.muted, widthPx: line?.width ?? 1, dash: line?.dash };
  if (shape.type === 'line') return lineBetween(from, to, style);
  return `<rect x="${px(Math.min(from[0], to[0]))}" y="${px(Math.min(from[1], to[1]))}" width="${px(Math.abs(to[0] - from[0]))}" height="${px(Math.abs(to[1] - from[1]))}" fill="${fillcolor}" stroke="${style.color}" stroke-width="${style.widthPx}" opacity="${shape.opacity}"/>`;
}

function annotationPart(annotation: DrawnLayout['annotations'][number], axes: Axes, frame: Frame): string {
  const [x, y] = pointOf(axes, frame, annotation);
  const anchor = ({ left: 'start', right: 'end', center: 'middle', auto: 'middle' } as const)[
    annotation.xanchor
  ];
  const down = { top: 14, middle: 4, auto: 4, bottom: -5 }[annotation.yanchor];
  return textAt(x + annotation.xshift, y + down, annotation.text, { anchor, color: THEME.muted });
}

function legend(traces: readonly DrawnTrace[], frame: Frame): string {
  let x = frame.left;
  const y = frame.top - 14;
  return traces
    .flatMap((trace) => {
      if (!trace.showlegend || trace.name === undefined || trace.type === 'heatmap') return [];
      const color = firstColour(trace) ?? THEME.series[0];
      const mark = `<rect x="${px(x)}" y="${px(y - 9)}" width="10" height="10" fill="${color}"/>`;
      const text = textAt(x + 15, y, trace.name, { color: THEME.text });
      x += 15 + labelLines(trace.name).join(' ').length * CHARACTER_PX + 18;
      return [mark + text];
    })
    .join('');
}

function firstColour(trace: Exclude<DrawnTrace, DrawnHeatmap>): string | undefined {
  const own = trace.type === 'scatter' && trace.mode === 'lines' ? trace.line?.color : trace.marker?.color;
  return Array.isArray(own) ? own[0] : own;
}

function colourBar(
  { colorscale, colorbar, zmin, zmax }: DrawnHeatmap,
  { right, top, bottom }: Frame,
): string {
  const [[, pale], [, dark]] = colorscale;
  const x = right + 14;
  const id = `scale-${pale.slice(1)}-${dark.slice(1)}`;
  const ticks = [0, 0.5, 1].map((share) =>
    textAt(x + 18, bottom - share * (bottom - top) + 4, percentText(zmin + share * (zmax - zmin)), {
      color: THEME.muted,
    }),
  );
  return (
    `<defs><linearGradient id="${id}" x1="0" y1="1" x2="0" y2="0"><stop offset="0" stop-color="${pale}"/><stop offset="1" stop-color="${dark}"/></linearGradient></defs>` +
    `<rect x="${px(x)}" y="${px(top)}" width="12" height="${px(bottom - top)}" fill="url(#${id})"/>${ticks.join('')}` +
    textAt(x, top - 8, colorbar.title.text, { color: THEME.text })
  );
}
