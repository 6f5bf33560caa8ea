import initSqlJs from 'sql.js';
import { describe, expect, it } from 'vitest';
import { type RandomSource, randomSource } from '@/lib/core/random';
import { ANY_TAG, NUMBER_COLUMNS } from './columns';
import { type ExpressionColumns, rowValueOf } from './evaluate';
import { parseExpression } from './parse';

/** SQLite's own floor and ceil, not those that sql.js once put in their place; the types do not know the setting. */
const SQLITE_OF_ITS_OWN: object = { useOldExtensionFunctions: false };
const N_ROWS = 40;
const COLUMNS = [...NUMBER_COLUMNS, 'tag_lab'] as const;
const CODES = ['ca', 'de', 'us'];

/** A third of the numbers missing, many equal, some 0 or negative. */
function drawnColumns(random: RandomSource) {
  const drawn = () =>
    random() < 0.3 ? Number.NaN : Math.round(random() * 12 - 4) / (random() < 0.5 ? 1 : 4);
  return {
    numbers: new Map(COLUMNS.map((name) => [name as string, Array.from({ length: N_ROWS }, drawn)])),
    countryIndex: Array.from({ length: N_ROWS }, () => Math.floor(random() * 4) - 1),
  };
}

/** An expression, and the same in SQLite's words, where true and whole numbers divide as whole numbers. */
interface Drawn {
  readonly ours: string;
  readonly sql: string;
}

const both = (text: string): Drawn => ({ ours: text, sql: text });
const put = (parts: readonly Drawn[], form: (...texts: string[]) => string): Drawn => ({
  ours: form(...parts.map(({ ours }) => ours)),
  sql: form(...parts.map(({ sql }) => sql)),
});

/** Draws without needless parentheses, so that precedence is compared too. */
class Drawer {
  readonly #random: RandomSource;

  constructor(random: RandomSource) {
    this.#random = random;
  }

