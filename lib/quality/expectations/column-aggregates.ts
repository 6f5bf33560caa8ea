import { type Batch, batchColumn, type Cell } from './batch';
import { isWithin } from './bounds';
import { type Finding, type JsonValue, jsonCell, MAX_EXAMPLES } from './column-map';
import { type ColumnProfile, compareCells, profileOf, rankingOf } from './column-profile';
import type { ExpectationTypes } from './expectation';

/** Values held by fewer rows are not shown: the domain of one person's address is personal data. */
const MIN_SHOWN_COUNT = 10;
const MAX_SHOWN_VALUES = 10;

/** Expectations about the distinct values of a column and how often they occur, over its non-missing cells. */
export const aggregateFindings = {
  expect_column_most_common_value_share_to_be_between: (
    { column, ...limits }: ExpectationTypes['expect_column_most_common_value_share_to_be_between'],
    batch: Batch,
  ): Finding => {
    const profile = profileOf(batchColumn(batch, column));
    const ranked = rankedValues(profile);
    const share = (ranked[0]?.count ?? 0) / profile.nPresent;
    const shown = ranked.filter(({ count }) => count >= MIN_SHOWN_COUNT).slice(0, MAX_SHOWN_VALUES);
    return {
      success: isWithin(share, limits),
      result: {
        observed_value: profile.nPresent === 0 ? null : share,
        details: { value_counts: shown, n_distinct: ranked.length },
      },
    };
  },

  expect_column_most_common_value_to_be_in_set: (
    { column, value_set, ties_okay }: ExpectationTypes['expect_column_most_common_value_to_be_in_set'],
    batch: Batch,
  ): Finding => {
    const ranked = rankedValues(profileOf(batchColumn(batch, column)));
    const common = ranked.filter(({ count }) => count === ranked[0]?.count).map(({ value }) => value);
    const nExpected = common.filter((value) => value !== null && value_set.includes(value)).length;
    return {
      success: ties_okay === true ? nExpected > 0 : common.length === 1 && nExpected === 1,
      result: { observed_value: common },
    };
  },

  expect_column_distinct_values_to_be_in_set: (
    { column, value_set }: ExpectationTypes['expect_column_distinct_values_to_be_in_set'],
    batch: Batch,
  ): Finding => {
    const { unexpected } = setDifferences(batch, column, value_set);
    return {
      success: unexpected.length === 0,
      result: { observed_value: null, ...unexpectedValues(unexpected) },
    };
  },

  expect_column_distinct_values_to_contain_set: (
    { column, value_set }: ExpectationTypes['expect_column_distinct_values_to_contain_set'],
    batch: Batch,
  ): Finding => {
    const { missing } = setDifferences(batch, column, value_set);
    return { success: missing.length === 0, result: { observed_value: null, ...missingValues(missing) } };
  },

  expect_column_distinct_values_to_equal_set: (
    { column, value_set }: ExpectationTypes['expect_column_distinct_values_to_equal_set'],
    batch: Batch,
  ): Finding => {
    const { unexpected, missing } = setDifferences(batch, column, value_set);
    return {
      success: unexpected.length === 0 && missing.length === 0,
      result: { observed_value: null, ...unexpectedValues(unexpected), ...missingValues(missing) },
    };
  },

  expect_column_kl_divergence_to_be_less_than: (
    {
      column,
      partition_object: { values, weights },
      threshold,
      tail_weight_holdout = 0,
    }: ExpectationTypes['expect_column_kl_divergence_to_be_less_than'],
    batch: Batch,
  ): Finding => {
    const profile = profileOf(batchColumn(batch, column));
    const shares = new Map(
      rankedValues(profile).map(({ value, count }) => [value, count / profile.nPresent]),
    );
    const surprises = [...shares.keys()].filter((value) => value === null || !values.includes(value));
    const kept = surprises.length === 0 ? 1 : 1 - tail_weight_holdout;
    const all = [...values, ...surprises];
    const observed = all.map((value) => shares.get(value) ?? 0);
    const expected = [
      ...weights.map((weight) => weight * kept),
      ...surprises.map(() => tail_weight_holdout / surprises.length),
    ];
    const divergence = klDivergence(observed, expected);
    return {
      success: divergence <= threshold,
      result: {
        observed_value: Number.isFinite(divergence) ? divergence : null,
        details: {
          observed_partition: { values: all, weights: observed },
          expected_partition: { values: all, weights: expected },
        },
      },
    };
  },
};

/**
 * Kullback–Leibler divergence of what is observed from what is expected, in nats, each brought to a sum of 1, as scipy's
 * `entropy` does. Infinite where something occurs that is expected never; NaN of nothing.
 *
 * @example klDivergence([0.5, 0.5], [0.25, 0.75]) // 0.143841…
 */
export function klDivergence(observed: readonly number[], expected: readonly number[]): number {
  const total = (weights: readonly number[]) => weights.reduce((sum, weight) => sum + weight, 0);
  const [nObserved, nExpected] = [total(observed), total(expected)];
  return observed.reduce((sum, weight, i) => {
    const share = weight / nObserved;
    return share === 0 ? sum : sum + share * Math.log(share / ((expected[i] ?? 0) / nExpected));
  }, 0);
}

function rankedValues(profile: ColumnProfile): { value: Cell; count: number }[] {
  const { levels, counts } = rankingOf(profile);
  return Array.from(levels, (level, i) => ({
    value: jsonCell(profile.levels[level] ?? null),
    count: counts[i] ?? 0,
  }));
}

function setDifferences(batch: Batch, column: string, valueSet: readonly (string | number)[]) {
  const found = rankedValues(profileOf(batchColumn(batch, column))).map(({ value }) => value);
  const [foundSet, expectedSet] = [new Set<Cell>(found), new Set<Cell>(valueSet)];
  return {
    unexpected: found.filter((value) => !expectedSet.has(value)).sort(compareCells),
    missing: [...new Set(valueSet)].filter((value) => !foundSet.has(value)).sort(compareCells),
  };
}

function unexpectedValues(values: readonly Cell[]): Record<string, JsonValue> {
  return { unexpected_count: values.length, partial_unexpected_list: values.slice(0, MAX_EXAMPLES) };
}

function missingValues(values: readonly Cell[]): Record<string, JsonValue> {
  return { missing_count: values.length, partial_missing_list: values.slice(0, MAX_EXAMPLES) };
}
