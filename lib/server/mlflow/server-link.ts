import type { Failure } from '@/lib/core/result';
import { backoffMs } from './backoff';
import { type Connection, connected } from './connection';
import { createTransport, type Transport } from './http-transport';
import { createMlflowApi, type MlflowApi } from './mlflow-api';
import { type AwayCode, deliveryFailure, type MlflowAway } from './mlflow-failures';
import type { MlflowSettings } from './mlflow-settings';
import type { SyncLimits } from './sync-options';

/** The way to the server: whether it is there, and when to try again if not. */
export interface ServerLink {
  readonly api: MlflowApi;
  /** Ask who is there, unless that is known. @throws MlflowAway or MlflowRefused */
  connect(): Promise<Connection>;
  /** Ask again at the next `connect`. */
  disconnect(): void;
  /** The server took something: the next failure counts as the first. */
  progressed(): void;
  /** The server took everything. */
  worked(): void;
  /** The server is away. Gives the time of the next attempt. */
  failed(error: MlflowAway): number;
  /** When the server may be asked again; the past where it is there. */
  retryAtMs(): number;
  /** Whether it is not worth waiting for the server at the end of a process. */
  isHopeless(): boolean;
  /** Rest after each request, for the sake of training on the same machine. */
  setSparing(isSparing: boolean): void;
  readonly state: LinkState;
  close(): void;
}

/** What there is to say of the server. */
export interface LinkState {
  readonly reachable: boolean | null;
  readonly version: string | null;
  readonly warning: string | null;
  readonly lastError: Failure | null;
}

/** While trials run, each request is followed by so many times its duration of rest: a twentieth of a core at most. */
const REST_PER_WORK = 19;
const MAX_REST_MS = 3000;
const HOPELESS_AFTER = 3;
const WARN_AFTER = 3;
const KNOWN_STILL: ReadonlySet<AwayCode> = new Set(['mlflow_too_slow', 'mlflow_busy', 'mlflow_broken']);

/** Create the link to a server; see `ServerLink`. */
export function createServerLink(
  settings: MlflowSettings,
  options: {
    readonly limits: SyncLimits;
    readonly now: () => number;
    readonly random: () => number;
    readonly warn: (line: string) => void;
    readonly pause: (ms: number, signal: AbortSignal) => Promise<void>;
    readonly signal: AbortSignal;
  },
): ServerLink {
  const { limits, now, random, warn, pause, signal } = options;
  const transport = createTransport(settings, limits, now);
  let isSparing = false;
  let connection: Connection | null = null;
  let nFailures = 0;
  let retryAt = 0;
  let isUnreachable = false;
  let isWarned = false;
  let state: LinkState = { reachable: null, version: null, warning: null, lastError: null };

  const sparing: Transport = {
    async send(request, requestSignal) {
      const startedAtMs = now();
      const answer = await transport.send(request, requestSignal);
      const restMs = Math.min((now() - startedAtMs) * REST_PER_WORK, MAX_REST_MS);
      if (isSparing && restMs > 0) await pause(restMs, signal);
      return answer;
    },
    close: () => transport.close(),
  };
  const api = createMlflowApi(sparing, signal);

  return {
    api,
    async connect() {
      connection ??= await connected(api, settings);
      const { version, warning } = connection;
      if (warning !== null && warning !== state.warning) warn(warning);
      state = { ...state, version, warning };
      return connection;
    },
    disconnect() {
      connection = null;
    },
    progressed() {
      nFailures = 0;
    },
    worked() {
      if (isWarned) warn('MLflow takes everything again.');
      isWarned = false;
      nFailures = 0;
      retryAt = 0;
      isUnreachable = false;
      state = { ...state, reachable: true, lastError: null };
    },
    failed(error) {
      nFailures += 1;
      retryAt = now() + backoffMs(nFailures, random, error.retryAfterMs, limits.backoff);
      isUnreachable = error.code === 'mlflow_unreachable' && !error.mayHaveArrived;
      // Whoever answers next may be another server, unless this one is only slow, busy or broken.
      const isCut = error.code === 'mlflow_unreachable' && error.mayHaveArrived;
      if (!isCut && !KNOWN_STILL.has(error.code)) connection = null;
      const lastError = deliveryFailure(error);
      // One bad answer is not worth a line.
      if (!isWarned && (nFailures >= WARN_AFTER || isUnreachable)) {
        warn(`${lastError.message} ${lastError.hint}`);
        isWarned = true;
      }
      state = { ...state, reachable: false, lastError };
      return retryAt;
    },
    retryAtMs: () => retryAt,
    isHopeless: () => isUnreachable || nFailures >= HOPELESS_AFTER,
    setSparing(on) {
      isSparing = on;
    },
    get state() {
      return state;
    },
    close: () => transport.close(),
  };
}
