import { createHash } from 'node:crypto';

/** Bytes to look through, with a name for messages. */
export interface SearchedBytes {
  readonly where: string;
  readonly bytes: Buffer;
}

/** Needles are found by their first bytes; shorter ones would be found by chance. */
const N_KEY_BYTES = 7;

/** Base64 of a text within a longer one, for each way it can lie in groups of three bytes; letters that depend on its neighbours are left out. */
function base64Forms(text: Buffer): readonly string[] {
  return [0, 1, 2].map((offset) => {
    const before = Buffer.alloc(offset);
    const nWholeBytes = Math.floor((offset + text.length) / 3) * 3;
    const encoded = Buffer.concat([before, text]).subarray(0, nWholeBytes).toString('base64');
    return encoded.slice([0, 2, 3][offset]);
  });
}

/** The ways a text could travel or be stored, by name, as bytes. */
export function encodings(text: string): ReadonlyMap<string, readonly Buffer[]> {
  const plain = Buffer.from(text, 'utf8');
  const lower = text.toLowerCase();
  const base64 = base64Forms(plain);
  const digest = (algorithm: string) => createHash(algorithm).update(lower).digest('hex');
  return new Map(
    Object.entries({
      plain: [text, lower],
      percent: [encodeURIComponent(text), encodeURIComponent(text).replaceAll('%20', '+')],
      json: [JSON.stringify(text).slice(1, -1)],
      base64,
      base64url: base64.map((form) => form.replaceAll('+', '-').replaceAll('/', '_')),
      hex: [plain.toString('hex')],
      digest: [digest('sha256'), digest('md5')],
    }).map(([name, forms]): [string, Buffer[]] => [name, forms.map((form) => Buffer.from(form, 'utf8'))]),
  ).set('utf16', [Buffer.from(text, 'utf16le')]);
}

/**
 * Look for texts in bytes, in every encoding of `encodings`.
 *
 * @returns one line a find: which text, encoded how, where
 * @throws where a text is too short to be told from chance
 */
export function tracesOf(texts: Iterable<string>, places: readonly SearchedBytes[]): readonly string[] {
  const byKey = new Map<string, { readonly form: Buffer; readonly what: string }[]>();
  for (const text of new Set(texts)) {
    for (const [encoding, forms] of encodings(text)) {
      for (const form of forms) {
        if (form.length < N_KEY_BYTES) throw new Error(`“${text}” is too short to look for as ${encoding}`);
        const key = form.toString('latin1', 0, N_KEY_BYTES);
        const known = byKey.get(key) ?? [];
        byKey.set(key, known);
        known.push({ form, what: `“${text}” as ${encoding}` });
      }
    }
  }
  return places.flatMap(({ where, bytes }) => {
    const found = new Set<string>();
    const latin1 = bytes.toString('latin1');
    for (let at = 0; at + N_KEY_BYTES <= latin1.length; at++) {
      for (const { form, what } of byKey.get(latin1.substring(at, at + N_KEY_BYTES)) ?? []) {
        if (bytes.subarray(at, at + form.length).equals(form)) found.add(`${what} in ${where}`);
      }
    }
    return [...found];
  });
}
