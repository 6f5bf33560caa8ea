import { z } from 'zod';
import { OBJECTIVES, SAMPLER_NAMES } from './study-config';
import { modelIdSchema, studyIdSchema } from './study-events';
import { studyProgress } from './study-progress';
import { bestTrial, type StudyState } from './study-state';

const count = z.int().min(0);

/** A study as a list of many shows it: what it is, how far it came and its best. */
export const studySummarySchema = z.strictObject({
  studyId: studyIdSchema,
  createdAtMs: z.number(),
  updatedAtMs: z.number(),
  phase: z.enum(['tuning', 'stopping', 'pausing', 'paused', 'tuned', 'evaluating', 'evaluated', 'failed']),
  datasetDigest: z.string(),
  featureSpecDigest: z.string(),
  sampler: z.enum(SAMPLER_NAMES),
  scheduler: z.enum(['none', 'asha', 'median']),
  objective: z.enum(OBJECTIVES),
  seed: z.int(),
  workers: count,
  nTrials: count,
  nComplete: count,
  nPruned: count,
  nFailed: count,
  /** Running and paused ones. */
  nUnderWay: count,
  /** Objective of the best complete trial; null before the first. */
  bestValue: z.number().nullable(),
  bestStandardError: z.number().nullable(),
  bestTrialNumber: z.int().nullable(),
  modelId: modelIdSchema.nullable(),
  /** Number of the journal's last event. */
  lastSequence: z.int().min(1),
});

export type StudySummary = z.infer<typeof studySummarySchema>;

/** Sum a study up. */
export function studySummary(state: StudyState): StudySummary {
  const { config } = state;
  const { nComplete, nPruned, nFailed, nRunning, nPaused } = studyProgress(state);
  const best = bestTrial(state);
  return {
    studyId: state.studyId,
    createdAtMs: state.createdAtMs,
    updatedAtMs: state.updatedAtMs,
    phase: state.phase,
    datasetDigest: config.datasetDigest,
    featureSpecDigest: config.featureSpecDigest,
    sampler: config.sampler,
    scheduler: config.scheduler.type,
    objective: config.objective,
    seed: config.seed,
    workers: config.workers,
    nTrials: config.nTrials,
    nComplete,
    nPruned,
    nFailed,
    nUnderWay: nRunning + nPaused,
    bestValue: best?.metrics[config.objective] ?? null,
    bestStandardError: best?.standardError ?? null,
    bestTrialNumber: best?.number ?? null,
    modelId: state.modelId,
    lastSequence: state.lastSequence,
  };
}
