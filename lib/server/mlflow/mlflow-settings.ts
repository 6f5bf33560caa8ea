import { fail, type Result, succeed } from '@/lib/core/result';

/** Where MLflow is and under which names things go there. */
export interface MlflowSettings {
  /** `http:` or `https:`, without credentials, query or trailing slash. */
  readonly baseUrl: string;
  /** Value of the Authorization header, or null. Never shown, logged or stored. */
  readonly authorization: string | null;
  readonly experimentName: string;
  readonly registeredModelName: string;
  /** The address is plain http on another machine, so credentials and results travel in the clear. */
  readonly isInTheClear: boolean;
}

const DEFAULT_EXPERIMENT = 'leadbench';
const REGISTERED_MODEL = 'leadbench-lead-scoring';
const MAX_EXPERIMENT_NAME = 500;

/**
 * Read the settings from the environment by MLflow's own variable names: `MLFLOW_TRACKING_URI`,
 * `MLFLOW_EXPERIMENT_NAME`, and `MLFLOW_TRACKING_TOKEN` or `MLFLOW_TRACKING_USERNAME` with `MLFLOW_TRACKING_PASSWORD`.
 * A name and password within the URI count as well. There is no way to switch the checking of certificates off.
 *
 * @param env as `process.env`
 * @returns null where no MLflow is set; a failure `mlflow_uri_unsupported` or `mlflow_name_unusable`
 */
export function mlflowSettings(
  env: Readonly<Record<string, string | undefined>>,
): Result<MlflowSettings> | null {
  const text = env.MLFLOW_TRACKING_URI?.trim() ?? '';
  if (text === '') return null;
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || (url.protocol !== 'http:' && url.protocol !== 'https:') || url.hostname === '') {
    return fail(
      'mlflow_uri_unsupported',
      'MLFLOW_TRACKING_URI is not the http or https address of an MLflow server.',
      'Start one with "mlflow server" and set MLFLOW_TRACKING_URI to its address, such as http://127.0.0.1:5000.',
    );
  }
  const experimentName = env.MLFLOW_EXPERIMENT_NAME?.trim() || DEFAULT_EXPERIMENT;
  if (!isUsableName(experimentName)) {
    return fail(
      'mlflow_name_unusable',
      `MLFLOW_EXPERIMENT_NAME is longer than ${MAX_EXPERIMENT_NAME} characters or holds control characters.`,
      'Set a shorter, plain name, or leave the variable out.',
    );
  }
  return succeed({
    baseUrl: `${url.origin}${url.pathname.replace(/\/+$/, '')}`,
    authorization: authorizationOf(env, url),
    experimentName,
    registeredModelName: REGISTERED_MODEL,
    isInTheClear: url.protocol === 'http:' && !isThisMachine(url.hostname),
  });
}

function authorizationOf(env: Readonly<Record<string, string | undefined>>, url: URL): string | null {
  const token = env.MLFLOW_TRACKING_TOKEN ?? '';
  const name = env.MLFLOW_TRACKING_USERNAME || decodeURIComponent(url.username);
  const password = env.MLFLOW_TRACKING_PASSWORD || decodeURIComponent(url.password);
  // As MLflow's own client: a name and password come before a token.
  if (name !== '') return `Basic ${Buffer.from(`${name}:${password}`, 'utf8').toString('base64')}`;
  return token === '' ? null : `Bearer ${token}`;
}

function isUsableName(name: string): boolean {
  return name.length <= MAX_EXPERIMENT_NAME && !/\p{Cc}/u.test(name);
}

function isThisMachine(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(?:\.\d{1,3}){3}$/.test(hostname);
}
