import { z } from 'zod';

/** What a person can set, the same on page and command line; with a file they decide every byte of the model. */
export const pipelineParamsSchema = z.strictObject({
  /** Share of sales, 0–1, that the kept countries must hold. */
  paretoShare: z.number().min(0.05).max(1),
  /** Seed of the split, the samplers and XGBoost. */
  seed: z.int().min(0).max(2_147_483_647),
  nTrials: z.int().min(1).max(1000),
  workers: z.int().min(1).max(64),
  sampler: z.enum(['random', 'bayesian']),
});

export type PipelineParams = z.infer<typeof pipelineParamsSchema>;

/** The design's choices: 24 trials, 6 workers; the kept countries hold 85 % of the sales, as the scripts' 21 did. */
export const DEFAULT_PIPELINE_PARAMS: PipelineParams = {
  paretoShare: 0.85,
  seed: 42,
  nTrials: 24,
  workers: 6,
  sampler: 'bayesian',
};
