import { type Result, succeed } from '@/lib/core/result';
import type { JoinedTable } from '@/lib/crm/joined-table';
import { encodeFeatures } from './encode';
import type { EncodingNote } from './encoding-notes';
import { type FeatureSummary, featureSummaries } from './feature-summary';
import { fitSpec } from './fit-spec';
import { SplitPart, type TrainingDataset } from './matrix';
import type { FeatureSpec } from './spec';
import { DESIGN_SPLIT_SHARES, personGroups, stratifiedSplit } from './split';

const PARTS = ['train', 'validation', 'test'] as const;

/** Rows and buyers of one part of the split. */
export interface PartCount {
  readonly part: (typeof PARTS)[number];
  readonly n: number;
  readonly buyers: number;
}

/** What the preparation made, for the page and the log. */
export interface PreparationSummary {
  /** Training, validation, test. */
  readonly parts: readonly PartCount[];
  /** In the order of the matrix's columns. */
  readonly features: readonly FeatureSummary[];
  readonly notes: readonly EncodingNote[];
}

/** A joined table made ready for training. */
export interface PreparedDataset {
  readonly spec: FeatureSpec;
  readonly dataset: TrainingDataset;
  readonly summary: PreparationSummary;
}

/**
 * Prepare a joined table for training: split 60/20/20, fit the specification on the training rows, encode all rows.
 * Browser and command line both call this, so the same file, share and seed give the same bytes.
 *
 * @param options.paretoShare share of the training rows' sales that the kept countries must hold, above 0, up to 1
 * @param options.seed the seed the user sees
 * @returns or the failures of `stratifiedSplit` and `fitSpec`
 */
export function prepareDataset(options: {
  readonly table: JoinedTable;
  readonly paretoShare: number;
  readonly seed: number;
}): Result<PreparedDataset> {
  const { table, paretoShare, seed } = options;
  const shares = DESIGN_SPLIT_SHARES;
  const labels = table.madePurchase;
  const split = stratifiedSplit({ labels, groups: personGroups(table.userEmail), seed, shares });
  if (!split.ok) return split;
  const spec = fitSpec({ table, split: split.value, paretoShare, seed, shares });
  if (!spec.ok) return spec;
  const { matrix, notes } = encodeFeatures(spec.value, table);
  const dataset: TrainingDataset = { matrix, labels: labels.slice(), split: split.value };
  const summary = {
    parts: partCounts(dataset),
    features: featureSummaries(spec.value, dataset),
    notes,
  };
  return succeed({ spec: spec.value, dataset, summary });
}

function partCounts({ labels, split }: TrainingDataset): PartCount[] {
  return PARTS.map((part) => {
    let n = 0;
    let buyers = 0;
    for (let row = 0; row < split.length; row++) {
      if (split[row] !== SplitPart[part]) continue;
      n++;
      buyers += labels[row]!;
    }
    return { part, n, buyers };
  });
}
