import type { Failure } from '@/lib/core/result';
import type { MlflowApi } from './mlflow-api';
import { deliveryFailure, MlflowAway, MlflowRefused } from './mlflow-failures';
import type { Outbox } from './outbox';

/** A refused part of a study is left alone for so long. */
export const REFUSED_REST_MS = 600_000;
/** A server that fails at so many parts one after the other is broken as a whole. */
const MAX_BROKEN_PARTS = 3;
/** A server that fails at the same part so often has a fault with that part. */
const MAX_BROKEN_TIMES = 8;

/** What a dataset is, for the page of a run. */
export interface DatasetFacts {
  readonly nRows: number;
  readonly featureNames: readonly string[];
}

/** What delivering a study needs to be told and to look up. */
export interface StudySession {
  readonly api: MlflowApi;
  readonly outbox: Outbox;
  readonly experimentId: string;
  readonly registeredModelName: string;
  /** Host and port that requests go to. */
  readonly mlflowHost: string;
  readonly now: () => number;
  readonly readModelFiles: (modelId: string) => Promise<Readonly<Record<string, Uint8Array>> | null>;
  readonly readDatasetFacts: (datasetDigest: string) => Promise<DatasetFacts | null>;
  /** Requests at once for the trials of this study. */
  readonly nAtOnce: number;
  /** Whether so much happened since that the study should be looked at again before the next trial. */
  readonly isStale: () => boolean;
  /** Told of each step that need not be done again, whatever goes wrong next. */
  readonly onProgress: () => void;
  readonly memory: SessionMemory;
}

/** What this process knows of a study's delivery beyond the outbox. */
export interface SessionMemory {
  /** Runs that were created or found, by key; some have no receipt yet. */
  readonly runIds: Map<string, string>;
  /** By the server's id of the run. */
  readonly artifactUris: Map<string, string>;
  /** Keys of runs that are known to hold no metric value but those in their receipt and in `logged`. */
  readonly sure: Set<string>;
  /** Of runs that have no receipt for it yet: the event up to which all was logged, and how many metric values. */
  readonly logged: Map<string, { readonly throughSequence: number; readonly nPoints: number }>;
  /** Keys of runs that were asked for without a clear answer. */
  readonly askedFor: Set<string>;
  /** Whether an earlier process may have made runs that have no receipt. */
  isDoubtful: boolean;
  /** When something was last left without a clear answer, so that it may still come to pass. */
  doubtAtMs: number | null;
  /** Refused parts, with the time and the reason. */
  readonly refused: Map<string, { readonly atMs: number; readonly failure: Failure }>;
  /** How often in a row the server failed at a part, and at how many parts one after the other. */
  readonly nBroken: Map<string, number>;
  nBrokenParts: number;
  /** The last failure of that kind in this pass. */
  broken: MlflowAway | null;
  nForgotten: number;
}

/**
 * Begin to remember. Where nothing is settled, runs of the study may be there: made by a process that died, or by one
 * whose outbox is lost.
 */
export function createSessionMemory(
  { isDoubtful, isNew }: Pick<Outbox, 'isDoubtful' | 'isNew'>,
  nowMs: number,
): SessionMemory {
  return {
    runIds: new Map(),
    artifactUris: new Map(),
    sure: new Set(),
    logged: new Map(),
    askedFor: new Set(),
    isDoubtful: isDoubtful || isNew,
    doubtAtMs: isDoubtful || isNew ? nowMs : null,
    refused: new Map(),
    nBroken: new Map(),
    nBrokenParts: 0,
    broken: null,
    nForgotten: 0,
  };
}

/** Name a receipt for something that went to a run; another run of the same key has not got it. */
export function sentTo(runId: string, what: string): string {
  return `${what} to ${runId}`;
}

/** Whether a part was refused a short while ago, so that it is left alone. */
export function isResting({ memory, now }: Pick<StudySession, 'memory' | 'now'>, part: string): boolean {
  const refusal = memory.refused.get(part);
  return refusal !== undefined && now() - refusal.atMs < REFUSED_REST_MS;
}

/**
 * Deliver one part of a study. A part that is refused is set aside, so that the rest can go on; so is one that the server
 * fails at again and again. After a failure of the server's own the next part is tried, in case it is the part's fault.
 *
 * @returns whether it was delivered
 * @throws MlflowAway, and `MlflowRefused` where the server says that something of ours is not there
 */
export async function attempted(
  session: StudySession,
  part: string,
  deliver: () => Promise<void>,
): Promise<boolean> {
  const { memory } = session;
  if (isResting(session, part)) return false;
  try {
    await deliver();
    memory.refused.delete(part);
    memory.nBroken.delete(part);
    memory.nBrokenParts = 0;
    return true;
  } catch (error) {
    if (error instanceof MlflowAway) brokenAt(session, part, error);
    else if (error instanceof MlflowRefused && !error.isMissing) setAside(session, part, error);
    else throw error;
    return false;
  }
}

/** @throws the failure where it is not of this part alone */
function brokenAt({ memory, now }: StudySession, part: string, error: MlflowAway): void {
  if (error.mayHaveArrived) memory.doubtAtMs = now();
  if (error.code !== 'mlflow_broken') throw error;
  memory.broken = error;
  memory.nBrokenParts += 1;
  const nBroken = (memory.nBroken.get(part) ?? 0) + 1;
  memory.nBroken.set(part, nBroken);
  if (memory.nBrokenParts >= MAX_BROKEN_PARTS) throw error;
  if (nBroken >= MAX_BROKEN_TIMES) setAside({ memory, now }, part, error);
}

function setAside(
  { memory, now }: Pick<StudySession, 'memory' | 'now'>,
  part: string,
  error: MlflowAway | MlflowRefused,
): void {
  memory.nBroken.delete(part);
  memory.refused.set(part, { atMs: now(), failure: deliveryFailure(error) });
}
