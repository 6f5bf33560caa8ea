import type { RandomSource } from '@/lib/core/random';
import { LAB_OVERLAP_BY_LAG } from '../figures/tags';
import { LABS, type LabRows, type ListMoments, MAX_LAG, STRIDE } from './labs';
import { totalOfHolders } from './moments';

const N_PROPOSALS = 200_000;

/** Error a figure at which trading is good enough: a deviation of four tenths of its scale. */
const GOOD_ENOUGH = 0.15;

/**
 * Exchange labs between pairs of rows, each giving one that the other lacks, as long as the error does not grow: until lab
 * by lab the correlations with time and tag count, and over all labs the overlap of neighbours, are those of the profile.
 * Rows keep their number of labs, labs their number of holders. Changes `holds`.
 */
export function tradeLabs(holds: Uint8Array, rows: LabRows, list: ListMoments, random: RandomSource): void {
  const places = placesOfHolders(holds);
  const deviations = labDeviations(holds, places, rows, list);
  const overlapShift = new Float64Array(MAX_LAG);
  let overlapError = squares(deviations.overlap, deviations.overlapScale);
  let error = overlapError + holderError(deviations);
  const goodEnough = GOOD_ENOUGH * (2 * LABS.length + MAX_LAG);
  for (let proposal = 0; proposal < N_PROPOSALS && error > goodEnough; proposal++) {
    const i = Math.floor(random() * places.length);
    const j = Math.floor(random() * places.length);
    const fromA = places[i]!;
    const fromB = places[j]!;
    const labA = fromA % STRIDE;
    const labB = fromB % STRIDE;
    const toA = fromB - labB + labA;
    const toB = fromA - labA + labB;
    if (labA === labB || holds[toA] === 1 || holds[toB] === 1) continue;
    const rowA = (fromA - labA) / STRIDE;
    const rowB = (fromB - labB) / STRIDE;
    const tagShift = rows.tagCount[rowB]! - rows.tagCount[rowA]!;
    const dayShift = rows.optinDays[rowB]! - rows.optinDays[rowA]!;
    const holderChange = holderErrorChange(deviations, labA, labB, tagShift, dayShift);
    // The overlap cannot win back more than its whole error, so there is no need to count it.
    if (holderChange > overlapError) continue;
    countOverlapShift(holds, fromA, fromB, toA, toB, overlapShift);
    const overlapChange = overlapErrorChange(deviations, overlapShift);
    if (holderChange + overlapChange > 0) continue;
    error += holderChange + overlapChange;
    overlapError += overlapChange;
    deviations.tagCount[labA]! += tagShift;
    deviations.tagCount[labB]! -= tagShift;
    deviations.optinDays[labA]! += dayShift;
    deviations.optinDays[labB]! -= dayShift;
    for (let lag = 0; lag < MAX_LAG; lag++) deviations.overlap[lag]! += overlapShift[lag]!;
    holds[fromA] = 0;
    holds[fromB] = 0;
    holds[toA] = 1;
    holds[toB] = 1;
    places[i] = toA;
    places[j] = toB;
  }
}

/** Where `holds` is 1. */
function placesOfHolders(holds: Uint8Array): Uint32Array {
  const places = new Uint32Array(LABS.reduce((sum, { holders }) => sum + holders, 0));
  let n = 0;
  for (let at = 0; at < holds.length; at++) if (holds[at] === 1) places[n++] = at;
  return places;
}

/** How far each lab's holders are from their figures, by slot, and the unit of error. */
interface LabDeviations {
  readonly tagCount: Float64Array;
  readonly optinDays: Float64Array;
  readonly tagCountScale: Float64Array;
  readonly optinDaysScale: Float64Array;
  /** Pairs of labs in one row, by the distance of their numbers less one. */
  readonly overlap: Float64Array;
  readonly overlapScale: Float64Array;
}

