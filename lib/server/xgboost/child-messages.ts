import { z } from 'zod';
import { trialParamsSchema } from '@/lib/tuning/search-space';
import { trialMetricsSchema } from '@/lib/tuning/study-events';

const datasetFileSchema = z.strictObject({
  path: z.string().min(1),
  digest: z.string().regex(/^[0-9a-f]{64}$/),
});
const seedSchema = z.int().min(-2_147_483_648).max(2_147_483_647);
const trialJobSchema = z.strictObject({
  trialNumber: z.int().min(1),
  params: trialParamsSchema,
  seed: seedSchema,
});
const finalFitJobSchema = z.strictObject({ params: trialParamsSchema, seed: seedSchema });

const bytesSchema = z.custom<Uint8Array>((value) => value instanceof Uint8Array);
const floatsSchema = z.custom<Float32Array>((value) => value instanceof Float32Array);

/** What a pool asks of an engine process, one request at a time. */
export const childRequestSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('info') }),
  /** Read a dataset and keep its training and validation rows for the trials to come. */
  z.strictObject({ type: z.literal('prepare_trials'), dataset: datasetFileSchema }),
  z.strictObject({ type: z.literal('run_trial'), job: trialJobSchema }),
  z.strictObject({ type: z.literal('final_fit'), dataset: datasetFileSchema, job: finalFitJobSchema }),
]);

/** What an engine process answers: the request's own answer, or `refused`. */
export const childAnswerSchema = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('info'),
    version: z.string(),
    features: z.record(z.string(), z.boolean()),
  }),
  z.strictObject({ type: z.literal('prepare_trials') }),
  z.strictObject({ type: z.literal('run_trial'), metrics: trialMetricsSchema, durationMs: z.number() }),
  z.strictObject({
    type: z.literal('final_fit'),
    fit: z.strictObject({
      modelUbj: bytesSchema,
      modelJson: z.string(),
      validationProbabilities: floatsSchema,
      validationLabels: bytesSchema,
      testProbabilities: floatsSchema,
      testMargins: floatsSchema,
      testLabels: bytesSchema,
    }),
  }),
  z.strictObject({
    type: z.literal('refused'),
    code: z.string(),
    message: z.string(),
    hint: z.string(),
  }),
]);

export type ChildRequest = z.infer<typeof childRequestSchema>;
export type ChildAnswer = z.infer<typeof childAnswerSchema>;
/** The answer to one kind of request. */
export type AnswerTo<T extends ChildAnswer['type']> = Extract<ChildAnswer, { type: T }>;
