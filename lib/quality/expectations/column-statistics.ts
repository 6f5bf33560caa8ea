import { type Batch, batchColumn } from './batch';
import { isWithin } from './bounds';
import type { Finding } from './column-map';
import { columnNumbers, quantileOf, sortedNumbers } from './column-numbers';
import { type ColumnProfile, profileOf, rankingOf } from './column-profile';
import type { ExpectationTypes } from './expectation';

type StatisticKwargs = ExpectationTypes['expect_column_mean_to_be_between'];

/** How near a quantile must be to an end of its range to count as reaching it: relative, and absolute. As Great Expectations. */
const RELATIVE_TOLERANCE = 1e-4;
const ABSOLUTE_TOLERANCE = 1e-8;

/** Judge one number of a column; one that does not exist is never within bounds. */
function judgedStatistic(statistic: (profile: ColumnProfile) => number) {
  return (kwargs: StatisticKwargs, batch: Batch): Finding => {
    const observed = statistic(profileOf(batchColumn(batch, kwargs.column)));
    return {
      success: isWithin(observed, kwargs),
      result: { observed_value: Number.isNaN(observed) ? null : observed },
    };
  };
}

/** Expectations on a number of a column, over its non-missing cells, as pandas reckons it. */
export const statisticFindings = {
  expect_column_min_to_be_between: judgedStatistic((profile) => columnNumbers(profile).min),
  expect_column_max_to_be_between: judgedStatistic((profile) => columnNumbers(profile).max),
  expect_column_sum_to_be_between: judgedStatistic((profile) => columnNumbers(profile).sum),
  expect_column_mean_to_be_between: judgedStatistic((profile) => columnNumbers(profile).mean),
  expect_column_median_to_be_between: judgedStatistic(medianOf),
  /** With n − 1 in the denominator. */
  expect_column_stdev_to_be_between: judgedStatistic((profile) => columnNumbers(profile).stdev),
  expect_column_unique_value_count_to_be_between: judgedStatistic(nDistinct),
  /** Distinct values over non-missing cells; 0 where there is none. */
  expect_column_proportion_of_unique_values_to_be_between: judgedStatistic((profile) =>
    profile.nPresent === 0 ? 0 : nDistinct(profile) / profile.nPresent,
  ),

  expect_column_quantile_values_to_be_between: (
    {
      column,
      quantile_ranges: { quantiles, value_ranges },
      allow_relative_error: how = 'nearest',
    }: ExpectationTypes['expect_column_quantile_values_to_be_between'],
    batch: Batch,
  ): Finding => {
    const sorted = sortedNumbers(profileOf(batchColumn(batch, column)));
    const values = quantiles.map((share) => (sorted === null ? Number.NaN : quantileOf(sorted, share, how)));
    const isMet = values.map((value, i) => reaches(value, value_ranges[i] ?? [null, null]));
    return {
      success: isMet.every(Boolean),
      result: {
        observed_value: {
          quantiles: [...quantiles],
          values: values.map((value) => (Number.isNaN(value) ? null : value)),
        },
        details: { success_details: isMet },
      },
    };
  },
};

function medianOf(profile: ColumnProfile): number {
  const sorted = sortedNumbers(profile);
  return sorted === null ? Number.NaN : quantileOf(sorted, 0.5, 'midpoint');
}

function nDistinct(profile: ColumnProfile): number {
  return rankingOf(profile).levels.length;
}

function reaches(value: number, [low, high]: readonly [number | null, number | null]): boolean {
  const isNear = (end: number | null) =>
    end !== null && Math.abs(value - end) <= ABSOLUTE_TOLERANCE + RELATIVE_TOLERANCE * Math.abs(end);
  return (
    isNear(low) ||
    isNear(high) ||
    isWithin(value, { min_value: low ?? undefined, max_value: high ?? undefined })
  );
}
