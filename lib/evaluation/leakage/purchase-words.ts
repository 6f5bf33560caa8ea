/** Beginnings of words that tell of a purchase or of what follows one, in a tag's name. */
const STEMS = [
  'bought',
  'buyer',
  'client',
  'converted',
  'customer',
  'enrolled',
  'invoice',
  'licence',
  'license',
  'member_since',
  'onboarding',
  'order',
  'owner',
  'paid',
  'paying',
  'payment',
  'purchase',
  'receipt',
  'refund',
  'renewal',
  'sale',
  'shipped',
  'sold',
  'student',
  'subscription',
  'upsell',
  'vip',
  'winback',
] as const;

/** Words that begin like one of them and mean something else. */
const OTHERS: readonly string[] = ['orders_of', 'ordered_list', 'sales_team', 'salesforce', 'salesforce_com'];

/**
 * Find the word in a tag's name that tells of a purchase; null where there is none. Case does not matter, and words are
 * told apart by whatever is no letter.
 *
 * @example purchaseWord('tag_VIP customers 2023') // 'vip'
 */
export function purchaseWord(tag: string): string | null {
  const text = tag.toLowerCase();
  if (OTHERS.some((other) => text.replaceAll(/[^a-z]+/g, '_').includes(other))) return null;
  const words = text.split(/[^a-z]+/).filter((word) => word !== '' && word !== 'tag');
  return STEMS.find((stem) => words.some((word) => word.startsWith(stem))) ?? null;
}
