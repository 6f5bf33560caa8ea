import type { TrainingDataset } from '@/lib/features/matrix';
import type { Feature, FeatureSpec } from '@/lib/features/spec';
import { reasonsOfData } from './reasons-of-data';
import { byNature, ratingReason, tagsReason } from './reasons-of-nature';
import { listAges, type SameAge, sameAgeSeparation } from './same-age';
import { allValueCounts, type ValueCounts } from './value-counts';
import { type Separation, separationOf } from './value-separation';

/** How sure it is that a feature knows of the purchase. `possible` rests on what the feature is; the others on the rows. */
export type SuspectGrade = 'certain' | 'likely' | 'possible';

/** Why a feature may know of the purchase. */
export interface SuspectReason {
  /** `nature`: what the feature is and how it comes about. `data`: what the rows show. */
  readonly basis: 'nature' | 'data';
  readonly grade: SuspectGrade;
  /** One sentence, with numbers where it rests on rows. */
  readonly text: string;
}

/** A feature, or several that stand and fall together, that could be known only after the purchase. */
export interface Suspect {
  /** Stable: the feature's name, or that of the group. */
  readonly id: string;
  readonly label: string;
  /** Features to leave out together: the counts of tags go with a tag, which they would give away, and indicators of the rating with one another. */
  readonly features: readonly string[];
  /** The highest of its reasons. */
  readonly grade: SuspectGrade;
  /** The gravest first. */
  readonly reasons: readonly SuspectReason[];
  /** What the feature alone tells; null for groups, and where there are too few buyers or others. */
  readonly separation: Separation | null;
  /** The same among subscribers equally long on the list; null where that is not known. */
  readonly sameAge: SameAge | null;
}

/** What was found, over the training and validation rows. */
export interface SuspectReport {
  /** The gravest first, then what tells buyers from others best. */
  readonly suspects: readonly Suspect[];
  readonly nRows: number;
  readonly nBuyers: number;
  /** Single features looked at. */
  readonly nFeatures: number;
  /** Suspects that are named by data or by a word, but beyond the number that is listed. */
  readonly nNotListed: number;
}

/** Single features listed at most, so that measuring without each stays bearable. */
export const MOST_SINGLE_SUSPECTS = 12;

/** What the id of a group begins with; features cannot, because a colon is in none of their names. */
const GROUP = 'group:';

/** Whether a suspect is several features that stand beside single ones. */
export function isGroup({ id }: Pick<Suspect, 'id'>): boolean {
  return id.startsWith(GROUP);
}

/** Name a suspect by its id. */
export function suspectLabel(id: string): string {
  return id.startsWith(GROUP) ? id.slice(GROUP.length) : id;
}

const GRADES: readonly SuspectGrade[] = ['certain', 'likely', 'possible'];

/**
 * Name the features that could be known only after the purchase: by what they are (a rating that is recalculated, tags that
 * a purchase may give, counts of tags), and by what the training and validation rows show. Test rows are not looked at.
 *
 * A group of all tags and of their counts stands beside the single tags that are named. A feature that is not suspected
 * is not listed. With fewer than `LEAST_FOR_DATA` buyers or others nothing is graded by data.
 *
 * @param dataset made with the specification
 */
export function leakageSuspects(spec: FeatureSpec, dataset: TrainingDataset): SuspectReport {
  const countsOf = allValueCounts(dataset);
  const looked = spec.features.map((feature, column): LookedAt => {
    const counts = countsOf[column]!;
    return { feature, column, counts, separation: separationOf(counts) };
  });
  const ages = listAges(spec, dataset);
  const singles = looked
    .flatMap((one) => suspectOrNone(one, { spec, dataset, looked, ages }))
    .sort(byGravity);
  const listed = singles.slice(0, MOST_SINGLE_SUSPECTS);
  const counts = looked[0]?.counts;
  return {
    suspects: [...listed, ...groupsOf(spec, listed)].sort(byGravity),
    nRows: (counts?.nBuyers ?? 0) + (counts?.nOthers ?? 0),
    nBuyers: counts?.nBuyers ?? 0,
    nFeatures: spec.features.length,
    nNotListed: singles.length - listed.length,
  };
}

/** Give the single features that are as good as certain to know of the purchase, each with the gravest reason. */
export function certainLeaks(
  report: SuspectReport,
): readonly { readonly feature: string; readonly reason: string }[] {
  return report.suspects
    .filter((suspect) => suspect.grade === 'certain' && !isGroup(suspect))
    .map(({ id, reasons }) => ({ feature: id, reason: reasons[0]?.text ?? '' }));
}

interface LookedAt {
  readonly feature: Feature;
  readonly column: number;
  readonly counts: ValueCounts;
  readonly separation: Separation | null;
}

