import { z } from 'zod';

const sha256Schema = z.string().regex(/^[0-9a-f]{64}$/);

/**
 * Give the SHA-256 of the sources that decide a model, as `lib/setup/code-version.mjs` takes it. It is put in where the
 * program is bundled (Next, esbuild, vitest), so that page and command line name the same.
 *
 * @throws where the program was bundled without it
 */
export function codeSha256(): string {
  // Replaced as a whole by the bundlers: it must stand here in these very words.
  const digest = process.env.LEADBENCH_CODE_SHA256;
  const parsed = sha256Schema.safeParse(digest);
  if (parsed.success) return parsed.data;
  throw new Error(`Expected the bundler to put in the digest of the sources, got ${digest}`);
}
