import { fail, type Result, succeed } from '@/lib/core/result';
import type { JoinedTable } from '@/lib/crm/joined-table';
import type { FeatureChoices } from './choices';
import { MIN_LEVEL_ROWS, TARGET_ENCODING_FOLDS } from './country-target';
import { ownFeatures } from './own-features';
import type { Feature } from './spec';
import { smoothedRates } from './target-encoding';

/** Training rows, and what was chosen of them before. */
export interface CandidateFit {
  readonly table: JoinedTable;
  /** The training rows. */
  readonly rows: Uint32Array;
  readonly countryLevels: readonly string[];
  /** Level of each row of the table, −1 where missing. */
  readonly levels: Int16Array;
  /** Tags that become features. */
  readonly tags: readonly string[];
}

const OPTIN_FEATURES: readonly Feature[] = [
  { name: 'optin_days', kind: 'numeric', source: { type: 'optin', part: 'days' } },
  { name: 'optin_month', kind: 'ordinal', source: { type: 'optin', part: 'month' } },
  { name: 'optin_day_of_week', kind: 'ordinal', source: { type: 'optin', part: 'day_of_week' } },
  { name: 'optin_day_of_year', kind: 'numeric', source: { type: 'optin', part: 'day_of_year' } },
  { name: 'optin_quarter', kind: 'ordinal', source: { type: 'optin', part: 'quarter' } },
  { name: 'optin_is_weekend', kind: 'categorical', source: { type: 'optin', part: 'is_weekend' } },
  { name: 'tag_count', kind: 'numeric', source: { type: 'tag_count' } },
  { name: 'tag_count_by_optin_day', kind: 'numeric', source: { type: 'tag_count_by_optin_day' } },
];
const FREE_EMAIL: Feature = { name: 'is_free_email', kind: 'categorical', source: { type: 'is_free_email' } };
const RATINGS = [1, 2, 3, 4, 5] as const;

/**
 * List the features that the choices make, before any is switched off, in the design's order: opt-in and tag counts,
 * rating, country, free e-mail, tags; then those of one's own.
 *
 * @returns or `target_encoding_too_few` or `own_feature_invalid`
 */
export function candidateFeatures(choices: FeatureChoices, fit: CandidateFit): Result<Feature[]> {
  const country = countryFeatures(choices.countryEncoding, fit);
  if (!country.ok) return country;
  const base = [...OPTIN_FEATURES, ...ratingFeatures(choices.ratingEncoding), ...country.value, FREE_EMAIL];
  const features = [...base, ...tagFeatures(base, fit.tags)];
  const tags = new Set(fit.tags);
  const own = ownFeatures(choices.ownFeatures, {
    taken: features.map(({ name }) => name),
    columns: { isTag: (name) => tags.has(name) },
  });
  return own.ok ? succeed([...features, ...own.value]) : own;
}

function ratingFeatures(encoding: FeatureChoices['ratingEncoding']): Feature[] {
  if (encoding === 'ordinal') {
    return [{ name: 'member_rating', kind: 'ordinal', source: { type: 'member_rating' } }];
  }
  return RATINGS.map((rating) => ({
    name: `member_rating_is_${rating}`,
    kind: 'categorical',
    source: { type: 'member_rating_is', rating },
  }));
}

function countryFeatures(encoding: FeatureChoices['countryEncoding'], fit: CandidateFit): Result<Feature[]> {
  switch (encoding) {
    case 'label':
      return succeed([{ name: 'country_code', kind: 'categorical', source: { type: 'country_code' } }]);
    case 'one_hot':
      return succeed(
        fit.countryLevels.map((level) => ({
          name: `country_code_is_${level}`,
          kind: 'categorical',
          source: { type: 'country_is', level },
        })),
      );
    case 'frequency': {
      const source = { type: 'country_frequency', shares: levelShares(fit) } as const;
      return succeed([{ name: 'country_code_frequency', kind: 'numeric', source }]);
    }
    case 'target':
      return targetFeature(fit);
    default:
      return encoding satisfies never;
  }
}

/** The share of all training rows, those without a country among them, that are of each level. */
function levelShares({ rows, levels, countryLevels }: CandidateFit): number[] {
  const n = new Uint32Array(countryLevels.length);
  for (const row of rows) if (levels[row]! >= 0) n[levels[row]!]! += 1;
  return Array.from(n, (count) => count / rows.length);
}

function targetFeature({ table, rows, levels, countryLevels }: CandidateFit): Result<Feature[]> {
  const labels = table.madePurchase;
  const nBuyers = rows.reduce((n, row) => n + labels[row]!, 0);
  const nFewest = Math.min(nBuyers, rows.length - nBuyers);
  if (nFewest < TARGET_ENCODING_FOLDS) {
    return fail(
      'target_encoding_too_few',
      `Target encoding is fitted within ${TARGET_ENCODING_FOLDS} folds, and the training rows hold only ${nFewest} of ${nBuyers === nFewest ? 'those who bought' : 'those who did not buy'}.`,
      'Choose another encoding of country_code.',
    );
  }
  const fit = { levels, labels, nLevels: countryLevels.length, minRows: MIN_LEVEL_ROWS };
  const source: Feature['source'] = {
    type: 'country_target',
    rates: [...smoothedRates(fit, rows)],
    smoothing: 'empirical_bayes',
    minRows: MIN_LEVEL_ROWS,
    folds: TARGET_ENCODING_FOLDS,
  };
  return succeed([{ name: 'country_code_target', kind: 'numeric', source }]);
}

function tagFeatures(base: readonly Feature[], tags: readonly string[]): Feature[] {
  const taken = new Set(base.map((feature) => feature.name));
  return tags.toSorted().map((tag) => {
    let name = tag;
    while (taken.has(name)) name += '_2';
    taken.add(name);
    return { name, kind: 'categorical', source: { type: 'tag', tag } };
  });
}
