import type { Failure, Result } from '@/lib/core/result';
import type { CalibratedRows } from '@/lib/evaluation/calibration/calibrated-rows';
import type { EvaluationReport } from '@/lib/evaluation/evaluation-report';
import type { ModelTests } from '@/lib/evaluation/model-tests/test-results';
import type { TestSuite } from '@/lib/evaluation/model-tests/test-suite';
import type {
  MeasurementOrder,
  MeasurementProgress,
  MeasurementResult,
} from '@/lib/evaluation/probe/measurement-order';
import type { AskedFigure } from '@/lib/explore/figure-sql/figure-sql';
import type { AxisName } from '@/lib/explore/interactions/interaction-axes';
import type { Dimension } from '@/lib/explore/segments/dimensions';
import type { RowFilter } from '@/lib/explore/segments/row-filter';
import type { FeatureSpec } from '@/lib/features/spec';
import type { OfferedStep } from '@/lib/quality/repair/offered-steps';
import type { RepairStep } from '@/lib/quality/repair/repair-step';
import type { CheckPlace } from '@/lib/quality/run-suites';
import type { SuiteName } from '@/lib/quality/suites/default-suites';
import type { Suite } from '@/lib/quality/suites/suite-file';
import type { ValidationCounts } from '@/lib/quality/validation-counts';
import type { LeadQuery, LeadRow, ScoreSummary } from '@/lib/scoring/lead-query';
import type { ModelListing } from '@/lib/scoring/listed-models';
import type { ModelMetadata, TierCutoffs } from '@/lib/scoring/model-metadata';
import type { ExplainerFiles } from '@/lib/scoring/reasons/open-explainer';
import type { StudyConfig, StudyEvent } from '@/lib/tuning/study/study-events';
import type { StudySummary } from '@/lib/tuning/study/study-summary';
import type { StudyActivity } from '@/lib/tuning/study/study-view';
import type {
  AskedExport,
  AskedStrategy,
  ComparedCrm,
  CrmApi,
  DriftChoice,
  IngestSummary,
  OpenedCrm,
  PreparedSummary,
  ScoredRows,
  Validation,
} from '@/lib/workers/crm-api';
import type { ComparisonOfModels, OtherRows } from '@/lib/workers/judged-api';
import type { CellProgress } from './cells';
import type { LeadAnswers } from './lead-answers';
import type { StrategyKeeper, SuppressionKeeper } from './strategy-keepers';

/** A file to open: the demo, one that was dropped or picked, or the one kept from the last visit. */
export interface CrmFile {
  readonly name: string;
  readonly bytes: ArrayBuffer;
}

/** Only subscribers who pass them all are looked at. */
export type Filters = readonly RowFilter[];

/** Two sides of an interaction. */
export interface AxisPair {
  readonly along: AxisName;
  readonly up: AxisName;
}

/** The part of the page's address that holds what is looked at, so that it can be kept, sent on and gone back to. */
export interface PageAddress {
  /** As `exploreViewOf` reads it; '' where there is none. */
  read(): string;
  /** Write it as a new step, which Back takes away. */
  push(text: string): void;
  /** Be told when Back or Forward, or somebody's typing, changed it. Returns how to leave. */
  onMove(tell: () => void): () => void;
}

type OnProgress = (progress: CellProgress) => void;

/** What the page shows of a model. */
export interface PublishedModel {
  readonly metadata: ModelMetadata;
  readonly report: EvaluationReport;
  /** Scored by a model that has not seen them: what thresholds are chosen on. */
  readonly validation: CalibratedRows;
  /** Distinct models of the server that were judged on the same test rows, this one among them. */
  readonly nTestLooks: number;
}

/** What scoring came to, the probabilities in table order, and how fast it went. */
export interface TableScores extends ScoreSummary {
  readonly scores: Float32Array;
  readonly rowsPerSecond: number;
}

