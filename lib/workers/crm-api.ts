import type { Day } from '@/lib/core/day';
import type { CrmSummary } from '@/lib/crm/crm-summary';
import type { JoinReport } from '@/lib/crm/joined-table';
import type { CalibratedRows } from '@/lib/evaluation/calibration/calibrated-rows';
import type { SuspectReport } from '@/lib/evaluation/leakage/suspects';
import type { AnomalyReport } from '@/lib/explore/anomalies/anomalies';
import type { DriftReport } from '@/lib/explore/drift/drift-report';
import type { DriftRanges } from '@/lib/explore/drift/drift-windows';
import type { AskedFigure } from '@/lib/explore/figure-sql/figure-sql';
import type { Interaction } from '@/lib/explore/interactions/interaction';
import type { AxisName } from '@/lib/explore/interactions/interaction-axes';
import type { RankedInteraction } from '@/lib/explore/interactions/interaction-ranking';
import type { RatingConversion } from '@/lib/explore/rating/rating-conversion';
import type { SimpsonCheck } from '@/lib/explore/rating/simpson';
import type { Dimension } from '@/lib/explore/segments/dimensions';
import type { RowFilter } from '@/lib/explore/segments/row-filter';
import type { SegmentPareto } from '@/lib/explore/segments/segment-pareto';
import type { Sufficiency } from '@/lib/explore/sufficiency/sufficiency';
import type { TagCountComparison } from '@/lib/explore/tags/tag-counts';
import type { TagLifts } from '@/lib/explore/tags/tag-lift';
import type { FeatureChoices } from '@/lib/features/choices';
import type { FeatureMatrix } from '@/lib/features/matrix';
import type { PreparationSummary } from '@/lib/features/prepare-dataset';
import type { Redundancy } from '@/lib/features/redundancy';
import type { FeatureSpec } from '@/lib/features/spec';
import type { StepOutcome } from '@/lib/quality/repair/apply-steps';
import type { OfferedStep } from '@/lib/quality/repair/offered-steps';
import type { RepairStep } from '@/lib/quality/repair/repair-step';
import type { CheckPlace } from '@/lib/quality/run-suites';
import type { ValidationResults } from '@/lib/quality/suite-result';
import type { SuiteName } from '@/lib/quality/suites/default-suites';
import type { Suite } from '@/lib/quality/suites/suite-file';
import type { LeadListColumn } from '@/lib/scoring/export/lead-columns';
import type { LeadFormat } from '@/lib/scoring/export/lead-formats';
import type { LeadOrigin } from '@/lib/scoring/export/lead-manifest';
import type { LeadBook } from '@/lib/scoring/lead-book';
import type { LeadQuery, LeadRow, ScoreSummary } from '@/lib/scoring/lead-query';
import type { TierCutoffs } from '@/lib/scoring/model-metadata';
import type { ExplainerFiles } from '@/lib/scoring/reasons/open-explainer';
import type { ChosenStrategy } from '@/lib/scoring/strategy/chosen-strategy';
import type { StrategyPlan } from '@/lib/scoring/strategy/strategy-plan';
import type { JudgedApi } from './judged-api';
import type { ReasonsApi } from './reasons-api';

/** A CRM file as it was opened. */
export interface OpenedCrm extends CrmSummary {
  readonly fileName: string;
  /** The statements that read the three tables, for "show SQL". */
  readonly sql: readonly string[];
}

/** The joined table in brief. */
export interface IngestSummary {
  readonly report: JoinReport;
  /** What each step before the join came to. */
  readonly outcomes: readonly StepOutcome[];
  readonly columns: readonly string[];
  /** The first rows, as texts, for the preview. They stay in the page. */
  readonly previewRows: readonly (readonly string[])[];
}

/** The matrix and the split in brief, and what they are addressed by. */
export interface PreparedSummary extends PreparationSummary {
  readonly spec: FeatureSpec;
  readonly specDigest: string;
  readonly datasetDigest: string;
  readonly datasetBytes: number;
}

