import type { RandomSource } from '@/lib/core/random';
import { tagIndex } from '../figures/tags';
import { BUNDLES } from './bundles';
import { fillLabs } from './lab-filling';
import { tradeLabs } from './lab-trading';
import { LABS, type LabRows, type ListMoments, STRIDE } from './labs';
import { columnMoments, TAG_COUNT_MOMENTS } from './moments';
import { dealBundles, type Engagement } from './tag-bundles';

/** The tags of each row as 46 bits: tag `t` of `TAGS` is bit `t` of `low`, or bit `t − 32` of `high`. */
export interface TagSets {
  readonly low: Uint32Array;
  readonly high: Uint32Array;
}

/** Whether a row holds a tag, by its place in `TAGS`. */
export function hasTag({ low, high }: TagSets, row: number, tag: number): boolean {
  return tag < 32 ? ((low[row]! >>> tag) & 1) === 1 : ((high[row]! >>> (tag - 32)) & 1) === 1;
}

/** Deal each row as many tags as its tag count says: first the bundle of learning_lab and webinars, then labs. */
export function dealTagSets(engagement: Engagement, random: RandomSource): TagSets {
  const n = engagement.tagCount.length;
  const taggedRows = Uint32Array.from(engagement.tagCount.keys()).filter(
    (row) => engagement.tagCount[row]! > 0,
  );
  const bundles = dealBundles(taggedRows, engagement, random);
  const sets: TagSets = { low: new Uint32Array(n), high: new Uint32Array(n) };
  const nLabs = new Uint8Array(n);
  taggedRows.forEach((row, i) => {
    const { tags } = BUNDLES[bundles[i]!]!;
    for (const tag of tags) addTag(sets, row, tagIndex(tag));
    nLabs[row] = engagement.tagCount[row]! - tags.length;
  });
  dealLabs(sets, nLabs, engagement, random);
  return sets;
}

/** Give each row its number of labs, and each lab its holders. */
function dealLabs(sets: TagSets, nLabs: Uint8Array, engagement: Engagement, random: RandomSource): void {
  const holders = Uint32Array.from(nLabs.keys()).filter((row) => nLabs[row]! > 0);
  const rows: LabRows = {
    tagCount: Uint16Array.from(holders, (row) => engagement.tagCount[row]!),
    optinDays: Uint16Array.from(holders, (row) => engagement.optinDays[row]!),
  };
  const list: ListMoments = {
    n: nLabs.length,
    tagCount: TAG_COUNT_MOMENTS,
    optinDays: columnMoments(engagement.optinDays),
  };
  const holds = fillLabs(
    Uint8Array.from(holders, (row) => nLabs[row]!),
    random,
  );
  tradeLabs(holds, rows, list, random);
  holders.forEach((row, i) => {
    for (const { slot, tagIndex } of LABS) if (holds[i * STRIDE + slot] === 1) addTag(sets, row, tagIndex);
  });
}

function addTag({ low, high }: TagSets, row: number, tag: number): void {
  if (tag < 32) low[row] = (low[row]! | (1 << tag)) >>> 0;
  else high[row] = (high[row]! | (1 << (tag - 32))) >>> 0;
}
