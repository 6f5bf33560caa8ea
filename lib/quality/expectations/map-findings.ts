import { type Batch, batchColumn } from './batch';
import { type Limits, limitsOf } from './bounds';
import { type Finding, judgedAbsence, judgedLevels, judgedPresence } from './column-map';
import {
  type ColumnProfile,
  daysOf,
  lengthsOf,
  notIntegers,
  numbersOf,
  profileOf,
  repeatedOf,
  textsOf,
  valueIndexOf,
} from './column-profile';
import type { ExpectationTypes } from './expectation';
import { remembered } from './remembered';
import { strftimeTest } from './strftime-format';

type MapType = Extract<
  keyof ExpectationTypes,
  | `expect_column_values_to_${'be_between' | 'be_null' | 'not_be_null' | 'be_of_type' | 'be_in_type_list'}`
  | `expect_column_values_to_${'be_unique' | 'be_in_set' | 'not_be_in_set' | 'be_iso_dates'}`
  | `expect_column_values_to_${'match_regex' | 'not_match_regex' | 'match_strftime_format'}`
  | 'expect_column_value_lengths_to_be_between'
>;

type TypeName = ExpectationTypes['expect_column_values_to_be_of_type']['type_'];

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
    return judgedLevels(profile, isRepeated, mostly);
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
    const { levels } = profile;
    const isUnexpected = profile.isPresent.map((present, level) => {
      const cell = levels[level];
      return typeof cell === 'string' && isMatch(cell) ? 0 : present;
    });
    return judgedLevels(profile, isUnexpected, mostly);
  },
  expect_column_value_lengths_to_be_between: ({ column, mostly, ...limits }, batch) => {
    const profile = profileOf(batchColumn(batch, column));
    const lengths = lengthsOf(profile);
    return judgedLevels(profile, outside(profile, lengths, limits), mostly);
  },
  expect_column_values_to_be_between: ({ column, mostly, ...bounds }, batch) => {
    const profile = profileOf(batchColumn(batch, column));
    const { limits, areDays } = limitsOf(bounds);
    const numbers = areDays ? daysOf(profile) : numbersOf(profile);
    return judgedLevels(profile, outside(profile, numbers, limits), mostly);
  },
  expect_column_values_to_be_in_set: ({ column, value_set, mostly }, batch) => {
    const profile = profileOf(batchColumn(batch, column));
    const isMember = membersOf(profile, value_set);
    return judgedLevels(profile, withoutMarks(profile.isPresent, isMember), mostly);
  },
  expect_column_values_to_not_be_in_set: ({ column, value_set, mostly }, batch) => {
    const profile = profileOf(batchColumn(batch, column));
    return judgedLevels(profile, membersOf(profile, value_set), mostly);
  },
  expect_column_values_to_be_iso_dates: ({ column, mostly }, batch) => {
    const profile = profileOf(batchColumn(batch, column));
    return judgedLevels(profile, notDays(profile), mostly);
  },
};

/** Marks what is stored as anything else. */
const notTexts = remembered(({ levels, isPresent }: ColumnProfile) =>
  isPresent.map((present, level) => (typeof levels[level] === 'string' ? 0 : present)),
);

const NOT_OF_TYPE: Readonly<Record<TypeName, (profile: ColumnProfile) => Uint8Array>> = {
  int64: notIntegers,
  float64: remembered((profile: ColumnProfile) => notNumbers(profile, numbersOf(profile))),
  string: notTexts,
  int: remembered(({ levels, isPresent }: ColumnProfile) =>
    isPresent.map((present, level) => (Number.isInteger(levels[level]) ? 0 : present)),
  ),
  str: notTexts,
};

const notDays = remembered((profile: ColumnProfile) => notNumbers(profile, daysOf(profile)));

function notNumbers({ isPresent }: ColumnProfile, numbers: Float64Array): Uint8Array {
  return isPresent.map((present, level) => (Number.isNaN(numbers[level]!) ? present : 0));
}

function judgedTypes(profile: ColumnProfile, types: readonly TypeName[], mostly?: number): Finding {
  const [first, ...others] = types.map((type) => NOT_OF_TYPE[type](profile));
  if (first === undefined) throw new Error('Expected one type or more');
  const isOfNone =
    others.length === 0
      ? first
      : first.map((mark, level) => (others.every((other) => other[level] === 1) ? mark : 0));
  return judgedLevels(profile, isOfNone, mostly);
}

/** A loop of its own, because it is the one that most checks spend their time in. */
function outside(
  { isPresent }: ColumnProfile,
  numbers: Float64Array | Uint32Array,
  { min_value, max_value, strict_min, strict_max }: Limits,
): Uint8Array {
  const least = min_value ?? Number.NEGATIVE_INFINITY;
  const most = max_value ?? Number.POSITIVE_INFINITY;
  const [isOpenBelow, isOpenAbove] = [strict_min === true, strict_max === true];
  const marks = new Uint8Array(isPresent.length);
  for (let level = 0; level < marks.length; level++) {
    const value = numbers[level]!;
    const isAbove = isOpenBelow ? value > least : value >= least;
    const isBelow = isOpenAbove ? value < most : value <= most;
    marks[level] = isAbove && isBelow ? 0 : isPresent[level]!;
  }
  return marks;
}

function withoutMarks(marks: Uint8Array, others: Uint8Array): Uint8Array {
  const left = new Uint8Array(marks.length);
  for (let level = 0; level < left.length; level++) left[level] = marks[level]! & ~others[level]!;
  return left;
}

/** Marks the levels whose value is in a set: the set is gone through, not the column. */
function membersOf(profile: ColumnProfile, valueSet: readonly (string | number)[]): Uint8Array {
  const { firstLevel, nextLevel } = valueIndexOf(profile);
  const marks = new Uint8Array(profile.levels.length);
  for (const value of valueSet) {
    for (let level = firstLevel.get(value) ?? -1; level >= 0; level = nextLevel[level]!) marks[level] = 1;
  }
  return marks;
}

function judgedTexts(
  profile: ColumnProfile,
  isExpected: (text: string) => boolean,
  mostly?: number,
): Finding {
  const texts = textsOf(profile);
  const isUnexpected = profile.isPresent.map((present, level) =>
    present === 1 && !isExpected(texts[level]!) ? 1 : 0,
  );
  return judgedLevels(profile, isUnexpected, mostly);
}
