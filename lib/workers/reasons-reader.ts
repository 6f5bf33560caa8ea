import type { JoinedTable } from '@/lib/crm/joined-table';
import { matrixToScore, type PreparedDataset } from '@/lib/features/prepare-dataset';
import type { ExplainedRows, LeadExplainer } from '@/lib/scoring/reasons/explainer';
import type { Handlers } from './channel';
import type { CrmApi } from './crm-api';

type ReasonsApi = Pick<CrmApi, 'explainLead'>;

/** The leads that were scored last, and what explains their scores. */
export interface ExplainedLeads {
  readonly explainer: LeadExplainer;
  readonly leads: ExplainedRows;
}

/** The leads of a prepared table; their matrix is made when reasons are first asked for. */
export function explainedRows(table: JoinedTable, prepared: PreparedDataset): ExplainedRows {
  let values: Float32Array | null = null;
  return {
    table,
    get values() {
      values ??= matrixToScore(prepared, table).values;
      return values;
    },
  };
}

/** Answer why scores are as they are. */
export function createReasonsReader(explained: () => ExplainedLeads): Handlers<ReasonsApi> {
  return {
    explainLead: ({ row }) => {
      const { explainer, leads } = explained();
      return explainer.explain(leads, row);
    },
  };
}
