import type { FigureSpec } from '@/lib/charts/figure-spec';
import { axisScale, polygonsAt, shapeOf } from './mark-polygons';

type Trace = FigureSpec['data'][number];
type Layout = FigureSpec['layout'];
type MarkerTrace = Extract<Trace, { mode?: unknown }>;

/** Figures of fewer markers are drawn as they are. */
const MIN_DENSE_MARKERS = 200;
/** So are traces of fewer in any figure: an outlined or large mark looks best as itself. */
const MIN_OF_TRACE = 20;
const CROWD = 500;
/** Outlines of a pixel keep marks apart from what lies below; among so many marks nothing is seen of either. */
const MAX_THIN_OUTLINES = 300;

/**
 * Replace large clouds of markers by traces that are drawn many times faster: Plotly makes an element for each marker and
 * takes 30 µs for it, but one path for all polygons of a filled trace. Each marker becomes a polygon of its symbol, size,
 * colour and outline. The trace itself stays, with one marker left, for hovering, selecting and the legend.
 *
 * The polygons keep their shape for a plot of this size and these ranges alone: not for one that is zoomed, nor for
 * pictures. Traces on an axis of categories, or without a range, stay as they are.
 *
 * @param plot size of the area that the axes span
 */
export function withDenseMarks(
  data: readonly Trace[],
  layout: Layout,
  plot: { readonly widthPx: number; readonly heightPx: number },
): Trace[] {
  const clouds = data.map(markerCloud);
  const nMarkers = clouds.reduce((n, cloud) => n + (cloud?.points.length ?? 0), 0);
  if (nMarkers < MIN_DENSE_MARKERS) return [...data];
  return data.flatMap((trace, place) => {
    const cloud = clouds[place] ?? null;
    if (cloud === null || cloud.points.length < MIN_OF_TRACE) return [trace];
    const x = axisScale(layout, cloud.xaxis, plot.widthPx);
    const y = axisScale(layout, cloud.yaxis, plot.heightPx);
    if (x === null || y === null) return [trace];
    const shared = {
      type: 'scatter' as const,
      mode: 'none' as const,
      fill: 'toself' as const,
      name: cloud.name,
      legendgroup: cloud.legendgroup,
      xaxis: cloud.xaxis,
      yaxis: cloud.yaxis,
      hoverinfo: 'skip' as const,
      showlegend: false,
    };
    const looks = looksOf(cloud);
    // Among so many lines an end needs no mark to be seen, unless it stands out.
    const marked = isOfLines(cloud, data) ? looks.slice(1) : looks;
    const polygons = marked.flatMap(({ color, outlineColor, outlinePx, sizePx, points }) => {
      const drawn = (fillcolor: string, radiusPx: number) => ({
        ...shared,
        fillcolor,
        ...polygonsAt(points, { shape: shapeOf(cloud.symbol, nMarkers > CROWD), radiusPx, x, y }),
      });
      const hasOutline = outlinePx > 1 || (outlinePx > 0 && points.length <= MAX_THIN_OUTLINES);
      if (!hasOutline) return [drawn(color, sizePx / 2)];
      return [
        drawn(outlineColor, (sizePx + outlinePx) / 2),
        drawn(color, Math.max(0, (sizePx - outlinePx) / 2)),
      ];
    });
    const left = {
      ...cloud.trace,
      legendgroup: cloud.legendgroup,
      // One look for all: which of them is the marker left is Plotly's to choose, and the first look is the most frequent.
      marker: { symbol: cloud.symbol, color: looks[0]?.color, size: looks[0]?.sizePx, maxdisplayed: 1 },
    };
    return [...polygons, left];
  });
}

/** Whether a cloud marks the ends of lines that have an entry of their own in the legend. */
function isOfLines({ trace, legendgroup }: MarkerCloud, data: readonly Trace[]): boolean {
  if (!('showlegend' in trace) || trace.showlegend !== false) return false;
  return data.some((other) => 'mode' in other && other.mode === 'lines' && other.legendgroup === legendgroup);
}

interface Point {
  readonly x: number;
  readonly y: number;
  /** Place in the trace's arrays. */
  readonly at: number;
}

interface MarkerCloud {
  readonly trace: MarkerTrace;
  readonly points: readonly Point[];
  readonly marker: Readonly<Record<string, unknown>>;
  readonly symbol: string;
  readonly name: string;
  readonly legendgroup: string;
  readonly xaxis: string;
  readonly yaxis: string;
}

/** Read a trace of markers on numbers; null for any other. */
function markerCloud(trace: Trace): MarkerCloud | null {
  if (!('mode' in trace) || trace.type !== 'scatter' || trace.mode !== 'markers') return null;
  // Outlines of error bars would be drawn for each marker all the same.
  if ('error_y' in trace || !Array.isArray(trace.x) || !Array.isArray(trace.y)) return null;
  const marker: Readonly<Record<string, unknown>> = { ...trace.marker };
  if (typeof marker.symbol !== 'string') return null;
  const { x, y, name = '' } = trace;
  const points = x.flatMap((along: unknown, at) => {
    const up: unknown = y[at];
    return typeof along === 'number' && typeof up === 'number' ? [{ x: along, y: up, at }] : [];
  });
  return {
    trace,
    points,
    marker,
    symbol: marker.symbol,
    name,
    legendgroup: trace.legendgroup ?? name,
    xaxis: trace.xaxis ?? 'x',
    yaxis: trace.yaxis ?? 'y',
  };
}

interface Look {
  readonly color: string;
  readonly sizePx: number;
  readonly outlineColor: string;
  readonly outlinePx: number;
  readonly points: Point[];
}

/** Group a cloud's points by what they look like, in the order in which a look comes first. */
function looksOf({ points, marker }: MarkerCloud): readonly Look[] {
  const line: Readonly<Record<string, unknown>> = isRecord(marker.line) ? marker.line : {};
  const looks = new Map<string, Look>();
  for (const point of points) {
    const color = textAt(marker.color, point.at);
    const sizePx = numberAt(marker.size, point.at) ?? 6;
    const outlinePx = numberAt(line.width, point.at) ?? 0;
    const outlineColor = textAt(line.color, point.at);
    const key = [color, sizePx, outlinePx, outlineColor].join(' ');
    const known = looks.get(key);
    if (known === undefined) looks.set(key, { color, sizePx, outlinePx, outlineColor, points: [point] });
    else known.points.push(point);
  }
  return [...looks.values()];
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function textAt(value: unknown, at: number): string {
  const own: unknown = Array.isArray(value) ? value[at] : value;
  return typeof own === 'string' ? own : '';
}

function numberAt(value: unknown, at: number): number | null {
  const own: unknown = Array.isArray(value) ? value[at] : value;
  return typeof own === 'number' ? own : null;
}
