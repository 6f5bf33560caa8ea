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

/** Levels of one dimension that someone picked out in a figure. */
export interface LevelPick {
  readonly dimension: string;
  readonly levels: readonly string[];
  /** Whether they join those that are picked. */
  readonly isAdded: boolean;
}

/**
 * List the levels that points stand for: those whose `customdata` begins with the name of a dimension and a level. Of
 * several dimensions the first point's counts.
 */
export function levelsOfPoints(points: readonly DrawnPoint[]): Omit<LevelPick, 'isAdded'> | null {
  const named = points.flatMap(({ customdata }) => {
    const [dimension, level]: readonly unknown[] = Array.isArray(customdata) ? customdata : [];
    return typeof dimension === 'string' && typeof level === 'string' ? [{ dimension, level }] : [];
  });
  const [first] = named;
  if (first === undefined) return null;
  const { dimension } = first;
  const levels = named.filter((point) => point.dimension === dimension).map(({ level }) => level);
  return { dimension, levels: [...new Set(levels)] };
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
