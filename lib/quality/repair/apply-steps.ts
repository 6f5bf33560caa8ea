import { fail, type Result, succeed } from '@/lib/core/result';
import { joinSubscribers } from '@/lib/crm/join';
import type { RawColumn, RawCrm, RawTable, RawValue } from '@/lib/crm/raw-crm';
import { changedCells, withColumn } from '@/lib/crm/raw-rows';
import type { CrmTableName } from '@/lib/crm/schema';
import type { Expectation } from '../expectations/expectation';
import type { SqlEngine } from '../expectations/sql-tables';
import { failingRowsOfExpectation } from '../run-suites';
import { mergedSubscribers } from './merge-subscribers';
import { type LeftOutCounts, NOTHING_LEFT_OUT, repeatsOf, withoutRows } from './quarantine';
import type { RepairStep } from './repair-step';

/** What a step came to. */
export interface StepOutcome {
  readonly step: RepairStep;
  /** Cells written anew. */
  readonly nChanged: number;
  readonly leftOut: LeftOutCounts;
}

/** Tables as the steps leave them. */
export interface Repaired {
  readonly raw: RawCrm;
  /** One a step, in order. */
  readonly outcomes: readonly StepOutcome[];
}

const KEY_OF_TABLE = {
  Subscribers: 'subscribers',
  Tags: 'tags',
  Transactions: 'transactions',
} as const satisfies Readonly<Record<CrmTableName, keyof RawCrm>>;

/**
 * Carry steps out on the tables as read, one after the other. The tables given are not changed; columns that no step touches are
 * shared.
 *
 * @param sql runs checks that are written in SQL
 * @returns `quarantine_not_judged` where the check of a quarantine cannot be judged on this file, and what `joinSubscribers` refuses
 */
export function repaired(raw: RawCrm, steps: readonly RepairStep[], sql?: SqlEngine): Result<Repaired> {
  const outcomes: StepOutcome[] = [];
  let current = raw;
  for (const step of steps) {
    const done = afterStep(current, step, sql);
    if (!done.ok) return done;
    current = done.value.raw;
    outcomes.push({ step, nChanged: done.value.nChanged, leftOut: done.value.leftOut });
  }
  return succeed({ raw: current, outcomes });
}

/** Rows left out by all steps together. */
export function leftOutInAll(outcomes: readonly StepOutcome[]): LeftOutCounts {
  return outcomes.reduce(
    (sum, { leftOut }) => ({
      Subscribers: sum.Subscribers + leftOut.Subscribers,
      Tags: sum.Tags + leftOut.Tags,
      Transactions: sum.Transactions + leftOut.Transactions,
    }),
    NOTHING_LEFT_OUT,
  );
}

interface Done {
  readonly raw: RawCrm;
  readonly nChanged: number;
  readonly leftOut: LeftOutCounts;
}

function afterStep(raw: RawCrm, step: RepairStep, sql: SqlEngine | undefined): Result<Done> {
  switch (step.type) {
    case 'trim':
      return succeed(withChangedTexts(raw, step, (text) => text.trim()));
    case 'fold_case':
      return succeed(withChangedTexts(raw, step, (text) => text.toLowerCase()));
    case 'merge_subscribers': {
      const merged = mergedSubscribers(raw, step.keep);
      const leftOut = { Subscribers: merged.nMerged, Tags: merged.nTagsRepeated, Transactions: 0 };
      return succeed({ raw: merged.raw, nChanged: merged.nTagsMoved, leftOut });
    }
    case 'drop_repeats':
      return succeed({ ...withoutRows(raw, step.table, repeatsOf(raw, step.table)), nChanged: 0 });
    case 'quarantine':
      return quarantined(raw, step, sql);
    default:
      return step satisfies never;
  }
}

function quarantined(
  raw: RawCrm,
  step: Extract<RepairStep, { type: 'quarantine' }>,
  sql: SqlEngine | undefined,
): Result<Done> {
  const joined = joinSubscribers(raw);
  if (!joined.ok) return joined;
  // Parsed where suites are read; a step holds one of theirs.
  const expectation = step.expectation as unknown as Expectation;
  const rows = failingRowsOfExpectation(
    { raw, ...joined.value, ...(sql === undefined ? {} : { sql }) },
    step.table,
    expectation,
  );
  if (rows === null) {
    return fail(
      'quarantine_not_judged',
      `Rows of ${step.table} cannot be left out by ${step.expectation.type}: it is about no single row of this file.`,
      'Take this step away.',
    );
  }
  return succeed({ ...withoutRows(raw, step.table, rows), nChanged: 0 });
}

function withChangedTexts(
  raw: RawCrm,
  { table, column }: { readonly table: CrmTableName; readonly column: string },
  change: (text: string) => string,
): Done {
  const key = KEY_OF_TABLE[table];
  const columns: Readonly<Record<string, RawColumn>> = raw[key].columns;
  const { column: changed, nChanged } = changedCells(columns[column]!, (value: RawValue) =>
    typeof value === 'string' ? change(value) : value,
  );
  const repairedTable = withColumn(raw[key] as RawTable, column as never, changed);
  return { raw: { ...raw, [key]: repairedTable }, nChanged, leftOut: NOTHING_LEFT_OUT };
}
