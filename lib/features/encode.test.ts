import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { joinedTableOf, type SubscriberRow } from '@/lib/testing/joined-table-of';
import { encodeFeatures } from './encode';
import { fitSpec } from './fit-spec';
import type { FeatureSpec } from './spec';
import { DESIGN_SPLIT_SHARES } from './split';

const ROWS: SubscriberRow[] = [
  // A Monday in a leap year, the reference day.
  {
    optin: '2020-12-28',
    country: 'us',
    rating: 5,
    tags: ['tag_a', 'tag_b'],
    email: 'x@GMail.com',
    bought: true,
  },
  // Leap day, a Saturday.
  { optin: '2020-02-29', country: 'in', rating: 2, tags: ['tag_b'], email: 'y@firm.example', bought: true },
  { optin: '2019-03-31', country: 'zw', rating: 1, email: 'z@yahoo.fr' },
  { email: 'no address' },
];

function specOf(rows: readonly SubscriberRow[]): FeatureSpec {
  const result = fitSpec({
    table: joinedTableOf(rows),
    split: new Uint8Array(rows.length),
    paretoShare: 1,
    minTagHolders: 1,
    seed: 1,
    shares: DESIGN_SPLIT_SHARES,
  });
  if (!result.ok) throw new Error(result.error.message);
  return result.value;
}

const SPEC = specOf(ROWS);
const MISSING = -999;

/** One column of a file of these rows, by the spec above. */
function column(name: string, rows: readonly SubscriberRow[]): number[] {
  const { matrix } = encodeFeatures(SPEC, joinedTableOf(rows));
  const at = matrix.featureNames.indexOf(name);
  return rows.map((_, row) => matrix.values[row * matrix.featureNames.length + at]!);
}

