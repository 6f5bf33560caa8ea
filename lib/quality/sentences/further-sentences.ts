import { bounds, count, type Failed, type Json, list, text } from './sentence-words';

const MAX_EXAMPLE_VALUES = 5;

/** Sentences of expectations that the suites of the design do without. */
export const FURTHER_SENTENCES: Readonly<Record<string, (failed: Failed) => string>> = {
  expect_table_column_count_to_equal: ({ table, result, kwargs }) =>
    `${table}: ${count(result.observed_value)} columns, expected ${count(kwargs.value)}.`,
  expect_column_to_exist: ({ table, kwargs }) => `${table}: there is no column ${text(kwargs.column)}.`,
  expect_column_values_to_be_null: ({ where, nOfValues }) => `${where}: ${nOfValues} are not missing.`,
  expect_column_values_to_be_in_type_list: ({ where, kwargs, nOfValues, example }) =>
    `${where}: ${nOfValues} are of none of the types ${list(kwargs.type_list)}${example}.`,
  expect_column_values_to_not_be_in_set: ({ where, nOfValues, example }) =>
    `${where}: ${nOfValues} are among the refused ones${example}.`,
  expect_column_values_to_not_match_regex: ({ where, nOfValues, example }) =>
    `${where}: ${nOfValues} are of a refused form${example}.`,
  expect_column_values_to_match_strftime_format: ({ where, kwargs, nOfValues, example }) =>
    `${where}: ${nOfValues} are no dates of the form ${text(kwargs.strftime_format)}${example}.`,
  expect_column_value_lengths_to_be_between: ({ where, kwargs, nOfValues, example }) =>
    `${where}: ${nOfValues} are not ${bounds(kwargs)} characters long${example}.`,
  expect_column_min_to_be_between: statistic('the least value'),
  expect_column_max_to_be_between: statistic('the largest value'),
  expect_column_sum_to_be_between: statistic('the sum'),
  expect_column_median_to_be_between: statistic('the median'),
  expect_column_stdev_to_be_between: statistic('the standard deviation'),
  expect_column_unique_value_count_to_be_between: statistic('the number of distinct values'),
  expect_column_proportion_of_unique_values_to_be_between: statistic('the share of distinct values'),
  expect_column_quantile_values_to_be_between: ({ where, kwargs, result }) => {
    const { quantiles, values } = record(result.observed_value);
    const ranges = record(kwargs.quantile_ranges).value_ranges;
    const isMet = record(result.details).success_details;
    const i = Array.isArray(isMet) ? isMet.indexOf(false) : 0;
    return `${where}: the quantile ${text(at(quantiles, i))} is ${value(at(values, i))}, expected ${range(at(ranges, i))}.`;
  },
  expect_column_kl_divergence_to_be_less_than: ({ where, kwargs, result }) =>
    `${where}: the divergence from the expected shares is ${value(result.observed_value, 'infinite')}, expected at most ${text(kwargs.threshold)}.`,
  expect_column_most_common_value_to_be_in_set: ({ where, result, kwargs }) =>
    `${where}: the most common value is ${few(result.observed_value)}, expected one of ${few(kwargs.value_set)}.`,
  expect_column_distinct_values_to_be_in_set: ({ where, result }) =>
    `${where}: ${count(result.unexpected_count)} distinct values are not among the allowed ones.`,
  expect_column_distinct_values_to_contain_set: ({ where, result }) =>
    `${where}: ${count(result.missing_count)} expected values do not occur: ${few(result.partial_missing_list)}.`,
  expect_column_distinct_values_to_equal_set: ({ where, result }) =>
    `${where}: ${count(result.unexpected_count)} distinct values are not among the expected ones, and ${count(result.missing_count)} of those do not occur.`,
  expect_select_column_values_to_be_unique_within_record: ({ table, kwargs, result }) =>
    `${table}: ${rows(result)} hold the same value twice among ${list(kwargs.column_list)}.`,
  expect_column_pair_values_a_to_be_greater_than_b: ({ table, kwargs, result }) =>
    `${table}: in ${rows(result)} ${text(kwargs.column_A)} is not greater than ${kwargs.or_equal === true ? 'or equal to ' : ''}${text(kwargs.column_B)}.`,
  expect_column_pair_values_to_be_equal: ({ table, kwargs, result }) =>
    `${table}: in ${rows(result)} ${text(kwargs.column_A)} is not equal to ${text(kwargs.column_B)}.`,
  unexpected_rows_expectation: ({ table, result, description }) =>
    `${table}: ${count(result.observed_value)} ${result.observed_value === 1 ? 'row is' : 'rows are'} not as expected by a query of the suite${description === '' ? '' : `: ${description.replace(/\.$/, '')}`}.`,
};

function statistic(name: string): (failed: Failed) => string {
  return ({ where, kwargs, result }) =>
    `${where}: ${name} is ${value(result.observed_value)}, expected ${bounds(kwargs)}.`;
}

function rows({ unexpected_count, element_count }: Failed['result']): string {
  return `${count(unexpected_count)} of ${count(element_count)} rows`;
}

function value(observed: Json | undefined, missing = 'unknown'): string {
  return observed === null || observed === undefined ? missing : count(observed);
}

/** Values with an @ are no one's to see. */
function few(values: Json | undefined): string {
  if (!Array.isArray(values) || values.length === 0) return 'none';
  const shown = values.map((one) => (String(one).includes('@') ? '…' : text(one)));
  return `${shown.slice(0, MAX_EXAMPLE_VALUES).join(', ')}${shown.length > MAX_EXAMPLE_VALUES ? ', …' : ''}`;
}

function range(ends: Json | undefined): string {
  const [low, high] = [at(ends, 0), at(ends, 1)];
  return bounds({
    ...(typeof low === 'number' ? { min_value: low } : {}),
    ...(typeof high === 'number' ? { max_value: high } : {}),
  });
}

function record(of: Json | undefined): Readonly<Record<string, Json>> {
  return of !== null && typeof of === 'object' && !Array.isArray(of) ? of : {};
}

function at(of: Json | undefined, index: number): Json | undefined {
  return Array.isArray(of) ? of[index] : undefined;
}
