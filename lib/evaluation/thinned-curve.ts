/** Distances below this are rounding, not shape: points so near to a straight line are left out whatever the limit. */
const STRAIGHT = 1e-12;

/** A stretch of a curve between two kept points, and the point within it that lies farthest from the line between them. */
interface Stretch {
  readonly first: number;
  readonly last: number;
  readonly farthest: number;
  readonly distance: number;
}

/**
 * Choose the points of a curve that carry its shape: the two ends, then again and again the point farthest from what is
 * drawn so far (Douglas and Peucker 1973, largest distance first), so corners stay where they are. Points on a straight
 * line between kept ones are left out even below the limit.
 *
 * @param x not empty, finite
 * @param y as long as `x`, on a like scale
 * @param nPoints points kept at most, at least 2
 * @returns indices in curve order
 * @example thinnedCurvePoints(new Float64Array([0, 0, 0, 1]), new Float64Array([0, 0.5, 1, 1]), 9) // [0, 2, 3]
 */
export function thinnedCurvePoints(x: Float64Array, y: Float64Array, nPoints: number): number[] {
  if (nPoints < 2) throw new Error(`Expected at least 2 points to keep, got ${nPoints}.`);
  const end = x.length - 1;
  const kept = end === 0 ? [0] : [0, end];
  const stretches = [stretchBetween(x, y, 0, end)];
  while (kept.length < nPoints) {
    const bent = takeMostBent(stretches);
    if (bent === undefined || bent.distance <= STRAIGHT) break;
    kept.push(bent.farthest);
    stretches.push(
      stretchBetween(x, y, bent.first, bent.farthest),
      stretchBetween(x, y, bent.farthest, bent.last),
    );
  }
  return kept.sort((a, b) => a - b);
}

function stretchBetween(x: Float64Array, y: Float64Array, first: number, last: number): Stretch {
  const run = x[last]! - x[first]!;
  const rise = y[last]! - y[first]!;
  const length = Math.hypot(run, rise);
  let farthest = first;
  let distance = 0;
  for (let point = first + 1; point < last; point++) {
    const dx = x[point]! - x[first]!;
    const dy = y[point]! - y[first]!;
    const apart = length === 0 ? Math.hypot(dx, dy) : Math.abs(run * dy - rise * dx) / length;
    if (apart > distance) {
      distance = apart;
      farthest = point;
    }
  }
  return { first, last, farthest, distance };
}

/** A few hundred stretches at most, so a plain search is as fast as a heap. */
function takeMostBent(stretches: Stretch[]): Stretch | undefined {
  let most = 0;
  for (let i = 1; i < stretches.length; i++) {
    if (stretches[i]!.distance > stretches[most]!.distance) most = i;
  }
  return stretches.splice(most, 1)[0];
}