/** Scores as the scoring worker gave them, in table order. */
export interface ScoredRows {
  readonly probabilities: Float32Array;
  readonly margins: Float32Array;
  /** Margins that libxgboost gave the test rows, in row order. */
  readonly nativeTestMargins: Float32Array;
  readonly cutoffs: TierCutoffs;
  /** What the scores are explained by. */
  readonly explainer: ExplainerFiles;
}

/** What the strategy is chosen by. */
export interface AskedStrategy {
  /** Scored by a model of the training rows alone. */
  readonly validation: Pick<CalibratedRows, 'labels' | 'probabilities'>;
  readonly plan: StrategyPlan;
  readonly seed: number;
  /** Addresses of people who opted out, folded as `normalEmail` does. They are in no list from then on. */
  readonly suppressed: readonly string[];
}

/** What of the lead list is written, and how. */
export interface AskedExport {
  readonly which: 'all' | 'query';
  readonly format: LeadFormat;
  readonly columns: readonly LeadListColumn[];
  readonly origin: Omit<LeadOrigin, 'dataSha256'>;
  /** As the manifest names the file. */
  readonly fileName: string;
}

/** A lead as the what-if editor begins with it. */
export interface LeadFields {
  /** NaN where missing. */
  readonly memberRating: number;
  /** '' where missing. */
  readonly countryCode: string;
  /** `MISSING_DAY` where missing. */
  readonly optinDay: Day;
  /** Columns of the tags held. */
  readonly tags: readonly string[];
  readonly allTags: readonly string[];
  readonly countryCodes: readonly string[];
}

/** A past buyer beside a lead. It stays in the page. */
export interface SimilarBuyer {
  /** As `SimilarRow` has it. */
  readonly distance: number;
  readonly score: number;
  readonly name: string;
  readonly memberRating: number;
  readonly countryCode: string;
  readonly tagCount: number;
  readonly optinDay: Day;
}

/** What a list is judged by. */
export interface Validation {
  readonly suites: readonly Suite[];
  /** Newest day that a date of the list can be of. */
  readonly newestDay: Day;
}

/** Rows that a check found, to be looked at. They stay in the page. */
export interface FailingRowTexts {
  /** Table the rows are of. */
  readonly table: string;
  /** Leaves them out. */
  readonly quarantine: RepairStep;
  readonly columns: readonly string[];
  /** All of them. */
  readonly nRows: number;
  /** The first of them, each with its number in the table, counted from 1. */
  readonly rows: readonly (readonly string[])[];
  /** Level of the dimension `failing_check` that filters to them; null where no subscriber stands behind them. */
  readonly level: string | null;
  readonly nSubscribers: number;
}

/** Subscribers who look wrong, to be looked at. They stay in the page. */
export interface AnomalyRowTexts {
  /** Level of the dimension `anomaly` that filters to them. */
  readonly level: string;
  readonly columns: readonly string[];
  /** All of them. */
  readonly nRows: number;
  /** The first of them. */
  readonly rows: readonly (readonly string[])[];
}

/** A second CRM file, to compare the open one with. */
export interface ComparedCrm {
  readonly fileName: string;
  readonly nSubscribers: number;
}

/** What the list's distributions are compared between. */
export type DriftChoice =
  /** Opt-in dates; the older half and the newest quarter where null. */
  | { readonly by: 'dates'; readonly ranges: DriftRanges | null }
  /** The open file and the second one, all of both. */
  | { readonly by: 'file' };

/**
 * Over the subscribers who pass every filter; all where there is none. A figure leaves out the filters on what it shows
 * itself, so that its other levels can be seen and added.
 */
export interface Filtered {
  readonly filters: readonly RowFilter[];
}

