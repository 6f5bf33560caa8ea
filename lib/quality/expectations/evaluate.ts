import type { ExpectationResult } from '../suite-result';
import { type Batch, CannotRun, type CountedRows, countKey } from './batch';
import { aggregateFindings } from './column-aggregates';
import { countedFinding, type Finding } from './column-map';
import { statisticFindings } from './column-statistics';
import type { Expectation, ExpectationType, ExpectationTypes } from './expectation';
import { mapFindings } from './map-findings';
import { rowFindings } from './row-findings';
import { sqlFindings } from './sql-findings';
import { tableFindings } from './table-findings';

type Evaluators = {
  readonly [T in ExpectationType]: (kwargs: ExpectationTypes[T], batch: Batch) => Finding;
};

const EVALUATORS: Evaluators = {
  ...tableFindings,
  ...aggregateFindings,
  ...statisticFindings,
  ...rowFindings,
  ...mapFindings,
  ...sqlFindings,
  expect_column_values_to_be_representable: ({ column }, batch) =>
    counted(batch, 'expect_column_values_to_be_representable', column),
  expect_column_values_to_be_spelled_in_one_case: ({ column }, batch) =>
    counted(batch, 'expect_column_values_to_be_spelled_in_one_case', column),
  expect_column_days_to_not_precede_other_table: ({ column, other_table_name, other_column }, batch) =>
    counted(
      batch,
      'expect_column_days_to_not_precede_other_table',
      column,
      `${other_table_name}.${other_column}`,
    ),
  expect_column_values_to_exist_in_other_table: ({ column }, batch) =>
    counted(batch, 'expect_column_values_to_exist_in_other_table', column),
};

/**
 * Judge one expectation on a table, with a result as Great Expectations 1.x writes it.
 *
 * An expectation that cannot be judged fails with `exception_info`, and counts as critical whatever its severity says.
 */
export function expectationResult<T extends ExpectationType>(
  expectation: Expectation<T>,
  batch: Batch,
): ExpectationResult {
  const { type, kwargs, severity, description } = expectation;
  const described = description === undefined ? {} : { description };
  const named = { ...plainKwargs(kwargs), batch_id: batchId(batch.table) };
  const config = { type, kwargs: named, meta: {}, severity, ...described };
  try {
    const { success, result } = EVALUATORS[type](kwargs, batch);
    const named = withFileRows(result, batch);
    return { success, expectation_config: config, result: named, meta: {}, exception_info: NOT_RAISED };
  } catch (error) {
    if (!(error instanceof CannotRun)) throw error;
    const raised = { raised_exception: true, exception_traceback: null, exception_message: error.message };
    return { success: false, expectation_config: config, result: {}, meta: {}, exception_info: raised };
  }
}

/**
 * List every row of a table that an expectation finds not as expected, ascending, without a bound on their number. Null where
 * the expectation is about no single row, or cannot be judged.
 */
export function failingRows<T extends ExpectationType>(
  expectation: Expectation<T>,
  batch: Batch,
): Uint32Array | null {
  const { type, kwargs } = expectation;
  try {
    return EVALUATORS[type](kwargs, batch).failingRows?.() ?? null;
  } catch (error) {
    if (error instanceof CannotRun) return null;
    throw error;
  }
}

/** Name rows by their place in the file, as a table whose rows keep their index when others are left out. */
function withFileRows(result: Finding['result'], { fileRows }: Batch): Finding['result'] {
  const rows = result.partial_unexpected_index_list;
  if (fileRows === undefined || !Array.isArray(rows)) return result;
  return {
    ...result,
    partial_unexpected_index_list: rows.map((row) => (typeof row === 'number' ? fileRows[row]! : row)),
  };
}

/** What results call a table, as Great Expectations does: data source and asset. */
export function batchId(table: string): string {
  return `leadbench-${table}`;
}

const NOT_RAISED = { raised_exception: false, exception_traceback: null, exception_message: null };

function counted(batch: Batch, type: ExpectationType, ...columns: readonly string[]): Finding {
  const rows: CountedRows | undefined = batch.counted.get(countKey(type, ...columns));
  if (!rows) throw new CannotRun(`nothing was counted for ${columns.join(', ')} of table ${batch.table}`);
  return countedFinding(rows);
}

/** Arguments as JSON: undefined ones left out. */
function plainKwargs(kwargs: object): ExpectationResult['expectation_config']['kwargs'] {
  return JSON.parse(JSON.stringify(kwargs));
}
