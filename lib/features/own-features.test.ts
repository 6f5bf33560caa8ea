import { describe, expect, it } from 'vitest';
import { joinedTableOf, type SubscriberRow } from '@/lib/testing/joined-table-of';
import { DESIGN_FEATURE_CHOICES, type OwnFeature } from './choices';
import { encodeFeatures } from './encode';
import { ownFeatureFault } from './own-features';
import { matrixToScore, prepareDataset } from './prepare-dataset';
import { parseFeatureSpec, specJson } from './spec-json';

const ROWS: SubscriberRow[] = Array.from({ length: 60 }, (_, row) => ({
  ...(row % 4 === 3 ? {} : { optin: `2020-01-${10 + (row % 20)}` }),
  ...(row % 5 === 4 ? {} : { country: row % 2 === 0 ? 'us' : 'de' }),
  rating: row % 6 === 5 ? Number.NaN : 1 + (row % 5),
  tags: [...(row % 3 === 0 ? ['tag_lab'] : []), ...(row === 1 ? ['tag_rare'] : [])],
  bought: row % 3 === 1,
}));
const TABLE = joinedTableOf(ROWS);

function preparedWith(...ownFeatures: OwnFeature[]) {
  const choices = { ...DESIGN_FEATURE_CHOICES, ownFeatures };
  return prepareDataset({ table: TABLE, paretoShare: 1, seed: 1, choices });
}

function made(expression: string) {
  const prepared = preparedWith({ name: 'own', expression });
  if (!prepared.ok) throw new Error(prepared.error.message);
  const { spec, dataset } = prepared.value;
  const { values, featureNames } = dataset.matrix;
  const at = featureNames.indexOf('own');
  const column = ROWS.map((_, row) => values[row * featureNames.length + at]);
  return {
    spec,
    prepared: prepared.value,
    column,
    feature: spec.features.find(({ name }) => name === 'own'),
  };
}

describe('own features', () => {
  it('stand behind all others, as they are written', () => {
    const { spec, feature } = made('tag_lab * member_rating');
    expect(spec.features.at(-1)).toBe(feature);
    expect(feature).toEqual({
      name: 'own',
      kind: 'numeric',
      source: { type: 'expression', text: 'tag_lab * member_rating' },
    });
    expect(made("country_code = 'us' and tag_lab = 1").feature?.kind).toBe('categorical');
  });

  it('are evaluated row by row, a missing value written as others are', () => {
    expect(made('tag_lab * member_rating + 0.5').column).toEqual(
      ROWS.map(({ rating = Number.NaN, tags }) =>
        Number.isNaN(rating) ? -999 : Number(tags?.includes('tag_lab')) * rating + 0.5,
      ),
    );
    expect(made("country_code = 'us'").column).toEqual(
      ROWS.map(({ country }) => (country === undefined ? -999 : Number(country === 'us'))),
    );
    expect(made('coalesce(optin_days, -1)').column).toEqual(
      ROWS.map(({ optin }) => (optin === undefined ? -1 : 28 - Number(optin.slice(8)))),
    );
  });

  it('write no −0, and take what 32 bits do not hold as missing', () => {
    const { column } = made('- tag_lab');
    expect(column.some((value) => Object.is(value, -0))).toBe(false);
    expect(new Set(made('1e39 * (tag_lab + 1)').column)).toEqual(new Set([-999]));
  });

  it('come back from the specification’s JSON', () => {
    const { spec, prepared } = made('max(tag_count, member_rating) / (abs(optin_days) + 1)');
    const parsed = parseFeatureSpec(specJson(spec));
    expect(parsed).toEqual({ ok: true, value: spec });
    if (parsed.ok) expect(encodeFeatures(parsed.value, TABLE).matrix).toEqual(matrixToScore(prepared, TABLE));
    const broken = specJson(spec).replace('max(tag_count', 'max(user_email');
    expect(parseFeatureSpec(broken)).toMatchObject({
      ok: false,
      error: {
        message: expect.stringMatching(
          /at features\.\d+\.source\.text: character 5: user_email tells who a person is/,
        ),
      },
    });
  });

  it('take a tag that a later file lacks as held by nobody, which is noted', () => {
    const { spec } = made('tag_lab + 1');
    const { matrix, notes } = encodeFeatures(
      { ...spec, features: spec.features.filter(({ name }) => name === 'own') },
      joinedTableOf([{ optin: '2020-01-01', country: 'us' }]),
    );
    expect([...matrix.values]).toEqual([1]);
    expect(notes).toContainEqual(expect.objectContaining({ code: 'tags_absent', count: 1 }));
  });

  it('can be switched off', () => {
    const choices = {
      ...DESIGN_FEATURE_CHOICES,
      ownFeatures: [{ name: 'own', expression: '1' }],
      switchedOff: ['own'],
    };
    const prepared = prepareDataset({ table: TABLE, paretoShare: 1, seed: 1, choices });
    expect(prepared).toMatchObject({ ok: true, value: { spec: { switchedOff: ['own'] } } });
  });

  it.each<[OwnFeature, string]>([
    [
      { name: 'own', expression: 'tag_count + user_email' },
      'The feature own cannot be made, at character 13 of “tag_count + user_email”: user_email tells who a person is, and never becomes a feature.',
    ],
    // One of the list holds it: it could name that one.
    [
      { name: 'own', expression: 'tag_rare' },
      'The feature own cannot be made, at character 1 of “tag_rare”: There is no tag tag_rare that enough training rows hold.',
    ],
    [
      { name: 'tag_count', expression: '1' },
      'The feature tag_count cannot be made: The name tag_count is taken: choose another.',
    ],
    [
      { name: 'label', expression: '1' },
      'The feature label cannot be made: The name label is taken: choose another.',
    ],
  ])('refuses %o', (own, message) => {
    expect(preparedWith(own)).toMatchObject({ ok: false, error: { code: 'own_feature_invalid', message } });
  });

  it('refuses a name twice, and a name that is none', () => {
    const one = { name: 'own', expression: '1' };
    expect(preparedWith(one, one)).toMatchObject({ ok: false, error: { code: 'own_feature_invalid' } });
    const context = { taken: new Set<string>(), columns: { isTag: () => false } };
    expect(ownFeatureFault({ name: '1st', expression: '1' }, context)?.position).toBeNull();
    expect(ownFeatureFault(one, context)).toBeNull();
  });
});
