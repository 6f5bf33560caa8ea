import type { JoinedTable } from '@/lib/crm/joined-table';
import { tagsOfExpression } from '@/lib/features/expression-column';
import type { FeatureSpec } from '@/lib/features/spec';
import type { Tier, TierCutoffs } from '../model-metadata';
import { tierOf } from '../tiers';
import { heldTags, type LeadChange } from './lead-variants';

const TIERS: readonly Tier[] = ['A', 'B', 'C', 'D'];
const RATINGS = [1, 2, 3, 4, 5] as const;
/** Pairs of tags grow with the square of their number. */
const MAX_CHANGES = 4_000;
const N_OFFERED = 3;

/** A change, and what the model says of it. */
export interface ScoredChange {
  readonly change: LeadChange;
  /** In words: "member rating 5", "tag_webinar added". */
  readonly words: readonly string[];
  /** Probability, by the model itself. */
  readonly score: number;
  readonly tier: Tier;
}

/** What would change a lead's tier, among the changes that were scored. */
export interface TierChanges {
  readonly nScored: number;
  /** The smallest changes that reach a better tier; empty in tier A, and where none does. */
  readonly better: readonly ScoredChange[];
  /** The smallest that lead to a worse tier; empty in tier D, and where none does. */
  readonly worse: readonly ScoredChange[];
  /** The change that scores best. */
  readonly best: ScoredChange | null;
}

/**
 * List the changes that may be looked at: another member rating, a tag more or less, a rating and a tag, and two more tags, as
 * many as 4,000. Only what can change: nobody moves to another country or joins on another day. Tags are those that the
 * model was trained on.
 */
export function possibleChanges(spec: FeatureSpec, table: JoinedTable, row: number): LeadChange[] {
  const known = new Set(
    spec.features.flatMap(({ source }) =>
      source.type === 'tag'
        ? [source.tag]
        : source.type === 'expression'
          ? tagsOfExpression(source.text)
          : [],
    ),
  );
  const held = heldTags(table, row);
  const tags = table.tagColumns.filter((tag) => known.has(tag));
  const more = tags.filter((tag) => !held.includes(tag));
  const fewer = tags.filter((tag) => held.includes(tag));
  const ratings = RATINGS.filter((rating) => rating !== table.memberRating[row]);
  const changes: LeadChange[] = [
    ...ratings.map((memberRating) => ({ memberRating })),
    ...more.map((tag) => ({ addedTags: [tag] })),
    ...fewer.map((tag) => ({ removedTags: [tag] })),
    ...ratings.flatMap((memberRating) => more.map((tag) => ({ memberRating, addedTags: [tag] }))),
    ...ratings.flatMap((memberRating) => fewer.map((tag) => ({ memberRating, removedTags: [tag] }))),
    ...more.flatMap((tag, place) => more.slice(place + 1).map((other) => ({ addedTags: [tag, other] }))),
  ];
  return changes.slice(0, MAX_CHANGES);
}

/**
 * Choose the changes that move a lead to another tier: fewest things changed first, then the smallest step of the rating,
 * then the one that moves the score most.
 *
 * @param scores probabilities of `changes`, in their order, by the model
 */
export function tierChanges(
  lead: { readonly score: number; readonly memberRating: number },
  changes: readonly LeadChange[],
  scores: Float32Array,
  cutoffs: TierCutoffs,
): TierChanges {
  const now = TIERS.indexOf(tierOf(lead.score, cutoffs));
  const scored = changes.map((change, i): ScoredChange => {
    const score = scores[i]!;
    return { change, words: wordsOf(change), score, tier: tierOf(score, cutoffs) };
  });
  const moving = (isWanted: (tier: number) => boolean, sign: number) =>
    scored
      .filter(({ tier }) => isWanted(TIERS.indexOf(tier)))
      .sort(
        (a, b) =>
          a.words.length - b.words.length ||
          ratingStep(lead, a.change) - ratingStep(lead, b.change) ||
          sign * (b.score - a.score),
      )
      .slice(0, N_OFFERED);
  return {
    nScored: changes.length,
    better: moving((tier) => tier < now, 1),
    worse: moving((tier) => tier > now, -1),
    best: scored.reduce<ScoredChange | null>(
      (best, each) => (best === null || each.score > best.score ? each : best),
      null,
    ),
  };
}

function ratingStep({ memberRating }: { readonly memberRating: number }, change: LeadChange): number {
  if (change.memberRating === undefined) return 0;
  return Number.isNaN(memberRating) ? 1 : Math.abs(change.memberRating - memberRating);
}

function wordsOf({ memberRating, addedTags = [], removedTags = [] }: LeadChange): string[] {
  return [
    ...(memberRating === undefined ? [] : [`member rating ${memberRating}`]),
    ...addedTags.map((tag) => `${tag} added`),
    ...removedTags.map((tag) => `${tag} removed`),
  ];
}
