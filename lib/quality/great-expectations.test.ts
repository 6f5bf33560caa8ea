import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { batchOf } from '@/lib/testing/batch-of';
import { expectationResult } from './expectations/evaluate';
import type { Expectation } from './expectations/expectation';

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
        columns: z.record(z.string(), cellsSchema),
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
        if (key === 'partial_unexpected_counts' && countsNaNs(type)) continue;
        if (!isSame(inOrder(type, ours.result[key]), inOrder(type, theirs)))
          note(key, JSON.stringify(ours.result[key]), JSON.stringify(theirs));
      }
    }
  }
  return found;
}

/** Great Expectations counts missing cells one by one here, because NaN is not equal to itself; we count them together. */
function countsNaNs(type: string): boolean {
  return SEVERAL_COLUMNS.has(type) || type === 'expect_column_values_to_not_be_null';
}

const SEVERAL_COLUMNS: ReadonlySet<string> = new Set([
  'expect_compound_columns_to_be_unique',
  'expect_select_column_values_to_be_unique_within_record',
  'expect_column_pair_values_a_to_be_greater_than_b',
  'expect_column_pair_values_to_be_equal',
]);

/** Distinct values come in the order of a Python set, which is none. */
function inOrder(type: string, value: unknown): unknown {
  if (!type.startsWith('expect_column_distinct_') || !Array.isArray(value)) return value;
  return value.toSorted((a, b) => (String(a) < String(b) ? -1 : 1));
}

/** Numbers to 1e-9 of themselves. */
function isSame(mine: unknown, theirs: unknown): boolean {
  if (typeof mine === 'number' && typeof theirs === 'number') {
    return Math.abs(mine - theirs) <= 1e-9 * Math.max(1, Math.abs(theirs));
  }
  if (Array.isArray(mine) && Array.isArray(theirs)) {
    return mine.length === theirs.length && mine.every((value, i) => isSame(value, theirs[i]));
  }
  if (isRecord(mine) && isRecord(theirs)) {
    const keys = new Set([...Object.keys(mine), ...Object.keys(theirs)]);
    return [...keys].every((key) => isSame(mine[key], theirs[key]));
  }
  return (mine ?? null) === (theirs ?? null);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}

describe(`expectations against ${tool}`, () => {
  it(`say the same of ${tables.length} tables with nulls, ties and empty columns`, () => {
    expect(tables.flatMap(({ results }) => results).length).toBeGreaterThan(1_600);
    expect(differences()).toEqual([]);
  });
});
