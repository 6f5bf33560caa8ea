import { describe, expect, it } from 'vitest';
import { joinedTableOf, type SubscriberRow } from '@/lib/testing/joined-table-of';
import { DESIGN_FEATURE_CHOICES, type FeatureChoices } from './choices';
import { fileFit } from './file-fit';
import { prepareDataset } from './prepare-dataset';
import type { FeatureSpec } from './spec';

/** Half of them of a kept country or without one, all with a rating and an opt-in, half with a tag. */
function listOf(nRows: number, change: (row: SubscriberRow, at: number) => SubscriberRow = (row) => row) {
  return joinedTableOf(
    Array.from({ length: nRows }, (_, at) =>
      change(
        {
          optin: `2020-01-${10 + (at % 20)}`,
          ...(at % 2 === 0 ? {} : { country: at % 10 === 1 ? 'zz' : 'us' }),
          rating: 1 + (at % 5),
          tags: at % 2 === 0 ? ['tag_lab', 'tag_talk'] : [],
          bought: at % 10 === 3,
        },
        at,
      ),
    ),
  );
}

function specWith(change: Partial<FeatureChoices> = {}): FeatureSpec {
  const choices = { ...DESIGN_FEATURE_CHOICES, ...change };
  const made = prepareDataset({ table: listOf(400), paretoShare: 1, seed: 1, choices });
  if (!made.ok) throw new Error(made.error.message);
  return made.value.spec;
}

const SPEC = specWith();
const without = (name: keyof SubscriberRow) => (row: SubscriberRow) => {
  const { [name]: _, ...others } = row;
  return others;
};
const messageOf = (spec: FeatureSpec, table: ReturnType<typeof listOf>) => {
  const fit = fileFit(spec, table);
  return fit.ok ? null : [fit.error.code, fit.error.message];
};
const refusal = (reason: string) => [
  'file_does_not_fit',
  `The file does not fit the features of the model: ${reason}.`,
];

describe('fileFit', () => {
  it('takes the file trained on, a later one, an empty one and one of a few rows', () => {
    for (const nRows of [400, 60, 3, 0]) expect(fileFit(SPEC, listOf(nRows))).toEqual({ ok: true });
    expect(messageOf(SPEC, listOf(1, without('rating')))).toBeNull();
    // Half of the training rows have no country: that none of ten has one may be chance.
    expect(messageOf(SPEC, listOf(10, without('country')))).toBeNull();
  });

  it.each<[keyof SubscriberRow, string]>([
    ['optin', 'optin_time has no value in any of its 50 rows, and had one in 100.0 % of those trained on'],
    [
      'rating',
      'member_rating has no value in any of its 50 rows, and had one in 100.0 % of those trained on',
    ],
    ['country', 'country_code has no value in any of its 50 rows, and had one in'],
  ])('refuses a file without any %s', (name, reason) => {
    expect(messageOf(SPEC, listOf(50, without(name)))?.[1]).toContain(reason);
  });

  it('refuses a file without any address', () => {
    const table = listOf(50, (row) => ({ ...row, email: '' }));
    expect(messageOf(SPEC, table)).toEqual(
      refusal('user_email has no value in any of its 50 rows, and had one in 100.0 % of those trained on'),
    );
  });

  it('refuses a file in which nobody holds a tag that is a feature', () => {
    const table = listOf(50, (row) => ({ ...row, tags: ['tag_else'] }));
    expect(messageOf(SPEC, table)?.[1]).toMatch(
      /: tag_lab and 1 other tag are held by none of its 50 rows, and \d\d\.\d % of those trained on held at least one\.$/,
    );
  });

  it('refuses a column of countries that are none, as names of countries would be', () => {
    const table = listOf(50, (row) => ({ ...row, country: 'united states' }));
    expect(messageOf(SPEC, table)?.[1]).toMatch(
      /: country_code holds none of the 1 countries kept in 100\.0 % of its values, against \d\d\.\d % in training\.$/,
    );
    expect(
      messageOf(
        SPEC,
        listOf(19, (row) => ({ ...row, country: 'united states' })),
      ),
    ).toBeNull();
    // Some more countries than in training are noted, not refused.
    expect(
      messageOf(
        SPEC,
        listOf(50, (row, at) => (at % 4 === 1 ? { ...row, country: 'xx' } : row)),
      ),
    ).toBeNull();
  });

  it('refuses ratings of another scale, and lets single ones pass', () => {
    expect(
      messageOf(
        SPEC,
        listOf(50, (row) => ({ ...row, rating: 10 * (row.rating ?? 0) })),
      ),
    ).toEqual(refusal('member_rating is none of 1 to 5 in 100.0 % of its values'));
    expect(
      messageOf(
        SPEC,
        listOf(50, (row, at) => (at < 20 ? { ...row, rating: 9 } : row)),
      ),
    ).toBeNull();
  });

  it('asks nothing of a column that no feature reads', () => {
    const noRating = specWith({ switchedOff: ['member_rating'] });
    expect(messageOf(noRating, listOf(50, without('rating')))).toBeNull();
    const ownOnly = specWith({
      switchedOff: ['member_rating'],
      ownFeatures: [{ name: 'keen', expression: "member_rating > 3 and country_code = 'us'" }],
    });
    expect(messageOf(ownOnly, listOf(50, without('rating')))?.[1]).toContain('member_rating has no value');
  });

  it('judges ratings alone by a specification of version 1', () => {
    const { training: _, switchedOff: __, ...older } = { ...SPEC, version: 1 as const };
    expect(messageOf(older, listOf(50, without('country')))).toBeNull();
    expect(
      messageOf(
        older,
        listOf(50, (row) => ({ ...row, rating: 7 })),
      )?.[1],
    ).toContain('member_rating is none of');
  });
});
