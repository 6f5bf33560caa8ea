import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { rawExchange } from '@/lib/testing/raw-exchange';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const START_LIMIT_MS = 30_000;

/** A Leadbench of one's own: its process, its home folder, and everything it printed. */
export interface RunningServer {
  readonly port: number;
  /** Host header of an honest request. */
  readonly host: string;
  readonly origin: string;
  readonly home: string;
  /** Everything printed so far, both streams. */
  output(): string;
  /** One digest over every file in the home folder, by name and content: it changes when anything was executed. */
  traces(): string;
  /** The token, as the page carries it. `cookie` where the server asks for a login. */
  token(cookie?: string): Promise<string>;
  /** Ids of the processes that it started and that still run. */
  children(): number[];
  /** End it with a signal and remove its home. */
  stop(signal?: NodeJS.Signals): Promise<{ readonly exitCode: number | null; readonly elapsedMs: number }>;
}

/** How to start it: the built server unless another script is named. */
export interface ServerStart {
  readonly args?: readonly string[];
  /** Added to the environment. */
  readonly env?: Readonly<Record<string, string>>;
  /** Relative to the project; its output must name an address once it is ready. */
  readonly script?: string;
}

/** Start a server on a free port of this machine, with an empty home folder. @throws With its output when it does not start. */
export async function startServer({
  args = ['--port', '0'],
  env = {},
  script = '.build/server.mjs',
}: ServerStart = {}): Promise<RunningServer> {
  const home = mkdtempSync(join(tmpdir(), 'leadbench-boundary-'));
  const child = spawn(process.execPath, [script, ...args], {
    cwd: ROOT,
    env: {
      ...process.env,
      LEADBENCH_HOME: home,
      NODE_ENV: 'production',
      NEXT_TELEMETRY_DISABLED: '1',
      FORCE_COLOR: '0',
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const printed: string[] = [];
  const port = await readyPort(child, printed);
  const host = `127.0.0.1:${port}`;
  return {
    port,
    host,
    origin: `http://${host}`,
    home,
    output: () => printed.join(''),
    traces: () => digestOfFolder(home),
    token: (cookie) => tokenOf(port, host, cookie),
    children: () => childrenOf(child.pid ?? 0),
    async stop(signal = 'SIGTERM') {
      const startedMs = performance.now();
      const exited = new Promise<number | null>((resolve) => child.once('exit', resolve));
      const hasEnded = child.exitCode !== null || child.signalCode !== null;
      if (!hasEnded) child.kill(signal);
      const exitCode = hasEnded ? child.exitCode : await exited;
      rmSync(home, { recursive: true, force: true });
      return { exitCode, elapsedMs: performance.now() - startedMs };
    },
  };
}

function readyPort(child: ChildProcess, printed: string[]): Promise<number> {
  return new Promise((resolve, reject) => {
    const giveUp = (why: string) => {
      child.kill('SIGKILL');
      reject(new Error(`The server ${why}:\n${printed.join('')}`));
    };
    const timer = setTimeout(() => giveUp('did not get ready'), START_LIMIT_MS);
    const whenEnded = (code: number | null) => giveUp(`ended with ${code}`);
    child.once('exit', whenEnded);
    const read = (chunk: Buffer) => {
      printed.push(chunk.toString('utf8'));
      const address = /(?:ready at|Local:)\s+http:\/\/[^\s:]+:(\d+)/.exec(printed.join(''));
      if (address === null) return;
      clearTimeout(timer);
      child.off('exit', whenEnded);
      resolve(Number(address[1]));
    };
    child.stdout?.on('data', read);
    child.stderr?.on('data', read);
  });
}

async function tokenOf(port: number, host: string, cookie?: string): Promise<string> {
  const headers = [
    `Host: ${host}`,
    'Connection: close',
    ...(cookie === undefined ? [] : [`Cookie: ${cookie}`]),
  ];
  const page = await rawExchange(port, ['GET / HTTP/1.1', ...headers]);
  const token = /\\"token\\":\\"([A-Za-z0-9_-]{43})\\"/.exec(page.body)?.[1];
  if (token === undefined) throw new Error(`The page carries no token (status ${page.status})`);
  return token;
}

function digestOfFolder(folder: string): string {
  const hash = createHash('sha256');
  const files = readdirSync(folder, { recursive: true, withFileTypes: true });
  for (const file of files.map((entry) => join(entry.parentPath, entry.name)).sort())
    hash.update(`${file}\0`);
  for (const file of files.filter((entry) => entry.isFile()))
    hash.update(readFileSync(join(file.parentPath, file.name)));
  return hash.digest('hex');
}

/** Process and parent ids of everything on this machine. Slim Linux images lack `ps`, and have `/proc`. */
function processTable(): [pid: number, parent: number][] {
  if (!existsSync('/proc/self/stat')) {
    const lines = execFileSync('ps', ['-A', '-o', 'pid=,ppid='], { encoding: 'utf8' }).trim().split('\n');
    return lines.map((line): [number, number] => {
      const [pid, parent] = line.trim().split(/\s+/);
      return [Number(pid), Number(parent)];
    });
  }
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name): [number, number][] => {
      const stat = statOfProcess(name);
      return stat === null
        ? []
        : [[Number(name), Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1])]];
    });
}

/** Null for a process that has ended since it was listed. */
function statOfProcess(pid: string): string | null {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && ['ENOENT', 'ESRCH'].includes(String(error.code))) {
      return null;
    }
    throw error;
  }
}

/** Ids of the processes that a process started and that still run. */
export function childrenOf(parent: number): number[] {
  return processTable()
    .filter(([, of]) => of === parent)
    .map(([pid]) => pid);
}

/** Tell whether a process still runs. */
export function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ESRCH') return false;
    throw error;
  }
}