/** What the CRM worker answers. It holds the file, the joined table, the dataset and the scores; the page asks for what it shows. */
export interface CrmApi extends JudgedApi, ReasonsApi {
  open(input: {
    readonly fileName: string;
    readonly bytes: ArrayBuffer;
    readonly wasmUrl: string;
  }): OpenedCrm;
  /** Join the tables as the steps leave them. */
  ingest(input: { readonly steps: readonly RepairStep[] }): IngestSummary;
  /** Fixes that would change something in the tables as they are now. */
  offeredSteps(input: null): readonly OfferedStep[];
  joinedCsv(input: null): Blob;
  validate(input: Validation): ValidationResults;
  /** A suite made from the data at hand. */
  suggestSuite(input: { readonly name: SuiteName }): Suite;
  /** Rows that a check finds not as expected; null where it is about no single row. */
  failingRows(input: CheckPlace): FailingRowTexts | null;
  /** All of them as a spreadsheet-safe CSV, with their row numbers. */
  failingRowsCsv(input: CheckPlace): Blob;
  /** Who passes the filters. */
  filtered(input: Filtered): { readonly n: number; readonly buyers: number; readonly nAll: number };
  segments(input: Filtered & { readonly dimension: Dimension }): {
    readonly dimension: Dimension;
    readonly pareto: SegmentPareto;
  };
  rating(input: Filtered): RatingConversion & { readonly sentence: string; readonly simpson: SimpsonCheck };
  tags(input: Filtered): {
    readonly lifts: TagLifts;
    readonly conversion: number | null;
    readonly counts: TagCountComparison;
  };
  interaction(input: Filtered & { readonly along: AxisName; readonly up: AxisName }): Interaction;
  /** Sides of an interaction to choose from. */
  axes(input: null): readonly AxisName[];
  /** The pairs that interact most; fails with `overtaken` when asked for under other filters before it is done. */
  ranking(input: Filtered): readonly RankedInteraction[];
  /** The statement that gives a figure's table from the file itself. */
  figureSql(input: Filtered & { readonly figure: AskedFigure }): string;
  sufficiency(input: null): Sufficiency;
  /** Read a second file beside the open one; null puts it away. */
  compareWith(input: { readonly fileName: string; readonly bytes: ArrayBuffer } | null): ComparedCrm | null;
  /** What looks wrong with all subscribers. */
  anomalies(input: null): AnomalyReport;
  /** Subscribers of a group, the most conspicuous first; null where the list lacks it. */
  anomalyRows(input: { readonly level: string }): AnomalyRowTexts | null;
  /** All of them as a spreadsheet-safe CSV. */
  anomalyRowsCsv(input: { readonly level: string }): Blob;
  drift(input: Filtered & { readonly choice: DriftChoice }): DriftReport;
  /** The design's choices where none are given. */
  prepare(input: {
    readonly paretoShare: number;
    readonly seed: number;
    readonly featureChoices: FeatureChoices;
  }): PreparedSummary;
  /** Features of the prepared dataset that could be known only after the purchase. */
  suspects(input: null): SuspectReport;
  /** Which of the prepared features say the same as others. */
  redundancy(input: null): Redundancy;
  /** The dataset as the server gets it: Arrow IPC, numbers only. A copy; the worker keeps its own. */
  dataset(input: null): ArrayBuffer;
  /** Features of every subscriber, for scoring. */
  matrix(input: null): FeatureMatrix;
  /** Keep the scores; gives a copy of the probabilities for figures. */
  takeScores(input: ScoredRows): ScoreSummary & { readonly scores: Float32Array };
  /** Choose whom to write to by the scores that are kept. */
  strategy(input: AskedStrategy): ChosenStrategy;
  /** Choose and order the leads; gives how many there are. */
  queryLeads(input: LeadQuery): ReturnType<LeadBook['query']>;
  /** Rows `from` … `to` − 1 of the last query. */
  leadRows(input: { readonly from: number; readonly to: number }): readonly LeadRow[];
  /** The lead list in a format, and the manifest that lies beside it. */
  exportLeads(input: AskedExport): { readonly file: Blob; readonly manifest: Blob };
}
