import { calendarParts, parseDay } from '@/lib/core/day';
import { type RandomSource, shuffle } from '@/lib/core/random';
import { KEPT_COUNTRIES } from '../figures/countries';
import { TAGS } from '../figures/tags';
import type { DemoList } from './demo-list';

/** Stands for a missing country in the label-encoded column. */
const MISSING = -999;

const KEPT: readonly string[] = KEPT_COUNTRIES;

/** A matrix of features, row-major. */
export interface Matrix {
  readonly values: Float64Array;
  readonly nColumns: number;
}

/** The ten numbers of the design: time, engagement, rating, free address. */
function numericColumns(list: DemoList): number[][] {
  const parts = list.optinDates.map((date) => calendarParts(parseDay(date)));
  const tagCount = list.tags.map((tags) => tags.length);
  return [
    [...list.optinDays],
    parts.map(({ month }) => month),
    parts.map(({ dayOfWeek }) => dayOfWeek),
    parts.map(({ dayOfYear }) => dayOfYear),
    parts.map(({ quarter }) => quarter),
    parts.map(({ dayOfWeek }) => (dayOfWeek >= 5 ? 1 : 0)),
    tagCount,
    tagCount.map((count, row) => count / (list.optinDays[row]! + 1)),
    [...list.ratings],
  ];
}

function tagColumns(list: DemoList): number[][] {
  return TAGS.map(({ tag }) => list.tags.map((tags) => (tags.includes(tag) ? 1 : 0)));
}

/** The 21 kept levels, then `other`; −1 where missing. */
function countryLevels(list: DemoList): number[] {
  return list.countries.map((country) => {
    if (country === null) return -1;
    const level = KEPT.indexOf(country.toLowerCase());
    return level < 0 ? KEPT.length : level;
  });
}

function matrixOf(columns: readonly number[][]): Matrix {
  const nColumns = columns.length;
  const nRows = columns[0]!.length;
  const values = new Float64Array(nRows * nColumns);
  columns.forEach((column, c) => {
    for (let row = 0; row < nRows; row++) values[row * nColumns + c] = column[row]!;
  });
  return { values, nColumns };
}

function scaled(column: readonly number[]): number[] {
  const mean = column.reduce((sum, value) => sum + value, 0) / column.length;
  const std = Math.sqrt(column.reduce((sum, value) => sum + (value - mean) ** 2, 0) / column.length);
  return column.map((value) => (value - mean) / std);
}

/** Features for trees: numbers, the country as one label-encoded column with −999 for missing, tags. */
export function treeFeatures(list: DemoList): Matrix {
  const labels = countryLevels(list).map((level) => (level < 0 ? MISSING : level));
  return matrixOf([...numericColumns(list), labels, ...tagColumns(list)]);
}

/** Features for a linear model: scaled numbers, one column a kept country (missing is `other`, as the source had it), tags. */
export function linearFeatures(list: DemoList): Matrix {
  const levels = countryLevels(list).map((level) => (level < 0 ? KEPT.length : level));
  const oneHot = [...KEPT, 'other'].map((_, index) => levels.map((level) => (level === index ? 1 : 0)));
  return matrixOf([...numericColumns(list).map(scaled), ...oneHot, ...tagColumns(list)]);
}

/** Deal rows to `nFolds` folds, buyers and others evenly; gives the fold of each row. */
export function stratifiedFolds(labels: readonly number[], nFolds: number, random: RandomSource): Uint8Array {
  const folds = new Uint8Array(labels.length);
  for (const label of [0, 1]) {
    const rows = Uint32Array.from(labels.flatMap((value, row) => (value === label ? [row] : [])));
    shuffle(rows, random);
    rows.forEach((row, i) => {
      folds[row] = i % nFolds;
    });
  }
  return folds;
}
