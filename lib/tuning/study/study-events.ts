import { z } from 'zod';
import { trialParamsSchema } from '@/lib/tuning/space/search-space';
import { MAX_TRIALS, studyConfigSchema } from './study-config';

export { type StudyConfig, studyConfigSchema } from './study-config';

/** Ids are made here and parsed everywhere: 26 lower-case characters, never a path. */
export const studyIdSchema = z.string().regex(/^study-[0-9a-f]{20}$/);
export const modelIdSchema = z.string().regex(/^model-[0-9a-f]{20}$/);

/** What a trial scored on the rows it is measured on; with k-fold the mean of the folds. */
export const trialMetricsSchema = z.strictObject({
  roc_auc: z.number(),
  average_precision: z.number(),
  /** Mean negative log-likelihood a row, in nats. */
  logloss: z.number(),
  /** By the study's threshold rule. */
  f1_score: z.number(),
  /** By the study's threshold rule. */
  recall: z.number(),
  /** US dollars a row, when whoever is likelier to buy than cost ÷ value is contacted. */
  expected_profit: z.number(),
});

/** Objective by boosting rounds: [rounds trained, value] in rising order of rounds. */
const curveSchema = z.array(z.tuple([z.int().min(1), z.number()]));

/** What one stretch of training came to. */
const stretch = {
  metrics: trialMetricsSchema,
  /** Of the objective: over the folds, or of the validation rows; null where there is none for it. */
  standardError: z.number().min(0).nullable(),
  /** Rounds of the model that was measured; fewer than were trained when early stopping went back to the best. */
  rounds: z.int().min(1),
  /** Rounds trained since the trial began, in each fold. */
  trainedRounds: z.int().min(1),
  /** The whole learning curve since round 1. */
  curve: curveSchema,
  durationMs: z.number(),
  /** Which of the processes that run at once it ran in, from 0. */
  worker: z.int().min(0),
};

const event = <T extends string, S extends z.ZodRawShape>(type: T, shape: S) =>
  z.strictObject({
    /** 1, 2, 3 … without gaps within a study. */
    sequence: z.int().min(1),
    /** Milliseconds since 1970 at which it was recorded. */
    atMs: z.number(),
    type: z.literal(type),
    ...shape,
  });

const trialNumber = z.int().min(1).max(MAX_TRIALS);

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
  event('trial_started', {
    trialNumber,
    /** Place in the order of decisions, 1, 2, 3 …; see `study-plan`. */
    step: z.int().min(1),
    params: trialParamsSchema,
    attempt: z.int().min(1),
    /** Rounds to train in this stretch: all of the trial's, or those of its first rung. */
    toRounds: z.int().min(1),
  }),
  /** A paused trial goes on to the next rung. */
  event('trial_promoted', {
    trialNumber,
    step: z.int().min(1),
    /** 1 is the first rung after the start. */
    rung: z.int().min(1),
    attempt: z.int().min(1),
    toRounds: z.int().min(1),
  }),
  /** A trial came to the end of its rung and waits for promotion. */
  event('trial_paused', { trialNumber, ...stretch }),
  /** A trial was ended early because it did badly. */
  event('trial_pruned', { trialNumber, ...stretch }),
  event('trial_completed', { trialNumber, ...stretch }),
  event('trial_failed', {
    trialNumber,
    kind: z.enum(['crashed', 'hung', 'memory', 'refused']),
    message: z.string(),
    willRetry: z.boolean(),
  }),
  event('study_stop_requested', {}),
  event('study_pause_requested', {}),
  /** The trials that ran have ended, and none begins until the study is resumed. */
  event('study_paused', {}),
  /** More trials are wanted: `nTrials` is the new total. */
  event('study_extended', { nTrials: trialNumber }),
  /** The trials are over: all done, or stopped by the user, or too many failed. Trials still paused are pruned by it. */
  event('tuning_ended', {
    reason: z.enum(['completed', 'stopped', 'failed']),
    message: z.string().nullable(),
  }),
  event('study_resumed', { nProcesses: z.int().min(1), engineVersion: z.string() }),
  event('evaluation_started', {}),
  event('evaluation_completed', { modelId: modelIdSchema }),
  event('evaluation_failed', { message: z.string() }),
]);

export type TrialMetrics = z.infer<typeof trialMetricsSchema>;
export type StudyEvent = z.infer<typeof studyEventSchema>;

type WithoutNumberAndTime<E> = E extends StudyEvent ? Omit<E, 'sequence' | 'atMs'> : never;
/** What happened, before the journal gives it its number and time. */
export type StudyChange = WithoutNumberAndTime<StudyEvent>;
