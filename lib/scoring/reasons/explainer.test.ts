import { describe, expect, it } from 'vitest';
import type { FeatureSpec } from '@/lib/features/spec';
import { joinedTableOf } from '@/lib/testing/joined-table-of';
import { createLeadExplainer } from './explainer';
import type { ReasonGroups } from './reason-groups';
import { valueText } from './reason-text';
import { createSimilarBuyers } from './similar-buyers';
import { reasonSubjects } from './subjects';

const features: FeatureSpec['features'] = [
  { name: 'member_rating', kind: 'ordinal', source: { type: 'member_rating' } },
  { name: 'optin_quarter', kind: 'ordinal', source: { type: 'optin', part: 'quarter' } },
  { name: 'optin_month', kind: 'ordinal', source: { type: 'optin', part: 'month' } },
  { name: 'tag_webinar', kind: 'categorical', source: { type: 'tag', tag: 'tag_webinar' } },
  { name: 'country_code_is_us', kind: 'categorical', source: { type: 'country_is', level: 'us' } },
  { name: 'country_code_is_other', kind: 'categorical', source: { type: 'country_is', level: 'other' } },
];
const spec: FeatureSpec = {
  version: 1,
  target: 'made_purchase',
  missingValue: null,
  referenceDay: '2023-06-30',
  countryLevels: ['us', 'other'],
  paretoShare: 0.8,
  freeEmailDomains: ['free.example'],
  features,
  split: { seed: 42, train: 0.6, validation: 0.2, test: 0.2 },
};

/** Three stumps over half of the rows each: rating from 4 on gives ±1, quarter from 3 on ∓0.25, month from 6 on ±0.5. */
const trees = {
  nFeatures: features.length,
  nTrees: 3,
  baseMargin: -3,
  treeStart: Uint32Array.of(0, 3, 6, 9),
  nodeFeature: Int32Array.of(0, -1, -1, 1, -1, -1, 2, -1, -1),
  nodeValue: Float32Array.of(4, -1, 1, 3, 0.25, -0.25, 6, -0.5, 0.5),
  nodeLeft: Uint32Array.of(1, 0, 0, 4, 0, 0, 7, 0, 0),
  nodeRight: Uint32Array.of(2, 0, 0, 5, 0, 0, 8, 0, 0),
  nodeDefaultLeft: Uint8Array.of(1, 0, 0, 1, 0, 0, 1, 0, 0),
  nodeCover: Float32Array.of(2, 1, 1, 2, 1, 1, 2, 1, 1),
};
const counted = (subject: string, from: number, n: number, buyers: number | null) => ({
  subject,
  by: 'value' as const,
  groups: [{ from, n, buyers }],
  missing: { n: 0, buyers: null },
});
const groups: ReasonGroups = {
  version: 1,
  n_rows: 1000,
  n_buyers: 48,
  subjects: [
    counted('member_rating', 5, 500, 50),
    counted('optin_season', 2, 3, null),
    counted('tag:tag_webinar', 0, 900, 10),
    counted('country_code', 0, 700, 40),
  ],
};
const table = joinedTableOf([
  { rating: 5, optin: '2023-02-14', country: 'us' },
  { optin: '2023-06-14', country: 'nl', tags: ['tag_webinar'] },
]);
const values = Float32Array.of(5, 1, 2, 0, 1, 0, Number.NaN, 2, 6, 1, 0, 1);
const explainer = createLeadExplainer({ trees, spec, groups });

describe('reasonSubjects', () => {
  it('puts features of one thing together', () => {
    expect(reasonSubjects(spec).map(({ id, features: places, key }) => [id, places, key])).toEqual([
      ['member_rating', [0], { type: 'value', feature: 0 }],
      ['optin_season', [1, 2], { type: 'value', feature: 2 }],
      ['tag:tag_webinar', [3], { type: 'value', feature: 3 }],
      ['country_code', [4, 5], { type: 'which', features: [4, 5] }],
    ]);
  });
});

describe('createLeadExplainer', () => {
  it('sums the parts of what belongs together', () => {
    expect(explainer.bias).toBe(-3);
    expect([...explainer.parts(values, [0, 1])]).toEqual([1, -0.25, 0, 0, -1, 0.75, 0, 0]);
  });

  it('tells for and against, strongest first, with the group and its conversion', () => {
    expect(explainer.explain({ table, values }, 0)).toEqual({
      bias: -3,
      margin: -2.25,
      reasonsFor: [
        {
          subject: 'member_rating',
          contribution: 1,
          sentence: 'member rating 5; of 500 like this 10.0 % bought, of all 4.8 %',
        },
      ],
      reasonsAgainst: [
        {
          subject: 'optin_season',
          contribution: -0.25,
          sentence: 'joined in February; too few are like this to say how many bought',
        },
      ],
    });
  });

  it('gives texts for the list, fewer where fewer had a part', () => {
    expect(explainer.topReasons({ table, values }, [1, 0], 1)).toEqual([
      ['Against: no member rating; nobody whom the model was trained on is like this'],
      ['For: member rating 5; of 500 like this 10.0 % bought, of all 4.8 %'],
    ]);
    expect(explainer.topReasons({ table, values }, [1], 3)[0]).toHaveLength(2);
    expect(explainer.topReasons({ table, values }, [], 3)).toEqual([]);
  });
});

describe('valueText', () => {
  const textOf = (kind: ReturnType<typeof reasonSubjects>[number]['kind'], row: number, key = 0, name = '') =>
    valueText(
      { id: kind, kind, name, features: [], key: { type: 'value', feature: 0 } },
      { spec, table, row },
      key,
    );

  it.each([
    ['country_code', 0, 'country us'],
    ['country_code', 1, 'country nl, one of the rarer ones'],
    ['optin_days', 0, 'joined 136 days before 2023-06-30'],
    ['optin_weekday', 0, 'joined on a Tuesday'],
    ['tag_count', 0, 'no tags'],
    ['tag_count', 1, '1 tag'],
    ['is_free_email', 0, 'e-mail at a domain that is not free'],
  ] as const)('says %s of row %d', (kind, row, text) => {
    expect(textOf(kind, row)).toBe(text);
  });

  it('says tags, rates and own features', () => {
    expect(textOf('tag', 1, 1, 'tag_webinar')).toBe('holds tag_webinar');
    expect(textOf('tag', 0, 0, 'tag_webinar')).toBe('does not hold tag_webinar');
    expect(textOf('tag_rate', 0, 0.012345)).toBe('0.0123 tags a day on the list');
    expect(textOf('own', 0, Number.NaN, 'keen')).toBe('no keen');
    expect(textOf('own', 0, 2.5, 'keen')).toBe('keen 2.5');
  });
});

describe('createSimilarBuyers', () => {
  it('finds the buyers scored for the same reasons, without the lead', () => {
    const people = joinedTableOf([{ bought: true }, {}, { bought: true }, { bought: true }]);
    // The third differs in the rating, the fourth in the season: −0.25 + 0.5 instead of 0.25 − 0.5.
    const matrix = Float32Array.from(
      [
        [5, 1, 1, 0, 0, 0],
        [5, 1, 1, 0, 0, 0],
        [1, 1, 1, 0, 0, 0],
        [4, 3, 7, 0, 0, 0],
      ].flat(),
    );
    const similar = createSimilarBuyers(explainer, { table: people, values: matrix });
    expect(similar(1, 2)).toEqual([
      { row: 0, distance: 0 },
      { row: 3, distance: 0.5 },
    ]);
    expect(similar(0, 9).map(({ row }) => row)).toEqual([3, 2]);
  });
});