/** The CRM in its worker. Every method throws `ExpectedFailure` for what the user can mend. */
export interface CrmService extends LeadAnswers {
  /**
   * Open a file in a fresh worker; only when that worked does it take the place of the one before. Fails with `overtaken`
   * when another one was asked for meanwhile.
   */
  open(file: CrmFile): Promise<OpenedCrm>;
  /** Close the file and end its worker. */
  close(): void;
  /** Join the tables as the steps leave them. */
  ingest(steps: readonly RepairStep[]): Promise<IngestSummary>;
  /** Fixes that would change something in the tables as they are now. */
  offeredSteps(): Promise<readonly OfferedStep[]>;
  joinedCsv(): Promise<Blob>;
  /** A suite made from the data at hand. */
  suggestSuite(name: SuiteName): Promise<Suite>;
  validate(validation: Validation): Promise<ReturnType<CrmApi['validate']>>;
  failingRows(place: CheckPlace): Promise<ReturnType<CrmApi['failingRows']>>;
  failingRowsCsv(place: CheckPlace): Promise<Blob>;
  filtered(filters: Filters): Promise<ReturnType<CrmApi['filtered']>>;
  segments(dimension: Dimension, filters: Filters): Promise<ReturnType<CrmApi['segments']>>;
  rating(filters: Filters): Promise<ReturnType<CrmApi['rating']>>;
  tags(filters: Filters): Promise<ReturnType<CrmApi['tags']>>;
  interaction(pair: AxisPair, filters: Filters): Promise<ReturnType<CrmApi['interaction']>>;
  axes(): Promise<ReturnType<CrmApi['axes']>>;
  ranking(filters: Filters): Promise<ReturnType<CrmApi['ranking']>>;
  figureSql(figure: AskedFigure, filters: Filters): Promise<string>;
  sufficiency(): Promise<ReturnType<CrmApi['sufficiency']>>;
  /** Read a second file in the open one's worker, to compare with; null puts it away. */
  compareWith(file: CrmFile | null): Promise<ComparedCrm | null>;
  anomalies(): Promise<ReturnType<CrmApi['anomalies']>>;
  anomalyRows(level: string): Promise<ReturnType<CrmApi['anomalyRows']>>;
  anomalyRowsCsv(level: string): Promise<Blob>;
  drift(choice: DriftChoice, filters: Filters): Promise<ReturnType<CrmApi['drift']>>;
  prepare(input: Parameters<CrmApi['prepare']>[0]): Promise<PreparedSummary>;
  /** Features that could be known only after the purchase, of the prepared dataset. */
  suspects(): Promise<ReturnType<CrmApi['suspects']>>;
  redundancy(): Promise<ReturnType<CrmApi['redundancy']>>;
  dataset(): Promise<ArrayBuffer>;
  /** Score every subscriber with a model and keep the scores; refuses a model whose margins differ from libxgboost's. */
  score(
    input: Omit<ScoredRows, 'probabilities' | 'margins'> & { readonly modelOnnx: ArrayBuffer },
    onProgress: OnProgress,
  ): Promise<TableScores>;
  /** The scored model on the test rows, slice by slice. */
  slices(threshold: number): Promise<ReturnType<CrmApi['slices']>>;
  /** The slices and pairs of slices where it is worse than elsewhere. */
  searchSlices(threshold: number): Promise<ReturnType<CrmApi['searchSlices']>>;
  /** Score the list by another model, and compare it with the one that the page shows on the test rows. */
  compareModels(input: {
    readonly other: {
      readonly modelOnnx: ArrayBuffer;
      readonly spec: FeatureSpec;
      readonly threshold: number;
      readonly cutoffs: TierCutoffs;
      readonly rows: OtherRows;
      /** Whether it is the first of the two; else the one that the page shows is. */
      readonly isChampion: boolean;
    };
    readonly shown: { readonly threshold: number; readonly cutoffs: TierCutoffs };
  }): Promise<ComparisonOfModels>;
  /** Choose whom to write to by the scores that are kept. */
  strategy(asked: AskedStrategy): Promise<ReturnType<CrmApi['strategy']>>;
  queryLeads(query: LeadQuery): Promise<ReturnType<CrmApi['queryLeads']>>;
  leadRows(from: number, to: number): Promise<readonly LeadRow[]>;
  exportLeads(asked: AskedExport): Promise<ReturnType<CrmApi['exportLeads']>>;
}

/** Keeps the opened file in the browser's private file system. */
export interface FileKeeper {
  kept(): Promise<CrmFile | null>;
  keep(file: CrmFile): Promise<void>;
  forget(): Promise<void>;
  /** The demo CRM, from this server. */
  demo(): Promise<CrmFile>;
}

/** What the engine is, as the server found it. */
export type EngineStatus =
  | { readonly kind: 'ready'; readonly version: string; readonly source: string; readonly nProcesses: number }
  | { readonly kind: 'missing'; readonly message: string; readonly hint: string };

/** All studies of the server in a line each, newest first; and those whose journal cannot be read, with the reason. */
export interface StudyListing {
  readonly studies: readonly StudySummary[];
  readonly unreadable: readonly { readonly studyId: string; readonly failure: Failure }[];
}

/** How a trial does while it trains. */
export interface TrialReport {
  readonly trialNumber: number;
  readonly rounds: number;
  /** Of the study's objective. */
  readonly value: number;
}

/** Who follows a study. Told in the order in which things happened. */
export interface StudyListener {
  /** Events in order, each once; many at a time where many were missed. Not yet a reason to draw. */
  readonly onEvents: (events: readonly StudyEvent[]) => void;
  readonly onReport: (report: TrialReport) => void;
  /** What the server does with the study, told at every connection and when it changes. */
  readonly onActivity: (activity: StudyActivity) => void;
  readonly onConnection: (state: 'live' | 'reconnecting') => void;
  /** What was told so far is worth drawing: nothing follows at once, or much has come already. */
  readonly onSettled: () => void;
  /** The study does not exist, or what came is no story of one. Nothing is told after it. */
  readonly onBroken: (error: unknown) => void;
}

