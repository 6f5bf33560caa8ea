import { z } from 'zod';
import type { Failure } from '@/lib/core/result';
import { DATASET_LIMITS } from '@/lib/features/dataset-arrow';
import { modelIdSchema } from '@/lib/tuning/study/study-events';
import type { LeakageMeasurement } from '../leakage/measurement';
import type { SizeCurve } from '../learning-curve/size-curve';
import type { ModelTests } from '../model-tests/test-results';
import { testSuiteSchema } from '../model-tests/test-suite';

const featureName = z.string().min(1).max(200);
const datasetDigest = z.string().regex(/^[0-9a-f]{64}$/);
const seed = z.int32();

/** What a page orders: numbers and feature names, nothing of any one subscriber. */
export const measurementOrderSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('leakage'),
    datasetDigest,
    seed,
    /** Each is left out in its turn, with all its features. */
    suspects: z
      .array(
        z.strictObject({ id: z.string().min(1).max(220), features: z.array(featureName).min(1).max(2000) }),
      )
      .max(24),
    daysFeature: featureName.nullable(),
    missingValue: z.number().nullable(),
  }),
  z.strictObject({
    kind: z.literal('learning_curve'),
    datasetDigest,
    seed,
    nTrainingRows: z.int().min(1).max(DATASET_LIMITS.maxRows),
    nTrainingBuyers: z.int().min(0).max(DATASET_LIMITS.maxRows),
  }),
  z.strictObject({
    kind: z.literal('model_tests'),
    /** Of the model. */
    datasetDigest,
    seed,
    modelId: modelIdSchema,
    /** The model in use, to compare with; null where there is none. */
    championId: modelIdSchema.nullable(),
    suite: testSuiteSchema,
  }),
]);

export type MeasurementOrder = z.infer<typeof measurementOrderSchema>;

/** Id of a measurement: the same order has the same id. */
export const measurementIdSchema = z.string().regex(/^measurement-[0-9a-f]{20}$/);

/** What a measurement came to, by its kind. */
export interface MeasurementValues {
  readonly leakage: LeakageMeasurement;
  readonly learning_curve: SizeCurve;
  readonly model_tests: ModelTests;
}

export type MeasurementKind = keyof MeasurementValues;

/** What a measurement came to. */
export type MeasurementResult = {
  [K in MeasurementKind]: {
    readonly kind: K;
    readonly value: MeasurementValues[K];
    readonly elapsedMs: number;
  };
}[MeasurementKind];

/** How far a measurement has come. */
export interface MeasurementProgress {
  /** Models trained, or tests run, so far. */
  readonly done: number;
  /** In all; 0 while that is not known. */
  readonly total: number;
  readonly elapsedMs: number;
}

/** How a measurement stands. */
export type MeasurementView =
  | { readonly state: 'running'; readonly progress: MeasurementProgress }
  | { readonly state: 'done'; readonly result: MeasurementResult }
  | { readonly state: 'failed'; readonly failure: Failure }
  | { readonly state: 'stopped' };
