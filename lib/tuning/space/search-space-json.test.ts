import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parsedJson } from './json-source';
import { DESIGN_SEARCH_SPACE, WIDE_SEARCH_SPACE } from './search-space';
import { parseSearchSpace, searchSpaceText } from './search-space-json';

/** Lines of a space whose first and last are the brackets. */
const spaceOf = (...lines: string[]) => parseSearchSpace(`{\n${lines.join(',\n')}\n}`);
const ROUNDS = '"n_estimators": { "type": "randint", "low": 50, "high": 200 }';

function told(result: ReturnType<typeof parseSearchSpace>) {
  return result.ok ? 'no fault' : `${result.error.message} | ${result.error.hint}`;
}

describe('searchSpaceText', () => {
  it('writes a parameter a line, in the order they are shown', () => {
    expect(searchSpaceText(DESIGN_SEARCH_SPACE)).toBe(`{
  "n_estimators": { "type": "randint", "low": 50, "high": 200 },
  "max_depth": { "type": "randint", "low": 3, "high": 8 },
  "learning_rate": { "type": "loguniform", "low": 0.01, "high": 0.3 },
  "subsample": { "type": "uniform", "low": 0.7, "high": 1 },
  "colsample_bytree": { "type": "uniform", "low": 0.7, "high": 1 }
}
`);
  });

  it.each([DESIGN_SEARCH_SPACE, WIDE_SEARCH_SPACE])('is read back as it was', (space) => {
    expect(parseSearchSpace(searchSpaceText(space))).toEqual({ ok: true, value: space });
  });
});

describe('parseSearchSpace', () => {
  it.each([
    [
      'a bound that is too low',
      [ROUNDS, '"max_depth": { "type": "randint", "low": 8, "high": 3 }'],
      'Line 3: max_depth needs low below high. | Change max_depth, or take it out.',
    ],
    [
      'a missing bound',
      ['"n_estimators": { "type": "randint",\n "low": 1 }'],
      'Line 2: n_estimators has no high. | randint takes low and high, both inclusive; any may have when.',
    ],
    [
      'a bound in quotes',
      ['"n_estimators": { "type": "randint",\n "low": "1", "high": 3 }'],
      'Line 3: n_estimators low is "1", not a number. | randint takes low and high, both inclusive; any may have when.',
    ],
    [
      'a misspelt key',
      ['"n_estimators": { "type": "randint", "low": 1, "high": 3,\n "hihg": 3 }'],
      'Line 3: n_estimators has hihg, which it does not take. | randint takes low and high, both inclusive; any may have when.',
    ],
    [
      'a misspelt parameter',
      [ROUNDS, '"max_dept": { "type": "randint", "low": 3, "high": 8 }'],
      'Line 3: max_dept is no parameter that can be searched. | Write max_depth if that is what max_dept means.',
    ],
    [
      'another name of a parameter',
      [ROUNDS, '"eta": { "type": "uniform", "low": 0.1, "high": 0.3 }'],
      'Line 3: eta is no parameter that can be searched. | Write learning_rate if that is what eta means.',
    ],
    [
      'a misspelt type',
      ['"n_estimators": { "type": "randInt", "low": 1, "high": 3 }'],
      'Line 2: n_estimators has the type "randInt", which there is not. | Write randint if that is what "randInt" means.',
    ],
    [
      'a type of another tool',
      ['"n_estimators": { "type": "categorical", "low": 1, "high": 3 }'],
      'Line 2: n_estimators has the type "categorical", which there is not. | Types are uniform, loguniform, quniform, randint, lograndint, choice.',
    ],
    [
      'no type',
      ['"n_estimators": { "low": 1, "high": 3 }'],
      'Line 2: n_estimators has no type. | Give it one of uniform, loguniform, quniform, randint, lograndint, choice.',
    ],
    [
      'a bare number',
      ['"n_estimators": 100'],
      'Line 2: n_estimators is no distribution. | Write an object such as { "type": "uniform", "low": 0.5, "high": 1 }.',
    ],
    [
      'no rounds',
      ['"gamma": { "type": "uniform", "low": 0, "high": 1 }'],
      'Line 1: n_estimators is missing, and every trial needs it. | Add "n_estimators": { "type": "randint", "low": 50, "high": 200 }.',
    ],
    [
      'a condition on what is no parameter',
      [
        ROUNDS,
        '"gamma": { "type": "uniform", "low": 0, "high": 1, "when": { "parameter": "tree", "isIn": [1] } }',
      ],
      'Line 3: gamma when parameter is "tree", which is no parameter. | Write "when": { "parameter": NAME, "isIn": [VALUES] }, for example { "parameter": "grow_policy", "isIn": ["lossguide"] }.',
    ],
    [
      'a choice of nothing',
      ['"n_estimators": { "type": "choice", "values": [] }'],
      'Line 2: n_estimators values is empty. | choice takes values, a list; any may have when.',
    ],
    [
      'a choice that is neither number nor text',
      ['"n_estimators": { "type": "choice", "values": [\n100,\nnull] }'],
      'Line 4: n_estimators values 1 is null, neither a number nor a text. | choice takes values, a list; any may have when.',
    ],
    [
      'a step of nothing',
      ['"n_estimators": { "type": "quniform", "low": 1, "high": 3, "step": 0 }'],
      'Line 2: n_estimators step must be above 0. | quniform takes low, high and step; any may have when.',
    ],
  ])('names %s, its line, and what to do', (_, lines, expected) => {
    const result = spaceOf(...lines);
    expect(told(result)).toBe(expected);
    expect(result.ok ? null : result.error.code).toBe('bad_search_space');
  });

  it('tells three faults at once, and how many more there are', () => {
    const wrong = (name: string) => `"${name}": { "type": "uniform", "low": 1, "high": 0 }`;
    expect(told(spaceOf(ROUNDS, ...['gamma', 'reg_alpha', 'reg_lambda', 'subsample'].map(wrong)))).toContain(
      'There is 1 more fault. |',
    );
  });

  it.each(['[]', '5', 'null', '"x"'])('wants an object, not %s', (text) => {
    expect(told(parseSearchSpace(text))).toContain('A search space is an object with parameters as names. |');
  });
});

