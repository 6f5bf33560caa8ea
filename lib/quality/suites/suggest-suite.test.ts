import { describe, expect, it } from 'vitest';
import { closeCrm, openCrm } from '@/lib/crm/open-crm';
import { readCrm } from '@/lib/crm/read-crm';
import { crmBytes } from '@/lib/demo/generate-crm';
import { batchOf } from '@/lib/testing/batch-of';
import { rejoined } from '@/lib/testing/broken-crms';
import { loadSqlJs } from '@/lib/testing/sqlite';
import { crmBatches } from '../crm-batches';
import { suiteResult } from '../run-suites';
import { DEFAULT_SUITES } from './default-suites';
import { suggestSuite } from './suggest-suite';
import { boundSuite, parseSuiteText } from './suite-file';
import { suiteParameters } from './suite-parameters';
import { suiteText } from './suite-text';

const cells = <T>(n: number, cell: (i: number) => T) => Array.from({ length: n }, (_, i) => cell(i));

describe('suggestSuite', () => {
  it('proposes what holds of the data, with slack', () => {
    const batch = batchOf(
      {
        id: cells(40, (i) => i + 1_000_000),
        rating: cells(40, (i) => (i % 4) + 1),
        spent: cells(40, (i) => (i % 20) * 5),
        day: cells(40, (i) => (i === 0 ? null : `2021-0${(i % 9) + 1}-15`)),
        code: cells(40, (i) => ['us', 'de', 'fr', 'UK'][i % 4] ?? ''),
        email: cells(40, (i) => `p${i}@x.example`),
      },
      { table: 'Subscribers' },
    );
    const { expectations } = suggestSuite(batch, 'subscribers');
    expect(expectations.map(({ type, kwargs }) => [type, kwargs]).slice(2)).toEqual([
      ['expect_column_values_to_not_be_null', { column: 'id' }],
      ['expect_column_values_to_be_of_type', { column: 'id', type_: 'int64' }],
      ['expect_column_values_to_be_unique', { column: 'id' }],
      ['expect_column_values_to_not_be_null', { column: 'rating' }],
      ['expect_column_values_to_be_of_type', { column: 'rating', type_: 'int64' }],
      ['expect_column_values_to_be_in_set', { column: 'rating', value_set: [1, 2, 3, 4] }],
      ['expect_column_values_to_not_be_null', { column: 'spent' }],
      ['expect_column_values_to_be_of_type', { column: 'spent', type_: 'int64' }],
      ['expect_column_values_to_be_between', { column: 'spent', min_value: 0, max_value: 105 }],
      ['expect_column_values_to_not_be_null', { column: 'day', mostly: 0.95 }],
      ['expect_column_values_to_be_of_type', { column: 'day', type_: 'string' }],
      ['expect_column_values_to_be_iso_dates', { column: 'day' }],
      ['expect_column_values_to_be_between', { column: 'day', min_value: '2021-01-01' }],
      ['expect_column_values_to_not_be_null', { column: 'code' }],
      ['expect_column_values_to_be_of_type', { column: 'code', type_: 'string' }],
      ['expect_column_values_to_be_in_set', { column: 'code', value_set: ['UK', 'de', 'fr', 'us'] }],
      ['expect_column_values_to_not_be_null', { column: 'email' }],
      ['expect_column_values_to_be_of_type', { column: 'email', type_: 'string' }],
      ['expect_column_values_to_be_unique', { column: 'email' }],
      ['expect_column_values_to_match_regex', { column: 'email', regex: '^[^\\s@]+@[^\\s@]+\\.[^\\s@]+$' }],
    ]);
  });

  it('proposes for an empty table, too', () => {
    expect(suggestSuite(batchOf({ a: [] }, { table: 'Tags' }), 'tags').expectations).toHaveLength(2);
  });

  it('names nothing of a person, and passes on the data it is made from', async () => {
    const opened = openCrm(await loadSqlJs(), crmBytes({ seed: 3, nSubscribers: 1_000 }));
    if (!opened.ok) throw new Error(opened.error.message);
    const raw = readCrm(opened.value);
    closeCrm(opened.value);
    if (!raw.ok) throw new Error(raw.error.message);
    const tables = rejoined(raw.value);
    const parameters = suiteParameters(tables.table.tagColumns, 20_000);
    for (const batch of Object.values(crmBatches(tables))) {
      const suite = suggestSuite(batch, 'suggested');
      const text = suiteText(suite);
      expect(text.match(/[\w.]+@[\w.]+\w/g)).toBeNull();
      for (const name of tables.table.userFullName.slice(0, 200)) expect(text).not.toContain(`"${name}"`);
      const failed = suiteResult(boundSuite(suite, parameters), batch).results.filter(
        ({ success }) => !success,
      );
      expect(failed.map(({ expectation_config: { type, kwargs } }) => [batch.table, type, kwargs])).toEqual(
        [],
      );
    }
  });
});

describe('suiteText', () => {
  it('is read back as the same suite', () => {
    for (const suite of DEFAULT_SUITES) {
      expect(parseSuiteText(suiteText(suite), suite.name)).toEqual({ ok: true, value: suite });
    }
  });
});