function labDeviations(
  holds: Uint8Array,
  places: Uint32Array,
  rows: LabRows,
  list: ListMoments,
): LabDeviations {
  const deviations: LabDeviations = {
    tagCount: new Float64Array(STRIDE),
    optinDays: new Float64Array(STRIDE),
    tagCountScale: new Float64Array(STRIDE).fill(1),
    optinDaysScale: new Float64Array(STRIDE).fill(1),
    overlap: OVERLAP_TARGETS.map((target) => -target),
    overlapScale: OVERLAP_TARGETS.map((target) => 0.01 * target),
  };
  for (const { slot, holders, withTagCount, withOptinDays } of LABS) {
    const tags = totalOfHolders(list.tagCount, list.n, holders, withTagCount);
    const days = totalOfHolders(list.optinDays, list.n, holders, withOptinDays);
    deviations.tagCount[slot] = -tags.target;
    deviations.optinDays[slot] = -days.target;
    deviations.tagCountScale[slot] = tags.scale;
    deviations.optinDaysScale[slot] = days.scale;
  }
  for (const at of places) {
    const slot = at % STRIDE;
    const row = (at - slot) / STRIDE;
    deviations.tagCount[slot]! += rows.tagCount[row]!;
    deviations.optinDays[slot]! += rows.optinDays[row]!;
    for (let lag = 1; lag <= MAX_LAG; lag++) deviations.overlap[lag - 1]! += holds[at + lag]!;
  }
  return deviations;
}

/** Shared holders of all pairs of labs by the distance of their numbers (index 0: 1), as the profile has it. */
const OVERLAP_TARGETS = Float64Array.from(LAB_OVERLAP_BY_LAG, (share, index) => {
  let target = 0;
  for (const a of LABS)
    for (const b of LABS) if (b.slot - a.slot === index + 1) target += share * Math.min(a.holders, b.holders);
  return target;
});

function squares(values: Float64Array, scales: Float64Array): number {
  return values.reduce((sum, value, i) => sum + (value / scales[i]!) * (value / scales[i]!), 0);
}

function holderError({ tagCount, tagCountScale, optinDays, optinDaysScale }: LabDeviations): number {
  return squares(tagCount, tagCountScale) + squares(optinDays, optinDaysScale);
}

/** Pairs of labs gained or lost at each lag when two rows exchange a lab. */
function countOverlapShift(
  holds: Uint8Array,
  fromA: number,
  fromB: number,
  toA: number,
  toB: number,
  shift: Float64Array,
): void {
  holds[fromA] = 0;
  holds[fromB] = 0;
  for (let lag = 1; lag <= shift.length; lag++) {
    shift[lag - 1] =
      neighbours(holds, toA, lag) +
      neighbours(holds, toB, lag) -
      neighbours(holds, fromA, lag) -
      neighbours(holds, fromB, lag);
  }
  holds[fromA] = 1;
  holds[fromB] = 1;
}

function neighbours(holds: Uint8Array, at: number, lag: number): number {
  return holds[at - lag]! + holds[at + lag]!;
}

function holderErrorChange(
  { tagCount, optinDays, tagCountScale, optinDaysScale }: LabDeviations,
  labA: number,
  labB: number,
  tagShift: number,
  dayShift: number,
): number {
  return (
    growth(tagCount[labA]!, tagShift, tagCountScale[labA]!) +
    growth(tagCount[labB]!, -tagShift, tagCountScale[labB]!) +
    growth(optinDays[labA]!, dayShift, optinDaysScale[labA]!) +
    growth(optinDays[labB]!, -dayShift, optinDaysScale[labB]!)
  );
}

function overlapErrorChange({ overlap, overlapScale }: LabDeviations, shift: Float64Array): number {
  let change = 0;
  for (let lag = 0; lag < MAX_LAG; lag++) change += growth(overlap[lag]!, shift[lag]!, overlapScale[lag]!);
  return change;
}

/** How much a squared deviation, in units of its scale, grows by a shift. */
function growth(deviation: number, shift: number, scale: number): number {
  return (shift * (2 * deviation + shift)) / (scale * scale);
}
