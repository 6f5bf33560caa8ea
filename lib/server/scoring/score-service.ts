import { type ChildProcess, fork } from 'node:child_process';
import { fail, type Result } from '@/lib/core/result';
import { type ScoreRequest, scoreReplySchema } from './score-messages';

/** Scores batches in a process of its own, which is kept warm and may be lost. */
export interface ScoreService {
  /**
   * Score a batch as it came over the wire; gives the answer's JSON.
   *
   * @returns or a failure of the batch or the model; `scoring_busy` where too much waits already, `scoring_failed` where the
   * process died or took too long
   */
  score(batch: Omit<ScoreRequest, 'id'>): Promise<Result<string>>;
  /** The process that scores; null while there is none. */
  pid(): number | null;
  close(): Promise<void>;
}

/** How the service is set up. */
export interface ScoreServiceOptions {
  /** The bundled `score-child.mjs`. */
  readonly childPath: string;
  readonly timeoutMs?: number;
  /** The process ends when it was asked nothing for so long. */
  readonly keepWarmMs?: number;
}

/** What may wait at once: requests, and bytes of all their bodies. */
const MAX_WAITING = 256;
const MAX_WAITING_BYTES = 64 * 1024 * 1024;
const DEFAULT_TIMEOUT_MS = 30_000;
const DEFAULT_KEEP_WARM_MS = 10 * 60_000;
/** All of the parent's environment that a scoring process gets to see. */
const INHERITED_VARIABLES = ['PATH', 'SystemRoot', 'TMPDIR', 'TEMP'];

interface Waiting {
  readonly nBytes: number;
  readonly settle: (result: Result<string>) => void;
  readonly timer: NodeJS.Timeout;
}

interface Scorer {
  readonly child: ChildProcess;
  readonly waiting: Map<number, Waiting>;
}

/** Create the service. Its process begins at the first batch, and does not keep this one running. */
export function createScoreService(options: ScoreServiceOptions): ScoreService {
  const { childPath, timeoutMs = DEFAULT_TIMEOUT_MS, keepWarmMs = DEFAULT_KEEP_WARM_MS } = options;
  let current: Scorer | null = null;
  let nAsked = 0;
  let idle: NodeJS.Timeout | undefined;

  const end = (scorer: Scorer, why: string) => {
    if (current === scorer) current = null;
    scorer.child.kill('SIGKILL');
    for (const { settle } of scorer.waiting.values()) settle(failed(why));
  };
  const begun = (): Scorer => {
    const child = fork(childPath, [], {
      serialization: 'advanced',
      // Nothing of a lead may reach a log, not even through a message of a library.
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
      env: inheritedEnvironment(),
    });
    const scorer: Scorer = { child, waiting: new Map() };
    child.on('message', (message) => {
      const reply = scoreReplySchema.safeParse(message);
      if (reply.success) scorer.waiting.get(reply.data.id)?.settle(reply.data.result);
      else end(scorer, 'answered something else');
    });
    child.once('error', () => end(scorer, 'could not be started'));
    child.once('exit', () => end(scorer, 'ended early'));
    child.unref();
    child.channel?.unref();
    return scorer;
  };
  const restUntilAsked = () => {
    clearTimeout(idle);
    idle = setTimeout(() => {
      if (current?.waiting.size === 0) end(current, 'was put to rest');
    }, keepWarmMs);
    idle.unref();
  };

  return {
    pid: () => current?.child.pid ?? null,
    score(batch) {
      current ??= begun();
      const scorer = current;
      const { waiting } = scorer;
      if (isFull(waiting, batch.body.byteLength)) return Promise.resolve(busy());
      restUntilAsked();
      nAsked += 1;
      const id = nAsked;
      return new Promise((resolve) => {
        const settle = (result: Result<string>) => {
          clearTimeout(waiting.get(id)?.timer);
          waiting.delete(id);
          resolve(result);
        };
        const timer = setTimeout(() => end(scorer, `gave no answer within ${timeoutMs / 1000} s`), timeoutMs);
        waiting.set(id, { nBytes: batch.body.byteLength, settle, timer });
        scorer.child.send({ id, ...batch }, (error) => {
          if (error) end(scorer, 'cannot be reached');
        });
      });
    },
    async close() {
      clearTimeout(idle);
      if (current !== null) end(current, 'was shut down');
    },
  };
}

function isFull(waiting: ReadonlyMap<number, Waiting>, nBytes: number): boolean {
  let sum = nBytes;
  for (const each of waiting.values()) sum += each.nBytes;
  return waiting.size >= MAX_WAITING || (waiting.size > 0 && sum > MAX_WAITING_BYTES);
}

function inheritedEnvironment(): NodeJS.ProcessEnv {
  const inherited = INHERITED_VARIABLES.flatMap((name) => {
    const value = process.env[name];
    return value === undefined ? [] : [[name, value]];
  });
  return { ...Object.fromEntries(inherited), NODE_ENV: 'production' };
}

function failed(why: string) {
  return fail('scoring_failed', `The process that scores ${why}.`, 'Send the leads again.');
}

function busy() {
  return fail(
    'scoring_busy',
    'Too many leads wait to be scored.',
    'Send them again in a moment, or fewer at once.',
  );
}
