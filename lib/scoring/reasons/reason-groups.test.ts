import { describe, expect, it } from 'vitest';
import { SplitPart, type TrainingDataset } from '@/lib/features/matrix';
import type { FeatureSpec } from '@/lib/features/spec';
import { fitReasonGroups, groupOfKey, parseReasonGroups } from './reason-groups';

const spec: FeatureSpec = {
  version: 1,
  target: 'made_purchase',
  missingValue: -999,
  referenceDay: '2023-06-30',
  countryLevels: ['us', 'other'],
  paretoShare: 0.8,
  freeEmailDomains: ['example.com'],
  features: [
    { name: 'member_rating', kind: 'ordinal', source: { type: 'member_rating' } },
    { name: 'optin_days', kind: 'numeric', source: { type: 'optin', part: 'days' } },
  ],
  split: { seed: 42, train: 0.6, validation: 0.2, test: 0.2 },
};

/** Rows as [rating, days, bought, part]. */
function datasetOf(rows: readonly (readonly [number, number, number, number])[]): TrainingDataset {
  const values = Float32Array.from(rows.flatMap((row) => row.slice(0, 2)));
  return {
    matrix: { values, nRows: rows.length, featureNames: ['member_rating', 'optin_days'] },
    labels: Uint8Array.from(rows, ([, , bought]) => bought),
    split: Uint8Array.from(rows, ([, , , part]) => part),
  };
}
const { train, validation, test } = SplitPart;

describe('fitReasonGroups', () => {
  it('counts training and validation rows by value, and never test rows', () => {
    const groups = fitReasonGroups(
      spec,
      datasetOf([
        ...Array.from({ length: 4 }, () => [5, 1, 1, train] as const),
        ...Array.from({ length: 4 }, () => [5, 1, 0, validation] as const),
        ...Array.from({ length: 9 }, () => [5, 1, 1, test] as const),
        ...Array.from({ length: 5 }, () => [-999, 2, 0, train] as const),
        [3, 2, 1, train],
      ]),
    );
    expect(groups).toMatchObject({ n_rows: 14, n_buyers: 5 });
    expect(groups.subjects[0]).toEqual({
      subject: 'member_rating',
      by: 'value',
      // Of one row alone nobody is told whether it bought.
      groups: [
        { from: 3, n: 1, buyers: null },
        { from: 5, n: 8, buyers: 4 },
      ],
      missing: { n: 5, buyers: 0 },
    });
  });

  it('counts many values by ranges, and a value that many share for itself', () => {
    const rows = Array.from({ length: 200 }, (_, i) => [1, i < 100 ? 0 : i - 99, i % 2, train] as const);
    const days = fitReasonGroups(spec, datasetOf(rows)).subjects[1];
    expect(days).toMatchObject({ by: 'range', missing: { n: 0, buyers: null } });
    expect(days?.groups[0]).toEqual({ from: 0, n: 100, buyers: 50 });
    expect(days?.groups.length).toBe(10);
    expect(days?.groups.reduce((n, group) => n + group.n, 0)).toBe(200);
    for (const group of days?.groups.slice(1) ?? []) expect(group.n).toBeGreaterThanOrEqual(10);
  });

  it('finds the group of a value, and nobody for one that no row had', () => {
    const rows = Array.from({ length: 100 }, (_, i) => [(i % 2) + 4, i, 0, train] as const);
    const [rating, days] = fitReasonGroups(spec, datasetOf(rows)).subjects;
    if (rating === undefined || days === undefined) throw new Error('Expected two subjects');
    expect(groupOfKey(rating, 4)).toEqual({ n: 50, buyers: 0, range: null });
    expect(groupOfKey(rating, 2)).toEqual({ n: 0, buyers: null, range: null });
    expect(groupOfKey(rating, Number.NaN)).toEqual({ n: 0, buyers: null, range: null });
    expect(groupOfKey(days, 12)).toEqual({ n: 10, buyers: 0, range: { from: 10, to: 20 } });
    // Later opt-ins than any count with the newest, earlier ones with the oldest.
    expect(groupOfKey(days, -7).range).toEqual({ from: 0, to: 10 });
    expect(groupOfKey(days, 5_000).range).toEqual({ from: 90, to: Number.POSITIVE_INFINITY });
  });
});

describe('parseReasonGroups', () => {
  const groups = fitReasonGroups(spec, datasetOf([[5, 1, 0, train]]));
  const codeOf = (text: string, of = spec) => {
    const parsed = parseReasonGroups(text, of);
    return parsed.ok ? 'read' : `${parsed.error.code}: ${parsed.error.message}`;
  };

  it('reads what was written', () => {
    expect(parseReasonGroups(JSON.stringify(groups), spec)).toEqual({ ok: true, value: groups });
  });

  it('names what is wrong', () => {
    expect(codeOf('{')).toBe('reason_groups_unreadable: The groups behind reasons are not JSON.');
    expect(codeOf(JSON.stringify({ ...groups, n_rows: 0 }))).toContain('wrong at n_rows');
    expect(codeOf(JSON.stringify(groups), { ...spec, features: spec.features.slice(0, 1) })).toContain(
      'belong to other features',
    );
  });
});
