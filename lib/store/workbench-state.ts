import type { Failure } from '@/lib/core/result';
import type { EvaluationReport } from '@/lib/evaluation/evaluation-report';
import type { ValidationResults } from '@/lib/quality/suite-result';
import type { LeadQuery } from '@/lib/scoring/lead-query';
import type { ModelMetadata } from '@/lib/scoring/model-metadata';
import {
  DEFAULT_PIPELINE_PARAMS,
  type PipelineParams,
  pipelineParamsSchema,
} from '@/lib/tuning/pipeline-params';
import type { StudyView } from '@/lib/tuning/study-view';
import type { CrmApi, IngestSummary, OpenedCrm, PreparedSummary } from '@/lib/workers/crm-api';
import { type CellStatuses, freshStatuses } from './cells';
import type { EngineStatus, TableScores } from './services';

/** What the user can set. Kept across reloads; parsed when read back. */
export const workbenchParamsSchema = pipelineParamsSchema;

export type WorkbenchParams = PipelineParams;

/** What the page opens with, and the command line takes where nothing is said. */
export const DEFAULT_PARAMS: WorkbenchParams = DEFAULT_PIPELINE_PARAMS;

/** The order a lead list opens with: the best first. */
export const BEST_FIRST: LeadQuery = {
  sortBy: 'score',
  descending: true,
  search: '',
  tiers: [],
  countryCode: '',
  buyers: 'all',
};

/** A study as the page follows it. */
export interface FollowedStudy extends StudyView {
  readonly connection: 'live' | 'reconnecting';
}

/** Everything the page shows. Outputs of a stale cell stay until it has run again. */
export interface WorkbenchState {
  readonly statuses: CellStatuses;
  readonly params: WorkbenchParams;
  readonly engine: EngineStatus | null;
  readonly source: { readonly crm: OpenedCrm; readonly isDemo: boolean } | null;
  /** Why the last file could not be opened; the one before stays open. */
  readonly sourceFailure: { readonly fileName: string; readonly failure: Failure } | null;
  readonly ingest: IngestSummary | null;
  readonly quality: ValidationResults | null;
  /** Why the user lets training go on although the gate is shut. Travels with the model. */
  readonly gateOverrideReason: string | null;
  readonly pareto: ReturnType<CrmApi['pareto']> | null;
  readonly rating: ReturnType<CrmApi['rating']> | null;
  readonly features: PreparedSummary | null;
  readonly study: FollowedStudy | null;
  readonly model: { readonly metadata: ModelMetadata; readonly report: EvaluationReport } | null;
  readonly scores: TableScores | null;
  readonly leads: {
    readonly query: LeadQuery;
    readonly nLeads: number;
    readonly countryCodes: readonly string[];
    /** Grows with every answered query, so that rows fetched for an older one are not shown. */
    readonly revision: number;
  } | null;
}

/** The outputs of all cells, empty. */
export const NO_OUTPUTS = {
  ingest: null,
  quality: null,
  gateOverrideReason: null,
  pareto: null,
  rating: null,
  features: null,
  study: null,
  model: null,
  scores: null,
  leads: null,
} satisfies Partial<WorkbenchState>;

/** The state before anything was opened. */
export function initialState(params: WorkbenchParams): WorkbenchState {
  return {
    statuses: freshStatuses(),
    params,
    engine: null,
    source: null,
    sourceFailure: null,
    ...NO_OUTPUTS,
  };
}

/** Whether stages behind the gate may run. */
export function isGateOpen(state: WorkbenchState): boolean {
  return state.quality !== null && (state.quality.gate.open || state.gateOverrideReason !== null);
}

/** Whether a study may start: the gate is open or overridden, and the features are those of the parameters as they stand. */
export function canLaunchStudy(state: WorkbenchState): boolean {
  return isGateOpen(state) && state.features !== null && state.statuses.features.kind === 'done';
}
