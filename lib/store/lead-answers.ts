import type { LeadExplanation } from '@/lib/scoring/reasons/explainer';
import type { LeadChange } from '@/lib/scoring/what-if/lead-variants';
import type { TierChanges } from '@/lib/scoring/what-if/tier-changes';
import type { LeadFields, SimilarBuyer } from '@/lib/workers/reasons-api';

/** What the CRM in its worker answers about single leads, by their row of the table. */
export interface LeadAnswers {
  /** Why the lead at a row of the table has its score. */
  explainLead(row: number): Promise<LeadExplanation>;
  leadFields(row: number): Promise<LeadFields>;
  /** Score and explain a lead as it would be with a change, as every lead is scored and explained. */
  whatIf(
    row: number,
    change: LeadChange,
  ): Promise<{ readonly score: number; readonly explanation: LeadExplanation }>;
  /** The smallest changes of what can change that lead to another tier, each scored with the model. */
  tierChanges(row: number): Promise<TierChanges>;
  similarBuyers(row: number, nBuyers: number): Promise<readonly SimilarBuyer[]>;
}
