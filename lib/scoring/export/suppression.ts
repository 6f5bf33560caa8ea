import { normalEmail } from '@/lib/crm/casts';

/** People who opted out, as a text that was pasted or a file named them. */
export interface SuppressionList {
  /** Folded as `normalEmail` does, each once, in the order of first naming. */
  readonly addresses: readonly string[];
  /** Lines that hold something but no address; a header is one. */
  readonly nLinesWithout: number;
}

/** Nobody. */
export const NOBODY_SUPPRESSED: SuppressionList = { addresses: [], nLinesWithout: 0 };

/**
 * Find the e-mail addresses in a text: one a line, or in any column of a CSV, with or without quotes, angle brackets and
 * `mailto:`. Addresses are folded as those of subscribers are, so that case and blanks around do not matter.
 *
 * @example suppressionList('email\nAnn@Example.com\n"Bo" <bo@example.com>').addresses // ['ann@example.com', 'bo@example.com']
 */
export function suppressionList(text: string): SuppressionList {
  const addresses = new Set<string>();
  let nLinesWithout = 0;
  for (const line of text.split(/\r\n|\r|\n/)) {
    const found = line.split(/[\s,;|"'<>()[\]]+/).flatMap(addressIn);
    for (const address of found) addresses.add(address);
    if (found.length === 0 && line.trim() !== '') nLinesWithout += 1;
  }
  return { addresses: [...addresses], nLinesWithout };
}

function addressIn(word: string): readonly string[] {
  const address = word.replace(/^\ufeff?(?:mailto:)?/i, '').replace(/[.:]+$/, '');
  return /^[^@]+@[^@]+$/.test(address) ? [normalEmail(address)] : [];
}

/** Say of each row whether its person opted out: 1 or 0. Rows without an address never did. */
export function suppressedRows(userEmail: readonly string[], addresses: ReadonlySet<string>): Uint8Array {
  if (addresses.size === 0) return new Uint8Array(userEmail.length);
  return Uint8Array.from(userEmail, (email) => (addresses.has(normalEmail(email)) ? 1 : 0));
}
