import { z } from 'zod';
import { searchSpaceSchema, trialParamsSchema } from './search-space';

const sha256Schema = z.string().regex(/^[0-9a-f]{64}$/);
/** Ids are made here and parsed everywhere: 26 lower-case characters, never a path. */
export const studyIdSchema = z.string().regex(/^study-[0-9a-f]{20}$/);
export const modelIdSchema = z.string().regex(/^model-[0-9a-f]{20}$/);

/** What a study was asked to do. The same config and dataset give the same trials and the same model. */
export const studyConfigSchema = z.strictObject({
  datasetDigest: sha256Schema,
  featureSpecDigest: sha256Schema,
  nTrials: z.int().min(1).max(1000),
  /** Workers asked for. Trial n is suggested from the results of trials 1 … n − workers, whatever the machine runs at once. */
  workers: z.int().min(1).max(64),
  sampler: z.enum(['random', 'bayesian']),
  seed: z.int().min(-2_147_483_648).max(2_147_483_647),
  objective: z.literal('roc_auc'),
  searchSpace: searchSpaceSchema,
});

/** What a trial scored on the validation rows. */
export const trialMetricsSchema = z.strictObject({
  roc_auc: z.number(),
  average_precision: z.number(),
  /** At a threshold of 0.5, as in the design's scripts. */
  f1_score: z.number(),
  /** At a threshold of 0.5, as in the design's scripts. */
  recall: z.number(),
});

const event = <T extends string, S extends z.ZodRawShape>(type: T, shape: S) =>
  z.strictObject({
    /** 1, 2, 3 … without gaps within a study. */
    sequence: z.int().min(1),
    /** Milliseconds since 1970 at which it was recorded. */
    atMs: z.number(),
    type: z.literal(type),
    ...shape,
  });

/** Everything that can happen to a study, in the order of its journal. The state is a fold over these and nothing else. */
export const studyEventSchema = z.discriminatedUnion('type', [
  event('study_created', {
    studyId: studyIdSchema,
    config: studyConfigSchema,
    engineVersion: z.string(),
    /** Worker processes that this machine bears at once. */
    nProcesses: z.int().min(1),
    /** Why the quality gate was overridden, if it was. */
    gateOverrideReason: z.string().nullable(),
  }),
  event('trial_started', { trialNumber: z.int().min(1), params: trialParamsSchema, attempt: z.int().min(1) }),
  event('trial_completed', {
    trialNumber: z.int().min(1),
    params: trialParamsSchema,
    metrics: trialMetricsSchema,
    durationMs: z.number(),
  }),
  event('trial_failed', {
    trialNumber: z.int().min(1),
    params: trialParamsSchema,
    message: z.string(),
    willRetry: z.boolean(),
  }),
  event('study_stop_requested', {}),
  /** The trials are over: all done, or stopped by the user, or too many failed. */
  event('tuning_ended', {
    reason: z.enum(['completed', 'stopped', 'failed']),
    message: z.string().nullable(),
  }),
  event('study_resumed', { nProcesses: z.int().min(1), engineVersion: z.string() }),
  event('evaluation_started', {}),
  event('evaluation_completed', { modelId: modelIdSchema }),
  event('evaluation_failed', { message: z.string() }),
]);

export type StudyConfig = z.infer<typeof studyConfigSchema>;
export type TrialMetrics = z.infer<typeof trialMetricsSchema>;
export type StudyEvent = z.infer<typeof studyEventSchema>;

type WithoutNumberAndTime<E> = E extends StudyEvent ? Omit<E, 'sequence' | 'atMs'> : never;
/** What happened, before the journal gives it its number and time. */
export type StudyChange = WithoutNumberAndTime<StudyEvent>;
