import { describe, expect, it } from 'vitest';
import reference from './fixtures/features.json';
import { redundancyOf } from './redundancy';
import type { Feature, FeatureSpec } from './spec';

/** A specification and dataset of columns; NaN is missing. Half of the rows, those of `others`, are no training rows. */
function tableOf(columns: Readonly<Record<string, readonly number[]>>, others: readonly number[] = []) {
  const features = Object.keys(columns).map(
    (name): Feature =>
      name === 'country_code'
        ? { name, kind: 'categorical', source: { type: 'country_code' } }
        : { name, kind: 'numeric', source: { type: 'tag', tag: name } },
  );
  const spec: FeatureSpec = {
    version: 1,
    target: 'made_purchase',
    missingValue: -999,
    referenceDay: '2020-12-31',
    countryLevels: ['us', 'other'],
    paretoShare: 0.8,
    freeEmailDomains: [],
    features,
    split: { seed: 1, train: 0.6, validation: 0.2, test: 0.2 },
  };
  const lists = Object.values(columns);
  const nTraining = lists[0]?.length ?? 0;
  const nRows = nTraining + others.length;
  const values = Float32Array.from({ length: nRows * lists.length }, (_, at) => {
    const value = lists[at % lists.length]?.[Math.floor(at / lists.length)] ?? others[0] ?? 0;
    return Number.isNaN(value) ? -999 : value;
  });
  const split = Uint8Array.from({ length: nRows }, (_, row) => (row < nTraining ? 0 : 2));
  const matrix = { values, nRows, featureNames: Object.keys(columns) };
  return redundancyOf(spec, { matrix, labels: new Uint8Array(nRows), split });
}

const close = (actual: number | undefined, expected: number) =>
  expect(Math.abs((actual ?? Number.NaN) - expected)).toBeLessThanOrEqual(
    1e-9 * Math.max(1, Math.abs(expected)),
  );

describe('redundancyOf', () => {
  const { columns, country, spearman, nominal, vif } = reference.redundancy;
  const numbers = (column: readonly (number | null)[]) => column.map((value) => value ?? Number.NaN);
  const table = Object.fromEntries(Object.entries(columns).map(([name, column]) => [name, numbers(column)]));
  const pairOf = ({ names, pairs }: ReturnType<typeof tableOf>, one: string, other: string) =>
    pairs.find(({ a, b }) => names[a] === one && names[b] === other);

  it('agrees with pandas on rank correlations, over the rows that have both', () => {
    const found = tableOf(table);
    expect(found.pairs).toHaveLength(Object.keys(spearman).length);
    for (const [pair, value] of Object.entries(spearman)) {
      const [one = '', other = ''] = pair.split(' ');
      expect(pairOf(found, one, other)?.measure).toBe('spearman');
      close(pairOf(found, one, other)?.value, value);
    }
  });

  it('agrees with scipy on levels without an order, and with the ratio of variances on numbers', () => {
    const found = tableOf({ country_code: numbers(country), ...table });
    for (const [name, value] of Object.entries(nominal)) {
      const isNumber = ['a', 'b', 'gaps'].includes(name);
      const pair = pairOf(found, 'country_code', name);
      expect(pair?.measure).toBe(isNumber ? 'correlation_ratio' : 'cramers_v');
      close(pair?.value, value);
    }
  });

  it('agrees with statsmodels on how much the others explain', () => {
    const { explained } = tableOf(table);
    expect(explained).toHaveLength(Object.keys(vif).length);
    for (const { name, share } of explained ?? []) {
      close(share, 1 - 1 / (Object.entries(vif).find(([column]) => column === name)?.[1] ?? Number.NaN));
    }
  });

  it('finds identical, constant and dependent columns', () => {
    const a = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12];
    const flag = a.map((value) => Number(value > 4));
    const found = tableOf({
      a,
      same: a,
      flag,
      opposite: flag.map((value) => 1 - value),
      free: [3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5, 8],
      one: a.map(() => 7),
      none: a.map(() => Number.NaN),
      one_or_none: a.map((value) => (value > 6 ? 2 : Number.NaN)),
    });
    expect(found.identical).toEqual([['a', 'same']]);
    expect(found.constant).toEqual(['one', 'none', 'one_or_none']);
    expect(pairOf(found, 'flag', 'opposite')?.value).toBeCloseTo(-1, 12);
    expect(found.pairs.slice(0, 2).map(({ value }) => Math.round(value * 1e9) / 1e9)).toEqual([1, -1]);
    const shares = new Map(found.explained?.map(({ name, share }) => [name, share]));
    expect([...shares.keys()].sort()).toEqual(['a', 'flag', 'free', 'opposite', 'same']);
    for (const name of ['a', 'same', 'flag', 'opposite']) expect(shares.get(name)).toBe(1);
    expect(shares.get('free')).toBeLessThan(0.9);
  });

  it('tells apart columns that miss other rows', () => {
    const found = tableOf({
      a: [1, 2, 3, Number.NaN, 5, 6],
      b: [1, 2, 3, 4, Number.NaN, 6],
    });
    expect(found.identical).toEqual([]);
    expect(found.pairs).toMatchObject([{ n: 4 }]);
    expect(found.pairs[0]?.value).toBeCloseTo(1, 12);
  });

  it('looks at training rows only, and thinly where there are very many', () => {
    const random = Array.from({ length: 60 }, (_, at) => (at * 7919) % 61);
    const columnsOf = { a: random, b: random.toReversed() };
    expect(tableOf(columnsOf, [1, 2, 3])).toEqual(tableOf(columnsOf));
    const many = Array.from({ length: 60_000 }, (_, at) => (at * 7919) % 60_013);
    const found = tableOf({ a: many, b: many.map((value) => -value) });
    expect([found.nRows, found.nTrainingRows]).toEqual([20_000, 60_000]);
    expect(found.pairs[0]?.value).toBeCloseTo(-1, 12);
  });

  it('says nothing of what cannot be measured', () => {
    const nothing = { constant: [], identical: [], pairs: [], explained: null };
    expect(tableOf({})).toMatchObject(nothing);
    expect(tableOf({ a: [] })).toMatchObject({ ...nothing, constant: ['a'] });
    expect(tableOf({ a: [1, 2], b: [2, 1] }).explained).toBeNull();
    // They vary, but not where both are known.
    expect(tableOf({ a: [1, 2, Number.NaN], b: [Number.NaN, 5, 6] }).pairs).toEqual([]);
  });
});