describe('parsedJson', () => {
  it.each([
    ['', 'line 1, column 1, expected a value, found the end of the text'],
    ['{\n  "a": 1,\n}', 'line 3, column 1, expected a name, found }'],
    ['[1, 2,]', 'line 1, column 7, expected a value, found ]'],
    ['{\n  "a" 1 }', 'line 2, column 7, expected : after "a", found 1'],
    ['{ "a": 1 "b": 2 }', 'line 1, column 10, expected a comma or }, found "'],
    ["{ 'a': 1 }", "line 1, column 3, expected a name, found '"],
    ['{ "a": .5 }', 'line 1, column 8, expected a value, found .'],
    ['{ "a": True }', 'line 1, column 8, expected a value, found True'],
    ['{ "a": 1 // one\n}', 'line 1, column 10, expected a comma or }, found /'],
    ['{ "a": "x\n" }', 'line 1, column 8, a text does not end, or holds a line break or a wrong \\'],
    ['{} {}', 'line 1, column 4, text follows after the end'],
    ['{\r\n"a": 1,\r\n"a": 2 }', 'line 3, column 1, a is given a second time, after line 2'],
    ['['.repeat(40), 'line 1, column 34, brackets are nested too deep'],
  ])('says where %j is wrong', (text, expected) => {
    const result = parsedJson(text);
    expect(result.ok ? null : result.error.message).toBe(`This is not JSON: in ${expected}.`);
  });

  it('gives what JSON.parse gives', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 6 }), fc.constantFrom(0, 2), (value, indent) => {
        const text = JSON.stringify(value, null, indent);
        const result = parsedJson(text);
        expect(result.ok ? result.value.value : result.error).toEqual(JSON.parse(text));
      }),
      { seed: 1, numRuns: 300 },
    );
  });

  it('refuses what JSON.parse refuses', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'{}[]",:1.e-\\tru \n') }), (text) => {
        let isJson = true;
        try {
          JSON.parse(text);
        } catch {
          isJson = false;
        }
        expect(parsedJson(text).ok).toBe(isJson);
      }),
      {
        seed: 2,
        numRuns: 2000,
        examples: [['01'], ['1.'], ['-'], ['"\\u12"'], ['"\t"'], ['{"__proto__":1}']],
      },
    );
  });

  it('refuses a text that is too long', () => {
    const result = parsedJson(`"${'x'.repeat(100_000)}"`);
    expect(result.ok ? null : result.error.message).toContain('more than 100000 characters');
  });
});
