import { readFile, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import initSqlJs from 'sql.js';
import { ExpectedFailure, fail, type Result } from '@/lib/core/result';
import { joinSubscribers } from '@/lib/crm/join';
import type { JoinedTable, JoinReport } from '@/lib/crm/joined-table';
import { closeCrm, openCrm } from '@/lib/crm/open-crm';
import type { RawCrm } from '@/lib/crm/raw-crm';
import { readCrm } from '@/lib/crm/read-crm';
import type { SqlEngine } from '@/lib/quality/expectations/sql-tables';
import { repaired, type StepOutcome } from '@/lib/quality/repair/apply-steps';
import type { RepairStep } from '@/lib/quality/repair/repair-step';
import { withFileWords } from './file-failure';

/** What one CRM file gave. */
export interface CrmFileContent {
  readonly raw: RawCrm;
  readonly table: JoinedTable;
  readonly report: JoinReport;
  /** What each step before the join came to. */
  readonly outcomes: readonly StepOutcome[];
  /** Sentences about the file that the user should see. */
  readonly notices: readonly string[];
  /** Runs checks that are written in SQL. */
  readonly sql: SqlEngine;
}

/** What Node reads into one buffer. */
const MAX_BYTES = 2 ** 31 - 1;

/**
 * Open a CRM file, read its three tables, mend them by steps and join them, as the page does.
 *
 * @throws ExpectedFailure where the file cannot be read, or as `openCrm`, `readCrm`, `repaired` and `joinSubscribers`
 */
export async function readCrmFile(path: string, steps: readonly RepairStep[]): Promise<CrmFileContent> {
  const bytes = await withFileWords(path, () => fileBytes(path));
  const sql = await initSqlJs();
  const crm = unwrapped(openCrm(sql, bytes, { fileName: basename(path) }));
  try {
    const { raw, outcomes } = unwrapped(repaired(unwrapped(readCrm(crm)), steps, sql));
    return { raw, outcomes, ...unwrapped(joinSubscribers(raw)), notices: crm.notices, sql };
  } finally {
    closeCrm(crm);
  }
}

/** Give the value of a result. @throws ExpectedFailure its failure */
export function unwrapped<T>(result: Result<T>): T {
  if (result.ok) return result.value;
  throw new ExpectedFailure(result.error);
}

async function fileBytes(path: string): Promise<Uint8Array> {
  const found = await stat(path);
  // A pipe or a device would be read for ever.
  if (!found.isFile() && !found.isDirectory()) {
    throw new ExpectedFailure(
      fail('file_not_usable', `${path} is no ordinary file.`, 'Give the path of a SQLite file.').error,
    );
  }
  if (found.size > MAX_BYTES) {
    throw new ExpectedFailure(
      fail('too_large', `${path} is larger than 2 GiB.`, 'Leave out tables and rows that are not needed.')
        .error,
    );
  }
  return readFile(path);
}
