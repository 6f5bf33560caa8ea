import { describe, expect, it } from 'vitest';
import type { FeatureSpec } from './spec';
import { parseFeatureSpec, specDigest, specJson } from './spec-json';

const SPEC: FeatureSpec = {
  version: 1,
  target: 'made_purchase',
  missingValue: -999,
  referenceDay: '2020-12-31',
  countryLevels: ['us', 'other'],
  paretoShare: 0.8,
  freeEmailDomains: ['gmail.com'],
  features: [
    { name: 'tag_count', kind: 'numeric', source: { type: 'tag_count' } },
    { name: 'tag_lab', kind: 'categorical', source: { type: 'tag', tag: 'tag_lab' } },
  ],
  split: { seed: 42, train: 0.6, validation: 0.2, test: 0.2 },
};

const JSON_TEXT =
  '{"version":1,"target":"made_purchase","missingValue":-999,"referenceDay":"2020-12-31","countryLevels":["us","other"],"paretoShare":0.8,"freeEmailDomains":["gmail.com"],"features":[{"name":"tag_count","kind":"numeric","source":{"type":"tag_count"}},{"name":"tag_lab","kind":"categorical","source":{"type":"tag","tag":"tag_lab"}}],"split":{"seed":42,"train":0.6,"validation":0.2,"test":0.2}}';

/** The same values with every object's keys the other way round. */
function reversedKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reversedKeys);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, held]) => [key, reversedKeys(held)]),
  );
}

describe('specJson', () => {
  it('writes the keys in one order, whatever order they come in', () => {
    expect(specJson(SPEC)).toBe(JSON_TEXT);
    const reversed = parseFeatureSpec(JSON.stringify(reversedKeys(SPEC), null, 2));
    expect(reversed).toEqual({ ok: true, value: SPEC });
    expect(reversed.ok && specJson(reversed.value)).toBe(JSON_TEXT);
  });
});

describe('specDigest', () => {
  it('is the SHA-256 of that text', () => {
    // sha256sum (GNU coreutils) of JSON_TEXT
    expect(specDigest(SPEC)).toBe('1de0a0ddccfdbb7e7dd7e7f7a90787ea3f23a7c4b043f8d719efdb192b745dfc');
  });

  it('changes with any value', () => {
    const changes: Partial<FeatureSpec>[] = [
      { missingValue: -1 },
      { referenceDay: '2020-12-30' },
      { countryLevels: ['other'] },
      { features: SPEC.features.slice(1) },
      { split: { ...SPEC.split, seed: 43 } },
    ];
    const digests = changes.map((change) => specDigest({ ...SPEC, ...change }));
    expect(new Set([...digests, specDigest(SPEC)]).size).toBe(changes.length + 1);
  });
});

describe('parseFeatureSpec', () => {
  const failing = (text = '') => {
    const result = parseFeatureSpec(text);
    return result.ok ? result : [result.error.code, result.error.message];
  };
  const changed = (change: object) => JSON.stringify({ ...SPEC, ...change });

  it.each(
    [
      ['', 'feature_spec_unreadable', 'The feature specification is not JSON.'],
      ['{"version":', 'feature_spec_unreadable', 'The feature specification is not JSON.'],
      [
        changed({ version: 3 }),
        'feature_spec_version',
        'The feature specification has version 3; this Leadbench reads versions 1 and 2.',
      ],
      [
        changed({ features: [SPEC.features[0], SPEC.features[0]] }),
        'feature_spec_invalid',
        'The feature specification does not hold: feature tag_count stands twice.',
      ],
      [
        changed({ countryLevels: ['us', 'us', 'other'] }),
        'feature_spec_invalid',
        'The feature specification does not hold: country level us stands twice.',
      ],
      [
        changed({ countryLevels: ['other', 'us'] }),
        'feature_spec_invalid',
        'The feature specification does not hold: the last country level is not other.',
      ],
      [
        changed({ referenceDay: '2020-02-30' }),
        'feature_spec_invalid',
        'The feature specification does not hold: the reference day 2020-02-30 does not exist.',
      ],
    ].map(([text, code, message]) => ({ text, code, message })),
  )('refuses: $message', ({ text, code, message }) => {
    expect(failing(text)).toEqual([code, message]);
  });

  it.each(
    [
      ['null', 'at the top'],
      ['[]', 'at the top'],
      [changed({ extra: 1 }), 'at the top'],
      [changed({ version: '1' }), 'at version'],
      [changed({ referenceDay: 'yesterday' }), 'at referenceDay'],
      [changed({ paretoShare: 0 }), 'at paretoShare'],
      [
        changed({ features: [{ ...SPEC.features[0], source: { type: 'name' } }] }),
        'at features.0.source.type',
      ],
      [changed({ missingValue: null }), 'at missingValue'],
    ].map(([text, place]) => ({ text, place })),
  )('names the place that is wrong: $place', ({ text, place }) => {
    expect(failing(text)).toEqual(['feature_spec_invalid', expect.stringContaining(place ?? 'a place')]);
  });
});