/** The training server. Numbers only go there: matrix, labels, split and specification. */
export interface TrainingService {
  engine(): Promise<EngineStatus>;
  /** Upload a dataset unless the server has it. */
  putDataset(digest: string, bytes: ArrayBuffer): Promise<void>;
  /** Gives the study's id. */
  launch(input: {
    readonly config: StudyConfig;
    readonly spec: FeatureSpec;
    readonly gateOverrideReason: string | null;
    /** What the quality checks came to, in counts. */
    readonly validation: ValidationCounts | null;
    /** The same key launches once, however often it is sent. */
    readonly idempotencyKey: string;
  }): Promise<string>;
  stop(studyId: string): Promise<void>;
  resume(studyId: string): Promise<void>;
  /** Begin no more trials until the study is resumed; those that run are finished. */
  pause(studyId: string): Promise<void>;
  /** Give a study more trials: `nTrials` is the new total. */
  extend(studyId: string, nTrials: number): Promise<void>;
  /** Run a study again with another seed; gives the new study's id. */
  rerun(studyId: string, again: { readonly seed: number; readonly idempotencyKey: string }): Promise<string>;
  studies(): Promise<StudyListing>;
  evaluate(studyId: string): Promise<void>;
  /** Id of the newest study of a dataset and specification, or null. */
  latest(datasetDigest: string, specDigest: string): Promise<string | null>;
  /**
   * Measure a dataset that the server has, told now and then how far it is. Ended when the signal is aborted, with the
   * signal's reason.
   */
  measure(
    order: MeasurementOrder,
    options: { readonly onProgress: (progress: MeasurementProgress) => void; readonly signal: AbortSignal },
  ): Promise<MeasurementResult>;
  /** Follow a study from its first event; reconnects by itself without gap or doubling. Returns how to leave. */
  follow(studyId: string, listener: StudyListener): () => void;
  model(modelId: string): Promise<PublishedModel>;
  modelOnnx(modelId: string): Promise<ArrayBuffer>;
  explainerFiles(modelId: string): Promise<ExplainerFiles>;
  /** How a model's features are made. */
  modelSpec(modelId: string): Promise<FeatureSpec>;
  /** All published models, and which is in use. */
  models(): Promise<ModelListing>;
  /** What the newest tests of a model came to; null where none were run. */
  modelTests(modelId: string): Promise<ModelTests | null>;
  /** Put a model to use; the reason is why, although its tests say no. */
  promote(order: { readonly modelId: string; readonly overrideReason: string | null }): Promise<void>;
  /** Go back to the model before the one in use. */
  revert(order: { readonly fromModelId: string; readonly reason: string | null }): Promise<void>;
  nativeTestMargins(modelId: string): Promise<Float32Array>;
}

/** Remembers why the gate of one file was overridden, so that a reload finds the notebook as it was. */
export interface GateReasons {
  /** The reason given for this very file, or null. */
  kept(file: { readonly fileName: string; readonly sizeBytes: number }): string | null;
  /** Keep the reason for a file; the one of any other file goes. */
  keep(file: { readonly fileName: string; readonly sizeBytes: number }, reason: string): void;
}

/** Remembers what is mended and left out of one file, so that a reload finds the notebook as it was. */
export interface RepairStepKeeper {
  /** The steps for this very file; none where there are none, a failure where they can no longer be read. */
  kept(file: { readonly fileName: string; readonly sizeBytes: number }): Result<readonly RepairStep[]>;
  /** Keep the steps for a file; those of any other file go. */
  keep(file: { readonly fileName: string; readonly sizeBytes: number }, steps: readonly RepairStep[]): void;
}

/** Remembers the suites that stand in the place of default ones. */
export interface SuiteKeeper {
  kept(): readonly Suite[];
  keep(suites: readonly Suite[]): void;
}

/** Remembers the tests that stand in the place of the default ones. */
export interface TestSuiteKeeper {
  /** Null where the default ones are used. */
  kept(): TestSuite | null;
  keep(suite: TestSuite | null): void;
}

/** Everything the workbench reaches the world through. The provider builds it from real parts, tests from small ones. */
export interface WorkbenchServices {
  readonly crm: CrmService;
  readonly files: FileKeeper;
  readonly training: TrainingService;
  readonly gateReasons: GateReasons;
  readonly repairSteps: RepairStepKeeper;
  readonly suites: SuiteKeeper;
  readonly testSuites: TestSuiteKeeper;
  readonly strategyPlan: StrategyKeeper;
  readonly suppression: SuppressionKeeper;
  readonly address: PageAddress;
  readonly now: () => number;
  readonly newKey: () => string;
}
