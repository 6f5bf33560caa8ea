import { describe, expect, it } from 'vitest';
import { randomSource } from '@/lib/core/random';
import { joinedTableOf, type SubscriberRow } from '@/lib/testing/joined-table-of';
import { DESIGN_FEATURE_CHOICES, type FeatureChoices, featureChoicesSchema } from './choices';
import { countedValues } from './counted-values';
import { decodeDataset, encodeDataset } from './dataset-arrow';
import { encodeFeatures } from './encode';
import { featureRelation } from './feature-relation';
import { type FeatureMatrix, SplitPart } from './matrix';
import { matrixToScore, prepareDataset } from './prepare-dataset';
import { parseFeatureSpec, specJson } from './spec-json';
import { rowsOfPart } from './split';

const COUNTRIES = ['us', 'us', 'us', 'de', 'de', 'in', undefined] as const;

/** Subscribers of drawn countries, ratings and opt-ins; who buys is drawn too, by the country where `isTelling`. */
function drawnRows(nRows: number, isTelling: boolean): SubscriberRow[] {
  const random = randomSource(3);
  return Array.from({ length: nRows }, (_, row) => {
    const country = COUNTRIES[Math.floor(random() * COUNTRIES.length)];
    const chance = isTelling ? { us: 0.5, de: 0.2, in: 0.05 }[country ?? 'de'] : 0.3;
    return {
      ...(country === undefined ? {} : { country }),
      optin: `2020-0${1 + (row % 9)}-1${row % 10}`,
      rating: row % 6 === 5 ? Number.NaN : 1 + (row % 5),
      tags: row % 3 === 0 ? ['tag_lab'] : [],
      bought: random() < chance,
    };
  });
}

const TABLE = joinedTableOf(drawnRows(600, true));

function prepared(change: Partial<FeatureChoices>, table = TABLE) {
  const choices = { ...DESIGN_FEATURE_CHOICES, ...change };
  const made = prepareDataset({ table, paretoShare: 1, seed: 42, choices });
  if (!made.ok) throw new Error(made.error.message);
  return made.value;
}

function column({ matrix }: { readonly matrix: FeatureMatrix }, name: string): number[] {
  const at = matrix.featureNames.indexOf(name);
  expect(at).toBeGreaterThanOrEqual(0);
  return Array.from(
    { length: matrix.nRows },
    (_, row) => matrix.values[row * matrix.featureNames.length + at]!,
  );
}

const countryOf = (row: number) => TABLE.countryCodes[TABLE.countryIndex[row]!] ?? null;

describe('featureChoicesSchema', () => {
  it('takes the design’s for what is left out', () => {
    expect(featureChoicesSchema.parse({})).toEqual({
      countryEncoding: 'label',
      ratingEncoding: 'ordinal',
      missingValue: -999,
      switchedOff: [],
      ownFeatures: [],
    });
    expect(featureChoicesSchema.safeParse({ missingValue: -1 }).success).toBe(false);
    expect(featureChoicesSchema.safeParse({ encodings: 'label' }).success).toBe(false);
  });
});

/** Areas under the ROC curve that a target encoding of 100 countries has on training rows whose labels are chance. */
function areasOfChance(seed: number) {
  const random = randomSource(seed);
  const letters = 'abcdefghijklmnopqrst';
  const rows = Array.from({ length: 4_000 }, (_, row) => ({
    optin: '2020-01-01',
    email: `p${row}@example.com`,
    country: `${letters[Math.floor(random() * 20)]}${letters[Math.floor(random() * 5)]}`,
    bought: random() < 0.3,
  }));
  const table = joinedTableOf(rows);
  const made = prepared({ countryEncoding: 'target' }, table);
  const over = { rows: rowsOfPart(made.dataset.split, SplitPart.train), labels: table.madePurchase };
  const areaOf = (matrix: FeatureMatrix) => {
    const values = Float32Array.from(column({ matrix }, 'country_code_target'));
    const counted = countedValues({ values, column: 0, stride: 1, missingValue: -999 }, over);
    return featureRelation(counted, false)?.value ?? Number.NaN;
  };
  return { outOfFold: areaOf(made.dataset.matrix), leaking: areaOf(encodeFeatures(made.spec, table).matrix) };
}

