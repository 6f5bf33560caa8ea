import type { FigureSpec } from '@/lib/charts/figure-spec';

/** How an axis counts: its own unit is the value, or its common logarithm. */
export interface AxisScale {
  readonly isLog: boolean;
  /** How much of its own unit a pixel is. */
  readonly unitsPerPx: number;
}

/**
 * Read the scale of an axis from a layout; null where it has no range of numbers.
 *
 * @param name as traces name it: `x`, `y2` …
 * @param lengthPx what all axes of its direction span together
 */
export function axisScale(layout: FigureSpec['layout'], name: string, lengthPx: number): AxisScale | null {
  const key = `${name.charAt(0)}axis${name.slice(1)}`;
  const axis: unknown = Object.entries(layout).find(([own]) => own === key)?.[1];
  if (!isRecord(axis) || axis.type === 'category' || !Array.isArray(axis.range)) return null;
  const [from, to]: unknown[] = axis.range;
  const [start, end]: unknown[] = Array.isArray(axis.domain) ? axis.domain : [0, 1];
  if (typeof from !== 'number' || typeof to !== 'number') return null;
  if (typeof start !== 'number' || typeof end !== 'number') return null;
  return { isLog: axis.type === 'log', unitsPerPx: Math.abs(to - from) / (lengthPx * (end - start)) };
}

/** Corners about the middle of a symbol of radius 1, in pixels; up is positive. */
export type Shape = readonly (readonly [along: number, up: number])[];

/**
 * Give the corners of a symbol as Plotly proportions it; of one that is not known here, a round one.
 *
 * @param isCrowded whether there are so many marks that the corners of each count
 */
export function shapeOf(symbol: string, isCrowded: boolean): Shape {
  switch (symbol) {
    case 'square':
      return SQUARE;
    case 'diamond':
      return DIAMOND;
    case 'triangle-down':
      return TRIANGLE_DOWN;
    default:
      return isCrowded ? ROUND_IN_CROWD : ROUND;
  }
}

const SQUARE: Shape = [
  [1, 1],
  [1, -1],
  [-1, -1],
  [-1, 1],
];
const DIAMOND: Shape = [
  [1.3, 0],
  [0, -1.3],
  [-1.3, 0],
  [0, 1.3],
];
const TRIANGLE_DOWN: Shape = [
  [2 / Math.sqrt(3), 0.5],
  [0, -1],
  [-2 / Math.sqrt(3), 0.5],
];
function round(nCorners: number): Shape {
  return Array.from({ length: nCorners }, (_, i) => {
    const angle = (2 * Math.PI * (i + 0.5)) / nCorners;
    return [Math.cos(angle), Math.sin(angle)];
  });
}

const ROUND = round(8);
/** In a crowd nobody tells six corners of a mark of eight pixels from a circle. */
const ROUND_IN_CROWD = round(6);

/** Draw a polygon at each point, with gaps between; they are of one size on the screen whatever the axes count in. */
export function polygonsAt(
  points: readonly { readonly x: number; readonly y: number }[],
  options: {
    readonly shape: Shape;
    readonly radiusPx: number;
    readonly x: AxisScale;
    readonly y: AxisScale;
  },
): { readonly x: (number | null)[]; readonly y: (number | null)[] } {
  const { shape, radiusPx } = options;
  const x: (number | null)[] = [];
  const y: (number | null)[] = [];
  for (const point of points) {
    for (const [along, up] of shape) {
      x.push(moved(point.x, along * radiusPx, options.x));
      y.push(moved(point.y, up * radiusPx, options.y));
    }
    x.push(null);
    y.push(null);
  }
  return { x, y };
}

function moved(value: number, byPx: number, { isLog, unitsPerPx }: AxisScale): number {
  const by = byPx * unitsPerPx;
  return isLog ? value * 10 ** by : value + by;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
