import { readFile } from 'node:fs/promises';
import initSqlJs from 'sql.js';
import { sha256Hex } from '@/lib/core/digest';
import { ExpectedFailure, type Result } from '@/lib/core/result';
import { joinSubscribers } from '@/lib/crm/join';
import type { JoinedTable } from '@/lib/crm/joined-table';
import { closeCrm, openCrm } from '@/lib/crm/open-crm';
import { readCrm } from '@/lib/crm/read-crm';
import { encodeDataset } from '@/lib/features/dataset-arrow';
import { type PreparedDataset, prepareDataset } from '@/lib/features/prepare-dataset';
import { putDataset } from '@/lib/server/storage/dataset-store';
import type { Home } from '@/lib/server/storage/home';
import { DEFAULT_PIPELINE_PARAMS } from '@/lib/tuning/study/pipeline-params';

/** A dataset made from a CRM file as the page makes it, and kept as the server keeps it. */
export interface StoredPreparation extends PreparedDataset {
  readonly digest: string;
  readonly path: string;
}

const CAP_BYTES = 512 * 1024 * 1024;

/** Read and join a CRM file. @throws ExpectedFailure where it is no CRM */
export async function joinedTableOf(crmPath: string): Promise<JoinedTable> {
  const crm = unwrapped(openCrm(await initSqlJs(), await readFile(crmPath)));
  try {
    return unwrapped(joinSubscribers(unwrapped(readCrm(crm)))).table;
  } finally {
    closeCrm(crm);
  }
}

/** Prepare a CRM file with the page's own parameters, and put the dataset where a study finds it. */
export async function storedPreparation(
  crmPath: string,
  home: Home,
  seed = DEFAULT_PIPELINE_PARAMS.seed,
): Promise<StoredPreparation> {
  const { paretoShare } = DEFAULT_PIPELINE_PARAMS;
  const prepared = unwrapped(prepareDataset({ table: await joinedTableOf(crmPath), paretoShare, seed }));
  const bytes = encodeDataset(prepared.dataset);
  const expectedDigest = sha256Hex(bytes);
  const stored = unwrapped(await putDataset(home, onePiece(bytes), { expectedDigest, capBytes: CAP_BYTES }));
  return { ...prepared, digest: stored.digest, path: stored.path };
}

async function* onePiece(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

/** Give the value of a result. @throws ExpectedFailure where there is none */
export function unwrapped<T>(result: Result<T>): T {
  if (result.ok) return result.value;
  throw new ExpectedFailure(result.error);
}
