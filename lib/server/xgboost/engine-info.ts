import { ExpectedFailure, type Result, succeed } from '@/lib/core/result';
import { createEngineProcess, type EngineProcessOptions } from './engine-process';
import { type EngineInfo, TrialFailure } from './trial-executor';

const PROBE_TIMEOUT_MS = 30_000;

/**
 * Ask a library what it is, in a process of its own: a library that crashes on load costs nothing else.
 *
 * @returns a failure `engine_unusable` where it does not load or answer
 */
export async function engineInfo(options: EngineProcessOptions): Promise<Result<EngineInfo>> {
  const process = createEngineProcess(options);
  try {
    const { version, features } = await process.ask(
      { type: 'info' },
      { timeoutMs: PROBE_TIMEOUT_MS, signal: new AbortController().signal },
    );
    return succeed({ version, features, ...options.engine });
  } catch (error) {
    if (!(error instanceof TrialFailure)) throw error;
    if (error.cause instanceof ExpectedFailure) return { ok: false, error: error.cause.failure };
    return {
      ok: false,
      error: {
        code: 'engine_unusable',
        message: `The XGBoost library ${options.engine.path} cannot be used: ${error.message}`,
        hint: 'Run "npm run setup" in the project folder; everything but training works without it.',
      },
    };
  } finally {
    await process.kill();
  }
}
