import { afterEach, describe, expect, it, vi } from 'vitest';
import { platformSha256Hex } from './platform-digest';

// FIPS 180-4 examples: "abc" and the empty message.
const EXAMPLES = [
  ['abc', 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'],
  ['', 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'],
] as const;

describe('platformSha256Hex', () => {
  afterEach(() => vi.unstubAllGlobals());

  it.each(EXAMPLES)('digests “%s” by the platform', async (text, hex) => {
    expect(await platformSha256Hex(new TextEncoder().encode(text))).toBe(hex);
  });

  it.each(EXAMPLES)('digests “%s” where the platform offers nothing', async (text, hex) => {
    vi.stubGlobal('crypto', {});
    expect(await platformSha256Hex(new TextEncoder().encode(text))).toBe(hex);
  });

  it('digests a part of a buffer, not the whole', async () => {
    const bytes = new TextEncoder().encode('--abc--').subarray(2, 5);
    expect(await platformSha256Hex(bytes)).toBe(EXAMPLES[0][1]);
  });
});
