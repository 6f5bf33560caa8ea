import type { ChartTheme } from '@/lib/charts/chart-theme';
import { mixedColour } from '@/lib/charts/colour-contrast';
import type { DrawnBar, DrawnHeatmap, DrawnScatter } from './drawn-figure';
import type { PaperAxis } from './svg-axis';
import { lineBetween, px, textAt } from './svg-text';

/** The axes of a trace. */
export interface TraceAxes {
  readonly x: PaperAxis;
  readonly y: PaperAxis;
}

const at = <T>(values: T | readonly T[] | undefined, i: number): T | undefined =>
  isList(values) ? values[i] : values;

function isList<T>(values: T | readonly T[] | undefined): values is readonly T[] {
  return Array.isArray(values);
}

/**
 * Draw upright bars on categories.
 *
 * @param place which of the groups' bars they are, of how many that stand beside each other
 */
export function barMarks(
  bar: DrawnBar,
  { x, y }: TraceAxes,
  place: { readonly index: number; readonly count: number; readonly gap: number },
): string {
  const groupPx = x.unitPx * (1 - place.gap);
  const widthPx = groupPx / place.count;
  const zero = y.place(0) ?? y.ends[0];
  return bar.x
    .map((along, i) => {
      const [middle, top] = [x.place(along), y.place(bar.y[i] ?? null)];
      if (middle === null || top === null) return '';
      const left = middle - groupPx / 2 + place.index * widthPx;
      const outline = at(bar.marker?.line?.width, i) ?? 0;
      const stroke =
        outline === 0 ? '' : ` stroke="${at(bar.marker?.line?.color, i)}" stroke-width="${outline}"`;
      return `<rect x="${px(left)}" y="${px(Math.min(top, zero))}" width="${px(widthPx)}" height="${px(Math.abs(zero - top))}" fill="${at(bar.marker?.color, i)}"${stroke}/>`;
    })
    .join('');
}

/** Draw a line, markers and their intervals. */
export function scatterMarks(scatter: DrawnScatter, axes: TraceAxes, theme: ChartTheme): string {
  if (scatter.marker?.opacity === 0) return '';
  const points = scatter.x.map((along, i) => {
    const [x, y] = [axes.x.place(along), axes.y.place(scatter.y[i] ?? null)];
    return x === null || y === null ? null : ([x, y] as const);
  });
  const lines = scatter.mode.includes('lines') ? pathThrough(points, scatter, theme) : '';
  const marks = scatter.mode.includes('markers')
    ? points.map((point, i) => (point === null ? '' : markAt(point, scatter, i, theme))).join('')
    : '';
  return lines + intervals(scatter, axes, theme) + marks;
}

type Point = readonly [x: number, y: number] | null;

function pathThrough(points: readonly Point[], { line, marker }: DrawnScatter, theme: ChartTheme): string {
  let isDown = false;
  const steps = points.map((point) => {
    if (point === null) {
      isDown = false;
      return '';
    }
    const step = `${isDown ? 'L' : 'M'}${px(point[0])} ${px(point[1])}`;
    isDown = true;
    return step;
  });
  const color = at(line?.color, 0) ?? at(marker?.color, 0) ?? theme.series[0];
  const { dash } = line ?? {};
  const dashed =
    dash === undefined || dash === 'solid' ? '' : ` stroke-dasharray="${dash === 'dot' ? '2 3' : '6 4'}"`;
  return `<path d="${steps.join('')}" fill="none" stroke="${color}" stroke-width="${at(line?.width, 0) ?? 2}"${dashed}/>`;
}

function markAt(
  [x, y]: readonly [number, number],
  { marker }: DrawnScatter,
  i: number,
  theme: ChartTheme,
): string {
  const symbol = at(marker?.symbol, i) ?? 'circle';
  const radius = (at(marker?.size, i) ?? 6) / 2;
  const color = at(marker?.color, i) ?? theme.series[0];
  const outline = at(marker?.line?.width, i) ?? 0;
  const isOpen = symbol.endsWith('-open');
  const stroke = isOpen ? color : (at(marker?.line?.color, i) ?? color);
  const paint = `fill="${isOpen ? 'none' : color}" stroke="${stroke}" stroke-width="${px(isOpen ? outline || 2 : outline)}"`;
  if (symbol.startsWith('diamond') || symbol.startsWith('triangle') || symbol.startsWith('x')) {
    const corners = [
      `${px(x)},${px(y - radius * 1.3)}`,
      `${px(x + radius * 1.3)},${px(y)}`,
      `${px(x)},${px(y + radius * 1.3)}`,
      `${px(x - radius * 1.3)},${px(y)}`,
    ];
    return `<polygon points="${corners.join(' ')}" ${paint}/>`;
  }
  if (symbol.startsWith('square')) {
    return `<rect x="${px(x - radius)}" y="${px(y - radius)}" width="${px(2 * radius)}" height="${px(2 * radius)}" ${paint}/>`;
  }
  return `<circle cx="${px(x)}" cy="${px(y)}" r="${px(radius)}" ${paint}/>`;
}

const CAP_PX = 4;

function intervals({ x, y, error_x, error_y }: DrawnScatter, axes: TraceAxes, theme: ChartTheme): string {
  const one = (i: number, direction: 'x' | 'y') => {
    const error = direction === 'x' ? error_x : error_y;
    const [along, up] = [x[i] ?? null, y[i] ?? null];
    const value = Number(direction === 'x' ? along : up);
    const axis = axes[direction];
    const middle = direction === 'x' ? axes.y.place(up) : axes.x.place(along);
    const [more, less] = [error?.array[i], error?.arrayminus?.[i] ?? error?.array[i]];
    if (middle === null || more === undefined || less === undefined) return '';
    const [from, to] = [axis.placeOfUnit(value - less), axis.placeOfUnit(value + more)];
    const style = { color: error?.color ?? theme.muted, widthPx: 1.5 };
    const point = (place: number, off: number) =>
      direction === 'x' ? ([place, middle + off] as const) : ([middle + off, place] as const);
    return (
      lineBetween(point(from, 0), point(to, 0), style) +
      [from, to].map((end) => lineBetween(point(end, -CAP_PX), point(end, CAP_PX), style)).join('')
    );
  };
  return x.map((_, i) => (error_x ? one(i, 'x') : '') + (error_y ? one(i, 'y') : '')).join('');
}

/** Draw cells on two axes of categories, with what is written into them. */
export function heatmapMarks(heatmap: DrawnHeatmap, { x, y }: TraceAxes, theme: ChartTheme): string {
  const [[, pale], [, dark]] = heatmap.colorscale;
  const [widthPx, heightPx] = [x.unitPx - 1, y.unitPx - 1];
  return heatmap.z
    .flatMap((row, j) =>
      row.map((value, i) => {
        const [along, up] = [x.place(heatmap.x[i] ?? null), y.place(heatmap.y[j] ?? null)];
        if (value === null || along === null || up === null) return '';
        const share = Math.min(1, Math.max(0, (value - heatmap.zmin) / (heatmap.zmax - heatmap.zmin || 1)));
        const written = heatmap.text?.[j]?.[i] ?? '';
        return (
          `<rect x="${px(along - widthPx / 2)}" y="${px(up - heightPx / 2)}" width="${px(widthPx)}" height="${px(heightPx)}" fill="${mixedColour(pale, dark, share)}"/>` +
          (written === ''
            ? ''
            : textAt(along, up + 4, written, { anchor: 'middle', color: theme.text, sizePx: 10 }))
        );
      }),
    )
    .join('');
}
