import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { joinedTableOf, type SubscriberRow } from '@/lib/testing/joined-table-of';
import { fitSpec } from './fit-spec';
import type { FeatureSpec } from './spec';
import { DESIGN_SPLIT_SHARES } from './split';

const TRAIN = 0;
const TEST = 2;

function specOf(rows: readonly SubscriberRow[], split: readonly number[], paretoShare = 0.8) {
  return fitSpec({
    table: joinedTableOf(rows),
    split: Uint8Array.from(split),
    paretoShare,
    minTagHolders: 1,
    seed: 42,
    shares: DESIGN_SPLIT_SHARES,
  });
}

function fitted(...args: Parameters<typeof specOf>): FeatureSpec {
  const result = specOf(...args);
  if (!result.ok) throw new Error(result.error.message);
  return result.value;
}

const ROWS: SubscriberRow[] = [
  { optin: '2020-02-29', country: 'us', tags: ['tag_lab'], bought: true },
  { optin: '2019-12-31', country: 'de', bought: true },
  { country: 'us', bought: true },
  { optin: '2020-01-01', country: 'au', tags: ['tag_b'], bought: true },
  { optin: '2019-01-01', country: 'in' },
  { bought: true },
  { optin: '2020-12-31', country: 'zw', tags: ['tag_late'], bought: true },
];
const SPLIT = [TRAIN, TRAIN, TRAIN, TRAIN, TRAIN, TRAIN, TEST];

