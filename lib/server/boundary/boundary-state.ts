import { type AttemptLimiter, createAttemptLimiter, WRONG_SECRETS_A_MINUTE } from './attempt-limiter';
import { createSecretToken } from './secret-token';

/** What a person must present once when the server listens beyond this machine. */
export interface LoginState {
  /** Stands in the printed login link. */
  readonly linkToken: string;
  /** Stands in the cookie that the link sets; never printed. */
  readonly sessionSecret: string;
  readonly cookieName: string;
  readonly wrongLinks: AttemptLimiter;
}

/** What every check of a caller is made against. Made once a process, when the server's address is known. */
export interface BoundaryState {
  /** Secret of this process that the page carries and every action and route asks for. */
  readonly token: string;
  /** Secret that the command line finds in the home of this server; never printed. See `control-caller`. */
  readonly controlToken: string;
  /** Host header values that are ours, compared byte for byte: name and port, without the port where it is 80. */
  readonly allowedHosts: readonly string[];
  /** Null while the server is bound to this machine alone. */
  readonly login: LoginState | null;
  /** What a monitoring system must send; null where none was chosen. See `monitor-caller`. */
  readonly monitorToken: string | null;
  readonly wrongTokens: AttemptLimiter;
}

/** Names by which a browser reaches a server on its own machine. */
const LOOPBACK_NAMES = ['127.0.0.1', 'localhost', '[::1]'] as const;

/** What the state is built from. */
export interface BoundaryPlan {
  readonly port: number;
  /** Names beside the loopback ones, each with or without a port; an IPv6 address stands in brackets. */
  readonly extraNames: readonly string[];
  readonly needsLogin: boolean;
  /** Null unless told. */
  readonly monitorToken?: string | null;
  /** Milliseconds, rising. */
  readonly now: () => number;
}

/** Build the state of a new process: fresh secrets, and the Host values that are ours. */
export function createBoundaryState(plan: BoundaryPlan): BoundaryState {
  const limits = { ...WRONG_SECRETS_A_MINUTE, now: plan.now };
  const hosts = [...LOOPBACK_NAMES, ...plan.extraNames].map((name) => hostValue(name, plan.port));
  return {
    token: createSecretToken(),
    controlToken: createSecretToken(),
    allowedHosts: [...new Set(hosts)],
    login: plan.needsLogin
      ? {
          linkToken: createSecretToken(),
          sessionSecret: createSecretToken(),
          // Cookies are shared by all ports of a name; the port in the name keeps two servers apart.
          cookieName: `leadbench_session_${plan.port}`,
          wrongLinks: createAttemptLimiter(limits),
        }
      : null,
    monitorToken: plan.monitorToken ?? null,
    wrongTokens: createAttemptLimiter(limits),
  };
}

/** Write the Host header that a browser sends for a name and port, lower-case, without the port where it is 80. */
export function hostValue(name: string, port: number): string {
  const lower = name.toLowerCase();
  if (/:\d+$/.test(lower)) return lower.replace(/:80$/, '');
  return port === 80 ? lower : `${lower}:${port}`;
}

// Next bundles actions and routes apart from each other and from the server, so one module variable would be three:
// the process-wide symbol registry is where they meet.
const STATE_KEY = Symbol.for('leadbench.boundary');

/** Make the state known to every bundle in this process. */
export function installBoundary(state: BoundaryState): void {
  Reflect.set(globalThis, STATE_KEY, state);
}

/** Give the state of this process, or null when the server's own start never ran: then nobody is trusted. */
export function currentBoundary(): BoundaryState | null {
  const state: BoundaryState | undefined = Reflect.get(globalThis, STATE_KEY);
  return state ?? null;
}

/** Take the state away, as tests do between cases. */
export function removeBoundary(): void {
  Reflect.deleteProperty(globalThis, STATE_KEY);
}
