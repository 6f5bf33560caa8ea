import type { Failure } from '@/lib/core/result';
import type { SuspectReport } from '@/lib/evaluation/leakage/suspects';
import type { ModelTests } from '@/lib/evaluation/model-tests/test-results';
import type { TestSuite } from '@/lib/evaluation/model-tests/test-suite';
import type {
  MeasurementKind,
  MeasurementProgress,
  MeasurementValues,
} from '@/lib/evaluation/probe/measurement-order';
import type { SliceReport } from '@/lib/evaluation/slices/slice-report';
import type { RepairStep } from '@/lib/quality/repair/repair-step';
import type { ValidationResults } from '@/lib/quality/suite-result';
import type { Suite } from '@/lib/quality/suites/suite-file';
import type { LeadQuery } from '@/lib/scoring/lead-query';
import type { ModelListing } from '@/lib/scoring/listed-models';
import { DEFAULT_STRATEGY_PLAN, type StrategyPlan } from '@/lib/scoring/strategy/strategy-plan';
import {
  DEFAULT_PIPELINE_PARAMS,
  type PipelineParams,
  pipelineParamsSchema,
} from '@/lib/tuning/study/pipeline-params';
import type { StudyState } from '@/lib/tuning/study/study-state';
import type { StudyView } from '@/lib/tuning/study/study-view';
import type { ComparedCrm, CrmApi, IngestSummary, OpenedCrm, PreparedSummary } from '@/lib/workers/crm-api';
import type { ComparisonOfModels } from '@/lib/workers/judged-api';
import { type CellStatuses, freshStatuses } from './cells';
import { type ExploreView, WHOLE_VIEW } from './explore-view';
import { planFaults } from './plan-faults';
import type { EngineStatus, PublishedModel, StudyListing, TableScores, TrialReport } from './services';
import type { SpaceDraft } from './space-draft';

/** What the user can set. Kept across reloads; parsed when read back. */
export const workbenchParamsSchema = pipelineParamsSchema;

export type WorkbenchParams = PipelineParams;

/** What the page opens with, and the command line takes where nothing is said. */
export const DEFAULT_PARAMS: WorkbenchParams = DEFAULT_PIPELINE_PARAMS;

/** A first visit. */
export const NOTHING_KEPT: KeptParams = { params: DEFAULT_PARAMS, isPlanEdited: false };

/** What is kept from one visit to the next. */
export interface KeptParams {
  readonly params: WorkbenchParams;
  /** See `WorkbenchState`. */
  readonly isPlanEdited: boolean;
}

/** The order a lead list opens with: the best first. */
export const BEST_FIRST: LeadQuery = {
  sortBy: 'score',
  descending: true,
  search: '',
  tiers: [],
  countryCode: '',
  buyers: 'all',
  contact: 'all',
};

/** Trial number to what it reported since it last began, for the trials that run; gone when the trial ends. */
export type LiveReports = ReadonlyMap<number, readonly TrialReport[]>;

/** A study as the page follows it. `state` is the same object until an event changes it; reports change only `liveReports`. */
export interface FollowedStudy extends StudyView {
  readonly connection: 'live' | 'reconnecting';
  readonly liveReports: LiveReports;
}

/** A study of other data than the page's, looked at beside the page's own. */
export interface ViewedStudy {
  readonly studyId: string;
  /** Null until its first events are here. */
  readonly study: FollowedStudy | null;
  /** Why its model cannot score what is open here. */
  readonly reason: string;
}

/** The list of the server's studies as the page last got it. */
export interface StudyList {
  /** Null before it was asked for the first time. */
  readonly listing: StudyListing | null;
  readonly isLoading: boolean;
  readonly failure: Failure | null;
}

/** A kind of measurement on the server, as the page follows it. */
export interface Measuring<T> {
  /** What it came to when it was last made, and of which dataset. It stays until the next is done. */
  readonly result: { readonly value: T; readonly elapsedMs: number; readonly datasetDigest: string } | null;
  /** How far the one that runs has come; null when none does. */
  readonly running: MeasurementProgress | null;
  readonly failure: Failure | null;
}

