/** What of a drawn point tells which trial it stands for. */
export interface DrawnPoint {
  readonly customdata?: unknown;
  /** The trace. */
  readonly data: object;
}

/** Trials that someone picked out in a figure. */
export interface FigurePick {
  readonly numbers: readonly number[];
  /** Whether they join those that are selected. */
  readonly isAdded: boolean;
}

/** List the trials that points stand for, each once, in order of their numbers. Points that stand for none are passed over. */
export function trialsOfPoints(points: readonly DrawnPoint[]): readonly number[] {
  const numbers = points.map(trialOfPoint).filter((number) => number !== null);
  return [...new Set(numbers)].sort((a, b) => a - b);
}

/** A point's own `customdata` is its trial or begins with it; else the whole trace is of the trial in its `meta`. */
function trialOfPoint({ customdata, data }: DrawnPoint): number | null {
  const own: unknown = Array.isArray(customdata) ? customdata[0] : customdata;
  return trialNumber(own) ?? ('meta' in data ? trialNumber(data.meta) : null);
}

function trialNumber(value: unknown): number | null {
  return typeof value === 'number' && Number.isInteger(value) && value >= 1 ? value : null;
}

/** Levels that someone picked out in a figure. */
export interface LevelPick {
  /** One entry a dimension; subscribers must pass all of them. */
  readonly picked: readonly { readonly dimension: string; readonly levels: readonly string[] }[];
  /** Whether they join those that are picked. */
  readonly isAdded: boolean;
}

/**
 * List the levels that points stand for, by dimension: those whose `customdata` begins with the name of a dimension and a
 * level, or with as many such pairs as the `nLevels` of the trace's `meta` says. Of several kinds of points the first
 * point's dimensions count.
 */
export function levelsOfPoints(points: readonly DrawnPoint[]): LevelPick['picked'] | null {
  const named = points.map(pairsOfPoint).filter((pairs) => pairs.length > 0);
  const [first] = named;
  if (first === undefined) return null;
  return first.map(({ dimension }) => {
    const levels = named.flatMap((pairs) =>
      pairs.flatMap((pair) => (pair.dimension === dimension ? [pair.level] : [])),
    );
    return { dimension, levels: [...new Set(levels)] };
  });
}

function pairsOfPoint({ customdata, data }: DrawnPoint) {
  const values: readonly unknown[] = Array.isArray(customdata) ? customdata : [];
  const { nLevels = 1 }: { readonly nLevels?: unknown } =
    'meta' in data && typeof data.meta === 'object' && data.meta !== null ? data.meta : {};
  return Array.from({ length: Number(nLevels) }, (_, i) => values.slice(2 * i, 2 * i + 2)).flatMap(
    ([dimension, level]) =>
      typeof dimension === 'string' && typeof level === 'string' ? [{ dimension, level }] : [],
  );
}

/** A box that was drawn over a figure, in the units of its axes. */
export interface FigureBox {
  readonly x: readonly [number, number];
  readonly y: readonly [number, number];
}

/** Read the box of a Plotly selection; null for a lasso, and where the axes do not count in numbers. */
export function boxOfRange(range: unknown): FigureBox | null {
  if (typeof range !== 'object' || range === null || !('x' in range && 'y' in range)) return null;
  const { x, y } = range;
  return isPair(x) && isPair(y) ? { x, y } : null;
}

function isPair(ends: unknown): ends is readonly [number, number] {
  return Array.isArray(ends) && ends.length === 2 && ends.every((end) => typeof end === 'number');
}

/** Read where the first line of a figure was dragged to from what Plotly says changed; null where it was not. */
export function draggedHeight(change: object): number | null {
  const ends = new Map<string, unknown>(Object.entries(change));
  const height = ends.get('shapes[0].y0') ?? ends.get('shapes[0].y1');
  return typeof height === 'number' && Number.isFinite(height) ? height : null;
}
