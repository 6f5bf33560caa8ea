import { z } from 'zod';
import { studyIdSchema } from '@/lib/tuning/study/study-events';

const record = <T extends string, S extends z.ZodRawShape>(type: T, shape: S) =>
  z.strictObject({ sequence: z.int().min(1), type: z.literal(type), ...shape });

/** What the MLflow server has acknowledged of a study, in the order of the acknowledgements. */
export const outboxRecordSchema = z.discriminatedUnion('type', [
  record('opened', { studyId: studyIdSchema }),
  /** Sending begins again after a `settled`. */
  record('begun', {}),
  /** A run is there as it was after the study's event `throughSequence`, with its first `nPoints` metric values. */
  record('run', {
    key: z.string(),
    runId: z.string(),
    throughSequence: z.int().min(0),
    nPoints: z.int().min(0),
  }),
  /** Something that is sent once was taken, such as a file. */
  record('sent', { what: z.string() }),
  /** The server has lost the study; all is to be sent again. */
  record('forgotten', {}),
  /** Everything through this event of the study is there, and once only. */
  record('settled', { throughSequence: z.int().min(1) }),
]);
export type OutboxRecord = z.infer<typeof outboxRecordSchema>;

type WithoutSequence<R> = R extends OutboxRecord ? Omit<R, 'sequence'> : never;
/** A record before it is numbered. */
export type OutboxEntry = WithoutSequence<OutboxRecord>;

/** How far a run was delivered. */
export interface RunReceipt {
  readonly runId: string;
  readonly throughSequence: number;
  readonly nPoints: number;
}

/** What an outbox's records add up to. */
export interface Ledger {
  /** By the run's key. */
  readonly runs: Map<string, RunReceipt>;
  readonly sent: Set<string>;
  /** 0 before the first time. */
  settledThrough: number;
  /** Whether nothing was sent since it was settled. */
  isSettled: boolean;
  /** Records that it was folded from. */
  nRecords: number;
}

/** Open an empty ledger. */
export function emptyLedger(): Ledger {
  return { runs: new Map(), sent: new Set(), settledThrough: 0, isSettled: false, nRecords: 0 };
}

/** Enter a record into a ledger. */
export function enter(ledger: Ledger, entry: OutboxEntry): void {
  ledger.nRecords += 1;
  ledger.isSettled = entry.type === 'settled';
  switch (entry.type) {
    case 'opened':
    case 'begun':
      return;
    case 'run':
      ledger.runs.set(entry.key, {
        runId: entry.runId,
        throughSequence: entry.throughSequence,
        nPoints: entry.nPoints,
      });
      return;
    case 'sent':
      ledger.sent.add(entry.what);
      return;
    case 'forgotten':
      ledger.runs.clear();
      ledger.sent.clear();
      ledger.settledThrough = 0;
      return;
    case 'settled':
      ledger.settledThrough = entry.throughSequence;
  }
}

/** Write a ledger as the fewest records that add up to it. */
export function ledgerRecords(studyId: string, ledger: Ledger): OutboxRecord[] {
  const entries: OutboxEntry[] = [{ type: 'opened', studyId }];
  for (const [key, receipt] of ledger.runs) entries.push({ type: 'run', key, ...receipt });
  for (const what of ledger.sent) entries.push({ type: 'sent', what });
  if (ledger.settledThrough > 0) {
    entries.push({ type: 'settled', throughSequence: ledger.settledThrough });
    if (!ledger.isSettled) entries.push({ type: 'begun' });
  }
  return entries.map((entry, i) => ({ ...entry, sequence: i + 1 }));
}

const MIN_BLOATED = 2000;
const MAX_RECORDS_PER_RECEIPT = 4;

/** Whether a ledger's records are many more than it needs. */
export function isBloated({ nRecords, runs, sent }: Ledger): boolean {
  return nRecords >= MIN_BLOATED && nRecords > MAX_RECORDS_PER_RECEIPT * (runs.size + sent.size);
}
