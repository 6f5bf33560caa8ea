import { MISSING_DAY } from '@/lib/core/day';
import type { JoinedTable } from '@/lib/crm/joined-table';
import { encodeFeatures } from '@/lib/features/encode';
import { matrixToScore, type PreparedDataset } from '@/lib/features/prepare-dataset';
import type { FeatureSpec } from '@/lib/features/spec';
import type { TierCutoffs } from '@/lib/scoring/model-metadata';
import type { ExplainedRows, LeadExplainer } from '@/lib/scoring/reasons/explainer';
import { createSimilarBuyers } from '@/lib/scoring/reasons/similar-buyers';
import { heldTags, leadVariants } from '@/lib/scoring/what-if/lead-variants';
import { possibleChanges, tierChanges } from '@/lib/scoring/what-if/tier-changes';
import type { Handlers } from './channel';
import type { ReasonsApi } from './reasons-api';

/** The leads that were scored last, and what explains their scores. */
export interface ExplainedLeads {
  readonly explainer: LeadExplainer;
  readonly spec: FeatureSpec;
  readonly leads: ExplainedRows;
  readonly scores: Float32Array;
  readonly cutoffs: TierCutoffs;
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

/** Answer why scores are as they are, and what would make them others. */
export function createReasonsReader(explained: () => ExplainedLeads): Handlers<ReasonsApi> {
  let last: { readonly of: ExplainedLeads; readonly find: ReturnType<typeof createSimilarBuyers> } | null =
    null;
  const similar = () => {
    const of = explained();
    if (last?.of !== of) last = { of, find: createSimilarBuyers(of.explainer, of.leads) };
    return last.find;
  };
  return {
    explainLead: ({ row }) => {
      const { explainer, leads } = explained();
      return explainer.explain(leads, row);
    },
    leadFields: ({ row }) => {
      const { table } = explained().leads;
      const country = table.countryIndex[row]!;
      return {
        memberRating: table.memberRating[row]!,
        countryCode: country < 0 ? '' : table.countryCodes[country]!,
        optinDay: table.optinDay[row] ?? MISSING_DAY,
        tags: heldTags(table, row),
        allTags: table.tagColumns,
        countryCodes: table.countryCodes,
      };
    },
    variants: ({ row, changes }) => {
      const { leads, spec } = explained();
      return encodeFeatures(spec, leadVariants(leads.table, row, changes)).matrix;
    },
    explainVariant: ({ row, change }) => {
      const { explainer, leads, spec } = explained();
      const table = leadVariants(leads.table, row, [change]);
      return explainer.explain({ table, values: encodeFeatures(spec, table).matrix.values }, 0);
    },
    changesToTry: ({ row }) => {
      const { leads, spec } = explained();
      return possibleChanges(spec, leads.table, row);
    },
    tierChanges: ({ row, changes, scores: changed }) => {
      const { leads, scores, cutoffs } = explained();
      const lead = { score: scores[row]!, memberRating: leads.table.memberRating[row]! };
      return tierChanges(lead, changes, changed, cutoffs);
    },
    similarBuyers: ({ row, nBuyers }) => {
      const { leads, scores } = explained();
      const { table } = leads;
      return similar()(row, nBuyers).map(({ row: buyer, distance }) => ({
        distance,
        score: scores[buyer]!,
        name: table.userFullName[buyer]!,
        memberRating: table.memberRating[buyer]!,
        countryCode: table.countryCodes[table.countryIndex[buyer]!] ?? '',
        tagCount: table.tagCount[buyer]!,
        optinDay: table.optinDay[buyer]!,
      }));
    },
  };
}