describe('encodeFeatures', () => {
  it('gives the whole matrix of a small table', () => {
    const { matrix, notes } = encodeFeatures(SPEC, joinedTableOf(ROWS));
    expect(matrix).toEqual({
      nRows: 4,
      featureNames: [
        'optin_days',
        'optin_month',
        'optin_day_of_week',
        'optin_day_of_year',
        'optin_quarter',
        'optin_is_weekend',
        'tag_count',
        'tag_count_by_optin_day',
        'member_rating',
        'country_code',
        'is_free_email',
        'tag_a',
        'tag_b',
      ],
      // biome-ignore format: one line a subscriber
      values: Float32Array.of(
        0, 12, 0, 363, 4, 0, 2, 2, 5, 1, 1, 1, 1,
        303, 2, 5, 60, 1, 1, 1, 1 / 304, 2, 0, 0, 0, 1,
        638, 3, 6, 90, 1, 1, 0, 0, 1, 2, 1, 0, 0,
        MISSING, MISSING, MISSING, MISSING, MISSING, MISSING, 0, MISSING, MISSING, MISSING, MISSING, 0, 0,
      ),
    });
    expect(notes).toEqual([
      {
        code: 'countries_as_other',
        count: 1,
        message: '1 row of 1 country outside the 2 kept, encoded as other.',
      },
    ]);
  });

  it('knows the ends of years, leap days and weekends', () => {
    const rows = ['2019-12-31', '2020-01-01', '2020-12-31', '2000-02-29', '1900-03-01', '2021-01-03'].map(
      (optin) => ({ optin }),
    );
    expect(column('optin_day_of_year', rows)).toEqual([365, 1, 366, 60, 60, 3]);
    expect(column('optin_month', rows)).toEqual([12, 1, 12, 2, 3, 1]);
    expect(column('optin_quarter', rows)).toEqual([4, 1, 4, 1, 1, 1]);
    // Python 3 date.weekday(): Tue, Wed, Thu, Tue, Thu, Sun
    expect(column('optin_day_of_week', rows)).toEqual([1, 2, 3, 1, 3, 6]);
    expect(column('optin_is_weekend', rows)).toEqual([0, 0, 0, 0, 0, 1]);
  });

  it('counts days on without end, into the future as negative', () => {
    const rows = [
      { optin: '2020-12-29', tagCount: 3 },
      { optin: '2020-12-27', tagCount: 3 },
      { optin: '0001-01-01' },
    ];
    expect(column('optin_days', rows)).toEqual([-1, 1, 737786]);
    expect(column('tag_count_by_optin_day', rows)).toEqual([1.5, 1.5, 0]);
  });

  it('tells a missing country from another one', () => {
    const rows = [{ country: 'us' }, { country: 'in' }, { country: 'fr' }, {}];
    expect(column('country_code', rows)).toEqual([1, 0, 2, MISSING]);
  });

  it('matches free providers whole', () => {
    const emails = [
      'a@gmail.com',
      'a@notgmail.com',
      'a@gmail.com.evil.example',
      '"a@b"@YAHOO.co.in ',
      '@',
      '',
    ];
    const rows = emails.map((email) => ({ email }));
    expect(column('is_free_email', rows)).toEqual([1, 0, 0, 1, MISSING, MISSING]);
  });

  it('notes what a later file has that the specification does not know', () => {
    const table = joinedTableOf([
      { optin: '2021-01-01', country: 'fr', tags: ['tag_b', 'tag_new'] },
      { optin: '2021-02-01', country: 'fr' },
      { optin: '2020-01-01', country: 'de' },
    ]);
    const { matrix, notes } = encodeFeatures(SPEC, table);
    expect(matrix.featureNames).toEqual(SPEC.features.map((feature) => feature.name));
    expect([...matrix.values.subarray(11, 13)]).toEqual([0, 1]);
    expect(notes).toEqual([
      {
        code: 'tags_absent',
        count: 1,
        message: '1 tag of the specification not in the file, encoded as held by nobody: tag_a.',
      },
      {
        code: 'tags_unknown',
        count: 1,
        message:
          '1 tag of the file not in the specification (fewer than 5 training rows hold them), left out but for tag_count: tag_new.',
      },
      {
        code: 'countries_as_other',
        count: 3,
        message: '3 rows of 2 countries outside the 2 kept, encoded as other.',
      },
      {
        code: 'optins_after_reference_day',
        count: 2,
        message: '2 opt-ins after the reference day 2020-12-28, encoded with negative optin_days.',
      },
    ]);
  });

  it('names at most ten tags', () => {
    const extra = Array.from({ length: 12 }, (_, i) => `tag_${String.fromCharCode(99 + i)}`);
    const [note] = encodeFeatures(SPEC, joinedTableOf([], ['tag_a', 'tag_b', ...extra])).notes;
    expect(note?.message).toContain(
      'tag_c, tag_d, tag_e, tag_f, tag_g, tag_h, tag_i, tag_j, tag_k, tag_l and 2 more.',
    );
  });

  it('gives an empty matrix for an empty file', () => {
    const { matrix } = encodeFeatures(SPEC, joinedTableOf([]));
    expect(matrix.nRows).toBe(0);
    expect(matrix.values).toEqual(new Float32Array(0));
    expect(matrix.featureNames).toHaveLength(13);
  });

  it('encodes each row for itself: rows in another order give the same rows in that order', () => {
    const many = Array.from({ length: 1500 }, (_, i) => ROWS[(i * 7 + (i >> 3)) % ROWS.length]!);
    const stride = SPEC.features.length;
    const { values } = encodeFeatures(SPEC, joinedTableOf(many)).matrix;
    fc.assert(
      fc.property(fc.shuffledSubarray([...many.keys()], { minLength: 1000 }), (order) => {
        const shuffled = encodeFeatures(SPEC, joinedTableOf(order.map((row) => many[row]!))).matrix.values;
        const expected = new Float32Array(order.length * stride);
        for (const [to, from] of order.entries()) {
          expected.set(values.subarray(from * stride, (from + 1) * stride), to * stride);
        }
        expect(Buffer.from(shuffled.buffer).equals(Buffer.from(expected.buffer))).toBe(true);
      }),
      { numRuns: 20, seed: 1 },
    );
  });

  it('leaves the table as it was', () => {
    const table = joinedTableOf(ROWS);
    encodeFeatures(SPEC, table);
    expect(table).toEqual(joinedTableOf(ROWS));
  });
});
