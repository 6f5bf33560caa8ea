import { describe, expect, it } from 'vitest';
import { nonceOfPolicy } from './policy-nonce';
import { contentSecurityPolicy } from './security-headers';

describe('nonceOfPolicy', () => {
  it('reads back what the policy says', () => {
    expect(nonceOfPolicy(contentSecurityPolicy({ nonce: 'aB+/9==', isDev: false }))).toBe('aB+/9==');
  });

  it.each([
    null,
    '',
    "default-src 'self'",
    "script-src 'self'",
    "style-src 'nonce-abc'",
    "script-src 'nonce-a\"b'",
  ])('finds none in %j', (policy) => {
    expect(nonceOfPolicy(policy)).toBeUndefined();
  });
});
