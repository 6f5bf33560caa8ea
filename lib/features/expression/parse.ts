import { fault, foundColumn, type KnownColumns } from './columns';
import { type ExpressionFault, FaultAt, type Token, tokensOf } from './tokens';

export type ArithmeticSign = '+' | '-' | '*' | '/';
export type ComparisonSign = '=' | '!=' | '<' | '<=' | '>' | '>=';

/** Functions by name, with how many arguments each takes. */
export const FUNCTIONS = {
  abs: [1, 1],
  sqrt: [1, 1],
  ln: [1, 1],
  log: [1, 1],
  exp: [1, 1],
  floor: [1, 1],
  ceil: [1, 1],
  min: [2, 20],
  max: [2, 20],
  coalesce: [2, 20],
  if: [3, 3],
} as const satisfies Readonly<Record<string, readonly [number, number]>>;
export type FunctionName = keyof typeof FUNCTIONS;

/** A checked expression. Its value is a number or missing; true is 1, false is 0. */
export type Expression =
  | { readonly type: 'number'; readonly value: number }
  | { readonly type: 'column'; readonly name: string }
  /** Whether the country is one of these; lower-case codes. */
  | { readonly type: 'country_in'; readonly codes: readonly string[]; readonly isNegated: boolean }
  | { readonly type: 'country_is_missing'; readonly isNegated: boolean }
  | { readonly type: 'is_missing'; readonly operand: Expression; readonly isNegated: boolean }
  | { readonly type: 'negative' | 'not'; readonly operand: Expression }
  | {
      readonly type: 'arithmetic';
      readonly sign: ArithmeticSign;
      readonly left: Expression;
      readonly right: Expression;
    }
  | {
      readonly type: 'comparison';
      readonly sign: ComparisonSign;
      readonly left: Expression;
      readonly right: Expression;
    }
  | { readonly type: 'and' | 'or'; readonly left: Expression; readonly right: Expression }
  | { readonly type: 'call'; readonly name: FunctionName; readonly operands: readonly Expression[] };

export type ParsedExpression =
  | { readonly ok: true; readonly value: Expression }
  | { readonly ok: false; readonly fault: ExpressionFault };

/**
 * Parse and check an expression, a small part of SQL: numbers, columns, `+ - * /`, `= != < <= > >=`, `and or not`,
 * `is [not] null`, `country_code = 'us'`, `country_code in ('us', 'ca')`, and the functions of `FUNCTIONS` (`log` is the
 * natural logarithm, as `ln`). Keywords and functions in any case, columns as written. Two comparisons do not chain.
 */
export function parseExpression(text: string, columns: KnownColumns): ParsedExpression {
  try {
    return { ok: true, value: new Parser(tokensOf(text), columns).whole() };
  } catch (error) {
    if (error instanceof FaultAt) return { ok: false, fault: error.fault };
    throw error;
  }
}

/** Whether an expression is true or false where it is not missing. */
export function isYesOrNo({ type }: Expression): boolean {
  return !['number', 'column', 'negative', 'arithmetic', 'call'].includes(type);
}

const COMPARISONS: Readonly<Record<string, ComparisonSign>> = {
  '=': '=',
  '==': '=',
  '!=': '!=',
  '<>': '!=',
  '<': '<',
  '<=': '<=',
  '>': '>',
  '>=': '>=',
};
const KEYWORDS: readonly string[] = ['and', 'or', 'not', 'is', 'null', 'in'];
const COUNTRY = 'country_code';

/** Recursive descent, one method a level of precedence. */
class Parser {
  readonly #tokens: readonly Token[];
  readonly #columns: KnownColumns;
  #at = 0;

  constructor(tokens: readonly Token[], columns: KnownColumns) {
    this.#tokens = tokens;
    this.#columns = columns;
  }

  whole(): Expression {
    const expression = this.#or();
    if (this.#next.type !== 'end') throw this.#unexpected('an operator or the end');
    return expression;
  }

  #or(): Expression {
    let left = this.#and();
    while (this.#takeWord('or')) left = { type: 'or', left, right: this.#and() };
    return left;
  }

  #and(): Expression {
    let left = this.#not();
    while (this.#takeWord('and')) left = { type: 'and', left, right: this.#not() };
    return left;
  }

  #not(): Expression {
    return this.#takeWord('not') ? { type: 'not', operand: this.#not() } : this.#comparison();
  }

