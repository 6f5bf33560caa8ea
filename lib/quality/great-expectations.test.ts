import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { batchOf } from '@/lib/testing/batch-of';
import { expectationResult } from './evaluate';
import type { Expectation } from './expectation';

/** Results of bench/reference/great_expectations_cases.py; another file of its can be named to compare more tables. */
const FIXTURE =
  process.env.LEADBENCH_GX_CASES ??
  fileURLToPath(new URL('./fixtures/great-expectations.json', import.meta.url));

const cellsSchema = z.array(z.union([z.number(), z.string(), z.null()]));
const { tool, tables } = z
  .object({
    tool: z.string(),
    tables: z.array(
      z.object({
        columns: z.object({ number: cellsSchema, text: cellsSchema }),
        results: z.array(
          z.object({
            type: z.string(),
            kwargs: z.record(z.string(), z.json()),
            success: z.boolean(),
            raised: z.boolean(),
            result: z.record(z.string(), z.json()),
          }),
        ),
      }),
    ),
  })
  .parse(JSON.parse(readFileSync(FIXTURE, 'utf8')));

/** Where the two say something else, as texts. */
function differences(): string[] {
  const found: string[] = [];
  for (const [t, { columns, results }] of tables.entries()) {
    const batch = batchOf(columns);
    for (const { type, kwargs, success, raised, result } of results) {
      const ours = expectationResult({ type, kwargs, severity: 'critical' } as unknown as Expectation, batch);
      const note = (what: string, mine: unknown, theirs: unknown) =>
        found.push(`table ${t}, ${type}(${JSON.stringify(kwargs)}), ${what}: ${mine}, not ${theirs}`);
      if (ours.success !== success) note('success', ours.success, success);
      if (ours.exception_info.raised_exception !== raised)
        note('raised', ours.exception_info.raised_exception, raised);
      for (const [key, theirs] of Object.entries(result)) {
        if (!isSame(ours.result[key], theirs))
          note(key, JSON.stringify(ours.result[key]), JSON.stringify(theirs));
      }
    }
  }
  return found;
}

/** Numbers to 1e-9 of themselves; the order of a set of columns does not matter. */
function isSame(mine: unknown, theirs: unknown): boolean {
  if (typeof mine === 'number' && typeof theirs === 'number') {
    return Math.abs(mine - theirs) <= 1e-9 * Math.max(1, Math.abs(theirs));
  }
  if (Array.isArray(mine) && Array.isArray(theirs)) {
    return mine.length === theirs.length && mine.every((value, i) => isSame(value, theirs[i]));
  }
  return (mine ?? null) === (theirs ?? null);
}

describe(`expectations against ${tool}`, () => {
  it(`say the same of ${tables.length} tables with nulls, ties and empty columns`, () => {
    expect(tables.flatMap(({ results }) => results).length).toBeGreaterThan(800);
    expect(differences()).toEqual([]);
  });
});
