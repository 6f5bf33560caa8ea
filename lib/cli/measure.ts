import type { MeasurementContext } from '@/lib/server/measurements/measure-leakage';
import type { StageContext } from './stage';
import { keptDataset, type PreparedFiles } from './study-files';

/**
 * Measure what `prepare` left with as many training processes as the machine bears. The seed is that of `prepare` unless
 * one was given.
 */
export async function measuredOnServer<T>(
  context: StageContext,
  prepared: PreparedFiles,
  measure: (context: MeasurementContext, seed: number) => Promise<T>,
): Promise<T> {
  const { options, openEngine, interruptible, progress } = context;
  const seed = options.isSeedGiven ? options.params.seed : prepared.spec.split.seed;
  const engine = await openEngine();
  const dataset = await keptDataset(context, prepared);
  return interruptible(async (signal) => {
    const executor = engine.openExecutor(engine.processesFor(Number.MAX_SAFE_INTEGER));
    const onProgress = (done: number, total: number) => progress({ label: 'models', done, total });
    try {
      return await measure({ dataset, executor, signal, onProgress }, seed);
    } finally {
      await executor.close();
    }
  });
}
