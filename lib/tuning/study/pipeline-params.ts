import { z } from 'zod';
import { DESIGN_FEATURE_CHOICES, featureChoicesSchema } from '@/lib/features/choices';
import { DESIGN_SEARCH_SPACE } from '@/lib/tuning/space/search-space';
import { SAMPLER_NAMES, type Scheduler, studyConfigSchema, type TuningPlan } from './study-config';

const { shape } = studyConfigSchema;

/** What a person can set, the same on page and command line; with a file they decide every byte of the model. */
export const pipelineParamsSchema = z.strictObject({
  /** Share of sales, 0–1, that the kept countries must hold. */
  paretoShare: z.number().min(0.05).max(1),
  featureChoices: featureChoicesSchema,
  /** Seed of the split, the samplers and XGBoost. */
  seed: z.int().min(0).max(2_147_483_647),
  nTrials: shape.nTrials,
  workers: shape.workers,
  sampler: z.enum(SAMPLER_NAMES),
  /** How trials are drawn, measured and ended. */
  plan: studyConfigSchema.omit({
    datasetDigest: true,
    featureSpecDigest: true,
    nTrials: true,
    workers: true,
    sampler: true,
    seed: true,
  }),
});

export type PipelineParams = z.infer<typeof pipelineParamsSchema>;

/**
 * The design's plan: its space, ROC AUC on its validation rows, every trial to its end. Money is the design's customer
 * value of $2,000; $20 for a contact puts break-even at 1 %.
 */
export const DEFAULT_TUNING_PLAN: TuningPlan = {
  objective: 'roc_auc',
  threshold: { rule: 'fixed', probability: 0.5 },
  economics: { saleValueUsd: 2000, contactCostUsd: 20 },
  validation: { type: 'split' },
  scheduler: { type: 'none' },
  reportEveryRounds: 10,
  earlyStoppingRounds: null,
  maxFailures: 3,
  monotoneConstraints: {},
  searchSpace: DESIGN_SEARCH_SPACE,
};

/** What each scheduler does where nothing else is said, on page and command line alike. */
export const STANDARD_SCHEDULERS: { readonly [T in Scheduler['type']]: Scheduler & { readonly type: T } } = {
  none: { type: 'none' },
  asha: { type: 'asha', minRounds: 10, reductionFactor: 3 },
  median: { type: 'median', minRounds: 20, nStartupTrials: 5 },
};

/** The design's choices: 24 trials, 6 workers; the kept countries hold 85 % of the sales, as the scripts' 21 did. */
export const DEFAULT_PIPELINE_PARAMS: PipelineParams = {
  paretoShare: 0.85,
  featureChoices: DESIGN_FEATURE_CHOICES,
  seed: 42,
  nTrials: 24,
  workers: 6,
  sampler: 'tpe',
  plan: DEFAULT_TUNING_PLAN,
};

/** Give the config of a study from what a person set and the data it is for. */
export function studyConfigOf(
  params: Pick<PipelineParams, 'seed' | 'nTrials' | 'workers' | 'sampler' | 'plan'>,
  data: { readonly datasetDigest: string; readonly featureSpecDigest: string },
) {
  const { seed, nTrials, workers, sampler, plan } = params;
  return studyConfigSchema.parse({ ...data, nTrials, workers, sampler, seed, ...plan });
}
