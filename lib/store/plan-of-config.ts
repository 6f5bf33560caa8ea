import type { PipelineParams } from '@/lib/tuning/study/pipeline-params';
import type { StudyConfig } from '@/lib/tuning/study/study-config';

/** What a person chose for a study, beside the data and the seed. */
export type ChosenPlan = Pick<PipelineParams, 'nTrials' | 'workers' | 'sampler' | 'plan'>;

/** Give the part of a study's config that the plan editor shows. */
export function planOfConfig(config: StudyConfig): ChosenPlan {
  const { datasetDigest, featureSpecDigest, seed, nTrials, workers, sampler, ...plan } = config;
  return { nTrials, workers, sampler, plan };
}

/**
 * Name what differs between a plan and a study's config, in the order of the page; empty when launching the plan on the same
 * data would ask for the same trials. The seed is not looked at.
 */
export function planDifferences(plan: ChosenPlan, config: StudyConfig): readonly string[] {
  const other = planOfConfig(config);
  const flat = (chosen: ChosenPlan) => ({ ...chosen.plan, ...chosen, plan: undefined });
  const [a, b] = [flat(plan), flat(other)];
  return LABELS.filter(([key]) => !isSameJson(a[key], b[key])).map(([, label]) => label);
}

const LABELS = [
  ['nTrials', 'trials'],
  ['workers', 'workers'],
  ['sampler', 'sampler'],
  ['objective', 'objective'],
  ['threshold', 'threshold'],
  ['economics', 'economics'],
  ['scheduler', 'scheduler'],
  ['searchSpace', 'search space'],
  ['validation', 'validation'],
  ['reportEveryRounds', 'reports'],
  ['earlyStoppingRounds', 'early stopping'],
  ['maxFailures', 'failures'],
  ['monotoneConstraints', 'monotone constraints'],
] as const satisfies readonly (readonly [keyof ChosenPlan | keyof PipelineParams['plan'], string])[];

/** Whether two values say the same as JSON; the order of keys says nothing. */
export function isSameJson(a: unknown, b: unknown): boolean {
  return canonical(a) === canonical(b);
}

/** JSON in which the order of keys says nothing. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}