describe('fitSpec', () => {
  it('gives the whole specification of a small table', () => {
    const spec = fitted(ROWS, SPLIT);
    expect(spec).toEqual({
      version: 2,
      target: 'made_purchase',
      missingValue: -999,
      referenceDay: '2020-02-29',
      countryLevels: ['au', 'de', 'us', 'other'],
      paretoShare: 0.8,
      freeEmailDomains: expect.arrayContaining(['gmail.com', 'yahoo.co.in', 'rediffmail.com', 'me.com']),
      features: [
        { name: 'optin_days', kind: 'numeric', source: { type: 'optin', part: 'days' } },
        { name: 'optin_month', kind: 'ordinal', source: { type: 'optin', part: 'month' } },
        { name: 'optin_day_of_week', kind: 'ordinal', source: { type: 'optin', part: 'day_of_week' } },
        { name: 'optin_day_of_year', kind: 'numeric', source: { type: 'optin', part: 'day_of_year' } },
        { name: 'optin_quarter', kind: 'ordinal', source: { type: 'optin', part: 'quarter' } },
        { name: 'optin_is_weekend', kind: 'categorical', source: { type: 'optin', part: 'is_weekend' } },
        { name: 'tag_count', kind: 'numeric', source: { type: 'tag_count' } },
        { name: 'tag_count_by_optin_day', kind: 'numeric', source: { type: 'tag_count_by_optin_day' } },
        { name: 'member_rating', kind: 'ordinal', source: { type: 'member_rating' } },
        { name: 'country_code', kind: 'categorical', source: { type: 'country_code' } },
        { name: 'is_free_email', kind: 'categorical', source: { type: 'is_free_email' } },
        { name: 'tag_b', kind: 'categorical', source: { type: 'tag', tag: 'tag_b' } },
        { name: 'tag_lab', kind: 'categorical', source: { type: 'tag', tag: 'tag_lab' } },
      ],
      switchedOff: [],
      training: {
        nRows: 6,
        missing: { optin_time: 2, member_rating: 6, country_code: 1, user_email: 0 },
        nOtherCountry: 1,
        nWithTag: 2,
      },
      split: { seed: 42, train: 0.6, validation: 0.2, test: 0.2 },
    });
  });

  it('keeps the fewest countries that hold the share', () => {
    expect(fitted(ROWS, SPLIT, 0.5).countryLevels).toEqual(['us', 'other']);
    expect(fitted(ROWS, SPLIT, 0.51).countryLevels).toEqual(['au', 'us', 'other']);
  });

  it('has the level other alone when nobody of a known country bought', () => {
    expect(fitted([{ optin: '2020-01-01', country: 'us' }, { bought: true }], [0, 0]).countryLevels).toEqual([
      'other',
    ]);
  });

  it('lets nothing but two-letter codes out of the column, whatever it holds', () => {
    const rows = ['ann@example.com', 'ann lee', '4711', 'us'].map((country) => ({
      optin: '2020-01-01',
      country,
      bought: true,
    }));
    expect(fitted(rows, [TRAIN, TRAIN, TRAIN, TRAIN], 1).countryLevels).toEqual(['us', 'other']);
  });

  it('does not list other twice when a file calls a country so', () => {
    const rows = [{ optin: '2020-01-01', country: 'other', bought: true }];
    expect(fitted(rows, [TRAIN]).countryLevels).toEqual(['other']);
  });

  it('gives a tag that has the name of another feature a name of its own', () => {
    const rows = [{ optin: '2020-01-01', tags: ['tag_count', 'tag_count_2'] }];
    expect(fitted(rows, [TRAIN]).features.slice(11)).toEqual([
      { name: 'tag_count_2', kind: 'categorical', source: { type: 'tag', tag: 'tag_count' } },
      { name: 'tag_count_2_2', kind: 'categorical', source: { type: 'tag', tag: 'tag_count_2' } },
    ]);
  });

  it('reads nothing of the rows that are not for training', () => {
    const day = fc.integer({ min: 1, max: 28 }).map((d) => `2021-01-${String(d).padStart(2, '0')}`);
    const row = fc.record({
      optin: fc.option(day, { nil: undefined }),
      country: fc.constantFrom('au', 'de', 'us', 'zw', 'xx', undefined),
      rating: fc.constantFrom(1, 5, Number.NaN),
      tags: fc.subarray(['tag_b', 'tag_lab', 'tag_a', 'tag_z']),
      bought: fc.boolean(),
      email: fc.emailAddress(),
    });
    fc.assert(
      fc.property(fc.array(row, { maxLength: 20 }), (others) => {
        const split = [...SPLIT.slice(0, 6), ...others.map((_, i) => 1 + (i % 2))];
        expect(fitted([...ROWS.slice(0, 6), ...others], split)).toEqual(fitted(ROWS, SPLIT));
      }),
      { numRuns: 100, seed: 1 },
    );
  });

  it('refuses training rows without any opt-in', () => {
    const message = 'No training row has an opt-in date in optin_time, so there is no day to count from.';
    const rows = [{ bought: true }, { optin: '2020-01-01' }];
    expect(specOf(rows, [TRAIN, TEST])).toEqual({
      ok: false,
      error: { code: 'optin_all_missing', message, hint: expect.any(String) },
    });
  });

  it('refuses a tag name that the format cannot hold', () => {
    const rows = [{ optin: '2020-01-01', tags: [`tag_${'x'.repeat(200)}`] }];
    expect(specOf(rows, [TRAIN])).toMatchObject({
      ok: false,
      error: { code: 'feature_spec_invalid', message: expect.stringContaining('features.11.name') },
    });
  });

  it('throws on a split of another length', () => {
    expect(() => specOf(ROWS, [TRAIN])).toThrow('Expected a split of 7 rows, got 1');
  });

  it('leaves out a tag that fewer than five training rows hold, for it could name them', () => {
    const rows = Array.from({ length: 8 }, (_, row) => ({
      optin: '2020-01-01',
      tags: [
        ...(row < 4 ? ['tag_four'] : []),
        ...(row < 5 ? ['tag_five'] : []),
        ...(row > 4 ? ['tag_other_part'] : []),
      ],
    }));
    const spec = fitSpec({
      table: joinedTableOf(rows),
      split: Uint8Array.from(rows, (_, row) => (row < 5 ? 0 : 1)),
      paretoShare: 1,
      seed: 1,
      shares: DESIGN_SPLIT_SHARES,
    });
    const tags = spec.ok
      ? spec.value.features.filter(({ source }) => source.type === 'tag').map(({ name }) => name)
      : [];
    expect(tags).toEqual(['tag_five']);
  });
});
