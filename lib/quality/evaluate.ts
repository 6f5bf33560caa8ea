import { z } from 'zod';
import { MISSING_DAY } from '@/lib/core/day';
import { castDay, castText, integerKey } from '@/lib/crm/casts';
import { type Batch, batchColumn, CannotRun, type CountedRows, countKey } from './batch';
import { comparedWith, isWithin } from './bounds';
import { aggregateFindings } from './column-aggregates';
import { countedFinding, type Finding, judgedAbsence, judgedCells, judgedPresence } from './column-map';
import { statisticFindings } from './column-statistics';
import { judgedUniqueness } from './column-uniqueness';
import type { Expectation, ExpectationType, ExpectationTypes } from './expectation';
import type { ExpectationResult } from './suite-result';
import { tableFindings } from './table-findings';

type Evaluators = {
  readonly [T in ExpectationType]: (kwargs: ExpectationTypes[T], batch: Batch) => Finding;
};

const EVALUATORS: Evaluators = {
  ...tableFindings,
  ...aggregateFindings,
  ...statisticFindings,
  expect_column_values_to_not_be_null: ({ column, mostly }, batch) =>
    judgedPresence(batchColumn(batch, column), mostly),
  expect_column_values_to_be_of_type: ({ column, type_, mostly }, batch) =>
    judgedCells(
      batchColumn(batch, column),
      (cell) => (type_ === 'int64' ? integerKey(cell) !== null : typeof cell === 'string'),
      mostly,
    ),
  expect_column_values_to_be_unique: ({ column, mostly, normal_form }, batch) =>
    judgedUniqueness(batchColumn(batch, column), normal_form, mostly),
  expect_column_values_to_match_regex: ({ column, regex, mostly }, batch) => {
    const pattern = new RegExp(regex, 'u');
    return judgedCells(batchColumn(batch, column), (cell) => pattern.test(castText(cell)), mostly);
  },
  expect_column_values_to_not_match_regex: ({ column, regex, mostly }, batch) => {
    const pattern = new RegExp(regex, 'u');
    return judgedCells(batchColumn(batch, column), (cell) => !pattern.test(castText(cell)), mostly);
  },
  expect_column_value_lengths_to_be_between: ({ column, mostly, ...limits }, batch) =>
    // In characters, as Python counts them.
    judgedCells(batchColumn(batch, column), (cell) => isWithin([...castText(cell)].length, limits), mostly),
  expect_column_values_to_be_between: ({ column, mostly, ...bounds }, batch) => {
    const { limits, numberOf } = comparedWith(bounds);
    return judgedCells(batchColumn(batch, column), (cell) => isWithin(numberOf(cell), limits), mostly);
  },
  expect_column_values_to_be_null: ({ column, mostly }, batch) =>
    judgedAbsence(batchColumn(batch, column), mostly),
  expect_column_values_to_not_be_in_set: ({ column, value_set, mostly }, batch) => {
    const refused = new Set(value_set);
    return judgedCells(batchColumn(batch, column), (cell) => !refused.has(cell), mostly);
  },
  expect_column_values_to_be_in_set: ({ column, value_set, mostly }, batch) => {
    const allowed = new Set(value_set);
    return judgedCells(batchColumn(batch, column), (cell) => allowed.has(cell), mostly);
  },
  expect_column_values_to_be_iso_dates: ({ column, mostly }, batch) =>
    judgedCells(batchColumn(batch, column), (cell) => castDay(cell) !== MISSING_DAY, mostly),
  expect_column_values_to_be_representable: ({ column }, batch) =>
    counted(batch, 'expect_column_values_to_be_representable', column),
  expect_compound_columns_to_be_unique: ({ column_list }, batch) =>
    counted(batch, 'expect_compound_columns_to_be_unique', ...column_list),
  expect_column_values_to_be_spelled_in_one_case: ({ column }, batch) =>
    counted(batch, 'expect_column_values_to_be_spelled_in_one_case', column),
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
  const { type, kwargs, severity } = expectation;
  const config = { type, kwargs: plainKwargs(kwargs), meta: {}, id: null, severity };
  try {
    const { success, result } = EVALUATORS[type](kwargs, batch);
    return { success, expectation_config: config, result, meta: {}, exception_info: NOT_RAISED };
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

const NOT_RAISED = { raised_exception: false, exception_traceback: null, exception_message: null };

function counted(batch: Batch, type: ExpectationType, ...columns: readonly string[]): Finding {
  const rows: CountedRows | undefined = batch.counted.get(countKey(type, ...columns));
  if (!rows) throw new CannotRun(`nothing was counted for ${columns.join(', ')} of table ${batch.table}`);
  return countedFinding(rows);
}

/** Arguments as JSON: undefined ones left out. */
function plainKwargs(kwargs: object): ExpectationResult['expectation_config']['kwargs'] {
  return z.record(z.string(), z.json()).parse(JSON.parse(JSON.stringify(kwargs)));
}
