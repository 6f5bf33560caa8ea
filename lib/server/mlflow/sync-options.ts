import type { Failure } from '@/lib/core/result';
import type { Home } from '@/lib/server/storage/home';
import type { StudyEvent } from '@/lib/tuning/study/study-events';
import type { BackoffLimits } from './backoff';
import type { TransportLimits } from './http-transport';
import type { DatasetFacts } from './study-session';

/** What the synchronisation with MLflow is composed of. */
export interface MlflowSyncOptions {
  readonly home: Pick<Home, 'root'>;
  /** As `process.env`; see `mlflowSettings`. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** As in package.json. */
  readonly leadbenchVersion: string;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Uniform in [0, 1). Spreads the attempts of many clients; nothing that is sent depends on it. */
  readonly random: () => number;
  /** Told what an administrator should know, one line each. No credentials and no contents. */
  readonly warn: (line: string) => void;
  /** All studies on disk, oldest first, with the number of their last event. */
  readonly listStudies: () => Promise<readonly { readonly studyId: string; readonly lastSequence: number }[]>;
  /** A study's events from the first on, or null where there is no such study. */
  readonly readStudy: (studyId: string) => Promise<{ readonly events: readonly StudyEvent[] } | null>;
  /** Everything that is published of a model, by file name; null where it is not there any more. */
  readonly readModelFiles: (modelId: string) => Promise<Readonly<Record<string, Uint8Array>> | null>;
  /** Rows and features of a dataset; null where it is not there any more. */
  readonly readDatasetFacts: (datasetDigest: string) => Promise<DatasetFacts | null>;
  readonly limits?: Partial<SyncLimits>;
  /** Wait, or until the signal is aborted. Tests give one that does not. */
  readonly pause?: (ms: number, signal: AbortSignal) => Promise<void>;
}

/** Times and sizes. */
export interface SyncLimits extends TransportLimits {
  readonly backoff: BackoffLimits;
  /** Events are gathered for so long before they are delivered. */
  readonly gatherMs: number;
  /** A request without an answer is thought to be able to come to pass for so long. */
  readonly settleMs: number;
}

/** How things stand with MLflow, for a page and for metrics. */
export interface MlflowStatus {
  readonly configured: boolean;
  /** Without credentials; null where none is set. */
  readonly uri: string | null;
  /** Whether the last request had an answer; null before the first. */
  readonly reachable: boolean | null;
  readonly version: string | null;
  /** What an administrator should know of the server, for example that it has known holes. */
  readonly warning: string | null;
  /** Runs, files and models that the server does not have. A study that was not looked at yet counts as one. */
  readonly nPending: number;
  /** Of these, parts that the server refuses. */
  readonly nRefused: number;
  /** Studies of which something may be there twice, until it can be looked for. */
  readonly nUnsettled: number;
  /** Receipts written since the start. */
  readonly nDelivered: number;
  readonly lastError: Failure | null;
  readonly lastDeliveredAtMs: number | null;
}

/** Wait by a timer that does not keep the process alive. */
export function pauseFor(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const end = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    timer.unref();
    signal.addEventListener('abort', end, { once: true });
  });
}

/**
 * Keeps an MLflow server informed of all studies. The studies' journals are the truth; what the server lacks of them is
 * delivered when it can be, oldest study first. Nothing here waits for training, and training waits for nothing here.
 * For the process that holds the home alone: two at once on one home could send something twice.
 */
export interface MlflowSync {
  /** Something happened in a study. Costs a map entry, and never throws. */
  noteStudy(studyId: string): void;
  /** Look at all studies on disk; call once at the start. Resolves when they are listed, not delivered. */
  resumeAll(): Promise<void>;
  status(): MlflowStatus;
  /** Resolves when everything noted so far is delivered, or set aside because the server refuses it. */
  drained(): Promise<void>;
  /** Deliver what can be delivered within a time limit, then let go of everything. What is left is delivered at the next start. */
  close(limitMs: number): Promise<void>;
}
