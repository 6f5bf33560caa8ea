import { derivedSeed, randomSource } from '@/lib/core/random';
import type { Block } from '../block/block';
import { createBlock } from '../block/block';
import type { ConversionModel } from '../block/conversion-model';
import { LIST } from '../figures/list';
import { rowsInOrder } from './even-sample';

/** Sizes that the generator makes. */
export const MIN_SUBSCRIBERS = 1_000;
export const MAX_SUBSCRIBERS = 5_000_000;

/** The subscribers of a demo list in ascending order of mailchimp_id, which is the order of opt-in, as columns. */
export interface Population {
  readonly nSubscribers: number;
  /** Index into `RAW_CODES`, or `MISSING_CODE`. */
  readonly country: Uint8Array;
  /** 1–5 */
  readonly rating: Uint8Array;
  /** Index into `PROVIDERS`. */
  readonly provider: Uint8Array;
  /** Days before the last opt-in, 2020-12-31. */
  readonly optinDays: Uint16Array;
  /** Tags 0 to 31 of `TAGS` as bits. */
  readonly tagsLow: Uint32Array;
  /** Tags 32 to 45 of `TAGS` as bits. */
  readonly tagsHigh: Uint16Array;
  /** True probability to convert, 0 to 1; known to the generator only. */
  readonly conversionProbability: Float32Array;
  readonly madePurchase: Uint8Array;
  readonly boughtLearningLabs: Uint8Array;
}

/** How to make a demo list. */
export interface DemoOptions {
  /** 32-bit integer. The same seed and size give the same list. */
  readonly seed: number;
  /** 1,000 to 5,000,000 */
  readonly nSubscribers: number;
}

/**
 * Create the subscribers of a demo list. The list is made of blocks of 19,919, each of which meets every figure of the
 * profile; where the size is no multiple of that, an even sample of each block is taken, so that all counts scale.
 *
 * @param onProgress told the share of blocks made, 0 to 1
 * @throws Where the size is not a whole number from 1,000 to 5,000,000, or the seed no 32-bit integer.
 */
export function createPopulation(
  { seed, nSubscribers }: DemoOptions,
  onProgress?: (share: number) => void,
): Population {
  if (!Number.isInteger(nSubscribers) || nSubscribers < MIN_SUBSCRIBERS || nSubscribers > MAX_SUBSCRIBERS)
    throw new RangeError(
      `nSubscribers must be ${MIN_SUBSCRIBERS} to ${MAX_SUBSCRIBERS}, got ${nSubscribers}`,
    );
  if (seed !== (seed | 0)) throw new RangeError(`seed must be a 32-bit integer, got ${seed}`);
  const population = emptyPopulation(nSubscribers);
  const nBlocks = Math.ceil(nSubscribers / LIST.nSubscribers);
  let model: ConversionModel | undefined;
  for (let index = 0; index < nBlocks; index++) {
    const blockSeed = derivedSeed(seed, `block:${index}`);
    const made = createBlock(blockSeed, model);
    model = made.model;
    // The first blocks take one row more where the size does not divide evenly.
    const nRows = Math.floor((nSubscribers - index - 1) / nBlocks) + 1;
    const random = randomSource(derivedSeed(blockSeed, 'order'));
    place(population, made.block, rowsInOrder(made.block, nRows, random), index, nBlocks);
    onProgress?.((index + 1) / nBlocks);
  }
  return population;
}

function emptyPopulation(n: number): Population {
  return {
    nSubscribers: n,
    country: new Uint8Array(n),
    rating: new Uint8Array(n),
    provider: new Uint8Array(n),
    optinDays: new Uint16Array(n),
    tagsLow: new Uint32Array(n),
    tagsHigh: new Uint16Array(n),
    conversionProbability: new Float32Array(n),
    madePurchase: new Uint8Array(n),
    boughtLearningLabs: new Uint8Array(n),
  };
}

/** Deal the rows of a block, oldest first, to every `stride`-th place, so that all blocks together are in order. */
function place(population: Population, block: Block, rows: Uint32Array, first: number, stride: number): void {
  let to = first;
  for (const row of rows) {
    population.country[to] = block.country[row]!;
    population.rating[to] = block.rating[row]!;
    population.provider[to] = block.provider[row]!;
    population.optinDays[to] = block.optinDays[row]!;
    population.tagsLow[to] = block.tagSets.low[row]!;
    population.tagsHigh[to] = block.tagSets.high[row]!;
    population.conversionProbability[to] = block.conversionProbability[row]!;
    population.madePurchase[to] = block.madePurchase[row]!;
    population.boughtLearningLabs[to] = block.boughtLearningLabs[row]!;
    to += stride;
  }
}
