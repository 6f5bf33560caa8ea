import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { STRFTIME_DIRECTIVES, strftimeTest } from './strftime-format';

const { tool, cases } = z
  .object({ tool: z.string(), cases: z.array(z.tuple([z.string(), z.string(), z.boolean()])) })
  .parse(JSON.parse(readFileSync(new URL('../fixtures/strptime.json', import.meta.url), 'utf8')));

describe(`strftimeTest against ${tool}`, () => {
  it(`reads the same of ${cases.length} texts`, () => {
    expect(cases.filter(([, , isRead]) => isRead).length).toBeGreaterThan(150);
    expect(cases.filter(([text, format, isRead]) => strftimeTest(format)?.(text) !== isRead)).toEqual([]);
  });

  it('refuses formats with an unknown directive, one twice, or a lone %', () => {
    expect(['%Q', '%Y %Y', '100%', '%G-%V'].map(strftimeTest)).toEqual([null, null, null, null]);
    expect(STRFTIME_DIRECTIVES.every((directive) => strftimeTest(directive) !== null)).toBe(true);
  });
});