function suspectOrNone(
  { feature, column, counts, separation }: LookedAt,
  context: {
    readonly spec: FeatureSpec;
    readonly dataset: TrainingDataset;
    readonly looked: readonly LookedAt[];
    readonly ages: Int8Array | null;
  },
): readonly Suspect[] {
  const { spec, dataset, looked, ages } = context;
  const bestOther = looked
    .filter((other) => other.column !== column && !isMadeOf(other.feature, feature))
    .reduce((best, other) => Math.max(best, other.separation?.rocAuc.high ?? 0), 0);
  const valueText = valueTextOf(feature, spec);
  const reasons = sorted([
    ...byNature(feature),
    ...(separation === null ? [] : reasonsOfData({ counts, separation, bestOther, valueText })),
  ]);
  const [gravest] = reasons;
  if (gravest === undefined) return [];
  const isRising = separation?.isRising ?? true;
  const sameAge = ages === null ? null : sameAgeSeparation(dataset, ages, { column, isRising });
  const { name } = feature;
  const made = feature.source.type === 'tag' ? namesOf(spec, isCount) : [];
  const beside = isRatingIndicator(feature) ? namesOf(spec, isRatingIndicator) : made;
  return [
    {
      id: name,
      label: name,
      features: [...new Set([name, ...beside])],
      grade: gravest.grade,
      reasons: made.length === 0 ? reasons : [...reasons, countedReason(made)],
      separation,
      sameAge,
    },
  ];
}

function valueTextOf({ source }: Feature, { missingValue }: FeatureSpec): (value: number) => string {
  return (value) => {
    if (source.type === 'tag') return value === 0 ? 'no such tag' : 'the tag';
    return value === missingValue || Number.isNaN(value)
      ? 'no value'
      : `the value ${Number(value.toPrecision(6))}`;
  };
}

const COUNTS: readonly Feature['source']['type'][] = ['tag_count', 'tag_count_by_optin_day'];

function isCount({ source }: Feature): boolean {
  return COUNTS.includes(source.type);
}

function isRatingIndicator({ source }: Feature): boolean {
  return source.type === 'member_rating_is';
}

/** A count of tags moves with every tag, so it is no measure of how far a tag stands out. */
function isMadeOf(made: Feature, of: Feature): boolean {
  return of.source.type === 'tag' && isCount(made);
}

function namesOf({ features }: FeatureSpec, isIn: (feature: Feature) => boolean): readonly string[] {
  return features.filter(isIn).map(({ name }) => name);
}

function groupsOf(spec: FeatureSpec, singles: readonly Suspect[]): readonly Suspect[] {
  const counts = namesOf(spec, isCount);
  const all = namesOf(spec, (feature) => feature.source.type === 'tag' || isCount(feature));
  const grave = singles.filter(({ grade }) => grade !== 'possible');
  const groups: Suspect[] = [];
  if (grave.length > 1) {
    const features = [...new Set(grave.flatMap((suspect) => suspect.features))];
    groups.push(group('all that are certain or likely', features, togetherReason(grave[0]!.grade)));
  }
  const ratings = namesOf(spec, isRatingIndicator);
  if (ratings.length > 0) groups.push(group('indicators of the rating', ratings, ratingReason()));
  if (all.length > counts.length) {
    groups.push(group('all tags and their counts', all, tagsReason(all.length)));
  }
  if (counts.length > 0) groups.push(group('counts of tags', counts, countsReason(counts)));
  return groups;
}

function group(label: string, features: readonly string[], reason: SuspectReason): Suspect {
  return {
    id: `${GROUP}${label}`,
    label,
    features,
    grade: reason.grade,
    reasons: [reason],
    separation: null,
    sameAge: null,
  };
}

function togetherReason(grade: SuspectGrade): SuspectReason {
  return {
    basis: 'data',
    grade,
    text: 'Left out together, since while one is there the other need not be missed.',
  };
}

function countedReason(counts: readonly string[]): SuspectReason {
  return {
    basis: 'nature',
    grade: 'possible',
    text: `${counts.join(' and ')} ${counts.length === 1 ? 'counts' : 'count'} it too, and would give it away: left out with it.`,
  };
}

function countsReason(counts: readonly string[]): SuspectReason {
  return {
    basis: 'nature',
    grade: 'possible',
    text: `${counts.join(' and ')} ${counts.length === 1 ? 'counts' : 'count'} every tag, those among them that a purchase gave.`,
  };
}

function sorted(reasons: readonly SuspectReason[]): readonly SuspectReason[] {
  return [...reasons].sort((a, b) => GRADES.indexOf(a.grade) - GRADES.indexOf(b.grade));
}

/** Gravest first; of one grade, single features before groups, and those that tell most before those that tell less. */
function byGravity(a: Suspect, b: Suspect): number {
  return (
    GRADES.indexOf(a.grade) - GRADES.indexOf(b.grade) ||
    Number(isGroup(a)) - Number(isGroup(b)) ||
    (b.separation?.rocAuc.low ?? 0) - (a.separation?.rocAuc.low ?? 0)
  );
}
