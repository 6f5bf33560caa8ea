import type { Failure } from '@/lib/core/result';
import { mlflowSettings } from './mlflow-settings';
import type { MlflowStatus, MlflowSync, MlflowSyncOptions } from './sync-options';
import { createSyncRunner } from './sync-runner';

export type { MlflowStatus, MlflowSync, MlflowSyncOptions } from './sync-options';

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