  #one<T>(values: readonly T[]): T {
    return values[Math.floor(this.#random() * values.length)]!;
  }

  number(depth: number): Drawn {
    const terms = Array.from({ length: 1 + Math.floor(this.#random() * 3) }, () => this.#term(depth));
    return this.#joined(terms, ['+', '-', '*', '/']);
  }

  #joined(parts: readonly Drawn[], signs: readonly string[]): Drawn {
    return parts.reduce((left, right) => {
      const sign = this.#one(signs);
      return put([left, right], (a, b) => `${a} ${sign} ${b}`);
    });
  }

  #term(depth: number): Drawn {
    const kind = depth === 0 ? this.#random() * 0.4 : this.#random();
    if (kind < 0.25) return both(this.#one(COLUMNS));
    if (kind < 0.4) return both(`${this.#one([0, 1, 2, 0.5, 3.25, 1e3]).toFixed(2)}`);
    if (kind < 0.5) return put([this.#term(depth - 1)], (a) => `- ${a}`);
    if (kind < 0.6) return put([this.number(depth - 1)], (a) => `(${a})`);
    if (kind < 0.68) {
      const { ours, sql } = this.condition(depth - 1);
      return { ours: `(${ours})`, sql: `((${sql}) + 0.0)` };
    }
    if (kind < 0.78) {
      const name = this.#one(['abs', 'sqrt', 'ln', 'FLOOR', 'ceil']);
      return put([this.number(depth - 1)], (a) => `${name}(${a})`);
    }
    const [a, b] = [this.number(depth - 1), this.number(depth - 1)];
    if (kind < 0.9) {
      const name = this.#one(['min', 'max', 'coalesce', 'Max']);
      return put([a, b], (x, y) => `${name}(${x}, ${y})`);
    }
    return put([this.condition(depth - 1), a, b], (c, x, y) => `if(${c}, ${x}, ${y})`);
  }

  condition(depth: number): Drawn {
    const tests = Array.from({ length: 1 + Math.floor(this.#random() * 3) }, () => this.#test(depth));
    return this.#joined(tests, ['and', 'OR', 'or']);
  }

  #test(depth: number): Drawn {
    const kind = this.#random();
    if (kind < 0.15) return put([this.#test(depth)], (a) => `not ${a}`);
    if (kind < 0.3) {
      return both(
        `country_code ${this.#one(["= 'us'", "<> 'de'", "in ('us', 'ca')", "not in ('de', 'fr')", 'is null', 'is not null'])}`,
      );
    }
    if (kind < 0.4) {
      const negation = this.#one(['', 'not ']);
      return put([this.number(Math.max(0, depth - 1))], (a) => `(${a}) is ${negation}null`);
    }
    const sign = this.#one(['=', '==', '!=', '<>', '<', '<=', '>', '>=']);
    const sides = [this.number(Math.max(0, depth - 1)), this.number(Math.max(0, depth - 1))];
    return put(sides, (a, b) => `${a} ${sign} ${b}`);
  }
}

function isSame(actual: number, wanted: unknown): boolean {
  if (wanted === null) return Number.isNaN(actual);
  return Math.abs(actual - Number(wanted)) <= 1e-9 * Math.max(1, Math.abs(Number(wanted)));
}

describe('rowValueOf', () => {
  it('agrees with SQLite on drawn expressions', async () => {
    const random = randomSource(5);
    const { numbers, countryIndex } = drawnColumns(random);
    const { Database } = await initSqlJs(SQLITE_OF_ITS_OWN);
    const database = new Database();
    database.exec(
      `CREATE TABLE list (${COLUMNS.map((name) => `${name} REAL`).join(', ')}, country_code TEXT)`,
    );
    for (let row = 0; row < N_ROWS; row++) {
      const cells = COLUMNS.map((name) => numbers.get(name)?.[row] ?? Number.NaN);
      database.run(`INSERT INTO list VALUES (${'?, '.repeat(COLUMNS.length)}?)`, [
        ...cells.map((cell) => (Number.isNaN(cell) ? null : cell)),
        CODES[countryIndex[row] ?? -1] ?? null,
      ]);
    }
    const columns: ExpressionColumns = {
      numbers: (name) => numbers.get(name) ?? [],
      countryCodes: CODES,
      countryIndex,
    };
    const drawer = new Drawer(random);
    const differences: unknown[] = [];
    let nMissing = 0;
    for (let n = 0; n < 600; n++) {
      const { ours, sql } = n % 3 === 0 ? drawer.condition(3) : drawer.number(3);
      const parsed = parseExpression(ours, ANY_TAG);
      if (!parsed.ok) throw new Error(`${ours}: ${parsed.fault.position} ${parsed.fault.reason}`);
      const value = rowValueOf(parsed.value, columns);
      const expected = database.exec(`SELECT ${sql} FROM list ORDER BY rowid`)[0]?.values ?? [];
      expect(expected).toHaveLength(N_ROWS);
      for (const [row, [wanted = null]] of expected.entries()) {
        nMissing += Number(wanted === null);
        const actual = value(row);
        if (!isSame(actual, wanted)) differences.push([ours, sql, row, actual, wanted]);
      }
    }
    database.close();
    expect(differences).toEqual([]);
    // Both kinds of outcome were compared, many times.
    expect(nMissing).toBeGreaterThan(2_000);
    expect(nMissing).toBeLessThan(600 * N_ROWS - 2_000);
  });

  it('takes log as the natural logarithm, and what is not finite as missing', () => {
    const valueOfText = (text: string) => {
      const parsed = parseExpression(text, ANY_TAG);
      if (!parsed.ok) throw new Error(parsed.fault.reason);
      const none: ExpressionColumns = { numbers: () => [], countryCodes: [], countryIndex: [] };
      return rowValueOf(parsed.value, none)(0);
    };
    expect(valueOfText('log(exp(2))')).toBeCloseTo(2, 12);
    for (const text of ['1 / 0', '0 / 0', 'ln(0)', 'sqrt(-1)', 'exp(1000)', '1e300 * 1e300']) {
      expect(valueOfText(text)).toBeNaN();
    }
    expect(valueOfText('if(1 / 0, 1, 2)')).toBe(2);
    expect(valueOfText('coalesce(ln(-1), 4)')).toBe(4);
    expect(valueOfText('1 / 0 = 1 / 0 or 1')).toBe(1);
  });
});

describe('parseExpression', () => {
  it.each([
    ['', 1, 'Expected a number, a column, a function or (, found the end.'],
    ['tag_count +', 12, 'Expected a number, a column, a function or (, found the end.'],
    ['tag_count 2', 11, 'Expected an operator or the end, found 2.'],
    ['(tag_count', 11, 'Expected an operator or ), found the end.'],
    ['tag_count % 2', 11, 'The character % has no meaning here.'],
    ["country_code = 'us", 16, "The quote ' is not closed."],
    ['tag_count; drop', 10, 'The character ; has no meaning here.'],
    ['1 < tag_count < 3', 15, 'Compare two values at a time, and join comparisons with and.'],
    ['abs(1, 2)', 1, 'abs takes 1 values, and here are 2.'],
    ['max(1)', 1, 'max takes 2 to 20 values, and here are 1.'],
    ['1e999', 1, 'The number is too large.'],
    ['user_email', 1, 'user_email tells who a person is, and never becomes a feature.'],
    ['1 + "user_full_name"', 5, 'user_full_name tells who a person is, and never becomes a feature.'],
    ['mailchimp_id / 2', 1, 'mailchimp_id tells who a person is, and never becomes a feature.'],
    ['not made_purchase', 5, 'made_purchase is what is predicted, so no feature may know it.'],
    ['optin_time', 1, 'optin_time is a date: use optin_days, optin_month and their like.'],
    ['1 + country_code', 5, "country_code is a text: compare it, as in country_code = 'us'."],
    ['country_code + 1', 14, "country_code is a text: compare it, as in country_code = 'us'."],
    ["country_code < 'us'", 14, "country_code is a text: compare it, as in country_code = 'us'."],
    [
      "country_code = 'ann@example.com'",
      16,
      "Expected a country of two letters in single quotes, such as 'us'.",
    ],
    ["tag_count = 'x'", 13, 'A text goes with country_code only; a column stands without quotes.'],
    ['constructor', 1, expect.stringContaining('There is no column constructor')],
    ['constructor(1)', 1, expect.stringContaining('There is no function constructor')],
    ['eval(1)', 1, expect.stringContaining('There is no function eval')],
    ['and', 1, 'Expected a number, a column, a function or (, found and.'],
    ['tag_count is 3', 14, 'Expected null, found 3.'],
  ])('refuses %j at %i', (text, position, reason) => {
    expect(parseExpression(text, ANY_TAG)).toEqual({ ok: false, fault: { position, reason } });
  });

  it('knows only the tags that it is told', () => {
    const columns = { isTag: (name: string) => name === 'tag_läb 1' };
    expect(parseExpression('"tag_läb 1" + 1', columns).ok).toBe(true);
    expect(parseExpression('tag_rare + 1', columns)).toEqual({
      ok: false,
      fault: { position: 1, reason: 'There is no tag tag_rare that enough training rows hold.' },
    });
  });

  it('survives whatever is typed', () => {
    const random = randomSource(1);
    const pieces = [
      '(',
      ')',
      '-',
      '+',
      '*',
      'and',
      'not',
      'in',
      'is',
      'null',
      'country_code',
      "'us'",
      '1',
      'if(',
      ',',
      'tag_count',
      '"',
      "'",
      '€',
      ' ',
    ];
    for (let n = 0; n < 5_000; n++) {
      const length = Math.floor(random() * 30);
      const text = Array.from({ length }, () => pieces[Math.floor(random() * pieces.length)]).join(
        random() < 0.5 ? ' ' : '',
      );
      const parsed = parseExpression(text, ANY_TAG);
      if (!parsed.ok) {
        expect(parsed.fault.position).toBeGreaterThanOrEqual(1);
        expect(parsed.fault.position).toBeLessThanOrEqual(text.length + 1);
      }
    }
  });
});
