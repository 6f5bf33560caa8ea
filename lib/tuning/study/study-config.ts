import { z } from 'zod';
import { searchSpaceSchema } from '@/lib/tuning/space/search-space';

const sha256Schema = z.string().regex(/^[0-9a-f]{64}$/);

/** How the next trial is chosen. */
export const SAMPLER_NAMES = ['random', 'quasi_random', 'tpe', 'gp', 'grid'] as const;
export type SamplerName = (typeof SAMPLER_NAMES)[number];

/** What a trial is judged by. All but `logloss` are better the larger. */
export const OBJECTIVES = [
  'roc_auc',
  'average_precision',
  'logloss',
  'f1_score',
  'recall',
  'expected_profit',
] as const;
export type Objective = (typeof OBJECTIVES)[number];

/** Whether larger or smaller values of an objective are better. */
export function directionOf(objective: Objective): 'maximize' | 'minimize' {
  return objective === 'logloss' ? 'minimize' : 'maximize';
}

/**
 * Who counts as chosen for `f1_score` and `recall`, always found on the rows that a trial is measured on, never on test
 * rows: a fixed probability, the one with the largest F1, or the best-scored share of the rows.
 */
export const thresholdRuleSchema = z.discriminatedUnion('rule', [
  z.strictObject({ rule: z.literal('fixed'), probability: z.number().min(0).max(1) }),
  z.strictObject({ rule: z.literal('largest_f1') }),
  z.strictObject({ rule: z.literal('top_share'), share: z.number().gt(0).max(1) }),
]);
export type ThresholdRule = z.infer<typeof thresholdRuleSchema>;

/** Money of one contact, for `expected_profit`: whoever is likelier to buy than cost ÷ value is contacted. */
export const economicsSchema = z.strictObject({
  saleValueUsd: z.number().positive().max(1e9),
  contactCostUsd: z.number().positive().max(1e9),
});
export type Economics = z.infer<typeof economicsSchema>;

/** What a trial is measured on: the design's validation rows, or training and validation rows by repeated stratified k-fold. */
export const validationPlanSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('split') }),
  z.strictObject({
    type: z.literal('kfold'),
    nSplits: z.int().min(2).max(20),
    nRepeats: z.int().min(1).max(10),
  }),
]);
export type ValidationPlan = z.infer<typeof validationPlanSchema>;

/** How trials that do badly are ended early. */
export const schedulerSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('none') }),
  /**
   * Asynchronous successive halving (Li et al., "A system for massively parallel hyperparameter tuning", 2020): every
   * trial trains `minRounds` rounds, the best 1/`reductionFactor` of a rung go on to `reductionFactor` times as many.
   */
  z.strictObject({
    type: z.literal('asha'),
    minRounds: z.int().min(1).max(10_000),
    reductionFactor: z.int().min(2).max(10),
    /**
     * How the trials of a rung are compared: by what their learning curves let hope for at their ends (when left out, see
     * `outlookValue`), or by what they have reached, as published.
     */
    rankBy: z.enum(['outlook', 'value']).optional(),
  }),
  /** A trial whose best so far is worse than the median of the complete trials at the same round ends (Golovin et al. 2017). */
  z.strictObject({
    type: z.literal('median'),
    minRounds: z.int().min(1).max(10_000),
    nStartupTrials: z.int().min(1).max(1000),
  }),
]);
export type Scheduler = z.infer<typeof schedulerSchema>;

/** Most trials of a study. */
export const MAX_TRIALS = 10_000;

const studyConfigShape = {
  datasetDigest: sha256Schema,
  featureSpecDigest: sha256Schema,
  /** Grows when a study is extended. */
  nTrials: z.int().min(1).max(MAX_TRIALS),
  /** Workers asked for. Step n is decided from the results of steps 1 … n − workers, whatever the machine runs at once. */
  workers: z.int().min(1).max(64),
  sampler: z.enum(SAMPLER_NAMES),
  seed: z.int().min(-2_147_483_648).max(2_147_483_647),
  objective: z.enum(OBJECTIVES),
  threshold: thresholdRuleSchema,
  economics: economicsSchema,
  validation: validationPlanSchema,
  scheduler: schedulerSchema,
  /** A trial reports its objective every so many rounds, and at its last. */
  reportEveryRounds: z.int().min(1).max(1000),
  /** A trial ends after so many rounds without a better report, and keeps its best; null trains to the end. */
  earlyStoppingRounds: z.int().min(1).max(10_000).nullable(),
  /** A trial is given up after it crashed, hung or overran its memory this often. */
  maxFailures: z.int().min(1).max(10),
  /** Feature name to 1 (the score never falls when it rises) or −1 (never rises). */
  monotoneConstraints: z.record(z.string(), z.union([z.literal(1), z.literal(-1)])),
  searchSpace: searchSpaceSchema,
};

/** What a study was asked to do. The same config and dataset give the same trials and the same model. */
export const studyConfigSchema = z.strictObject(studyConfigShape);
export type StudyConfig = z.infer<typeof studyConfigSchema>;

/** The part of a config that a person chooses beside the data, the number of trials and the seed. */
export type TuningPlan = Omit<
  StudyConfig,
  'datasetDigest' | 'featureSpecDigest' | 'nTrials' | 'workers' | 'sampler' | 'seed'
>;
