import { createHash } from 'node:crypto';
import { rename } from 'node:fs/promises';
import { join } from 'node:path';
import { ExpectedFailure, type Failure } from '@/lib/core/result';
import { isMissing, makeFolderDurably, writeFileDurably } from '@/lib/server/storage/durable-write';
import type { Home } from '@/lib/server/storage/home';
import { type Journal, journalStart, openJournal } from '@/lib/server/storage/journal';
import { studyIdSchema } from '@/lib/tuning/study-events';
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
  return begun(path, studyId, {
    ledger: emptyLedger(),
    isDoubtful: opened !== null,
    isNew: opened === null,
  });
}

async function openedOrNull(path: string) {
  try {
    return await openJournal(path, outboxRecordSchema);
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
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
  const ledger = emptyLedger();
  for (const record of opened.content.records) enter(ledger, record);
  const kind = { isDoubtful: !ledger.isSettled, isNew: false };
  if (!isBloated(ledger)) return outboxOver(opened.journal, ledger, kind);
  await opened.journal.close();
  return begun(path, studyId, { ledger, ...kind });
}

/** Write a file that holds a ledger and no more, and open it. */
async function begun(
  path: string,
  studyId: string,
  { ledger, ...kind }: OutboxKind & { readonly ledger: Ledger },
): Promise<Outbox> {
  await writeFileDurably(path, journalStart(ledgerRecords(studyId, ledger)));
  const opened = await openJournal(path, outboxRecordSchema);
  if (!opened.ok) throw new ExpectedFailure(opened.error);
  const written = emptyLedger();
  for (const record of opened.value.content.records) enter(written, record);
  return outboxOver(opened.value.journal, written, kind);
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
