import { MISSING_DAY } from '@/lib/core/day';
import type { JoinedTable } from '@/lib/crm/joined-table';
import { ANY_TAG, isNumberColumn, type NumberColumn } from './expression/columns';
import { type ExpressionColumns, rowValueOf } from './expression/evaluate';
import { type Expression, parseExpression } from './expression/parse';
import { distinctDays, freeEmailFlags, type OptinPart, optinValues } from './raw-columns';
import type { FeatureSpec } from './spec';

type Facts = Pick<FeatureSpec, 'referenceDay' | 'freeEmailDomains'>;

/**
 * Evaluate an expression for every row of a table; missing where it is, and where its value is beyond what 32 bits hold. A
 * tag that the table lacks is held by nobody.
 *
 * @throws where the text is no expression, which fitting and reading a specification refuse
 */
export function expressionColumn(facts: Facts, table: JoinedTable, text: string): Float64Array {
  const parsed = parseExpression(text, ANY_TAG);
  if (!parsed.ok) throw new Error(`Expected an expression: ${parsed.fault.reason}`);
  const valueOfRow = rowValueOf(parsed.value, columnsOf(facts, table));
  const column = new Float64Array(table.nRows);
  for (let row = 0; row < table.nRows; row++) {
    const value = valueOfRow(row);
    // Adding 0 makes −0 a 0, as every other column has it.
    column[row] = Number.isFinite(Math.fround(value)) ? value + 0 : Number.NaN;
  }
  return column;
}

/** List the columns that an expression uses, `country_code` among them, each once. */
export function columnsOfExpression(text: string): string[] {
  const parsed = parseExpression(text, ANY_TAG);
  return parsed.ok ? [...new Set(namesIn(parsed.value))] : [];
}

/** List the tag columns that an expression uses, each once. */
export function tagsOfExpression(text: string): string[] {
  return columnsOfExpression(text).filter((name) => name !== 'country_code' && !isNumberColumn(name));
}

function namesIn(expression: Expression): string[] {
  switch (expression.type) {
    case 'column':
      return [expression.name];
    case 'negative':
    case 'not':
    case 'is_missing':
      return namesIn(expression.operand);
    case 'call':
      return expression.operands.flatMap(namesIn);
    case 'arithmetic':
    case 'comparison':
    case 'and':
    case 'or':
      return [...namesIn(expression.left), ...namesIn(expression.right)];
    case 'country_in':
    case 'country_is_missing':
      return ['country_code'];
    case 'number':
      return [];
    default:
      return expression satisfies never;
  }
}

function columnsOf(facts: Facts, table: JoinedTable): ExpressionColumns {
  const made = new Map<string, ArrayLike<number>>();
  return {
    countryCodes: table.countryCodes,
    countryIndex: table.countryIndex,
    numbers: (name) => {
      const column = made.get(name) ?? numbersOf(name, facts, table);
      made.set(name, column);
      return column;
    },
  };
}

const OPTIN_PARTS: Readonly<Partial<Record<NumberColumn, OptinPart>>> = {
  optin_days: 'days',
  optin_month: 'month',
  optin_day_of_week: 'day_of_week',
  optin_day_of_year: 'day_of_year',
  optin_quarter: 'quarter',
  optin_is_weekend: 'is_weekend',
};

function numbersOf(name: string, facts: Facts, table: JoinedTable): ArrayLike<number> {
  if (!isNumberColumn(name)) {
    const at = table.tagColumns.indexOf(name);
    return table.tagIndicators[at] ?? new Uint8Array(table.nRows);
  }
  const part = OPTIN_PARTS[name];
  if (part !== undefined) return optinColumn(part, facts, table);
  if (name === 'tag_count') return table.tagCount;
  if (name === 'member_rating') return table.memberRating;
  if (name === 'is_free_email') return freeEmailFlags(facts, table.userEmail);
  const days = optinColumn('days', facts, table);
  return Float64Array.from(days, (day, row) => table.tagCount[row]! / (Math.abs(day) + 1));
}

function optinColumn(part: OptinPart, { referenceDay }: Facts, table: JoinedTable): Float64Array {
  const { codes, days } = distinctDays(table.optinDay);
  const values = optinValues({ referenceDay, missingValue: null }, days, part);
  return Float64Array.from(codes, (code, row) =>
    table.optinDay[row] === MISSING_DAY ? Number.NaN : values[code]!,
  );
}
