import { LAB_NUMBERS, LAB_OVERLAP_BY_LAG, labTag, TAGS, tagIndex } from '../figures/tags';
import type { Moments } from './moments';

/** Largest distance between the numbers of two labs of which the profile knows the overlap. */
export const MAX_LAG = LAB_OVERLAP_BY_LAG.length;

/**
 * Slots of one row in a membership table of labs: eight empty ones, one for each number from 0 to 47, eight empty
 * ones, so that neighbours up to eight away can be looked up without asking for the edge.
 */
export const STRIDE = 64;

/** The numbered labs in order, each with its slot in a membership table and its place in `TAGS`. */
export const LABS = LAB_NUMBERS.map((number) => {
  const index = tagIndex(labTag(number));
  return { ...TAGS[index]!, slot: number + MAX_LAG, tagIndex: index };
});

/** What labs depend on, for the rows that hold one. */
export interface LabRows {
  readonly tagCount: Uint16Array;
  readonly optinDays: Uint16Array;
}

/** Mean and standard deviation of two columns over the whole list. */
export interface ListMoments {
  readonly n: number;
  readonly tagCount: Moments;
  readonly optinDays: Moments;
}
