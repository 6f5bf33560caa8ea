import { type Result, succeed } from '@/lib/core/result';
import type { JoinedTable } from '@/lib/crm/joined-table';
import { nounText } from '@/lib/explore/summary/plain-numbers';
import type { FeatureChoices } from './choices';
import { encodeFeatures } from './encode';
import { type EncodingNote, namedUpToTen } from './encoding-notes';
import { type FeatureSummary, featureSummaries } from './feature-summary';
import { type FittedFeatures, fitFeatures } from './fit-spec';
import { type FeatureMatrix, SplitPart, type TrainingDataset } from './matrix';
import { type FeatureSpec, isFittedWithinFolds } from './spec';
import { DESIGN_SPLIT_SHARES, personGroups, stratifiedSplit } from './split';

const N_PREVIEW_ROWS = 8;
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
  /** Those that were switched off among them; the others in the order of the matrix's columns. */
  readonly features: readonly FeatureSummary[];
  /** Columns of the tags that an own feature may use. */
  readonly ownFeatureTags: readonly string[];
  /** The first rows of the matrix. They stay in the page. */
  readonly previewRows: readonly (readonly number[])[];
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
 * Browser and command line both call this, so the same file, share, seed
 * and choices give the same bytes.
 *
 * @param options.paretoShare share of the training rows' sales that the kept countries must hold, above 0, up to 1
 * @param options.seed the seed the user sees
 * @param options.choices the design's when left out
 * @returns or the failures of `stratifiedSplit` and `fitFeatures`
 */
export function prepareDataset(options: {
  readonly table: JoinedTable;
  readonly paretoShare: number;
  readonly seed: number;
  readonly choices?: FeatureChoices;
}): Result<PreparedDataset> {
  const { table, paretoShare, seed, choices } = options;
  const shares = DESIGN_SPLIT_SHARES;
  const labels = table.madePurchase;
  const split = stratifiedSplit({ labels, groups: personGroups(table.userEmail), seed, shares });
  if (!split.ok) return split;
  const fitted = fitFeatures({ table, split: split.value, paretoShare, seed, shares, choices });
  if (!fitted.ok) return fitted;
  const { spec } = fitted.value;
  const { matrix, notes } = encodeFeatures(spec, table, { split: split.value });
  const dataset: TrainingDataset = { matrix, labels: labels.slice(), split: split.value };
  const summary = {
    parts: partCounts(dataset),
    features: summariesOf(fitted.value, { table, dataset }),
    ownFeatureTags: fitted.value.candidates.flatMap(({ source }) =>
      source.type === 'tag' ? [source.tag] : [],
    ),
    previewRows: firstRows(matrix),
    notes: [...notes, ...switchedOffNote(fitted.value, choices)],
  };
  return succeed({ spec, dataset, summary });
}

/**
 * Give the features of every row as a new row would get them, for scoring the table that was prepared: the dataset's own,
 * unless its training rows hold out-of-fold values.
 */
export function matrixToScore(
  { spec, dataset }: Pick<PreparedDataset, 'spec' | 'dataset'>,
  table: JoinedTable,
): FeatureMatrix {
  return isFittedWithinFolds(spec) ? encodeFeatures(spec, table).matrix : dataset.matrix;
}

/** All features that there were to choose from, in the order of the design. */
function summariesOf(
  { spec, candidates }: FittedFeatures,
  { table, dataset }: { readonly table: JoinedTable; readonly dataset: TrainingDataset },
): FeatureSummary[] {
  const isOff = new Set(spec.switchedOff);
  const features = candidates.filter(({ name }) => isOff.has(name));
  const { values } = encodeFeatures({ ...spec, features }, table, dataset).matrix;
  const place = new Map(candidates.map(({ name }, at) => [name, at]));
  const summaries = featureSummaries(spec, dataset, { features, values });
  return summaries.sort((a, b) => (place.get(a.name) ?? 0) - (place.get(b.name) ?? 0));
}

/** A name that was switched off and is none is more likely a slip than a wish. */
function switchedOffNote(
  { candidates }: FittedFeatures,
  choices: FeatureChoices | undefined,
): readonly EncodingNote[] {
  const known = new Set(candidates.map(({ name }) => name));
  const unknown = choices?.switchedOff.filter((name) => !known.has(name)) ?? [];
  if (unknown.length === 0) return [];
  const which = `${nounText(unknown.length, 'feature', 'features')} to switch off`;
  return [
    {
      code: 'switched_off_unknown',
      count: unknown.length,
      message: `${which} not among the features of this file: ${namedUpToTen(unknown)}.`,
    },
  ];
}

function firstRows({ values, nRows, featureNames }: FeatureMatrix): number[][] {
  const stride = featureNames.length;
  const nShown = Math.min(N_PREVIEW_ROWS, nRows);
  return Array.from({ length: nShown }, (_, row) => [...values.subarray(row * stride, (row + 1) * stride)]);
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
