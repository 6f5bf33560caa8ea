import { createServer, type Server } from 'node:http';
import { hostname, networkInterfaces } from 'node:os';
import next from 'next';
import { fail, type Result, succeed } from '@/lib/core/result';
import {
  type BoundaryState,
  createBoundaryState,
  hostValue,
  installBoundary,
} from '@/lib/server/boundary/boundary-state';
import { loginLink } from '@/lib/server/boundary/login';
import { monitorTokenFrom } from '@/lib/server/boundary/monitor-caller';
import { ownedHome } from '@/lib/server/control/owned-home';
import { homeFromEnvironment } from '@/lib/server/storage/home';
import type { HomeLock } from '@/lib/server/storage/home-lock';
import { trainingServer } from '@/lib/server/training-server';
import { goOnWithoutReader } from './lost-reader';
import { offerControl } from './offer-control';
import { hostInUrl, isLoopback, parseServerOptions, SERVER_HELP, type ServerOptions } from './server-options';
import { runClosers } from './shutdown';
import { createWebServer, type Inside } from './web-server';

/** Everything is closed within this time after a signal; what is not is abandoned. */
const CLOSE_LIMIT_MS = 8_000;

/** Names under which an exposed server may be addressed besides the configured ones. IP addresses cannot be rebound. */
function reachableNames({ host, isExposed }: ServerOptions): string[] {
  if (!isExposed) return isLoopback(host) ? [hostInUrl(host)] : [];
  const isUnspecified = host === '0.0.0.0' || host === '::';
  if (!isUnspecified) return [hostInUrl(host)];
  const addresses = Object.values(networkInterfaces()).flatMap((cards) => cards ?? []);
  return [
    hostname(),
    ...addresses.filter(({ scopeid }) => !scopeid).map(({ address }) => hostInUrl(address)),
  ];
}

/** Listen, and give the port that was taken. */
function listen(server: Server, { host, port }: ServerOptions): Promise<Result<number>> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const failure = listenFailure(error, host, port);
      if (failure === null) reject(error);
      else resolve(failure);
    });
    server.listen({ host, port }, () => {
      const address = server.address();
      if (address === null || typeof address === 'string') reject(new Error('The server has no port.'));
      else resolve(succeed(address.port));
    });
  });
}

function listenFailure({ code }: NodeJS.ErrnoException, host: string, port: number) {
  if (code === 'EADDRINUSE') {
    return fail(
      'port_taken',
      `Port ${port} of ${host} is taken by another program, perhaps by a Leadbench that still runs.`,
      `Stop that program, or choose another port: npm start -- --port ${port + 1}.`,
    );
  }
  if (code === 'EACCES' || code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') {
    return fail(
      'cannot_listen',
      `This program may not listen on ${host}, port ${port} (${code}).`,
      'Choose another address or a port above 1023.',
    );
  }
  return null;
}

function announce(options: ServerOptions, port: number, state: BoundaryState): void {
  const shown = options.host === '0.0.0.0' || options.host === '::' ? hostname() : hostInUrl(options.host);
  const address = `http://${hostValue(shown, port)}`;
  const lines = [`Leadbench is ready at ${address}`];
  if (state.login !== null) {
    lines.push(
      'Other machines can reach this server, over a connection that is not encrypted. Log in with this link:',
      `  ${loginLink(address, state.login)}`,
    );
  }
  process.stdout.write(`${lines.join('\n')}\n`);
}

async function startNext(
  options: ServerOptions,
  port: number,
): Promise<{ inside: Inside; close: () => Promise<void> }> {
  // Next attaches its own upgrade handler to whichever server it is given; this one never listens, so that
  // an upgrade reaches Next only through the front door.
  const relay = createServer();
  const app = next({
    dev: options.isDev,
    dir: process.cwd(),
    hostname: options.host,
    port,
    httpServer: relay,
  });
  await app.prepare();
  const handle = app.getRequestHandler();
  return {
    inside: {
      handle: (request, response) => handle(request, response),
      upgrade: (request, socket, head) => void relay.emit('upgrade', request, socket, head),
    },
    close: () => app.close(),
  };
}

/** Go on with the studies that were at work when the process before this one ended. The start does not wait for it. */
async function takeUpStudies(): Promise<void> {
  try {
    const resumed = await trainingServer().studies.resumeInterrupted();
    if (resumed.length === 0) return;
    process.stdout.write(`Leadbench goes on with what was cut short: ${resumed.join(', ')}.\n`);
  } catch (error) {
    console.error('The studies that were cut short could not be taken up:', error);
  }
}

function stopOnSignals(server: Server, lock: HomeLock, closeNext: () => Promise<void>): void {
  let isStopping = false;
  const stop = async (signal: NodeJS.Signals) => {
    // A second signal means: now.
    if (isStopping) process.exit(130);
    isStopping = true;
    process.stdout.write(`Leadbench stops (${signal}). Studies that run go on after the next start.\n`);
    server.close();
    const { unfinished } = await runClosers(CLOSE_LIMIT_MS);
    if (unfinished.length > 0) console.error(`Not closed in time: ${unfinished.join(', ')}.`);
    server.closeAllConnections();
    await Promise.race([closeNext(), new Promise((resolve) => setTimeout(resolve, 1_000))]);
    await lock.release();
    process.exit(0);
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
}

/** Start the server from command-line words; gives the exit code when it cannot, or null when it runs. */
async function main(args: readonly string[]): Promise<number | null> {
  if (args.includes('--help')) {
    process.stdout.write(SERVER_HELP);
    return 0;
  }
  const options = parseServerOptions(args, process.env);
  if (!options.ok) return complain(options.error);
  const monitorToken = monitorTokenFrom(process.env);
  if (!monitorToken.ok) return complain(monitorToken.error);
  const home = homeFromEnvironment(process.env, process.cwd());
  const owned = await ownedHome(home);
  if (!owned.ok) return complain(owned.error);
  const { lock, problem } = owned.value;
  if (problem !== null) console.warn(`${problem.message} ${problem.hint}`);
  let inside: Inside | null = null;
  const server = createWebServer({ isDev: options.value.isDev, inside: () => inside });
  const port = await listen(server, options.value);
  if (!port.ok) return complain(port.error);
  const state = createBoundaryState({
    port: port.value,
    extraNames: [...reachableNames(options.value), ...options.value.extraNames],
    needsLogin: options.value.isExposed,
    monitorToken: monitorToken.value,
    now: () => performance.now(),
  });
  installBoundary(state);
  await offerControl({ home, lock, state, host: options.value.host, port: port.value });
  const started = startNext(options.value, port.value);
  stopOnSignals(server, lock, async () => (await started).close());
  void takeUpStudies();
  inside = (await started).inside;
  announce(options.value, port.value, state);
  return null;
}

function complain({ message, hint }: { readonly message: string; readonly hint: string }): number {
  console.error(`${message} ${hint}`);
  return 2;
}

goOnWithoutReader(process.stdout, process.stderr);
const exitCode = await main(process.argv.slice(2));
if (exitCode !== null) process.exit(exitCode);
