import { z } from 'zod';
import { probeJobSchema } from '@/lib/evaluation/probe/probe-job';
import { trialParamsSchema } from '@/lib/tuning/space/search-space';
import { studyConfigSchema } from '@/lib/tuning/study/study-config';
import { trialMetricsSchema } from '@/lib/tuning/study/study-events';

const { shape: config } = studyConfigSchema;

const datasetFileSchema = z.strictObject({
  path: z.string().min(1),
  digest: z.string().regex(/^[0-9a-f]{64}$/),
});
const trialJobSchema = z.strictObject({
  studyKey: z.string(),
  trialNumber: z.int().min(1),
  params: trialParamsSchema,
  seed: config.seed,
  plan: z.strictObject({
    objective: config.objective,
    threshold: config.threshold,
    economics: config.economics,
    validation: config.validation,
    scheduler: config.scheduler,
    reportEveryRounds: config.reportEveryRounds,
    earlyStoppingRounds: config.earlyStoppingRounds,
    monotoneConstraints: config.monotoneConstraints,
  }),
  toRounds: z.int().min(1),
  pruneBelow: z.array(z.strictObject({ rounds: z.int().min(1), value: z.number() })),
});
const finalFitJobSchema = z.strictObject({
  params: trialParamsSchema,
  seed: config.seed,
  monotoneConstraints: config.monotoneConstraints,
});

const bytesSchema = z.custom<Uint8Array>((value) => value instanceof Uint8Array);
const rowNumbersSchema = z.custom<Uint32Array>((value) => value instanceof Uint32Array);
const floatsSchema = z.custom<Float32Array>((value) => value instanceof Float32Array);

/** What a pool asks of an engine process, one request at a time. */
export const childRequestSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('info') }),
  /** Read a dataset and keep what the trials to come train and are measured on. */
  z.strictObject({
    type: z.literal('prepare_trials'),
    dataset: datasetFileSchema,
    validation: config.validation,
    seed: config.seed,
  }),
  /** Train a stretch of a trial; a paused one stays alive until another study's trial comes. */
  z.strictObject({ type: z.literal('run_trial'), job: trialJobSchema }),
  z.strictObject({ type: z.literal('final_fit'), dataset: datasetFileSchema, job: finalFitJobSchema }),
  /** Score the test rows of a dataset with a stored model whose file was checked. */
  z.strictObject({ type: z.literal('native_score'), dataset: datasetFileSchema, modelUbj: bytesSchema }),
  /** Train a model that is thrown away once it has scored. The dataset is kept for the next probe. */
  z.strictObject({ type: z.literal('probe'), dataset: datasetFileSchema, job: probeJobSchema }),
]);

/** What an engine process answers: the request's own answer, or `refused`. */
export const childAnswerSchema = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('info'),
    version: z.string(),
    features: z.record(z.string(), z.boolean()),
  }),
  z.strictObject({ type: z.literal('prepare_trials') }),
  z.strictObject({
    type: z.literal('run_trial'),
    state: z.enum(['complete', 'paused', 'pruned']),
    metrics: z.record(z.keyof(trialMetricsSchema), z.union([z.number(), z.nan()])),
    standardError: z.number().nullable(),
    rounds: z.int().min(1),
    trainedRounds: z.int().min(1),
    curve: z.array(z.tuple([z.int(), z.union([z.number(), z.nan()])])),
    durationMs: z.number(),
  }),
  z.strictObject({
    type: z.literal('final_fit'),
    fit: z.strictObject({
      modelUbj: bytesSchema,
      validationMargins: floatsSchema,
      validationLabels: bytesSchema,
      testMargins: floatsSchema,
      testLabels: bytesSchema,
    }),
  }),
  z.strictObject({ type: z.literal('native_score'), margins: floatsSchema }),
  z.strictObject({
    type: z.literal('probe'),
    scores: z.strictObject({
      rows: rowNumbersSchema,
      labels: bytesSchema,
      probabilities: floatsSchema,
      nTrained: z.int(),
      nBuyersTrained: z.int(),
    }),
  }),
  z.strictObject({
    type: z.literal('refused'),
    code: z.string(),
    message: z.string(),
    hint: z.string(),
  }),
]);

/** What an engine process says while it works on a trial; any number of them come before the answer. */
export const childReportSchema = z.strictObject({
  type: z.literal('report'),
  trialNumber: z.int().min(1),
  rounds: z.int().min(1),
  value: z.number(),
});

export type ChildRequest = z.infer<typeof childRequestSchema>;
export type ChildAnswer = z.infer<typeof childAnswerSchema>;
export type ChildReport = z.infer<typeof childReportSchema>;
/** The answer to one kind of request. */
export type AnswerTo<T extends ChildAnswer['type']> = Extract<ChildAnswer, { type: T }>;
