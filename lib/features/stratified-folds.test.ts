import { describe, expect, it } from 'vitest';
import { stratifiedFolds } from './stratified-folds';

const LABELS = Uint8Array.from({ length: 103 }, (_, row) => (row % 9 === 0 ? 1 : 0));
const PLAN = { nSplits: 5, nRepeats: 2, seed: 42 };

describe('stratifiedFolds', () => {
  it('measures every row once a repeat, with buyers spread evenly', () => {
    const folds = stratifiedFolds(LABELS, PLAN) ?? [];
    expect(folds).toHaveLength(10);
    for (const repeat of [folds.slice(0, 5), folds.slice(5)]) {
      const measured = repeat.flatMap((fold) => [...fold.measured]).sort((a, b) => a - b);
      expect(measured).toEqual(Array.from({ length: 103 }, (_, row) => row));
      const nBuyers = repeat.map(({ measured: rows }) => rows.reduce((n, row) => n + LABELS[row]!, 0));
      expect([Math.min(...nBuyers), Math.max(...nBuyers)]).toEqual([2, 3]);
      const sizes = repeat.map(({ measured: rows }) => rows.length);
      expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
    }
    for (const { train, measured } of folds) {
      expect([...train, ...measured].sort((a, b) => a - b)).toEqual(
        Array.from({ length: 103 }, (_, row) => row),
      );
    }
  });

  it('gives the same folds for the same seed, and others in each repeat and for another seed', () => {
    const folds = stratifiedFolds(LABELS, PLAN) ?? [];
    expect(stratifiedFolds(LABELS, PLAN)).toEqual(folds);
    expect(folds[5]).not.toEqual(folds[0]);
    expect(stratifiedFolds(LABELS, { ...PLAN, seed: 43 })?.[0]).not.toEqual(folds[0]);
  });

  it('is null where a class has fewer rows than there are folds', () => {
    expect(stratifiedFolds(Uint8Array.of(0, 0, 0, 0, 1, 1), { nSplits: 3, nRepeats: 1, seed: 1 })).toBeNull();
    expect(stratifiedFolds(new Uint8Array(), { nSplits: 2, nRepeats: 1, seed: 1 })).toBeNull();
  });
});
