import { createHash } from 'node:crypto';
import { link, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { ExpectedFailure, type Failure } from '@/lib/core/result';
import {
  isMissing,
  makeFolderDurably,
  syncFolder,
  writeFileDurably,
  writeTemporary,
} from '@/lib/server/storage/durable-write';
import type { Home } from '@/lib/server/storage/home';
import { type Journal, journalStart, openJournal } from '@/lib/server/storage/journal';
import { studyIdSchema } from '@/lib/tuning/study/study-events';
import {
  emptyLedger,
  enter,
  isBloated,
  type Ledger,
  ledgerRecords,
  type OutboxEntry,
  type OutboxRecord,
  outboxRecordSchema,
  type RunReceipt,
} from './outbox-ledger';

/**
 * A study's outbox: what of it the MLflow server has. What is missing there is the rest of the study's journal, so an
 * outbox never fills up and nothing is ever dropped from one: it holds a few short records a trial, at most
 * `MIN_BLOATED` or four a run when it is opened. It only saves asking; without it, runs are found again by their keys.
 */
export interface Outbox {
  receipt(key: string): RunReceipt | undefined;
  isSent(what: string): boolean;
  /** The last event of the study that is known to be there, once only; 0 before the first time. */
  settledThrough(): number;
  /** Whether an earlier process may have sent what it could not write down any more. */
  readonly isDoubtful: boolean;
  /** Whether there was none before. */
  readonly isNew: boolean;
  /** Write a record durably. @throws ExpectedFailure as `Journal.append`; then open the outbox again */
  write(entry: OutboxEntry): Promise<void>;
  close(): Promise<void>;
}

/** Name the folder of the outboxes for one server and experiment: another server has nothing of what this one has. */
export function outboxFolder(
  home: Pick<Home, 'root'>,
  server: { readonly baseUrl: string; readonly experimentName: string },
): string {
  const digest = createHash('sha256').update(`${server.baseUrl}\n${server.experimentName}`).digest('hex');
  return join(home.root, '.leadbench', 'mlflow', digest.slice(0, 16));
}

/**
 * Open a study's outbox, or make it. One that is damaged is moved aside to `<name>.damaged` and begun anew, because
 * everything in it can be asked of the server.
 *
 * @param onDamage told what was wrong
 * @throws ExpectedFailure `journal_version` for one that a newer Leadbench wrote; what the file system throws
 */
export async function openOutbox(
  folder: string,
  studyId: string,
  onDamage: (failure: Failure) => void,
): Promise<Outbox> {
  const path = join(folder, `${studyIdSchema.parse(studyId)}.log`);
  const opened = await openedOrNull(path);
  if (opened?.ok) return continued(path, studyId, opened.value);
  await makeFolderDurably(folder);
  if (opened !== null) {
    if (opened.error.code !== 'journal_damaged') throw new ExpectedFailure(opened.error);
    onDamage(opened.error);
    await rename(path, `${path}.damaged`);
  }
  const isFirst = await madeFirst(path, journalStart(ledgerRecords(studyId, emptyLedger())));
  const made = await openJournal(path, outboxRecordSchema);
  if (!made.ok) throw new ExpectedFailure(made.error);
  if (!isFirst) return continued(path, studyId, made.value);
  const ledger = ledgerOf(made.value.content.records);
  return outboxOver(made.value.journal, ledger, { isDoubtful: opened !== null, isNew: opened === null });
}

async function openedOrNull(path: string) {
  try {
    return await openJournal(path, outboxRecordSchema);
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
}

/**
 * Make a file that must not be there yet, whole and on disk.
 *
 * @returns false where another process was faster; then its file stays
 */
async function madeFirst(path: string, content: Uint8Array): Promise<boolean> {
  const temporary = await writeTemporary(path, async (file) => {
    await file.writeFile(content);
  });
  try {
    // Unlike renaming, linking never takes the place of a file.
    await link(temporary, path);
    await syncFolder(dirname(path));
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  } finally {
    await rm(temporary, { force: true });
  }
}

async function continued(
  path: string,
  studyId: string,
  opened: {
    readonly journal: Journal<OutboxRecord>;
    readonly content: { readonly records: readonly OutboxRecord[] };
  },
): Promise<Outbox> {
  const ledger = ledgerOf(opened.content.records);
  const kind = { isDoubtful: !ledger.isSettled, isNew: false };
  if (!isBloated(ledger)) return outboxOver(opened.journal, ledger, kind);
  await opened.journal.close();
  await writeFileDurably(path, journalStart(ledgerRecords(studyId, ledger)));
  const shorter = await openJournal(path, outboxRecordSchema);
  if (!shorter.ok) throw new ExpectedFailure(shorter.error);
  return outboxOver(shorter.value.journal, ledgerOf(shorter.value.content.records), kind);
}

function ledgerOf(records: readonly OutboxRecord[]): Ledger {
  const ledger = emptyLedger();
  for (const record of records) enter(ledger, record);
  return ledger;
}

type OutboxKind = Pick<Outbox, 'isDoubtful' | 'isNew'>;

function outboxOver(journal: Journal<OutboxRecord>, ledger: Ledger, kind: OutboxKind): Outbox {
  let sequence = ledger.nRecords;
  return {
    receipt: (key) => ledger.runs.get(key),
    isSent: (what) => ledger.sent.has(what),
    settledThrough: () => (ledger.isSettled ? ledger.settledThrough : 0),
    ...kind,
    async write(entry) {
      sequence += 1;
      await journal.append({ ...entry, sequence });
      enter(ledger, entry);
    },
    close: () => journal.close(),
  };
}