describe('encodings', () => {
  it('frequency: each level’s share of the training rows, missing countries apart', () => {
    const made = prepared({ countryEncoding: 'frequency' });
    const train = rowsOfPart(made.dataset.split, SplitPart.train);
    const shareOf = (country: string | null) =>
      Math.fround(train.filter((row) => countryOf(row) === country).length / train.length);
    expect(column(made.dataset, 'country_code_frequency')).toEqual(
      Array.from({ length: 600 }, (_, row) => {
        const country = countryOf(row);
        return country === null ? -999 : shareOf(country);
      }),
    );
  });

  it('one-hot: an indicator a level, all 0 where missing', () => {
    const made = prepared({ countryEncoding: 'one_hot', ratingEncoding: 'one_hot' });
    const names = made.dataset.matrix.featureNames;
    expect(names.filter((name) => name.includes('_is_') && !name.startsWith('optin'))).toEqual([
      ...[1, 2, 3, 4, 5].map((rating) => `member_rating_is_${rating}`),
      ...['de', 'in', 'us', 'other'].map((level) => `country_code_is_${level}`),
    ]);
    for (const level of ['de', 'in', 'us', 'other']) {
      expect(column(made.dataset, `country_code_is_${level}`)).toEqual(
        Array.from({ length: 600 }, (_, row) => Number(countryOf(row) === level)),
      );
    }
    expect(column(made.dataset, 'member_rating_is_4')).toEqual(
      Array.from(TABLE.memberRating, (rating) => Number(rating === 4)),
    );
  });

  it('target: out of fold for training rows, the stored rates for all others and for scoring', () => {
    const made = prepared({ countryEncoding: 'target' });
    const source = made.spec.features.find(({ name }) => name === 'country_code_target')?.source;
    if (source?.type !== 'country_target') throw new Error('Expected a target encoding');
    const rateOf = (row: number) => {
      const country = countryOf(row);
      return country === null ? -999 : Math.fround(source.rates[made.spec.countryLevels.indexOf(country)]!);
    };
    const trained = column(made.dataset, 'country_code_target');
    const scored = column({ matrix: matrixToScore(made, TABLE) }, 'country_code_target');
    for (let row = 0; row < 600; row++) {
      expect(scored[row]).toBe(rateOf(row));
      if (made.dataset.split[row] !== SplitPart.train) expect(trained[row]).toBe(rateOf(row));
    }
    const ofUs = rowsOfPart(made.dataset.split, SplitPart.train).filter((row) => countryOf(row) === 'us');
    // Five folds, five fits.
    expect(new Set(Array.from(ofUs, (row) => trained[row])).size).toBe(5);
    expect(prepared({ countryEncoding: 'target' }).dataset).toEqual(made.dataset);
  });

  it('target: tells nothing of labels that are chance', () => {
    // Mean over ten lists, for one list's area alone strays by 0.03.
    const areas = Array.from({ length: 10 }, (_, seed) => areasOfChance(seed));
    const meanOf = (which: 'outOfFold' | 'leaking') =>
      areas.reduce((sum, area) => sum + area[which] / areas.length, 0);
    expect(Math.abs(meanOf('outOfFold') - 0.5)).toBeLessThan(0.02);
    // The same rates with each row's own label in them look as if they told something.
    expect(meanOf('leaking')).toBeGreaterThan(0.55);
  });

  it('target: is refused with too few buyers for its folds', () => {
    const rows = drawnRows(60, true).map((row, at) => ({ ...row, bought: at < 5 }));
    const choices = featureChoicesSchema.parse({ countryEncoding: 'target' });
    expect(prepareDataset({ table: joinedTableOf(rows), paretoShare: 1, seed: 1, choices })).toMatchObject({
      ok: false,
      error: {
        code: 'target_encoding_too_few',
        message:
          'Target encoding is fitted within 5 folds, and the training rows hold only 3 of those who bought.',
      },
    });
  });

  it('missing values: NaN in the place of every −999, through the dataset and back', () => {
    const design = prepared({}).dataset;
    const native = prepared({ missingValue: null }).dataset;
    expect([...native.matrix.values]).toEqual(
      Array.from(design.matrix.values, (value) => (value === -999 ? Number.NaN : value)),
    );
    expect([...native.matrix.values].filter(Number.isNaN).length).toBeGreaterThan(100);
    expect(decodeDataset(encodeDataset(native))).toEqual({ ok: true, value: native });
  });
});