/** Every kind of measurement. */
export type Measurements = { readonly [K in MeasurementKind]: Measuring<MeasurementValues[K]> };

const NOT_MEASURED = { result: null, running: null, failure: null } as const;

/** Models of the server, as the page last got them. */
export interface RegistryView {
  /** Null before it was asked for the first time. */
  readonly listing: ModelListing | null;
  readonly isBusy: boolean;
  /** Why the last command was refused, or the list could not be had. */
  readonly failure: Failure | null;
}

/** Two models on the page's test rows. */
export interface ModelComparisonView {
  readonly result:
    | (ComparisonOfModels & {
        readonly championId: string;
        readonly challengerId: string;
      })
    | null;
  readonly isRunning: boolean;
  readonly failure: Failure | null;
}

/** Everything the page shows. Outputs of a stale cell stay until it has run again. */
export interface WorkbenchState {
  readonly statuses: CellStatuses;
  readonly params: WorkbenchParams;
  /** Whether someone changed the plan since a study was launched or its plan taken over; then no study found overwrites it. */
  readonly isPlanEdited: boolean;
  /** The search space as it is being written; null while it is the one in `params`. */
  readonly spaceDraft: SpaceDraft | null;
  readonly engine: EngineStatus | null;
  readonly source: { readonly crm: OpenedCrm; readonly isDemo: boolean } | null;
  /** Why the last file could not be opened; the one before stays open. */
  readonly sourceFailure: { readonly fileName: string; readonly failure: Failure } | null;
  readonly ingest: IngestSummary | null;
  readonly quality: ValidationResults | null;
  /** Why the user lets training go on although the gate is shut. Travels with the model. */
  readonly gateOverrideReason: string | null;
  /** What is mended and left out of the file before its tables are joined. */
  readonly repairSteps: readonly RepairStep[];
  /** Why the steps kept for the file are not done. */
  readonly repairFailure: Failure | null;
  /** Suites that stand in the place of the default ones of their names. */
  readonly ownSuites: readonly Suite[];
  readonly rating: ReturnType<CrmApi['rating']> | null;
  /** What of the exploration is looked at, as the address holds it. */
  readonly view: ExploreView;
  /** Who passes the view's filters; null where there is no filter. */
  readonly filtered: ReturnType<CrmApi['filtered']> | null;
  readonly segments: ReturnType<CrmApi['segments']> | null;
  readonly tags: ReturnType<CrmApi['tags']> | null;
  /** Sides of an interaction to choose from. */
  readonly axes: ReturnType<CrmApi['axes']> | null;
  /** The pairs that interact most under the view's filters; null until it is known. */
  readonly ranking: ReturnType<CrmApi['ranking']> | null;
  readonly interaction: ReturnType<CrmApi['interaction']> | null;
  readonly sufficiency: ReturnType<CrmApi['sufficiency']> | null;
  readonly anomalies: ReturnType<CrmApi['anomalies']> | null;
  readonly drift: ReturnType<CrmApi['drift']> | null;
  /** A second file that the list is compared with; null where it is compared by opt-in date. */
  readonly compared: ComparedCrm | null;
  /** Why the last second file could not be read. */
  readonly comparedFailure: Failure | null;
  readonly features: PreparedSummary | null;
  /** Features that could be known only after the purchase. */
  readonly suspects: SuspectReport | null;
  readonly measurements: Measurements;
  /** The study of the prepared features that the cells below rest on. */
  readonly study: FollowedStudy | null;
  /** Shown in the place of `study` while it is looked at. */
  readonly viewed: ViewedStudy | null;
  /** Why the last command on a study was refused. The study itself is as it was. */
  readonly commandFailure: Failure | null;
  readonly studies: StudyList;
  /** Studies ticked for comparison, in the order of ticking, as they stood when they were read. */
  readonly comparedStudies: readonly StudyState[];
  readonly model: PublishedModel | null;
  readonly scores: TableScores | null;
  /** Tests that the page's model was put to earlier, as the server keeps them; null where there were none. */
  readonly keptTests: ModelTests | null;
  /** Tests of one's own in the place of the default ones. */
  readonly ownTests: TestSuite | null;
  readonly slices: SliceReport | null;
  readonly registry: RegistryView;
  readonly modelComparison: ModelComparisonView;
  /** What writing and calling cost and earn, as the user has it. */
  readonly strategyPlan: StrategyPlan;
  /** Addresses of people who opted out, folded; they are in no lead list. Null where they cannot be read: then there is none. */
  readonly suppressed: readonly string[] | null;
  /** Whom to write to. */
  readonly strategy: ReturnType<CrmApi['strategy']> | null;
  readonly leads: {
    readonly query: LeadQuery;
    readonly nLeads: number;
    readonly countryCodes: readonly string[];
    /** People who opted out. */
    readonly nSuppressed: number;
    /** Grows with every answered query, so that rows fetched for an older one are not shown. */
    readonly revision: number;
  } | null;
}

