import { LIST, MAILCHIMP_ID_QUANTILES } from '../figures/list';

/**
 * Ids of a list in ascending order: for the demo's own size they have the profile's range and quantiles, for other sizes
 * the same shape in proportion. Most ids are left out, as of those who left the list.
 */
export function mailchimpIds(nSubscribers: number): Uint32Array {
  const scale = nSubscribers / LIST.nSubscribers;
  const ids = new Uint32Array(nSubscribers);
  let piece = 1;
  for (let i = 0; i < nSubscribers; i++) {
    const share = i / (nSubscribers - 1);
    while (piece < MAILCHIMP_ID_QUANTILES.length - 1 && share > MAILCHIMP_ID_QUANTILES[piece]!.share) piece++;
    const from = MAILCHIMP_ID_QUANTILES[piece - 1]!;
    const to = MAILCHIMP_ID_QUANTILES[piece]!;
    const within = (share - from.share) / (to.share - from.share);
    // The slope is above one id a subscriber everywhere, so rounding never gives an id twice.
    ids[i] = Math.max(1, Math.round(scale * (from.id + within * (to.id - from.id))));
  }
  return ids;
}
