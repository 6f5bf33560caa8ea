import type { TrialParams } from '@/lib/tuning/space/search-space';
import { directionOf, type Objective, type StudyConfig } from './study-config';
import type { TrialMetrics } from './study-events';

/**
 * Where a trial stands. `paused`: its rung is done and it waits for promotion; `pruned`: ended early because it did
 * badly; `failed`: given up after its last attempt. A trial that waits for its next attempt is `running`.
 */
export type TrialStatus = 'running' | 'paused' | 'pruned' | 'complete' | 'failed';

/** One stretch of a trial's training, as the timeline of the workers shows it. */
export interface TrialStretch {
  readonly startedAtMs: number;
  /** Null while it runs. */
  readonly endedAtMs: number | null;
  /** Process that it ran in, from 0; null while it runs or after it was lost. */
  readonly worker: number | null;
  /** 0 for the first. */
  readonly rung: number;
  /** How it ended; `lost` where the process or the server died under it. */
  readonly outcome: 'running' | 'paused' | 'pruned' | 'complete' | 'failed' | 'lost';
}

/** One trial as the cockpit shows it. */
export interface TrialRecord {
  /** 1-based. */
  readonly number: number;
  readonly params: TrialParams;
  readonly state: TrialStatus;
  /** Of the last stretch that ended well; null before the first. */
  readonly metrics: TrialMetrics | null;
  readonly standardError: number | null;
  /** Rounds of the model that `metrics` measures; null before the first. */
  readonly rounds: number | null;
  /** Rounds trained, which is what a study's cost is counted in. */
  readonly trainedRounds: number;
  /** The objective by rounds: [rounds, value]. */
  readonly curve: readonly (readonly [number, number])[];
  /** Training time of all stretches that ended well; null before the first. */
  readonly durationMs: number | null;
  /** Attempts of the stretch at hand. */
  readonly attempts: number;
  readonly failure: string | null;
  readonly stretches: readonly TrialStretch[];
}

/** A trial that was trained to its end. */
export type CompleteTrial = TrialRecord & {
  readonly state: 'complete';
  readonly metrics: TrialMetrics;
  readonly rounds: number;
};

/** Whether a trial was trained to its end: the only ones that can be the best. */
export function isComplete(trial: TrialRecord | undefined): trial is CompleteTrial {
  return trial?.state === 'complete' && trial.metrics !== null && trial.rounds !== null;
}

/** Give a trial's objective as a number of which larger is better, or null before it has a result. */
export function gainOf(
  { metrics }: Pick<TrialRecord, 'metrics'>,
  { objective }: Pick<StudyConfig, 'objective'>,
): number | null {
  return metrics === null ? null : asGain(metrics[objective], objective);
}

/** Turn a value of an objective into a number of which larger is better, or back. */
export function asGain(value: number, objective: Objective): number {
  return directionOf(objective) === 'maximize' ? value : -value;
}
