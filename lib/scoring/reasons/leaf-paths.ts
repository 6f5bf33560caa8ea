import type { ShapTrees } from './tree-shap';

/** The way from the root to each leaf of all trees, as parallel arrays. */
export interface LeafPaths {
  readonly nLeaves: number;
  /** First leaf of each tree, and the number of all leaves last. */
  readonly treeLeafStart: Uint32Array;
  readonly leafValue: Float32Array;
  /** First step of each leaf, and the number of all steps last. */
  readonly stepStart: Uint32Array;
  /** Split that a step stands for, whether it turns left there, and the place of its feature among the leaf's. */
  readonly stepNode: Uint32Array;
  readonly stepIsLeft: Uint8Array;
  readonly stepSlot: Uint8Array;
  /** First feature of each leaf, and the number of all of them last. */
  readonly slotStart: Uint32Array;
  /** Each feature on the way to a leaf, once. */
  readonly slotFeature: Uint32Array;
  /** Share of the training rows' weight that goes the leaf's way at all splits on the feature. */
  readonly slotShare: Float64Array;
}

/** Different features above one leaf, at most: their patterns are bits of a number. */
const MAX_SLOTS = 30;

interface Step {
  readonly node: number;
  readonly isLeft: boolean;
  readonly share: number;
}

/** Walk all trees and list the way to each leaf. @throws where more than 30 different features stand above one leaf */
export function leafPaths(trees: ShapTrees): LeafPaths {
  const lists = emptyLists();
  for (let tree = 0; tree < trees.nTrees; tree++) {
    const waiting: { node: number; steps: readonly Step[] }[] = [{ node: trees.treeStart[tree]!, steps: [] }];
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      const { node, steps } = next;
      if (trees.nodeFeature[node]! < 0) {
        addLeaf(lists, trees, node, steps);
        continue;
      }
      const [left, right] = [trees.nodeLeft[node]!, trees.nodeRight[node]!];
      const share = (child: number) => shareOf(trees, node, child);
      waiting.push(
        { node: right, steps: [...steps, { node, isLeft: false, share: share(right) }] },
        { node: left, steps: [...steps, { node, isLeft: true, share: share(left) }] },
      );
    }
    lists.treeLeafStart.push(lists.leafValue.length);
  }
  return {
    nLeaves: lists.leafValue.length,
    treeLeafStart: Uint32Array.from(lists.treeLeafStart),
    leafValue: Float32Array.from(lists.leafValue),
    stepStart: Uint32Array.from(lists.stepStart),
    stepNode: Uint32Array.from(lists.stepNode),
    stepIsLeft: Uint8Array.from(lists.stepIsLeft),
    stepSlot: Uint8Array.from(lists.stepSlot),
    slotStart: Uint32Array.from(lists.slotStart),
    slotFeature: Uint32Array.from(lists.slotFeature),
    slotShare: Float64Array.from(lists.slotShare),
  };
}

function emptyLists() {
  return {
    treeLeafStart: [0],
    leafValue: [] as number[],
    stepStart: [0],
    stepNode: [] as number[],
    stepIsLeft: [] as number[],
    stepSlot: [] as number[],
    slotStart: [0],
    slotFeature: [] as number[],
    slotShare: [] as number[],
  };
}

function addLeaf(
  lists: ReturnType<typeof emptyLists>,
  trees: ShapTrees,
  leaf: number,
  steps: readonly Step[],
): void {
  const slotOf = new Map<number, number>();
  const shares: number[] = [];
  for (const { node, isLeft, share } of steps) {
    const feature = trees.nodeFeature[node]!;
    const slot = slotOf.get(feature) ?? slotOf.size;
    slotOf.set(feature, slot);
    shares[slot] = (shares[slot] ?? 1) * share;
    lists.stepNode.push(node);
    lists.stepIsLeft.push(Number(isLeft));
    lists.stepSlot.push(slot);
  }
  if (slotOf.size > MAX_SLOTS)
    throw new Error(`${slotOf.size} different features stand above one leaf, more than ${MAX_SLOTS}`);
  lists.leafValue.push(trees.nodeValue[leaf]!);
  lists.stepStart.push(lists.stepNode.length);
  lists.slotFeature.push(...slotOf.keys());
  lists.slotShare.push(...shares);
  lists.slotStart.push(lists.slotFeature.length);
}

/** A split that no training row reached sends nobody either way. */
function shareOf({ nodeCover }: ShapTrees, node: number, child: number): number {
  const cover = nodeCover[node]!;
  return cover === 0 ? 0 : nodeCover[child]! / cover;
}
