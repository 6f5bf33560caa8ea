import { derivedSeed } from '@/lib/core/random';
import { ExpectedFailure } from '@/lib/core/result';
import { curveSizes, N_REPEATS, type SizeCurve, sizeCurve } from '@/lib/evaluation/learning-curve/size-curve';
import { aucCovariance, aucFromComponents, rocAucComponents } from '@/lib/evaluation/paired-roc-auc';
import { PROBE_PARAMS, type ProbeJob } from '@/lib/evaluation/probe/probe-job';
import type { MeasurementContext } from './measure-leakage';
import { probeBatch } from './probe-batch';

/** What to measure on a dataset. */
export interface SizeCurveOrder {
  readonly seed: number;
  readonly nTrainingRows: number;
  readonly nTrainingBuyers: number;
}

/**
 * Measure ROC AUC on the validation rows for growing samples of the training rows, several samples a size, and fit a
 * curve. The same order gives the same numbers on any machine.
 *
 * @throws ExpectedFailure `too_few_for_curve`; TrialFailure when a model cannot be trained; the signal's reason
 */
export async function measureSizeCurve(
  order: SizeCurveOrder,
  context: MeasurementContext,
): Promise<SizeCurve> {
  const { seed, nTrainingRows, nTrainingBuyers } = order;
  const sizes = curveSizes(nTrainingRows, nTrainingBuyers);
  if (!sizes.ok) throw new ExpectedFailure(sizes.error);
  const jobs = sizes.value.flatMap((nRows) =>
    Array.from({ length: nRows === nTrainingRows ? 1 : N_REPEATS }, (_, repeat): ProbeJob => {
      const rows = { type: 'sample', nRows, seed: derivedSeed(seed, `sample:${repeat}`) } as const;
      return { params: { ...PROBE_PARAMS }, seed, leftOut: [], rows };
    }),
  );
  // The dearest first, so that no process is left alone with one at the end.
  const dearestFirst = [...jobs.keys()].sort((a, b) => sampleSize(jobs[b]!) - sampleSize(jobs[a]!));
  const scored = await probeBatch(
    dearestFirst.map((i) => jobs[i]!),
    context,
    (error) => {
      throw error;
    },
  );
  const scores = jobs.map((_, i) => scored[dearestFirst.indexOf(i)]!);
  const { labels } = scores[0]!;
  const ofSizes = sizes.value.map((n) => {
    const ofSize = scores.filter((_, i) => sampleSize(jobs[i]!) === n);
    const components = ofSize.map(({ probabilities }) => rocAucComponents(labels, probabilities));
    const values = components.map((ofSample) => aucFromComponents(labels, ofSample).value);
    return { n, nBuyers: ofSize[0]!.nBuyersTrained, values, components: meanComponents(components) };
  });
  const covariance = aucCovariance(
    labels,
    ofSizes.map(({ components }) => components),
  );
  const points = ofSizes.map(({ n, nBuyers, values }) => ({ n, nBuyers, values }));
  return sizeCurve(points, { seed, nValidation: labels.length, covariance });
}

function meanComponents(samples: readonly Float64Array[]): Float64Array {
  return Float64Array.from(
    samples[0]!,
    (_, row) => samples.reduce((sum, components) => sum + components[row]!, 0) / samples.length,
  );
}

function sampleSize({ rows }: ProbeJob): number {
  return rows.type === 'sample' ? rows.nRows : 0;
}
