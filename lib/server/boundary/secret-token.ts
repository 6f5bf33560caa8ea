import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

/** Bytes of entropy in every secret made here: 256 bits, twice what guessing over a network asks for. */
const SECRET_BYTES = 32;

/** Make a secret of 256 bits from the system's random source, as 43 URL-safe characters. */
export function createSecretToken(): string {
  return randomBytes(SECRET_BYTES).toString('base64url');
}

/**
 * Tell whether a presented secret is the expected one, in a time that depends on neither.
 * Both are hashed first, so that even the length of the expected secret stays hidden.
 */
export function isSameSecret(presented: string, expected: string): boolean {
  return timingSafeEqual(sha256(presented), sha256(expected));
}

function sha256(text: string): Buffer {
  return createHash('sha256').update(text, 'utf8').digest();
}
