import type { MlflowApi } from './mlflow-api';
import { MlflowAway, MlflowRefused } from './mlflow-failures';
import type { MlflowSettings } from './mlflow-settings';
import { keyValues } from './run-image';
import { parsedVersion, versionWarning } from './server-version';

/** A server that answers, and the experiment that studies go to. */
export interface Connection {
  readonly experimentId: string;
  /** Null where the server does not tell it. */
  readonly version: string | null;
  readonly warning: string | null;
}

/** Ask the server for its version and find the experiment, or make it. @throws MlflowAway or MlflowRefused */
export async function connected(
  api: MlflowApi,
  { experimentName, isInTheClear }: MlflowSettings,
): Promise<Connection> {
  const version = parsedVersion(await api.versionText());
  const warnings = [versionWarning(version), isInTheClear ? IN_THE_CLEAR : null];
  const warning = warnings.filter((text) => text !== null).join(' ') || null;
  return { experimentId: await ensuredExperiment(api, experimentName), version, warning };
}

const IN_THE_CLEAR =
  'MLFLOW_TRACKING_URI is plain http on another machine: what is sent can be read on the way.';

async function ensuredExperiment(api: MlflowApi, name: string): Promise<string> {
  const found = await api.experimentByName(name);
  if (found === null) {
    await created(api, name);
    const made = await api.experimentByName(name);
    if (made === null) throw new MlflowAway('mlflow_broken', 'MLflow does not keep the experiment it made.');
    return made.id;
  }
  if (!found.isDeleted) return found.id;
  throw new MlflowAway('mlflow_experiment_deleted', `The experiment ${name} was deleted in MLflow.`);
}

async function created(api: MlflowApi, name: string): Promise<void> {
  try {
    // By the kind, MLflow's page shows charts for models rather than asking what the experiment is for.
    await api.createExperiment(name, keyValues({ 'mlflow.experimentKind': 'custom_model_development' }));
  } catch (error) {
    // Another process was faster; its experiment does as well.
    if (!(error instanceof MlflowRefused && error.errorCode === 'RESOURCE_ALREADY_EXISTS')) throw error;
  }
}
