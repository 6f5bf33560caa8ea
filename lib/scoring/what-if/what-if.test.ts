import { describe, expect, it } from 'vitest';
import { MISSING_DAY, parseDay } from '@/lib/core/day';
import type { FeatureSpec } from '@/lib/features/spec';
import { joinedTableOf } from '@/lib/testing/joined-table-of';
import { heldTags, leadVariants } from './lead-variants';
import { possibleChanges, tierChanges } from './tier-changes';

const table = joinedTableOf(
  [
    { rating: 2, country: 'us', optin: '2023-01-01', tags: ['tag_a'], tagCount: 4 },
    { tags: ['tag_b', 'tag_c'], bought: true },
  ],
  ['tag_d'],
);
const tagFeature = (tag: string) =>
  ({ name: tag, kind: 'categorical', source: { type: 'tag', tag } }) as const;
const spec: Pick<FeatureSpec, 'features'> = {
  features: [
    tagFeature('tag_a'),
    tagFeature('tag_b'),
    { name: 'own', kind: 'numeric', source: { type: 'expression', text: 'tag_c + 1' } },
  ],
};
const cutoffs = { A: 0.75, B: 0.5, C: 0.25 };

describe('leadVariants', () => {
  it('builds the lead as it would be, its number of tags after its tags', () => {
    const variants = leadVariants(table, 0, [
      {},
      { memberRating: 5, addedTags: ['tag_b', 'tag_d'] },
      { countryCode: 'de', removedTags: ['tag_a'] },
      { countryCode: '', optinDay: MISSING_DAY, memberRating: Number.NaN },
    ]);
    expect([...variants.memberRating]).toEqual([2, 5, 2, Number.NaN]);
    expect([...variants.tagCount]).toEqual([4, 6, 3, 4]);
    expect([0, 1, 2, 3].map((row) => heldTags(variants, row))).toEqual([
      ['tag_a'],
      ['tag_a', 'tag_b', 'tag_d'],
      [],
      ['tag_a'],
    ]);
    expect([...variants.countryIndex].map((place) => variants.countryCodes[place] ?? null)).toEqual([
      'us',
      'us',
      'de',
      null,
    ]);
    expect([...variants.optinDay]).toEqual([...Array(3).fill(parseDay('2023-01-01')), MISSING_DAY]);
    expect(variants.userEmail).toEqual(Array(4).fill('person.1@example.com'));
  });

  it('refuses tags that cannot be added or removed', () => {
    expect(() => leadVariants(table, 0, [{ addedTags: ['tag_a'] }])).toThrow('tag_a');
    expect(() => leadVariants(table, 0, [{ addedTags: ['tag_z'] }])).toThrow('tag_z');
    expect(() => leadVariants(table, 0, [{ removedTags: ['tag_b'] }])).toThrow('tag_b');
  });
});

describe('possibleChanges', () => {
  const changes = possibleChanges(spec as FeatureSpec, table, 0);

  it('changes rating and the tags that the model knows, one or two at a time, and nothing else', () => {
    // 4 ratings, 2 tags more, 1 fewer, 4 × 2 and 4 × 1 with a rating, 1 pair of tags.
    expect(changes).toHaveLength(4 + 2 + 1 + 8 + 4 + 1);
    expect(changes.at(-1)).toEqual({ addedTags: ['tag_b', 'tag_c'] });
    expect(new Set(changes.flatMap((change) => Object.keys(change)))).toEqual(
      new Set(['memberRating', 'addedTags', 'removedTags']),
    );
    expect(JSON.stringify(changes)).not.toContain('tag_d');
  });

  it('gives changes that can be built', () => {
    expect(leadVariants(table, 0, changes).nRows).toBe(changes.length);
    expect(leadVariants(table, 1, possibleChanges(spec as FeatureSpec, table, 1)).nRows).toBeGreaterThan(0);
  });
});

describe('tierChanges', () => {
  const changes = [
    { memberRating: 5 },
    { memberRating: 3 },
    { addedTags: ['tag_b'] },
    { memberRating: 3, addedTags: ['tag_b'] },
    { memberRating: 1 },
  ];

  it('offers the smallest changes first, by the scores given', () => {
    const found = tierChanges(
      { score: 0.4, memberRating: 2 },
      changes,
      Float32Array.of(0.75, 0.5, 0.375, 0.875, 0.125),
      cutoffs,
    );
    expect(found.nScored).toBe(5);
    expect(found.better.map(({ words, tier }) => [words.join(' and '), tier])).toEqual([
      ['member rating 3', 'B'],
      ['member rating 5', 'A'],
      ['member rating 3 and tag_b added', 'A'],
    ]);
    expect(found.worse.map(({ words, tier }) => [words.join(' and '), tier])).toEqual([
      ['member rating 1', 'D'],
    ]);
    expect(found.best?.score).toBe(0.875);
  });

  it('offers nothing better in tier A and nothing worse in tier D', () => {
    const scores = Float32Array.of(1, 1, 0, 0, 0);
    expect(tierChanges({ score: 0.9, memberRating: 2 }, changes, scores, cutoffs).better).toEqual([]);
    expect(tierChanges({ score: 0.1, memberRating: 2 }, changes, scores, cutoffs).worse).toEqual([]);
    expect(tierChanges({ score: 0.1, memberRating: 2 }, [], new Float32Array(), cutoffs)).toEqual({
      nScored: 0,
      better: [],
      worse: [],
      best: null,
    });
  });
});
