import { describe, expect, it } from 'vitest';
import { batchesWithin, entityKey, halves, paramValue, tagValue } from './entity-limits';
import type { Batch, MetricPoint } from './run-image';

const point = (step: number): MetricPoint => ({ key: 'm', value: 0.5, timestamp: 1, step });
const pairs = (n: number, value = 'v') => Array.from({ length: n }, (_, i) => ({ key: `k${i}`, value }));
const points = (n: number) => Array.from({ length: n }, (_, i) => point(i + 1));
const sizes = (batches: readonly Batch[]) =>
  batches.map(({ params, metrics, tags }) => [params.length, metrics.length, tags.length]);

describe('entityKey', () => {
  it.each([
    ['learning_curve/roc_auc', 'learning_curve/roc_auc'],
    ['tag: café (new)', 'tag_ caf_ _new_'],
    ['a//b/./../c', 'a/b/c'],
    ['', '_'],
    ['..', '_'],
    ['x'.repeat(300), 'x'.repeat(250)],
  ])('makes a key of %j', (text, key) => {
    expect(entityKey(text)).toBe(key);
  });
});

describe('paramValue and tagValue', () => {
  it('leave what fits as it is and cut the rest, never in the middle of a character', () => {
    expect(paramValue('x'.repeat(6000))).toBe('x'.repeat(6000));
    expect(paramValue('x'.repeat(6001))).toBe(`${'x'.repeat(5999)}…`);
    expect(tagValue('x'.repeat(5001))).toHaveLength(5000);
    expect(paramValue(`${'x'.repeat(5998)}😀😀`)).toBe(`${'x'.repeat(5998)}…`);
  });
});

describe('batchesWithin', () => {
  it('gives no batch of nothing', () => {
    expect(batchesWithin({ params: [], metrics: [], tags: [] })).toEqual([]);
  });

  it('gives one batch of what fits', () => {
    const batch = { params: pairs(100), metrics: points(800), tags: pairs(100) };
    expect(batchesWithin(batch)).toEqual([batch]);
  });

  it('begins another at 1,000 entities, 100 parameters or 100 tags', () => {
    expect(sizes(batchesWithin({ params: [], metrics: points(2500), tags: [] }))).toEqual([
      [0, 1000, 0],
      [0, 1000, 0],
      [0, 500, 0],
    ]);
    expect(sizes(batchesWithin({ params: pairs(101), metrics: points(1), tags: [] }))).toEqual([
      [100, 0, 0],
      [1, 1, 0],
    ]);
    expect(sizes(batchesWithin({ params: [], metrics: points(950), tags: pairs(101) }))).toEqual([
      [0, 950, 50],
      [0, 0, 51],
    ]);
  });

  it('keeps every batch below 1 MB of JSON, counted in bytes', () => {
    const batch = { params: pairs(100, 'é'.repeat(6000)), metrics: [], tags: [] };
    const batches = batchesWithin(batch);
    expect(batches.length).toBe(2);
    for (const part of batches) {
      const nBytes = Buffer.byteLength(JSON.stringify({ run_id: 'x'.repeat(32), ...part }));
      expect(nBytes).toBeLessThanOrEqual(1_000_000);
    }
    expect(batches.flatMap(({ params }) => params)).toEqual(batch.params);
  });
});

describe('halves', () => {
  it('splits across the lists and loses nothing', () => {
    const batch = { params: pairs(3), metrics: points(2), tags: pairs(2) };
    const split = halves(batch);
    expect(sizes(split ?? [])).toEqual([
      [3, 1, 0],
      [0, 1, 2],
    ]);
  });

  it('gives up at one entity', () => {
    expect(halves({ params: pairs(1), metrics: [], tags: [] })).toBe(null);
  });
});
