import type { Result } from '@/lib/core/result';
import { joinSubscribers } from '@/lib/crm/join';
import { closeCrm, openCrm } from '@/lib/crm/open-crm';
import { readCrm } from '@/lib/crm/read-crm';
import { crmBytes } from '@/lib/demo/generate-crm';
import { type PreparedDataset, prepareDataset } from '@/lib/features/prepare-dataset';
import { databaseBytes, loadSqlJs } from './sqlite';

/** SQL that is true of subscribers who bought. */
export const BOUGHT_SQL = 'lower(trim(user_email)) IN (SELECT lower(trim(user_email)) FROM Transactions)';

/**
 * Invent a list, change it by SQL, and prepare it for training as page and command line do.
 *
 * @param options.sql statements run on the file first
 */
export async function preparedCrm(options: {
  readonly nSubscribers: number;
  readonly seed: number;
  readonly sql?: string;
}): Promise<PreparedDataset> {
  const { nSubscribers, seed, sql } = options;
  const invented = crmBytes({ nSubscribers, seed });
  const bytes = sql === undefined ? invented : await databaseBytes(sql, invented);
  const crm = unwrapped(openCrm(await loadSqlJs(), bytes, { fileName: 'crm.sqlite' }));
  try {
    const { table } = unwrapped(joinSubscribers(unwrapped(readCrm(crm))));
    return unwrapped(prepareDataset({ table, paretoShare: 0.8, seed: 42 }));
  } finally {
    closeCrm(crm);
  }
}

function unwrapped<T>(result: Result<T>): T {
  if (result.ok) return result.value;
  throw new Error(`${result.error.message} ${result.error.hint}`);
}
