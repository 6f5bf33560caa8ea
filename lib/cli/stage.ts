import type { Day } from '@/lib/core/day';
import type { ProductPurchases } from '@/lib/crm/product-purchases';
import type { TrainingDataset } from '@/lib/features/matrix';
import type { FeatureSpec } from '@/lib/features/spec';
import type { RepairStep } from '@/lib/quality/repair/repair-step';
import type { TrainingEngine } from '@/lib/server/studies/study-engine';
import type { PipelineParams } from '@/lib/tuning/study/pipeline-params';
import { type CrmFileContent, readCrmFile } from './crm-file';
import type { LeadListOptions } from './lead-files';
import type { StageOutcome, StageProgress } from './reporter';
import type { RunFolder } from './run-folder';

/** What the user said on the command line of a stage. */
export interface RunOptions {
  /** Null where it was not given; only some stages need it. */
  readonly dbPath: string | null;
  readonly outPath: string;
  /** A second CRM file that `explore` compares the list with; null where it compares opt-in dates. */
  readonly comparePath: string | null;
  /** A `repair_steps.json`; null where it was not given. */
  readonly stepsPath: string | null;
  /** Null where it was not given. */
  readonly overrideReason: string | null;
  /** Defaults filled in. */
  readonly params: PipelineParams;
  /** False where the seed is a default, which gives way to the one that `prepare` recorded. */
  readonly isSeedGiven: boolean;
  /** Folder of suites that take the place of the default ones; null where it was not given. */
  readonly suitesPath: string | null;
  /** A file of tests that takes the place of the default ones; null where it was not given. */
  readonly testsPath: string | null;
  /** Folder of the model in use; null where it was not given. */
  readonly championPath: string | null;
  /** Newest day that a date of the list can be of; null for that of the clock. */
  readonly newestDay: Day | null;
  /** Whether exploring writes a report to print. */
  readonly writesReport: boolean;
  /** How the lead list is written. */
  readonly leads: LeadListOptions;
  /** Whether the trials' learning curves are written too. */
  readonly writesCurves: boolean;
}

/** What the program around the commands lends them. */
export interface CliSurroundings {
  /** Find and probe libxgboost. @throws ExpectedFailure where there is none */
  readonly openEngine: () => Promise<TrainingEngine>;
  /** Do work that can be interrupted between its parts. @throws Interruption */
  readonly interruptible: <T>(work: (signal: AbortSignal) => Promise<T>, hint?: string) => Promise<T>;
  /** Milliseconds since 1970, for the journal. */
  readonly now: () => number;
  /** Milliseconds since some moment, for durations. */
  readonly elapsed: () => number;
}

/** A table as it lies in `subscribers_joined.csv`. */
export interface HeldTable {
  readonly table: CrmFileContent['table'];
  readonly sha256: string;
}

/** What was prepared for training, as it lies in `dataset.arrow` and `feature_spec.json`. */
export interface HeldDataset {
  readonly spec: FeatureSpec;
  readonly dataset: TrainingDataset;
  readonly sha256: string;
}

/** What an earlier stage of the same process made, so that the next one need not read it again. */
export interface Held {
  crm: CrmFileContent | null;
  joined: HeldTable | null;
  /** Small, unlike the tables they come from, which are let go when they were judged. */
  purchases: ProductPurchases | null;
  prepared: HeldDataset | null;
}

/** What a stage works with. */
export interface StageContext extends CliSurroundings {
  readonly folder: RunFolder;
  readonly options: RunOptions;
  readonly held: Held;
  readonly progress: (progress: StageProgress) => void;
  readonly note: (text: string) => void;
}

/** One stage: reads what those before left in the folder, leaves its own files there. */
export type Stage = (context: StageContext) => Promise<StageOutcome>;

/** Read the CRM file of the command, mended by steps, once a process. */
export async function heldCrm(
  { options, held }: Pick<StageContext, 'options' | 'held'>,
  steps: readonly RepairStep[],
): Promise<CrmFileContent> {
  if (options.dbPath === null) throw new Error('Expected --db to be required where the CRM file is read');
  held.crm ??= await readCrmFile(options.dbPath, steps);
  return held.crm;
}
