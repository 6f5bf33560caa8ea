import { calendarParts, type Day, MISSING_DAY, parseDay } from '@/lib/core/day';
import { emailDomain } from '@/lib/crm/email-domain';
import type { JoinedTable } from '@/lib/crm/joined-table';
import type { Feature, FeatureSpec } from './spec';

/** Writes one feature of rows `from` … `to` − 1 into a row-major matrix, at `column` of every `stride` values. */
export type ColumnWriter = (
  target: Float32Array,
  place: { readonly column: number; readonly stride: number; readonly from: number; readonly to: number },
) => void;

type OptinPart = Extract<Feature['source'], { type: 'optin' }>['part'];

/** A column as codes into a table of values. */
interface CodedColumn {
  readonly codes: ArrayLike<number>;
  readonly values: Float32Array;
}

/** Build the writers of a specification's features, in its order, for the rows of a joined table. */
export function columnWriters(spec: FeatureSpec, table: JoinedTable): ColumnWriter[] {
  const optins = distinctDays(table.optinDay);
  const tagByName = new Map(table.tagColumns.map((tag, column) => [tag, table.tagIndicators[column]!]));
  return spec.features.map(({ source }) => {
    switch (source.type) {
      case 'optin':
        return codedWriter({ codes: optins.codes, values: optinValues(spec, optins.days, source.part) });
      case 'tag_count':
        return numberWriter(table.tagCount, spec.missingValue);
      case 'tag_count_by_optin_day':
        return tagRateWriter(
          table,
          { codes: optins.codes, values: optinValues(spec, optins.days, 'days') },
          spec,
        );
      case 'member_rating':
        return numberWriter(table.memberRating, spec.missingValue);
      case 'country_code':
        return codedWriter(countryColumn(spec, table));
      case 'is_free_email':
        return numberWriter(freeEmailFlags(spec, table.userEmail), spec.missingValue);
      case 'tag':
        return numberWriter(tagByName.get(source.tag) ?? new Uint8Array(table.nRows), spec.missingValue);
      default:
        return source satisfies never;
    }
  });
}

/** Few days carry many rows: calendar arithmetic is done once a day, not once a row. */
function distinctDays(days: Int32Array): { codes: Uint32Array; days: readonly Day[] } {
  const codeOfDay = new Map<Day, number>();
  const codes = Uint32Array.from(days, (day) => {
    let code = codeOfDay.get(day);
    if (code === undefined) {
      code = codeOfDay.size;
      codeOfDay.set(day, code);
    }
    return code;
  });
  return { codes, days: [...codeOfDay.keys()] };
}

function optinValues(spec: FeatureSpec, days: readonly Day[], part: OptinPart): Float32Array {
  const referenceDay = parseDay(spec.referenceDay);
  return Float32Array.from(days, (day) =>
    day === MISSING_DAY ? spec.missingValue : optinValue(day, referenceDay, part),
  );
}

function optinValue(day: Day, referenceDay: Day, part: OptinPart): number {
  const parts = calendarParts(day);
  switch (part) {
    case 'days':
      return referenceDay - day;
    case 'month':
      return parts.month;
    case 'day_of_week':
      return parts.dayOfWeek;
    case 'day_of_year':
      return parts.dayOfYear;
    case 'quarter':
      return parts.quarter;
    case 'is_weekend':
      return parts.dayOfWeek >= 5 ? 1 : 0;
    default:
      return part satisfies never;
  }
}

function countryColumn(spec: FeatureSpec, table: JoinedTable): CodedColumn {
  const other = spec.countryLevels.length - 1;
  const labelOfLevel = new Map(spec.countryLevels.map((level, label) => [level, label]));
  const labels = table.countryCodes.map((code) => labelOfLevel.get(code) ?? other);
  // Code 0 is "missing", so that the table's −1 needs no branch in the writer.
  const codes = Uint16Array.from(table.countryIndex, (index) => index + 1);
  return { codes, values: Float32Array.of(spec.missingValue, ...labels) };
}

/** 1 free, 0 not, NaN without a domain. */
function freeEmailFlags(spec: FeatureSpec, userEmail: readonly string[]): Float32Array {
  const free = new Set(spec.freeEmailDomains);
  return Float32Array.from(userEmail, (email) => {
    const domain = emailDomain(email);
    return domain === '' ? Number.NaN : Number(free.has(domain));
  });
}

function codedWriter({ codes, values }: CodedColumn): ColumnWriter {
  return (target, { column, stride, from, to }) => {
    for (let row = from, at = from * stride + column; row < to; row++, at += stride) {
      target[at] = values[codes[row]!]!;
    }
  };
}

function numberWriter(numbers: ArrayLike<number>, missingValue: number): ColumnWriter {
  return (target, { column, stride, from, to }) => {
    for (let row = from, at = from * stride + column; row < to; row++, at += stride) {
      const value = numbers[row]!;
      target[at] = Number.isNaN(value) ? missingValue : value;
    }
  };
}

function tagRateWriter(table: JoinedTable, optinDays: CodedColumn, spec: FeatureSpec): ColumnWriter {
  const { codes, values } = optinDays;
  return (target, { column, stride, from, to }) => {
    for (let row = from, at = from * stride + column; row < to; row++, at += stride) {
      target[at] =
        table.optinDay[row] === MISSING_DAY
          ? spec.missingValue
          : table.tagCount[row]! / (Math.abs(values[codes[row]!]!) + 1);
    }
  };
}
