import { describe, expect, it } from 'vitest';
import { DEFAULT_SUITES, SUITE_NAMES, suitesWith } from './default-suites';
import { boundSuite, parseSuite, parseSuiteText } from './suite-file';
import { suiteParameters } from './suite-parameters';

const suiteOf = (...expectations: readonly unknown[]) => ({
  name: 'tags',
  meta: { table: 'Tags' },
  expectations,
});
const nullCheck = { type: 'expect_column_values_to_not_be_null', kwargs: { column: 'tag' } };

describe('parseSuite', () => {
  it('reads a suite as Great Expectations writes one', () => {
    const text = JSON.stringify({
      ...suiteOf({ ...nullCheck, kwargs: { column: 'tag', mostly: null }, meta: null, id: null }),
      notes: null,
      id: null,
    });
    const suite = parseSuiteText(text, 'tags');
    if (!suite.ok) throw new Error(suite.error.message);
    expect(boundSuite(suite.value, suiteParameters([], 0))).toEqual({
      name: 'tags',
      table: 'Tags',
      parameters: {},
      expectations: [
        { type: 'expect_column_values_to_not_be_null', kwargs: { column: 'tag' }, severity: 'critical' },
      ],
    });
  });

  it('fills in parameters, at any depth, and tells which', () => {
    const suite = parseSuite(
      suiteOf({
        type: 'expect_multicolumn_values_to_be_in_set',
        kwargs: {
          column_list: { $PARAMETER: 'tag_columns' },
          value_set: [0, { $PARAMETER: 'n_tag_columns' }],
        },
      }),
      'tags',
    );
    if (!suite.ok) throw new Error(suite.error.message);
    const bound = boundSuite(suite.value, suiteParameters(['tag_x', 'tag_y', 'tag_z'], 0));
    expect(bound.expectations[0]?.kwargs).toEqual({
      column_list: ['tag_x', 'tag_y', 'tag_z'],
      value_set: [0, 3],
    });
    expect(bound.parameters).toEqual({ n_tag_columns: 3, tag_columns: ['tag_x', 'tag_y', 'tag_z'] });
  });

  it.each<[what: string, suite: unknown, message: string, hint: RegExp]>([
    ['no object', 5, 'Suite tags: it does not fit: expected object, received number.', /^A suite has: name/],
    ['no meta', { name: 'tags', expectations: [] }, 'Suite tags: meta is missing.', /^A suite has/],
    [
      'an unknown table',
      { ...suiteOf(), meta: { table: 'Products' } },
      'Suite tags: meta.table does not fit: expected one of "Subscribers"|"Tags"|"Transactions"|"subscribers_joined".',
      /^A suite has/,
    ],
    ['another name', { ...suiteOf(), name: 'other' }, 'Suite tags calls itself other.', /"name": "tags"/],
    ['a key too many', { ...suiteOf(), rules: [] }, 'Suite tags: it has no key rules.', /^A suite has/],
    [
      'a wrong severity',
      suiteOf(nullCheck, { ...nullCheck, severity: 'error' }),
      'Suite tags, check 2 (expect_column_values_to_not_be_null): severity does not fit: expected one of "critical"|"warning"|"info".',
      /^A check has/,
    ],
    [
      'no type',
      suiteOf({ kwargs: {} }),
      'Suite tags, check 1: type is missing.',
      /^A check has: type, kwargs/,
    ],
    [
      'an unknown type',
      suiteOf(nullCheck, nullCheck, { type: 'expect_column_value_to_be_between', kwargs: {} }),
      'Suite tags, check 3 (expect_column_value_to_be_between): there is no such expectation.',
      /^Did you mean expect_column_values_to_be_between\?$/,
    ],
    [
      'an unknown argument',
      suiteOf({ ...nullCheck, kwargs: { column: 'tag', mostli: 0.5 } }),
      'Suite tags, check 1 (expect_column_values_to_not_be_null): it takes no argument mostli.',
      /^Its arguments are: column, mostly\.$/,
    ],
    [
      'an argument too few',
      suiteOf({ ...nullCheck, kwargs: {} }),
      'Suite tags, check 1 (expect_column_values_to_not_be_null): column is missing.',
      /column, mostly/,
    ],
    [
      'an argument of another type',
      suiteOf({ ...nullCheck, kwargs: { column: 'tag', mostly: 'all' } }),
      'Suite tags, check 1 (expect_column_values_to_not_be_null): mostly does not fit: expected number, received string.',
      /column, mostly/,
    ],
    [
      'no bound',
      suiteOf({ type: 'expect_column_values_to_be_between', kwargs: { column: 'a' } }),
      'Suite tags, check 1 (expect_column_values_to_be_between): it needs min_value, max_value or both.',
      /min_value, max_value, strict_min, strict_max/,
    ],
    [
      'bounds that cross',
      suiteOf({
        type: 'expect_column_mean_to_be_between',
        kwargs: { column: 'a', min_value: 2, max_value: 1 },
      }),
      'Suite tags, check 1 (expect_column_mean_to_be_between): it has a min_value above its max_value.',
      /min_value/,
    ],
    [
      'a number and a day',
      suiteOf({
        type: 'expect_column_values_to_be_between',
        kwargs: { column: 'a', min_value: 2, max_value: '2020-01-01' },
      }),
      'Suite tags, check 1 (expect_column_values_to_be_between): it mixes a number and a day.',
      /min_value/,
    ],
    [
      'no pattern',
      suiteOf({ type: 'expect_column_values_to_match_regex', kwargs: { column: 'a', regex: '(' } }),
      'Suite tags, check 1 (expect_column_values_to_match_regex): regex is no regular expression.',
      /column, regex, mostly/,
    ],
    [
      'an unknown parameter',
      suiteOf({ ...nullCheck, kwargs: { column: { $PARAMETER: 'tagz' } } }),
      'Suite tags, check 1 (expect_column_values_to_not_be_null): there is no parameter tagz.',
      /^Parameters are: tag_columns, /,
    ],
    [
      'a parameter of another type',
      suiteOf({ ...nullCheck, kwargs: { column: { $PARAMETER: 'tag_columns' } } }),
      'Suite tags, check 1 (expect_column_values_to_not_be_null): column does not fit: expected string, received array.',
      /column, mostly/,
    ],
  ])('names the fault of %s', (_, suite, message, hint) => {
    expect(parseSuite(suite, 'tags')).toEqual({
      ok: false,
      error: { code: 'suite_unreadable', message, hint: expect.stringMatching(hint) },
    });
  });

  it('says where a text is no JSON', () => {
    const found = parseSuiteText('{ "name": "tags", }', 'tags');
    expect(found.ok ? null : found.error.message).toMatch(/^Suite tags is no JSON: .*position 18/);
  });
});

describe('the default suites', () => {
  it('can be read, and have the names and tables of the design', () => {
    expect(DEFAULT_SUITES.map(({ name, meta }) => [name, meta.table])).toEqual([
      ['subscribers', 'Subscribers'],
      ['tags', 'Tags'],
      ['transactions', 'Transactions'],
      ['subscribers_joined', 'subscribers_joined'],
      ['business_rules', 'subscribers_joined'],
    ]);
    expect(SUITE_NAMES).toEqual(DEFAULT_SUITES.map(({ name }) => name));
  });

  it('give way to another of the same name, in its place', () => {
    const other = parseSuite(suiteOf(nullCheck), 'tags');
    if (!other.ok) throw new Error(other.error.message);
    const suites = suitesWith([other.value]);
    expect(suites[1]).toBe(other.value);
    expect(suites.filter((suite, i) => suite === DEFAULT_SUITES[i])).toHaveLength(4);
  });
});
