import type { ProbeJob, ProbeScores } from '@/lib/evaluation/probe/probe-job';
import type { MeasurementContext } from './measure-leakage';

/**
 * Run probes, as many at once as the executor has processes, and tell after each how far it came. The first one that fails
 * ends the others.
 *
 * @param onFailed throws, or lets the probe be left out
 * @returns scores in the order of the jobs; null for those left out
 * @throws what `onFailed` throws; the signal's reason when it is aborted
 */
export async function probeBatch(
  jobs: readonly ProbeJob[],
  { dataset, executor, signal, onProgress }: MeasurementContext,
  onFailed: (error: unknown, job: ProbeJob) => void,
): Promise<readonly (ProbeScores | null)[]> {
  const ending = new AbortController();
  const either = AbortSignal.any([signal, ending.signal]);
  let nDone = 0;
  onProgress(0, jobs.length);
  const running = jobs.map(async (job): Promise<ProbeScores | null> => {
    try {
      return await executor.runProbe(job, dataset, either);
    } catch (error) {
      if (either.aborted) throw error;
      onFailed(error, job);
      return null;
    } finally {
      nDone += 1;
      if (!either.aborted) onProgress(nDone, jobs.length);
    }
  });
  try {
    return await Promise.all(running);
  } catch (error) {
    ending.abort(error);
    await Promise.allSettled(running);
    signal.throwIfAborted();
    throw error;
  }
}
