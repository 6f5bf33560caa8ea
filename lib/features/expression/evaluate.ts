import { assertNever } from '@/lib/core/result';
import type { ArithmeticSign, ComparisonSign, Expression, FunctionName } from './parse';

/** The values that an expression is evaluated on; missing numbers are NaN. */
export interface ExpressionColumns {
  readonly numbers: (name: string) => ArrayLike<number>;
  /** Country codes in lower case, and the place of each row's among them, −1 where missing. */
  readonly countryCodes: readonly string[];
  readonly countryIndex: ArrayLike<number>;
}

/** The value of one row; NaN is missing. */
export type RowValue = (row: number) => number;

/**
 * Make an expression computable, row by row, by SQL's rules: what is made of a missing value is missing, but `false and
 * missing` is false, `true or missing` is true, and a missing condition of `if` takes the last value. A number that is not
 * finite (division by 0, root or logarithm out of range, overflow) is missing. A condition is true where it is not 0.
 */
export function rowValueOf(expression: Expression, columns: ExpressionColumns): RowValue {
  switch (expression.type) {
    case 'number': {
      const { value } = expression;
      return () => value;
    }
    case 'column': {
      const values = columns.numbers(expression.name);
      return (row) => values[row]!;
    }
    case 'country_in':
      return countryIn(expression.codes, expression.isNegated, columns);
    case 'country_is_missing': {
      const { isNegated } = expression;
      return (row) => Number(columns.countryIndex[row]! < 0 !== isNegated);
    }
    case 'is_missing': {
      const operand = rowValueOf(expression.operand, columns);
      const { isNegated } = expression;
      return (row) => Number(Number.isNaN(operand(row)) !== isNegated);
    }
    case 'negative': {
      const operand = rowValueOf(expression.operand, columns);
      return (row) => -operand(row);
    }
    case 'not': {
      const operand = rowValueOf(expression.operand, columns);
      return (row) => whereKnown(operand(row), (value) => value === 0);
    }
    case 'arithmetic':
      return arithmetic(expression.sign, ...sidesOf(expression, columns));
    case 'comparison':
      return comparison(expression.sign, ...sidesOf(expression, columns));
    case 'and':
      return joined(0, ...sidesOf(expression, columns));
    case 'or':
      return joined(1, ...sidesOf(expression, columns));
    case 'call':
      return call(
        expression.name,
        expression.operands.map((operand) => rowValueOf(operand, columns)),
      );
    default:
      return assertNever(expression);
  }
}

function sidesOf(
  { left, right }: { readonly left: Expression; readonly right: Expression },
  columns: ExpressionColumns,
): [RowValue, RowValue] {
  return [rowValueOf(left, columns), rowValueOf(right, columns)];
}

function countryIn(
  codes: readonly string[],
  isNegated: boolean,
  { countryCodes, countryIndex }: ExpressionColumns,
): RowValue {
  const isIn = countryCodes.map((code) => Number(codes.includes(code) !== isNegated));
  return (row) => isIn[countryIndex[row]!] ?? Number.NaN;
}

const whereKnown = (value: number, holds: (value: number) => boolean): number =>
  Number.isNaN(value) ? value : Number(holds(value));

const finite = (value: number): number => (Number.isFinite(value) ? value : Number.NaN);

function arithmetic(sign: ArithmeticSign, left: RowValue, right: RowValue): RowValue {
  switch (sign) {
    case '+':
      return (row) => finite(left(row) + right(row));
    case '-':
      return (row) => finite(left(row) - right(row));
    case '*':
      return (row) => finite(left(row) * right(row));
    case '/':
      return (row) => finite(left(row) / right(row));
    default:
      return assertNever(sign);
  }
}

const COMPARE: Readonly<Record<ComparisonSign, (a: number, b: number) => boolean>> = {
  '=': (a, b) => a === b,
  '!=': (a, b) => a !== b,
  '<': (a, b) => a < b,
  '<=': (a, b) => a <= b,
  '>': (a, b) => a > b,
  '>=': (a, b) => a >= b,
};

function comparison(sign: ComparisonSign, left: RowValue, right: RowValue): RowValue {
  const holds = COMPARE[sign];
  return (row) => {
    const a = left(row);
    const b = right(row);
    return Number.isNaN(a) || Number.isNaN(b) ? Number.NaN : Number(holds(a, b));
  };
}

/** `and` is settled by a false side, `or` by a true one; else a missing side makes it missing. */
function joined(settling: 0 | 1, left: RowValue, right: RowValue): RowValue {
  return (row) => {
    const a = whereKnown(left(row), (value) => value !== 0);
    if (a === settling) return settling;
    const b = whereKnown(right(row), (value) => value !== 0);
    if (b === settling) return settling;
    return Number.isNaN(a) || Number.isNaN(b) ? Number.NaN : 1 - settling;
  };
}

function call(name: FunctionName, operands: readonly RowValue[]): RowValue {
  const [first, second, third] = operands as readonly [RowValue, RowValue, RowValue];
  switch (name) {
    case 'abs':
      return (row) => Math.abs(first(row));
    case 'sqrt':
      return (row) => Math.sqrt(first(row));
    case 'ln':
    case 'log':
      return (row) => finite(Math.log(first(row)));
    case 'exp':
      return (row) => finite(Math.exp(first(row)));
    case 'floor':
      return (row) => Math.floor(first(row));
    case 'ceil':
      return (row) => Math.ceil(first(row));
    case 'min':
      return (row) => operands.reduce((least, operand) => Math.min(least, operand(row)), Infinity);
    case 'max':
      return (row) => operands.reduce((most, operand) => Math.max(most, operand(row)), -Infinity);
    case 'coalesce':
      return (row) => {
        for (const operand of operands) {
          const value = operand(row);
          if (!Number.isNaN(value)) return value;
        }
        return Number.NaN;
      };
    case 'if':
      return (row) => {
        const condition = first(row);
        return condition !== 0 && !Number.isNaN(condition) ? second(row) : third(row);
      };
    default:
      return assertNever(name);
  }
}
