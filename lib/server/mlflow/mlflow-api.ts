import type { Transport } from './http-transport';
import { registryCalls } from './registry-api';
import { createRestClient } from './rest-client';
import { trackingCalls } from './tracking-api';

/** MLflow's REST API, as much as a study needs. Every call throws `MlflowAway`, `MlflowRefused` or the signal's reason. */
export type MlflowApi = ReturnType<typeof createMlflowApi>;

/** Put MLflow's REST API over a transport. `signal` ends every call. */
export function createMlflowApi(transport: Transport, signal: AbortSignal) {
  const client = createRestClient(transport, signal);
  return {
    ...trackingCalls(client),
    ...registryCalls(client),
    /** The server's answer to `/version`, whatever it is; empty where it has none. */
    versionText: () => client.text('/version'),
  };
}
