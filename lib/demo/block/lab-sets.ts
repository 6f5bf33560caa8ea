import type { RandomSource } from '@/lib/core/random';
import { LAB_NUMBERS, LAB_OVERLAP_BY_LAG, labTag, TAGS, tagIndex } from '../figures/tags';
import { type Engagement, totalOfHolders } from './tag-bundles';

const MAX_LAG = LAB_OVERLAP_BY_LAG.length;

/** One row of the membership table: eight empty slots, numbers 0 to 47, eight empty slots. */
const STRIDE = 64;
const N_PROPOSALS = 200_000;

/** Error a figure at which trading is good enough. */
const GOOD_ENOUGH = 0.15;

const LABS = LAB_NUMBERS.map((number) => ({
  slot: number + MAX_LAG,
  tag: tagIndex(labTag(number)),
  ...TAGS[tagIndex(labTag(number))]!,
}));

/**
 * Deal the numbered labs: row `i` gets `nLabs[i]` of them, each lab has its holders of the profile exactly.
 * Afterwards labs are exchanged between rows until lab by lab the correlations with time and tag count, and over
 * all the overlap of neighbouring labs, are those of the profile. Hands each holder's row and tag (its place in
 * `TAGS`) to `give`.
 * @throws Where the rows ask for more or fewer labs than there are.
 */
export function dealLabs(
  nLabs: Uint8Array,
  engagement: Engagement,
  random: RandomSource,
  give: (row: number, tag: number) => void,
): void {
  const rows = Uint32Array.from(nLabs.keys()).filter((row) => nLabs[row]! > 0);
  const holds = fill(
    Uint8Array.from(rows, (row) => nLabs[row]!),
    random,
  );
  const members: LabRows = {
    tagCount: Float64Array.from(rows, (row) => engagement.tagCount[row]!),
    optinDays: Float64Array.from(rows, (row) => engagement.optinDays[row]!),
  };
  trade(holds, members, labDeviations(holds, members, engagement), random);
  for (const { slot, tag } of LABS) {
    rows.forEach((row, i) => {
      if (holds[i * STRIDE + slot] === 1) give(row, tag);
    });
  }
}

/** Tag count and opt-in days of the rows that hold a lab. */
interface LabRows {
  readonly tagCount: Float64Array;
  readonly optinDays: Float64Array;
}

/** Fill lab by lab: a row's chance is its open places over the labs to come; who must take every lab left, does. */
function fill(nLabs: Uint8Array, random: RandomSource): Uint8Array {
  const holds = new Uint8Array(nLabs.length * STRIDE);
  const open = Uint8Array.from(nLabs);
  const rows = Uint32Array.from(nLabs.keys());
  LABS.forEach(({ slot, holders }, index) => {
    const nLeft = LABS.length - index;
    const forced = rows.filter((row) => open[row]! >= nLeft);
    for (const row of forced) take(holds, open, row, slot);
    drawByOpenPlaces(holds, open, rows, slot, holders - forced.length, random);
  });
  if (open.some((places) => places > 0)) throw new Error('some rows are left with open places for labs');
  return holds;
}

function take(holds: Uint8Array, open: Uint8Array, row: number, slot: number): void {
  holds[row * STRIDE + slot] = 1;
  open[row]!--;
}

/** Systematic sampling with chances in proportion to open places, rows without the lab only. */
function drawByOpenPlaces(
  holds: Uint8Array,
  open: Uint8Array,
  rows: Uint32Array,
  slot: number,
  count: number,
  random: RandomSource,
): void {
  let total = 0;
  for (const row of rows) if (holds[row * STRIDE + slot] === 0) total += open[row]!;
  const step = total / count;
  let next = step * random();
  let passed = 0;
  let drawn = 0;
  for (const row of rows) {
    if (open[row] === 0 || holds[row * STRIDE + slot] === 1) continue;
    passed += open[row]!;
    if (passed <= next || drawn === count) continue;
    next += step;
    drawn++;
    take(holds, open, row, slot);
  }
  // Rows with more open places than a step are drawn once only; what they leave goes to the fullest rows.
  const fullest = rows.filter((row) => open[row]! > 0 && holds[row * STRIDE + slot] === 0);
  fullest.sort((a, b) => open[b]! - open[a]!);
  for (const row of fullest.subarray(0, count - drawn)) take(holds, open, row, slot);
}

/** What a lab's holders add up to, and how far that is from the figure, in units of its scale. */
interface LabDeviations {
  readonly tagCount: Float64Array;
  readonly optinDays: Float64Array;
  readonly tagCountScale: Float64Array;
  readonly optinDaysScale: Float64Array;
  /** Pairs of labs in one row, by the distance of their numbers less one. */
  readonly overlap: Float64Array;
  readonly overlapScale: Float64Array;
}

function labDeviations(holds: Uint8Array, rows: LabRows, engagement: Engagement): LabDeviations {
  const deviations: LabDeviations = {
    tagCount: new Float64Array(STRIDE),
    optinDays: new Float64Array(STRIDE),
    tagCountScale: new Float64Array(STRIDE).fill(1),
    optinDaysScale: new Float64Array(STRIDE).fill(1),
    overlap: new Float64Array(LAB_OVERLAP_BY_LAG.length),
    overlapScale: Float64Array.from(LAB_OVERLAP_BY_LAG, (_, index) => 0.01 * overlapTarget(index + 1)),
  };
  for (const { slot, holders, withTagCount, withOptinDays } of LABS) {
    const tags = totalOfHolders(engagement.tagCount, holders, withTagCount);
    const days = totalOfHolders(engagement.optinDays, holders, withOptinDays);
    let tagSum = 0;
    let daySum = 0;
    for (let row = 0; row < rows.tagCount.length; row++) {
      if (holds[row * STRIDE + slot] === 0) continue;
      tagSum += rows.tagCount[row]!;
      daySum += rows.optinDays[row]!;
    }
    deviations.tagCount[slot] = tagSum - tags.target;
    deviations.optinDays[slot] = daySum - days.target;
    deviations.tagCountScale[slot] = tags.scale;
    deviations.optinDaysScale[slot] = days.scale;
  }
  deviations.overlap.forEach((_, index) => {
    deviations.overlap[index] = pairsAtLag(holds, index + 1) - overlapTarget(index + 1);
  });
  return deviations;
}

/** Shared holders of all pairs of labs whose numbers lie that far apart, as the profile's overlap wants it. */
function overlapTarget(lag: number): number {
  let target = 0;
  for (const a of LABS)
    for (const b of LABS)
      if (b.slot - a.slot === lag) target += LAB_OVERLAP_BY_LAG[lag - 1]! * Math.min(a.holders, b.holders);
  return target;
}

function pairsAtLag(holds: Uint8Array, lag: number): number {
  let pairs = 0;
  for (let at = 0; at + lag < holds.length; at++) pairs += holds[at]! & holds[at + lag]!;
  return pairs;
}

/** Exchange labs between pairs of rows, each giving one that the other lacks, as long as the error does not grow. */
function trade(holds: Uint8Array, rows: LabRows, deviations: LabDeviations, random: RandomSource): void {
  const places = Uint32Array.from(holds.keys()).filter((at) => holds[at] === 1);
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

function squares(values: Float64Array, scales: Float64Array): number {
  return values.reduce((sum, value, i) => sum + (value / scales[i]!) ** 2, 0);
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
