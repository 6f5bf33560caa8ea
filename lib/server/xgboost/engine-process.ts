import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { ExpectedFailure } from '@/lib/core/result';
import {
  type AnswerTo,
  type ChildAnswer,
  type ChildReport,
  type ChildRequest,
  childAnswerSchema,
  childReportSchema,
} from './child-messages';
import type { EngineLocation } from './engine-location';
import { residentBytes } from './resident-memory';
import { TrialFailure } from './trial-executor';

/** How an engine process is started. */
export interface EngineProcessOptions {
  /** The bundled `engine-child.mjs`. */
  readonly childPath: string;
  readonly engine: EngineLocation;
  /** Resident memory beyond which a process is killed; measured on Linux and macOS only. No limit when left out. */
  readonly memoryLimitBytes?: number;
  /** Takes a line for the server's log: native output, how a process ended. Holds no personal data. */
  readonly onLog: (line: string) => void;
}

/** Limits of one request. */
export interface RequestLimits {
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  /** Told what the process says before its answer. */
  readonly onReport?: (report: Omit<ChildReport, 'type'>) => void;
}

/** A child process that holds libxgboost, answering one request at a time. */
export interface EngineProcess {
  readonly pid: number;
  /** False once the process has ended or was killed. */
  isAlive(): boolean;
  /**
   * Send a request and wait for its answer. A timeout, too much memory or an abort kills the process.
   *
   * @throws TrialFailure of any kind; the signal's reason when aborted
   */
  ask<T extends ChildRequest['type']>(
    request: ChildRequest & { readonly type: T },
    limits: RequestLimits,
  ): Promise<AnswerTo<T>>;
  /** Kill the process and resolve when it is gone. */
  kill(): Promise<void>;
}

const MEMORY_CHECK_INTERVAL_MS = 100;
/** All of the parent's environment that an engine process gets to see. */
const INHERITED_VARIABLES = ['PATH', 'LD_LIBRARY_PATH', 'DYLD_LIBRARY_PATH', 'SystemRoot', 'TMPDIR', 'TEMP'];

/** Start an engine process. Failures to start show at the first request. */
export function createEngineProcess(options: EngineProcessOptions): EngineProcess {
  const child = fork(options.childPath, [], {
    execArgv: ['--expose-gc'],
    serialization: 'advanced',
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    env: environmentFor(options.engine),
  });
  /** Aborted when the process has ended, with a TrialFailure that says how. */
  const ended = new AbortController();
  const handleEnd = (how: string) => {
    ended.abort(new TrialFailure('crashed', `The training process ${how}.`));
  };
  child.once('error', (error) => handleEnd(`could not be started: ${error.message}`));
  child.once('exit', (code, signal) => {
    handleEnd(signal === null ? `exited with code ${code}` : `was ended by ${signal}`);
  });
  for (const stream of [child.stdout, child.stderr]) {
    if (stream) createInterface(stream).on('line', (line) => options.onLog(`engine ${child.pid}: ${line}`));
  }
  return {
    pid: child.pid ?? -1,
    isAlive: () => !ended.signal.aborted && !child.killed,
    kill: async () => {
      child.kill('SIGKILL');
      if (!ended.signal.aborted) await once(ended.signal, 'abort');
    },
    ask: async (request, limits) => {
      const answer = await nextAnswer(child, ended.signal, request, limits, options).catch(
        (error: unknown) => {
          child.kill('SIGKILL');
          throw error;
        },
      );
      if (answer.type === 'refused') throw refusal(answer);
      if (isAnswerTo(answer, request.type)) return answer;
      child.kill('SIGKILL');
      throw new Error(`Expected an answer to ${request.type}, got ${answer.type}`);
    },
  };
}

/** Send a request and wait for the next message. Whatever ends the wait first also removes every listener and timer. */
function nextAnswer(
  child: ChildProcess,
  ended: AbortSignal,
  request: ChildRequest,
  { timeoutMs, signal, onReport }: RequestLimits,
  { memoryLimitBytes, onLog }: EngineProcessOptions,
): Promise<ChildAnswer> {
  const waiting = new AbortController();
  const answer = new Promise<ChildAnswer>((resolve, reject) => {
    const handleMessage = (message: unknown) => {
      const report = childReportSchema.safeParse(message);
      if (report.success) {
        const { type, ...said } = report.data;
        onReport?.(said);
        return;
      }
      const parsed = childAnswerSchema.safeParse(message);
      if (parsed.success) resolve(parsed.data);
      else
        reject(
          new Error('Expected an answer of the engine process, got something else', { cause: parsed.error }),
        );
    };
    const handleTimeout = () => {
      reject(new TrialFailure('hung', `The training process gave no answer within ${timeoutMs / 1000} s.`));
    };
    const timer = setTimeout(handleTimeout, timeoutMs);
    child.on('message', handleMessage);
    waiting.signal.addEventListener('abort', () => {
      clearTimeout(timer);
      child.off('message', handleMessage);
    });
    for (const stop of [ended, signal]) {
      stop.addEventListener('abort', () => reject(stop.reason), { signal: waiting.signal });
      if (stop.aborted) reject(stop.reason);
    }
    if (memoryLimitBytes !== undefined && child.pid !== undefined) {
      watchMemory({ pid: child.pid, limitBytes: memoryLimitBytes, until: waiting.signal, onLog }).catch(
        reject,
      );
    }
    child.send(request, (error) => {
      if (error)
        reject(new TrialFailure('crashed', 'The training process cannot be reached.', { cause: error }));
    });
  });
  return answer.finally(() => waiting.abort());
}

/** Measure a process again and again. @throws TrialFailure `memory` when it needs more than the limit */
async function watchMemory(watch: {
  readonly pid: number;
  readonly limitBytes: number;
  readonly until: AbortSignal;
  readonly onLog: (line: string) => void;
}): Promise<void> {
  const { pid, limitBytes, until, onLog } = watch;
  while (!until.aborted) {
    const bytes = await residentBytes(pid);
    if (bytes !== null && bytes > limitBytes) {
      onLog(`engine ${pid}: ${bytes} bytes resident, over the limit of ${limitBytes}`);
      const limit = `${Math.round(limitBytes / 1024 / 1024)} MB`;
      throw new TrialFailure('memory', `The training process needed more than the ${limit} it may have.`);
    }
    await delay(MEMORY_CHECK_INTERVAL_MS, undefined, { ref: false });
  }
}

function refusal({ code, message, hint }: AnswerTo<'refused'>): TrialFailure {
  return new TrialFailure('refused', message, { cause: new ExpectedFailure({ code, message, hint }) });
}

function isAnswerTo<T extends ChildAnswer['type']>(
  answer: ChildAnswer,
  type: T,
): answer is Extract<ChildAnswer, { type: T }> {
  return answer.type === type;
}

function environmentFor(engine: EngineLocation): NodeJS.ProcessEnv {
  const inherited = INHERITED_VARIABLES.flatMap((name) => {
    const value = process.env[name];
    return value === undefined ? [] : [[name, value]];
  });
  return {
    ...Object.fromEntries(inherited),
    XGBOOST_LIB: engine.path,
    // libgomp's waiting threads otherwise spin, which on a busy machine costs more than the training.
    OMP_WAIT_POLICY: 'PASSIVE',
    OMP_NUM_THREADS: '1',
    NODE_ENV: 'production',
  };
}
