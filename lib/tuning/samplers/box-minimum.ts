/** A function to be minimised: gives its value and writes its derivatives. */
export type Differentiable = (at: Float64Array, derivatives: Float64Array) => number;

/** Where a search starts, may go and ends. */
export interface BoxSearch {
  readonly start: Float64Array;
  readonly low: Float64Array;
  readonly high: Float64Array;
  /** Most times that the function is asked. */
  readonly nEvaluations: number;
  /** Ends where no derivative along which it may still go is larger. */
  readonly tolerance: number;
}

interface Step {
  readonly moved: Float64Array;
  readonly turned: Float64Array;
  readonly curvature: number;
}

const MEMORY = 8;
const SUFFICIENT_DECREASE = 1e-4;

/**
 * Search the minimum of a function within bounds, downhill from a start: L-BFGS (Nocedal & Wright, "Numerical optimization",
 * 2006, algorithm 7.4) on the coordinates that no bound holds, with the steps cut off at the bounds. Deterministic.
 *
 * @returns the lowest place it saw
 */
export function boxMinimum(cost: Differentiable, search: BoxSearch): { at: Float64Array; value: number } {
  const { low, high } = search;
  let at = clamped(search.start, low, high);
  let slope = new Float64Array(at.length);
  let value = cost(at, slope);
  let nLeft = search.nEvaluations - 1;
  let steps: Step[] = [];
  while (nLeft > 0) {
    const isFree = freeCoordinates(at, slope, search);
    if (!at.some((_, d) => isFree[d]! && Math.abs(slope[d]!) > search.tolerance)) break;
    let direction = downhill(slope, isFree, steps);
    if (!(dot(direction, slope) < 0)) {
      steps = [];
      direction = downhill(slope, isFree, steps);
    }
    const found = lineSearch({ cost, low, high, at, slope, value, direction, nEvaluations: nLeft });
    nLeft -= found.nUsed;
    if (found.next === null) break;
    const { next } = found;
    const moved = next.at.map((x, d) => x - at[d]!);
    const turned = next.slope.map((g, d) => g - slope[d]!);
    const curvature = dot(moved, turned);
    if (curvature > 1e-10 * dot(turned, turned))
      steps = [...steps, { moved, turned, curvature }].slice(-MEMORY);
    ({ at, slope, value } = next);
  }
  return { at, value };
}

/** A coordinate at a bound is held where downhill leads out. */
function freeCoordinates(
  at: Float64Array,
  slope: Float64Array,
  { low, high }: BoxSearch,
): readonly boolean[] {
  return Array.from(at, (x, d) => !((x <= low[d]! && slope[d]! >= 0) || (x >= high[d]! && slope[d]! <= 0)));
}

/** The two loops of L-BFGS over the free coordinates; steepest descent, at most one long, while it knows no steps. */
function downhill(slope: Float64Array, isFree: readonly boolean[], steps: readonly Step[]): Float64Array {
  const direction = slope.map((g, d) => (isFree[d]! ? -g : 0));
  const last = steps.at(-1);
  if (last === undefined) {
    const length = Math.sqrt(dot(direction, direction));
    return direction.map((x) => x / Math.max(1, length));
  }
  const shares = new Float64Array(steps.length);
  for (let k = steps.length - 1; k >= 0; k--) {
    const { moved, turned, curvature } = steps[k]!;
    shares[k] = dot(moved, direction) / curvature;
    addScaled(direction, turned, -shares[k]!);
  }
  const scale = last.curvature / dot(last.turned, last.turned);
  for (let d = 0; d < direction.length; d++) direction[d]! *= scale;
  steps.forEach(({ moved, turned, curvature }, k) => {
    addScaled(direction, moved, shares[k]! - dot(turned, direction) / curvature);
  });
  return direction.map((x, d) => (isFree[d]! ? x : 0));
}

interface Line {
  readonly cost: Differentiable;
  readonly low: Float64Array;
  readonly high: Float64Array;
  readonly at: Float64Array;
  readonly slope: Float64Array;
  readonly value: number;
  readonly direction: Float64Array;
  readonly nEvaluations: number;
}

/** Go along a direction, cut off at the bounds, and halve the way until the value falls enough. */
function lineSearch({ cost, low, high, at, slope, value, direction, nEvaluations }: Line) {
  let length = 1;
  for (let nUsed = 1; nUsed <= Math.min(nEvaluations, 12); nUsed++) {
    const there = clamped(
      at.map((x, d) => x + length * direction[d]!),
      low,
      high,
    );
    const thereSlope = new Float64Array(at.length);
    const thereValue = cost(there, thereSlope);
    const expected = there.reduce((sum, x, d) => sum + slope[d]! * (x - at[d]!), 0);
    if (expected === 0) return { next: null, nUsed };
    if (thereValue <= value + SUFFICIENT_DECREASE * expected) {
      return { next: { at: there, slope: thereSlope, value: thereValue }, nUsed };
    }
    // The parabola through the two values and the slope, kept from shrinking too much at once.
    const parabola = (-0.5 * expected) / (thereValue - value - expected);
    length *= Number.isFinite(parabola) ? Math.min(0.5, Math.max(0.1, parabola)) : 0.1;
  }
  return { next: null, nUsed: Math.min(nEvaluations, 12) };
}

function clamped(at: Float64Array, low: Float64Array, high: Float64Array): Float64Array {
  return at.map((x, d) => Math.min(high[d]!, Math.max(low[d]!, x)));
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let d = 0; d < a.length; d++) sum += a[d]! * b[d]!;
  return sum;
}

function addScaled(to: Float64Array, what: Float64Array, times: number): void {
  for (let d = 0; d < to.length; d++) to[d]! += times * what[d]!;
}
