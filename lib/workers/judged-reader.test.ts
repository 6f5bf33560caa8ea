import { describe, expect, it } from 'vitest';
import { parseDay } from '@/lib/core/day';
import { randomSource } from '@/lib/core/random';
import { SplitPart } from '@/lib/features/matrix';
import { prepareDataset } from '@/lib/features/prepare-dataset';
import { testRowsDigest } from '@/lib/features/test-rows';
import { drawnTable } from '@/lib/testing/drawn-table';
import type { CallContext } from './channel';
import type { ComparedModel, ComparisonOfModels } from './judged-api';
import { createJudgedReader } from './judged-reader';

const TABLE = drawnTable(
  {
    nRows: 2000,
    firstDay: parseDay('2019-01-01'),
    nDays: 500,
    tags: ['tag_a'],
    countries: ['in', 'us'],
    shares: () => ({ rating: [0.2, 0.2, 0.2, 0.2, 0.2], country: [0.5, 0.4], tag: [0.3] }),
  },
  randomSource(1),
);
const CUTOFFS = { A: 0.75, B: 0.5, C: 0.25 };
const CONTEXT: CallContext = { onProgress: () => undefined, transfer: () => undefined };

const prepared = (seed: number) => {
  const result = prepareDataset({ table: TABLE, paretoShare: 0.8, seed });
  if (!result.ok) throw new Error(result.error.message);
  return result.value;
};
const own = prepared(1);
const random = randomSource(2);
const probabilities = Float32Array.from({ length: TABLE.nRows }, () => random());
const reader = createJudgedReader(
  () => ({ table: TABLE, split: own.dataset.split, probabilities }),
  () => TABLE,
);
const model = (scores: Float32Array | null): ComparedModel => ({
  probabilities: scores,
  threshold: 0.5,
  cutoffs: CUTOFFS,
});

function compared(otherSeed: number, sha = testRowsDigest(prepared(otherSeed).dataset)): ComparisonOfModels {
  const other = probabilities.map((score) => 1 - score);
  const otherRows = { splitSeed: otherSeed, testRowsSha256: sha };
  const input = { champion: model(other), challenger: model(null), shown: 'challenger', otherRows } as const;
  return reader.compare(input, CONTEXT) as ComparisonOfModels;
}

describe('createJudgedReader', () => {
  const nTest = own.dataset.split.filter((part) => part === SplitPart.test).length;

  it('compares on the test rows of both, drawn again from the other one’s seed', () => {
    const same = compared(1);
    expect([same.rows, same.comparison.n]).toEqual(['same', nTest]);
    expect(same.comparison.rocAuc.value).toBeCloseTo(
      2 * ((same.comparison.challenger.rocAuc?.value ?? 0) - 0.5),
      6,
    );
    const { split } = prepared(7).dataset;
    const nBoth = split.filter(
      (part, row) => part === SplitPart.test && own.dataset.split[row] === part,
    ).length;
    const common = compared(7);
    expect([common.rows, common.comparison.n]).toEqual(['common', nBoth]);
    expect(nBoth).toBeLessThan(nTest);
  });

  it('says so where the other was made on another list, and counts who moves over all leads', () => {
    const unknown = compared(7, '0'.repeat(64));
    expect([unknown.rows, unknown.comparison.n]).toEqual(['unknown', nTest]);
    const { counts, nLeads: n, nUp, nDown } = unknown.migration;
    expect(n).toBe(TABLE.nRows);
    expect(counts.flat().reduce((sum, count) => sum + count, 0)).toBe(n);
    expect(counts[0]?.[0]).toBe(0);
    expect(nUp + nDown).toBe(n - counts.reduce((sum, row, tier) => sum + (row[tier] ?? 0), 0));
  });

  it('makes the features that another model has, and measures slices of the test rows', async () => {
    const matrix = await reader.matrixBy({ spec: prepared(7).spec }, CONTEXT);
    expect(matrix.nRows).toBe(TABLE.nRows);
    expect((await reader.slices({ threshold: 0.5 }, CONTEXT)).all.n).toBe(nTest);
    expect((await reader.searchSlices({ threshold: 0.5 }, CONTEXT)).nSearched).toBeGreaterThan(0);
  });
});
