import type { Failure } from '@/lib/core/result';

/** Why nothing can be delivered for now. */
export type AwayCode =
  | 'mlflow_unreachable'
  | 'mlflow_too_slow'
  | 'mlflow_busy'
  | 'mlflow_broken'
  | 'mlflow_redirected'
  | 'mlflow_answer_encoded'
  | 'mlflow_answer_too_large'
  | 'mlflow_answer_unreadable'
  | 'mlflow_login_refused'
  | 'mlflow_experiment_deleted';

const AWAY_HINTS: Readonly<Record<AwayCode, string>> = {
  mlflow_unreachable:
    'Start the MLflow server, or correct MLFLOW_TRACKING_URI; what is missing there is sent then.',
  mlflow_too_slow: 'Look at the load of the MLflow server; what is missing there is sent again.',
  mlflow_busy: 'Nothing needs to be done; what is missing there is sent later.',
  mlflow_broken: 'Look at the log of the MLflow server; what is missing there is sent again.',
  mlflow_redirected: 'Set MLFLOW_TRACKING_URI to the address that the server is really at.',
  mlflow_answer_encoded: 'Switch compression off in the proxy before the MLflow server.',
  mlflow_answer_too_large: 'Check that MLFLOW_TRACKING_URI is the address of an MLflow server.',
  mlflow_answer_unreadable: 'Check that MLFLOW_TRACKING_URI is the address of an MLflow server.',
  mlflow_login_refused:
    'Set MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD, or MLFLOW_TRACKING_TOKEN, and start Leadbench again.',
  mlflow_experiment_deleted:
    'Restore the experiment in MLflow, or set MLFLOW_EXPERIMENT_NAME to another name and start Leadbench again.',
};

/** Nothing can be delivered for now, whatever it is; it is tried again later. */
export class MlflowAway extends Error {
  readonly code: AwayCode;
  /** Whether the server may have done what it was asked all the same. */
  readonly mayHaveArrived: boolean;
  /** What the server asked for, or null. */
  readonly retryAfterMs: number | null;

  constructor(
    code: AwayCode,
    message: string,
    more: {
      readonly mayHaveArrived?: boolean;
      readonly retryAfterMs?: number | null;
      readonly cause?: unknown;
    } = {},
  ) {
    super(message, { cause: more.cause });
    this.name = 'MlflowAway';
    this.code = code;
    this.mayHaveArrived = more.mayHaveArrived ?? true;
    this.retryAfterMs = more.retryAfterMs ?? null;
  }
}

/** The server refuses one request, and will again until something changes. The others can go on. */
export class MlflowRefused extends Error {
  readonly status: number;
  /** MLflow's own, such as `RESOURCE_DOES_NOT_EXIST`; empty where the answer names none. */
  readonly errorCode: string;

  constructor(status: number, errorCode: string, message: string) {
    super(message);
    this.name = 'MlflowRefused';
    this.status = status;
    this.errorCode = errorCode;
  }

  /** Whether what was asked about is not there. */
  get isMissing(): boolean {
    return this.errorCode === 'RESOURCE_DOES_NOT_EXIST';
  }
}

const MAX_SHOWN = 300;

/**
 * Word a failed delivery for the user. What the server says is cut to 300 characters on one line; it is text of another
 * program, to be shown escaped.
 */
export function deliveryFailure(error: MlflowAway | MlflowRefused): Failure {
  if (error instanceof MlflowAway) {
    return { code: error.code, message: error.message, hint: AWAY_HINTS[error.code] };
  }
  const said = error.message.replace(/[\s\p{Cc}]+/gu, ' ').trim();
  const shown = said.length > MAX_SHOWN ? `${said.slice(0, MAX_SHOWN)}…` : said;
  return {
    code: 'mlflow_refused',
    message: `MLflow refuses a part of a study (${error.status}): ${shown}`,
    hint: 'The rest is sent. This part is tried again in ten minutes and when Leadbench starts again.',
  };
}
