import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { parsedVersion } from '@/lib/server/mlflow/server-version';

/** MLflow's own server, as `mlflow server` starts it, over SQLite. */
export interface RealServer {
  readonly url: string;
  /** Address of its database, as MLflow's own client takes it. */
  readonly store: string;
  readonly version: string;
  /** Stop the process, as a machine that goes down. */
  stop(): Promise<void>;
  /** Start it again over the same data and port. */
  start(): Promise<void>;
}

const START_LIMIT_MS = 120_000;

/** Start MLflow's server on a free port of this machine. @throws where it does not answer within two minutes */
export async function startRealServer(python: string, folder: string): Promise<RealServer> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const store = `sqlite:///${join(folder, 'mlflow.db')}`;
  const words = [
    ...['-m', 'mlflow', 'server', '--host', '127.0.0.1', '--port', String(port), '--workers', '1'],
    ...['--backend-store-uri', store],
    ...['--artifacts-destination', join(folder, 'artifacts')],
  ];
  let ending: (() => Promise<void>) | null = null;
  const start = async () => {
    const log = createWriteStream(join(folder, 'mlflow.log'), { flags: 'a' });
    // A group of its own: the server starts processes that have to end with it.
    const server = spawn(python, words, {
      cwd: folder,
      detached: true,
      env: { ...process.env, MLFLOW_DISABLE_TELEMETRY: 'true', MLFLOW_TRACKING_URI: undefined },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    server.stdout.pipe(log);
    server.stderr.pipe(log);
    const exited = once(server, 'exit');
    ending = async () => {
      if (server.pid !== undefined && server.exitCode === null) process.kill(-server.pid, 'SIGKILL');
      await exited;
      log.end();
    };
    return answered(url);
  };
  const version = await start();
  return {
    url,
    store,
    version,
    async start() {
      await start();
    },
    async stop() {
      await ending?.();
      ending = null;
    },
  };
}

async function answered(url: string): Promise<string> {
  const until = Date.now() + START_LIMIT_MS;
  while (Date.now() < until) {
    try {
      const version = parsedVersion(await (await fetch(`${url}/version`)).text());
      if (version !== null) return version;
    } catch (error) {
      if (!(error instanceof TypeError)) throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  throw new Error('The MLflow server did not start; see mlflow.log in the folder of the benchmark');
}

async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve));
  const { port } = probe.address() as AddressInfo;
  await new Promise((resolve) => probe.close(resolve));
  return port;
}
