import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

/** A Leadbench server of the benchmark's own. */
export interface BenchServer {
  readonly url: string;
  stop(): Promise<void>;
}

const START_LIMIT_MS = 60_000;

/**
 * Start the built server on a free port of this machine.
 *
 * @param home where it keeps datasets, studies and models
 * @throws with what it printed, when it does not start
 */
export async function startBenchServer(root: string, home: string): Promise<BenchServer> {
  const server = spawn(process.execPath, [join(root, '.build', 'server.mjs'), '--port', '0'], {
    cwd: root,
    env: { ...process.env, LEADBENCH_HOME: home, NODE_ENV: 'production', NEXT_TELEMETRY_DISABLED: '1' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const url = await announcedUrl(server);
  return {
    url,
    async stop() {
      if (server.exitCode !== null || server.signalCode !== null) return;
      const ended = once(server, 'exit');
      server.kill('SIGTERM');
      await ended;
    },
  };
}

function announcedUrl(server: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let printed = '';
    const giveUp = (why: string) => {
      server.kill('SIGKILL');
      reject(new Error(`The server ${why}:\n${printed}`));
    };
    const patience = setTimeout(() => giveUp('did not get ready'), START_LIMIT_MS);
    const whenEnded = () => giveUp('ended at once');
    server.once('exit', whenEnded);
    const read = (chunk: Buffer) => {
      printed += chunk.toString('utf8');
      const url = /ready at (http:\/\/\S+)/.exec(printed)?.[1];
      if (url === undefined) return;
      clearTimeout(patience);
      server.off('exit', whenEnded);
      resolve(url);
    };
    server.stdout?.on('data', read);
    server.stderr?.on('data', read);
  });
}
