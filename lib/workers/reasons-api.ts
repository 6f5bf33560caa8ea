import type { Day } from '@/lib/core/day';
import type { FeatureMatrix } from '@/lib/features/matrix';
import type { LeadExplanation } from '@/lib/scoring/reasons/explainer';
import type { LeadChange } from '@/lib/scoring/what-if/lead-variants';
import type { TierChanges } from '@/lib/scoring/what-if/tier-changes';

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

/** What the CRM worker answers about single leads, by their row of the table. */
export interface ReasonsApi {
  /** Why the lead at a row of the table has its score. */
  explainLead(input: { readonly row: number }): LeadExplanation;
  /** What of a lead can be asked about as if it were otherwise. */
  leadFields(input: { readonly row: number }): LeadFields;
  /** Features of a lead as it would be with each of some changes. */
  variants(input: { readonly row: number; readonly changes: readonly LeadChange[] }): FeatureMatrix;
  /** Why a lead would have its score with a change. */
  explainVariant(input: { readonly row: number; readonly change: LeadChange }): LeadExplanation;
  /** Changes of a lead that may lead to another tier. */
  changesToTry(input: { readonly row: number }): readonly LeadChange[];
  /** The smallest of them that do, by the scores that the model gave them. */
  tierChanges(input: {
    readonly row: number;
    readonly changes: readonly LeadChange[];
    readonly scores: Float32Array;
  }): TierChanges;
  /** Past buyers whom the model scores for the same reasons, the nearest first. */
  similarBuyers(input: { readonly row: number; readonly nBuyers: number }): readonly SimilarBuyer[];
}