/** The outputs of all cells, empty. */
export const NO_OUTPUTS = {
  ingest: null,
  repairSteps: [],
  repairFailure: null,
  quality: null,
  gateOverrideReason: null,
  rating: null,
  filtered: null,
  segments: null,
  tags: null,
  axes: null,
  ranking: null,
  interaction: null,
  sufficiency: null,
  drift: null,
  anomalies: null,
  compared: null,
  comparedFailure: null,
  features: null,
  suspects: null,
  measurements: { leakage: NOT_MEASURED, learning_curve: NOT_MEASURED, model_tests: NOT_MEASURED },
  study: null,
  viewed: null,
  commandFailure: null,
  model: null,
  scores: null,
  keptTests: null,
  slices: null,
  modelComparison: { result: null, isRunning: false, failure: null },
  strategy: null,
  leads: null,
} satisfies Partial<WorkbenchState>;

/** The state before anything was opened. */
export function initialState({ params, isPlanEdited }: KeptParams): WorkbenchState {
  return {
    statuses: freshStatuses(),
    params,
    isPlanEdited,
    spaceDraft: null,
    ownSuites: [],
    ownTests: null,
    registry: { listing: null, isBusy: false, failure: null },
    strategyPlan: DEFAULT_STRATEGY_PLAN,
    suppressed: [],
    studies: { listing: null, isLoading: false, failure: null },
    comparedStudies: [],
    engine: null,
    source: null,
    sourceFailure: null,
    view: WHOLE_VIEW,
    ...NO_OUTPUTS,
  };
}

/** Whether stages behind the gate may run. */
export function isGateOpen(state: WorkbenchState): boolean {
  return state.quality !== null && (state.quality.gate.open || state.gateOverrideReason !== null);
}

/** Whether a study may start: the gate is open or overridden, the features are those of the parameters as they stand, and the plan can be carried out. */
export function canLaunchStudy(state: WorkbenchState): boolean {
  const { features, statuses } = state;
  const isPrepared = features !== null && statuses.features.kind === 'done';
  return isGateOpen(state) && isPrepared && planFaults(state).length === 0;
}

/** The study that the tuning cell shows: the one looked at, else the page's own. */
export function shownStudy({
  viewed,
  study,
}: Pick<WorkbenchState, 'viewed' | 'study'>): FollowedStudy | null {
  return viewed === null ? study : viewed.study;
}

/** Whether a study's trials are not over, be it that they run, wait or were cut short. */
export function isTuningUnderWay({ phase }: Pick<StudyState, 'phase'>): boolean {
  return ['tuning', 'stopping', 'pausing', 'paused'].includes(phase);
}
