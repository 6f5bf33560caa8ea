import { describe, expect, it } from 'vitest';
import { figureText, tableText } from './bench-table';
import { spreadOf } from './spread';

describe('figureText', () => {
  it.each([
    [spreadOf([1300, 1234.4, 1200]), 'ms', '1,234 ms (1,200 – 1,300)'],
    [spreadOf([9.94]), 'ms', '9.9 ms'],
    [0.0849, 'share', '8.5 %'],
    [1.1, '×', '1.10 ×'],
    [123456.7, 'a second', '123,457/s'],
    [0, 'count', '0'],
    [null, 'MiB', '–'],
  ] as const)('writes %j in %s', (figure, unit, text) => {
    expect(figureText(figure, unit)).toBe(text);
  });
});

describe('tableText', () => {
  it('aligns labels to the left and figures to the right', () => {
    const text = tableText({
      title: 'Times',
      columns: [
        { key: 'a', label: 'first', unit: 'ms' },
        { key: 'b', label: 'b', unit: 'count' },
      ],
      rows: [
        { label: 'one', figures: { a: 1000, b: 1 } },
        { label: 'second', figures: { b: 22 } },
      ],
      notes: ['A note.'],
    });
    expect(text.split('\n')).toEqual([
      '',
      'Times',
      '             first   b',
      '  one     1,000 ms   1',
      '  second         –  22',
      '  A note.',
    ]);
  });
});