  #comparison(): Expression {
    if (this.#isColumn(COUNTRY)) return this.#country();
    const left = this.#sum();
    if (this.#takeWord('is')) return { type: 'is_missing', operand: left, isNegated: this.#nullIsNegated() };
    const sign = this.#comparisonSign();
    if (sign === null) return left;
    const comparison: Expression = { type: 'comparison', sign, left, right: this.#sum() };
    const { position } = this.#next;
    if (this.#comparisonSign() !== null) {
      throw new FaultAt(position, 'Compare two values at a time, and join comparisons with and.');
    }
    return comparison;
  }

  #country(): Expression {
    this.#at += 1;
    if (this.#takeWord('is')) return { type: 'country_is_missing', isNegated: this.#nullIsNegated() };
    const isNegated = this.#takeWord('not');
    if (isNegated || this.#isWord('in')) {
      if (!this.#takeWord('in')) throw this.#unexpected('in');
      return { type: 'country_in', codes: this.#list(() => this.#countryCode()), isNegated };
    }
    const { position } = this.#next;
    const sign = this.#comparisonSign();
    if (sign !== '=' && sign !== '!=') {
      throw new FaultAt(position, "country_code is a text: compare it, as in country_code = 'us'.");
    }
    return { type: 'country_in', codes: [this.#countryCode()], isNegated: sign === '!=' };
  }

  #countryCode(): string {
    const { type, text, position } = this.#next;
    if (type !== 'text' || !/^[a-z]{2}$/i.test(text)) {
      throw new FaultAt(position, "Expected a country of two letters in single quotes, such as 'us'.");
    }
    this.#at += 1;
    return text.toLowerCase();
  }

  #nullIsNegated(): boolean {
    const isNegated = this.#takeWord('not');
    if (!this.#takeWord('null')) throw this.#unexpected('null');
    return isNegated;
  }

  #sum(): Expression {
    let left = this.#product();
    for (;;) {
      const sign = this.#takeSign('+', '-');
      if (sign === null) return left;
      left = { type: 'arithmetic', sign, left, right: this.#product() };
    }
  }

  #product(): Expression {
    let left = this.#signed();
    for (;;) {
      const sign = this.#takeSign('*', '/');
      if (sign === null) return left;
      left = { type: 'arithmetic', sign, left, right: this.#signed() };
    }
  }

  #signed(): Expression {
    const sign = this.#takeSign('-', '+');
    if (sign === null) return this.#primary();
    const operand = this.#signed();
    return sign === '-' ? { type: 'negative', operand } : operand;
  }

  #primary(): Expression {
    const token = this.#next;
    if (token.type === 'number') {
      this.#at += 1;
      const value = Number(token.text);
      if (!Number.isFinite(value)) throw new FaultAt(token.position, 'The number is too large.');
      return { type: 'number', value };
    }
    if (this.#takeSign('(') !== null) {
      const inner = this.#or();
      this.#close();
      return inner;
    }
    if (token.type === 'text') {
      throw new FaultAt(
        token.position,
        'A text goes with country_code only; a column stands without quotes.',
      );
    }
    if (token.type !== 'name' || this.#isKeyword(token)) {
      throw this.#unexpected('a number, a column, a function or (');
    }
    this.#at += 1;
    return !token.isQuoted && this.#next.text === '(' ? this.#call(token) : this.#column(token);
  }

  #column(token: Token): Expression {
    const reason = foundColumn(token.text, this.#columns);
    if (reason !== null) throw new FaultAt(token.position, reason);
    return { type: 'column', name: token.text };
  }

  #call({ text, position }: Token): Expression {
    const name = functionNamed(text);
    if (name === null) throw new FaultAt(position, fault.unknownFunction(text, Object.keys(FUNCTIONS)));
    const operands = this.#list(() => this.#or());
    const [least, most] = FUNCTIONS[name];
    if (operands.length >= least && operands.length <= most) return { type: 'call', name, operands };
    const wanted = least === most ? `${least}` : `${least} to ${most}`;
    throw new FaultAt(position, `${name} takes ${wanted} values, and here are ${operands.length}.`);
  }

  #list<T>(item: () => T): T[] {
    if (this.#takeSign('(') === null) throw this.#unexpected('(');
    const items = [item()];
    while (this.#takeSign(',') !== null) items.push(item());
    this.#close();
    return items;
  }

  #close(): void {
    if (this.#takeSign(')') === null) throw this.#unexpected('an operator or )');
  }

  get #next(): Token {
    return this.#tokens[this.#at]!;
  }

  #isWord(word: string): boolean {
    const { type, text, isQuoted } = this.#next;
    return type === 'name' && !isQuoted && text.toLowerCase() === word;
  }

  #takeWord(word: string): boolean {
    const isNext = this.#isWord(word);
    if (isNext) this.#at += 1;
    return isNext;
  }

  #isColumn(name: string): boolean {
    return this.#next.type === 'name' && this.#next.text === name;
  }

  #isKeyword({ text, isQuoted }: Token): boolean {
    return !isQuoted && KEYWORDS.includes(text.toLowerCase());
  }

  #takeSign<Sign extends string>(...signs: readonly Sign[]): Sign | null {
    const { type, text } = this.#next;
    const sign = type === 'sign' ? signs.find((one) => one === text) : undefined;
    if (sign === undefined) return null;
    this.#at += 1;
    return sign;
  }

  #comparisonSign(): ComparisonSign | null {
    const { type, text } = this.#next;
    const sign = type === 'sign' ? (COMPARISONS[text] ?? null) : null;
    if (sign !== null) this.#at += 1;
    return sign;
  }

  #unexpected(expected: string): FaultAt {
    const { type, text, position } = this.#next;
    return new FaultAt(position, `Expected ${expected}, found ${type === 'end' ? 'the end' : text}.`);
  }
}

function functionNamed(text: string): FunctionName | null {
  const name = text.toLowerCase();
  return Object.hasOwn(FUNCTIONS, name) ? (name as FunctionName) : null;
}