describe('switching off', () => {
  it('leaves the column out, and still sums the feature up in its place', () => {
    const all = prepared({});
    const made = prepared({ switchedOff: ['tag_count', 'tag_lab'] });
    const names = all.dataset.matrix.featureNames;
    expect(made.dataset.matrix.featureNames).toEqual(
      names.filter((name) => name !== 'tag_count' && name !== 'tag_lab'),
    );
    for (const name of made.dataset.matrix.featureNames)
      expect(column(made.dataset, name)).toEqual(column(all.dataset, name));
    expect(made.spec.switchedOff).toEqual(['tag_count', 'tag_lab']);
    expect(made.summary.features).toEqual(
      all.summary.features.map((feature) => ({
        ...feature,
        isOn: !['tag_count', 'tag_lab'].includes(feature.name),
      })),
    );
    expect(made.summary.notes.map(({ code }) => code)).not.toContain('tags_unknown');
  });

  it('notes a name that is no feature', () => {
    const { notes } = prepared({ switchedOff: ['tag_cuont'] }).summary;
    expect(notes.at(-1)?.message).toBe(
      '1 feature to switch off not among the features of this file: tag_cuont.',
    );
  });

  it('is refused for all at once', () => {
    const switchedOff = prepared({}).spec.features.map(({ name }) => name);
    const choices = { ...DESIGN_FEATURE_CHOICES, switchedOff };
    expect(prepareDataset({ table: TABLE, paretoShare: 1, seed: 42, choices })).toMatchObject({
      ok: false,
      error: { code: 'no_features' },
    });
  });
});

describe('the specification', () => {
  it.each<Partial<FeatureChoices>>([
    { countryEncoding: 'frequency' },
    { countryEncoding: 'target', missingValue: null },
    { countryEncoding: 'one_hot', ratingEncoding: 'one_hot', switchedOff: ['tag_count'] },
  ])('says all of it as JSON: %o', (change) => {
    const made = prepared(change);
    const parsed = parseFeatureSpec(specJson(made.spec));
    expect(parsed).toEqual({ ok: true, value: made.spec });
    if (!parsed.ok) return;
    expect(encodeFeatures(parsed.value, TABLE).matrix).toEqual(matrixToScore(made, TABLE));
  });

  it('refuses numbers that are not one a level, and a level that is none', () => {
    const { spec } = prepared({ countryEncoding: 'frequency' });
    const fewer = { ...spec, countryLevels: spec.countryLevels.slice(1) };
    expect(parseFeatureSpec(JSON.stringify(fewer))).toMatchObject({
      error: {
        message: expect.stringContaining('country_code_frequency has 4 numbers for 3 country levels'),
      },
    });
    const oneHot = prepared({ countryEncoding: 'one_hot' }).spec;
    const without = { ...oneHot, countryLevels: oneHot.countryLevels.slice(1) };
    expect(parseFeatureSpec(JSON.stringify(without))).toMatchObject({
      error: { message: expect.stringContaining('is of level de, which is none') },
    });
  });
});
