import { boxLayout, type ForestFeature, type RegressionTree } from './regression-forest';

/** One feature as a tree sees it: the segments that its cuts leave, and which of them each leaf covers. */
export interface TreeAxis {
  /** Widths of the segments; they add up to 1. */
  readonly widths: Float64Array;
  /** By leaf: share of the axis that it covers. */
  readonly extents: Float64Array;
  /** By run of consecutive segments: whose leaf's it is (rising), its first segment and the one after its last. */
  readonly leaves: Int32Array;
  readonly starts: Int32Array;
  readonly ends: Int32Array;
}

/** Whether a feature explains nothing, not even by rounding. */
export function isUncut({ widths }: TreeAxis): boolean {
  return widths.length === 1;
}

/** Where the boxes keep one feature. */
interface BoxColumn {
  readonly boxes: Float64Array;
  readonly width: number;
  readonly offset: number;
  readonly nLeaves: number;
}

/** Give every feature of a space as a tree sees it. */
export function treeAxes(
  { boxes, values, cuts }: RegressionTree,
  features: readonly ForestFeature[],
): readonly TreeAxis[] {
  const { width, offsets } = boxLayout(features);
  return features.map((feature, i) => {
    const column = { boxes, width, offset: offsets[i]!, nLeaves: values.length };
    return feature.kind === 'number' ? numberAxis(column, cuts[i]!) : categoryAxis(column, feature.nValues);
  });
}

function numberAxis({ boxes, width, offset, nLeaves }: BoxColumn, cuts: Float64Array): TreeAxis {
  const nSegments = cuts.length + 1;
  const extents = new Float64Array(nLeaves);
  const leaves = new Int32Array(nLeaves);
  const starts = new Int32Array(nLeaves);
  const ends = new Int32Array(nLeaves);
  for (let leaf = 0; leaf < nLeaves; leaf++) {
    const low = boxes[leaf * width + offset]!;
    const high = boxes[leaf * width + offset + 1]!;
    leaves[leaf] = leaf;
    // Most leaves take the whole of most features.
    starts[leaf] = low === 0 ? 0 : placeOf(cuts, low) + 1;
    ends[leaf] = high === 1 ? nSegments : placeOf(cuts, high) + 1;
    extents[leaf] = high - low;
  }
  const widths = new Float64Array(nSegments);
  for (let i = 0; i < nSegments; i++) widths[i] = (cuts[i] ?? 1) - (cuts[i - 1] ?? 0);
  return { widths, extents, leaves, starts, ends };
}

/** Where a cut stands among rising ones. */
function placeOf(cuts: Float64Array, cut: number): number {
  let low = 0;
  let high = cuts.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (cuts[middle]! < cut) low = middle + 1;
    else high = middle;
  }
  return low;
}

function categoryAxis({ boxes, width, offset, nLeaves }: BoxColumn, nValues: number): TreeAxis {
  const runs: (readonly [number, number, number])[] = [];
  const extents = new Float64Array(nLeaves);
  for (let leaf = 0; leaf < nLeaves; leaf++) {
    const first = leaf * width + offset;
    for (let code = 0; code < nValues; code++) {
      if (boxes[first + code] === 0) continue;
      const start = code;
      while (code + 1 < nValues && boxes[first + code + 1] === 1) code++;
      runs.push([leaf, start, code + 1]);
      extents[leaf]! += (code + 1 - start) / nValues;
    }
  }
  const widths = new Float64Array(nValues).fill(1 / nValues);
  const [leaves, starts, ends] = [0, 1, 2].map((i) => Int32Array.from(runs, (run) => run[i]!));
  return { widths, extents, leaves: leaves!, starts: starts!, ends: ends! };
}
