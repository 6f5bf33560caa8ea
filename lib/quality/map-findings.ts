import { castNumber, integerKey } from '@/lib/crm/casts';
import { type Batch, batchColumn, type Cell } from './batch';
import { isWithin, limitsOf } from './bounds';
import { type Finding, judgedAbsence, judgedLevels, judgedPresence } from './column-map';
import {
  type ColumnProfile,
  daysOf,
  lengthsOf,
  numbersOf,
  profileOf,
  repeatedOf,
  textsOf,
} from './column-profile';
import type { ExpectationTypes } from './expectation';
import { strftimeTest } from './strftime-format';

type MapType = Extract<
  keyof ExpectationTypes,
  | `expect_column_values_to_${'be_between' | 'be_null' | 'not_be_null' | 'be_of_type' | 'be_in_type_list'}`
  | `expect_column_values_to_${'be_unique' | 'be_in_set' | 'not_be_in_set' | 'be_iso_dates'}`
  | `expect_column_values_to_${'match_regex' | 'not_match_regex' | 'match_strftime_format'}`
  | 'expect_column_value_lengths_to_be_between'
>;

type TypeName = ExpectationTypes['expect_column_values_to_be_of_type']['type_'];

const IS_OF_TYPE: Readonly<Record<TypeName, (cell: Cell) => boolean>> = {
  int64: (cell) => integerKey(cell) !== null,
  float64: (cell) => !Number.isNaN(castNumber(cell)),
  string: (cell) => typeof cell === 'string',
  int: (cell) => Number.isInteger(cell),
  str: (cell) => typeof cell === 'string',
};

/** Expectations on each non-missing cell of a column. */
export const mapFindings: {
  readonly [T in MapType]: (kwargs: ExpectationTypes[T], batch: Batch) => Finding;
} = {
  expect_column_values_to_be_null: ({ column, mostly }, batch) =>
    judgedAbsence(profileOf(batchColumn(batch, column)), mostly),
  expect_column_values_to_not_be_null: ({ column, mostly }, batch) =>
    judgedPresence(profileOf(batchColumn(batch, column)), mostly),
  expect_column_values_to_be_of_type: ({ column, type_, mostly }, batch) =>
    judgedTypes(profileOf(batchColumn(batch, column)), [type_], mostly),
  expect_column_values_to_be_in_type_list: ({ column, type_list, mostly }, batch) =>
    judgedTypes(profileOf(batchColumn(batch, column)), type_list, mostly),
  expect_column_values_to_be_unique: ({ column, mostly, normal_form }, batch) => {
    const profile = profileOf(batchColumn(batch, column));
    const isRepeated = repeatedOf(profile, normal_form);
    return judgedLevels(profile, (level) => isRepeated[level] === 0, mostly);
  },
  expect_column_values_to_match_regex: ({ column, regex, mostly }, batch) => {
    const pattern = new RegExp(regex, 'u');
    return judgedTexts(profileOf(batchColumn(batch, column)), (text) => pattern.test(text), mostly);
  },
  expect_column_values_to_not_match_regex: ({ column, regex, mostly }, batch) => {
    const pattern = new RegExp(regex, 'u');
    return judgedTexts(profileOf(batchColumn(batch, column)), (text) => !pattern.test(text), mostly);
  },
  expect_column_values_to_match_strftime_format: ({ column, strftime_format, mostly }, batch) => {
    const isMatch = strftimeTest(strftime_format);
    if (isMatch === null) throw new Error(`Expected a format that was checked, got ${strftime_format}`);
    const profile = profileOf(batchColumn(batch, column));
    const isExpected = (level: number) => {
      const cell = profile.levels[level];
      return typeof cell === 'string' && isMatch(cell);
    };
    return judgedLevels(profile, isExpected, mostly);
  },
  expect_column_value_lengths_to_be_between: ({ column, mostly, ...limits }, batch) => {
    const profile = profileOf(batchColumn(batch, column));
    const lengths = lengthsOf(profile);
    return judgedLevels(profile, (level) => isWithin(lengths[level]!, limits), mostly);
  },
  expect_column_values_to_be_between: ({ column, mostly, ...bounds }, batch) => {
    const profile = profileOf(batchColumn(batch, column));
    const { limits, areDays } = limitsOf(bounds);
    const numbers = areDays ? daysOf(profile) : numbersOf(profile);
    return judgedLevels(profile, (level) => isWithin(numbers[level]!, limits), mostly);
  },
  expect_column_values_to_be_in_set: ({ column, value_set, mostly }, batch) => {
    const profile = profileOf(batchColumn(batch, column));
    const allowed = new Set<Cell>(value_set);
    return judgedLevels(profile, (level) => allowed.has(profile.levels[level]!), mostly);
  },
  expect_column_values_to_not_be_in_set: ({ column, value_set, mostly }, batch) => {
    const profile = profileOf(batchColumn(batch, column));
    const refused = new Set<Cell>(value_set);
    return judgedLevels(profile, (level) => !refused.has(profile.levels[level]!), mostly);
  },
  expect_column_values_to_be_iso_dates: ({ column, mostly }, batch) => {
    const profile = profileOf(batchColumn(batch, column));
    const days = daysOf(profile);
    return judgedLevels(profile, (level) => !Number.isNaN(days[level]), mostly);
  },
};

function judgedTypes(profile: ColumnProfile, types: readonly TypeName[], mostly?: number): Finding {
  const isExpected = (level: number) => types.some((type) => IS_OF_TYPE[type](profile.levels[level] ?? null));
  return judgedLevels(profile, isExpected, mostly);
}

function judgedTexts(
  profile: ColumnProfile,
  isExpected: (text: string) => boolean,
  mostly?: number,
): Finding {
  const texts = textsOf(profile);
  return judgedLevels(profile, (level) => isExpected(texts[level]!), mostly);
}
