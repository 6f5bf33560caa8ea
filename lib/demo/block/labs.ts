import { LAB_NUMBERS, LAB_OVERLAP_BY_LAG, labTag, TAGS, tagIndex } from '../figures/tags';

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

/** Rows that hold a lab: how many labs, and what labs depend on. */
export interface LabRows {
  readonly nLabs: Uint8Array;
  readonly tagCount: Float64Array;
  readonly optinDays: Float64Array;
}
