import { type Day, MISSING_DAY } from '@/lib/core/day';
import type { JoinedTable } from '@/lib/crm/joined-table';
import { countryLevelOfRows } from './country-levels';
import { type TrainingRows, targetColumn } from './country-target';
import { expressionColumn } from './expression-column';
import { distinctDays, freeEmailFlags, optinValues } from './raw-columns';
import { type FeatureSpec, missingValueOf } from './spec';

/** Writes one feature of rows `from` … `to` − 1 into a row-major matrix, at `column` of every `stride` values. */
export type ColumnWriter = (
  target: Float32Array,
  place: { readonly column: number; readonly stride: number; readonly from: number; readonly to: number },
) => void;

/** A column as codes into a table of values. */
interface CodedColumn {
  readonly codes: ArrayLike<number>;
  readonly values: Float32Array;
}

/**
 * Build the writers of a specification's features, in its order, for the rows of a joined table.
 *
 * @param training the training rows among them, where they are those that the specification was fitted on
 */
export function columnWriters(
  spec: FeatureSpec,
  table: JoinedTable,
  training: TrainingRows | null = null,
): ColumnWriter[] {
  const missing = missingValueOf(spec);
  const optins = distinctDays(table.optinDay);
  const tagByName = new Map(table.tagColumns.map((tag, column) => [tag, table.tagIndicators[column]!]));
  let levels: Int16Array | null = null;
  const byLevel = (values: ArrayLike<number>, whenMissing: number) => {
    levels ??= countryLevelOfRows(spec.countryLevels, table);
    return codedWriter(levelColumn(levels, values, whenMissing));
  };
  const places = spec.countryLevels.map((_, place) => place);
  return spec.features.map(({ source }) => {
    switch (source.type) {
      case 'optin':
        return codedWriter({ codes: optins.codes, values: optinValues(spec, optins.days, source.part) });
      case 'tag_count':
        return numberWriter(table.tagCount, missing);
      case 'tag_count_by_optin_day':
        return tagRateWriter(table, optins, spec);
      case 'member_rating':
        return numberWriter(table.memberRating, missing);
      case 'member_rating_is':
        return numberWriter(
          Uint8Array.from(table.memberRating, (rating) => Number(rating === source.rating)),
          missing,
        );
      case 'country_code':
        return byLevel(places, missing);
      case 'country_is': {
        const place = spec.countryLevels.indexOf(source.level);
        return byLevel(
          places.map((other) => Number(other === place)),
          0,
        );
      }
      case 'country_frequency':
        return byLevel(source.shares, missing);
      case 'country_target':
        return training === null
          ? byLevel(source.rates, missing)
          : numberWriter(targetColumn(spec, source, { table, training }), missing);
      case 'is_free_email':
        return numberWriter(freeEmailFlags(spec, table.userEmail), missing);
      case 'tag':
        return numberWriter(tagByName.get(source.tag) ?? new Uint8Array(table.nRows), missing);
      case 'expression':
        return numberWriter(expressionColumn(spec, table, source.text), missing);
      default:
        return source satisfies never;
    }
  });
}

function levelColumn(levels: Int16Array, values: ArrayLike<number>, missing: number): CodedColumn {
  // Code 0 is "missing", so that −1 needs no branch in the writer.
  const codes = Uint16Array.from(levels, (level) => level + 1);
  return { codes, values: Float32Array.of(missing, ...Array.from(values)) };
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

function tagRateWriter(
  table: JoinedTable,
  optins: { readonly codes: Uint32Array; readonly days: readonly Day[] },
  spec: FeatureSpec,
): ColumnWriter {
  const values = optinValues(spec, optins.days, 'days');
  const missing = missingValueOf(spec);
  const { codes } = optins;
  return (target, { column, stride, from, to }) => {
    for (let row = from, at = from * stride + column; row < to; row++, at += stride) {
      target[at] =
        table.optinDay[row] === MISSING_DAY
          ? missing
          : table.tagCount[row]! / (Math.abs(values[codes[row]!]!) + 1);
    }
  };
}
