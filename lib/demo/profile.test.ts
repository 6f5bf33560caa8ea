import { describe, expect, it } from 'vitest';
import { crmBytes, DEMO_SEED, DEMO_SUBSCRIBERS } from './generate-crm';
import { readDemoList } from './testing/demo-list';
import { type Deviation, deviationTable, isWithinBound } from './testing/deviation';
import { optinDeviations, tagCountDeviations } from './testing/engagement-figures';
import { purchaseDeviations } from './testing/purchase-figures';
import {
  associationDeviations,
  countryDeviations,
  identityDeviations,
  jointCellDeviations,
} from './testing/subscriber-figures';
import { tagDeviations } from './testing/tag-figures';

async function deviationsOf(seed: number): Promise<Deviation[]> {
  const list = await readDemoList(crmBytes({ seed, nSubscribers: DEMO_SUBSCRIBERS }));
  return [
    ...identityDeviations(list),
    ...countryDeviations(list),
    ...tagCountDeviations(list),
    ...tagDeviations(list),
    ...optinDeviations(list),
    ...jointCellDeviations(list),
    ...associationDeviations(list),
    ...purchaseDeviations(list),
  ];
}

describe('the demo list beside the profile', () => {
  it('meets every figure, and prints the table', async () => {
    const deviations = await deviationsOf(DEMO_SEED);
    process.stdout.write(`\n${deviationTable(deviations)}\n`);
    expect(deviations.filter((deviation) => !isWithinBound(deviation))).toEqual([]);
    expect(deviations.length).toBeGreaterThan(1000);
  });

  it.each([1, 2, 3, 2024, -77])('meets every figure with seed %i too', async (seed) => {
    const deviations = await deviationsOf(seed);
    expect(deviations.filter((deviation) => !isWithinBound(deviation))).toEqual([]);
  });
});
