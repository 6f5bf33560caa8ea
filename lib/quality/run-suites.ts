import type { Day } from '@/lib/core/day';
import { type CrmTables, crmBatches } from './crm-batches';
import type { Batch } from './expectations/batch';
import { expectationResult, failingRows } from './expectations/evaluate';
import type { BoundSuite, Expectation } from './expectations/expectation';
import { createSqlTables, type SqlEngine } from './expectations/sql-tables';
import { gateFrom } from './gate';
import type { SuiteResult, ValidationResults } from './suite-result';
import { DEFAULT_SUITES } from './suites/default-suites';
import { boundSuite, type Suite, type SuiteTable } from './suites/suite-file';
import { suiteParameters } from './suites/suite-parameters';

/** What is validated, and how the world stands. */
export interface ValidationInput extends CrmTables {
  /** Newest day that a date of the list can be of: today, as whoever calls knows it. */
  readonly newestDay: Day;
  /** Runs checks that are written in SQL; without it they cannot be judged. */
  readonly sql?: SqlEngine;
}

/** Run every suite and let the gate judge. The same input gives the same results: no time, no random id. */
export function validate(
  input: ValidationInput,
  suites: readonly Suite[] = DEFAULT_SUITES,
): ValidationResults {
  const results = withBatches(input, (batches) =>
    suites.map((suite) => suiteResult(boundTo(input, suite), batches[suite.meta.table])),
  );
  return { gate: gateFrom(results), suites: results };
}

/** An expectation of `ValidationResults`: its suite's name, and its place in the suite. */
export interface CheckPlace {
  readonly suite: string;
  readonly index: number;
}

/** Rows that a check finds not as expected. */
export interface FailingRows {
  /** Table the rows are of, as the suite names it. */
  readonly table: SuiteTable;
  /** Ascending, all of them. */
  readonly rows: Uint32Array;
  /** The check, without its description. */
  readonly expectation: Expectation;
}

/**
 * List every row that a check finds not as expected; null where it is about no single row.
 *
 * @param suites those that the results are of
 * @throws where there is no such check
 */
export function failingRowsOf(
  input: ValidationInput,
  { suite: name, index }: CheckPlace,
  suites: readonly Suite[] = DEFAULT_SUITES,
): FailingRows | null {
  const suite = suites.find((known) => known.name === name);
  const expectation = suite === undefined ? undefined : boundTo(input, suite).expectations[index];
  if (suite === undefined || expectation === undefined) {
    throw new Error(`There is no check ${index} of ${name}`);
  }
  const { table } = suite.meta;
  const rows = withBatches(input, (batches) => failingRows(expectation, batches[table]));
  const { type, kwargs, severity } = expectation;
  // A type and its arguments belong together, which is lost where they are taken apart.
  return rows === null ? null : { table, rows, expectation: { type, kwargs, severity } as Expectation };
}

/**
 * List every row of a table that one expectation finds not as expected; null where it is about no single row, or cannot be
 * judged.
 */
export function failingRowsOfExpectation(
  input: CrmTables & Pick<ValidationInput, 'sql'>,
  table: SuiteTable,
  expectation: Expectation,
): Uint32Array | null {
  return withBatches(input, (batches) => failingRows(expectation, batches[table]));
}

/** Judge something on the tables, with SQL where there is an engine. */
function withBatches<T>(
  input: CrmTables & Pick<ValidationInput, 'sql'>,
  judge: (batches: ReturnType<typeof crmBatches>) => T,
): T {
  const batches = crmBatches(input);
  if (input.sql === undefined) return judge(batches);
  const sql = createSqlTables(input.sql, Object.values(batches));
  try {
    const { Subscribers, Tags, Transactions, subscribers_joined } = batches;
    return judge({
      Subscribers: { ...Subscribers, sql },
      Tags: { ...Tags, sql },
      Transactions: { ...Transactions, sql },
      subscribers_joined: { ...subscribers_joined, sql },
    });
  } finally {
    sql.close();
  }
}

function boundTo({ table, newestDay }: ValidationInput, suite: Suite): BoundSuite {
  return boundSuite(suite, suiteParameters(table.tagColumns, newestDay));
}

/** The version of Great Expectations whose results ours have the shape of; it reads them. */
const SHAPE_VERSION = '1.24.1';

/** Run one suite on one table. */
export function suiteResult(suite: BoundSuite, batch: Batch): SuiteResult {
  const results = suite.expectations.map((expectation) => expectationResult(expectation, batch));
  const nSuccessful = results.filter(({ success }) => success).length;
  return {
    success: nSuccessful === results.length,
    results,
    suite_name: suite.name,
    suite_parameters: suite.parameters,
    statistics: {
      evaluated_expectations: results.length,
      successful_expectations: nSuccessful,
      unsuccessful_expectations: results.length - nSuccessful,
      success_percent: results.length === 0 ? null : (nSuccessful / results.length) * 100,
    },
    meta: {
      great_expectations_version: SHAPE_VERSION,
      active_batch_definition: {
        datasource_name: 'leadbench',
        data_connector_name: 'fluent',
        data_asset_name: suite.table,
        batch_identifiers: {},
      },
      validation_id: null,
      checkpoint_id: null,
      n_rows: batch.nRows,
    },
    id: null,
  };
}
