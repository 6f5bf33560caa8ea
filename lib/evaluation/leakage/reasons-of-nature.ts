import type { Feature } from '@/lib/features/spec';
import { purchaseWord } from './purchase-words';
import type { SuspectReason } from './suspects';

/** Say why a feature may know of the purchase by what it is; nothing for most. Counts of tags are named as a group. */
export function byNature({ source }: Feature): readonly SuspectReason[] {
  if (source.type === 'member_rating') {
    return [ratingReason()];
  }
  if (source.type !== 'tag') return [];
  const word = purchaseWord(source.tag);
  if (word === null) return [];
  return [possible(`The tag’s name speaks of a purchase (“${word}”): it may be given by one.`)];
}

/** Say why the rating may know of the purchase. */
export function ratingReason(): SuspectReason {
  return possible(
    'The rating is recalculated after every send, so it may have moved because of the purchase, or since.',
  );
}

/** Say why tags as a whole may know of the purchase. */
export function tagsReason(nFeatures: number): SuspectReason {
  return possible(
    `Tags can be given by a purchase, and the list does not say when one was given (${nFeatures} features).`,
  );
}

function possible(text: string): SuspectReason {
  return { basis: 'nature', grade: 'possible', text };
}
