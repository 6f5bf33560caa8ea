import { describe, expect, it } from 'vitest';
import { suppressedRows, suppressionList } from './suppression';

describe('suppressionList', () => {
  it.each([
    ['one a line', 'a@x.org\nb@x.org\r\n\n c@x.org ', ['a@x.org', 'b@x.org', 'c@x.org'], 0],
    ['a CSV with a header', 'id,email\n1,A@X.org\n2,"b@x.org"', ['a@x.org', 'b@x.org'], 1],
    ['names and angle brackets', 'Bo <bo@x.org>; mailto:Al@x.org', ['bo@x.org', 'al@x.org'], 0],
    ['a byte-order mark and doubles', '\ufeffA@x.org\na@X.ORG', ['a@x.org'], 0],
    ['nothing', ' \n', [], 0],
    ['words only', 'nobody here\n@\nx@', [], 3],
  ])('reads %s', (_, text, addresses, nLinesWithout) => {
    expect(suppressionList(text)).toEqual({ addresses, nLinesWithout });
  });
});

describe('suppressedRows', () => {
  it('marks every row of a person, however the address is written, and none without one', () => {
    const emails = ['A@x.org', ' a@X.org', 'b@x.org', ''];
    expect([...suppressedRows(emails, new Set(['a@x.org']))]).toEqual([1, 1, 0, 0]);
    expect([...suppressedRows(emails, new Set())]).toEqual([0, 0, 0, 0]);
  });
});
