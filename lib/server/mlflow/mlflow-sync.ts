import type { Failure } from '@/lib/core/result';
import { mlflowSettings } from './mlflow-settings';
import type { MlflowStatus, MlflowSyncOptions } from './sync-options';
import { createSyncRunner } from './sync-runner';

export type { MlflowStatus, MlflowSyncOptions } from './sync-options';

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

/**
 * Create the synchronisation and start it. Without `MLFLOW_TRACKING_URI` it does nothing; with one that cannot be used it
 * does nothing either, and says so in its status and once to `warn`.
 */
export function createMlflowSync(options: MlflowSyncOptions): MlflowSync {
  const settings = mlflowSettings(options.env);
  if (settings === null) return idleSync(null);
  if (settings.ok) return createSyncRunner(settings.value, options);
  options.warn(`${settings.error.message} ${settings.error.hint}`);
  return idleSync(settings.error);
}

function idleSync(failure: Failure | null): MlflowSync {
  const status: MlflowStatus = {
    configured: failure !== null,
    uri: null,
    reachable: null,
    version: null,
    warning: null,
    nPending: 0,
    nRefused: 0,
    nUnsettled: 0,
    nDelivered: 0,
    lastError: failure,
    lastDeliveredAtMs: null,
  };
  const nothing = async () => {};
  return {
    noteStudy: () => {},
    resumeAll: nothing,
    status: () => status,
    drained: nothing,
    close: nothing,
  };
}
