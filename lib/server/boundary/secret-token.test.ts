import { describe, expect, it } from 'vitest';
import { createSecretToken, isSameSecret } from './secret-token';

describe('createSecretToken', () => {
  it('carries at least 128 bits and fits into a URL and a cookie', () => {
    const token = createSecretToken();
    expect(Buffer.from(token, 'base64url').length * 8).toBe(256);
    expect(token).toMatch(/^[A-Za-z0-9_-]{43}$/);
  });

  it('never gives the same secret twice', () => {
    const tokens = new Set(Array.from({ length: 1000 }, () => createSecretToken()));
    expect(tokens.size).toBe(1000);
  });
});

describe('isSameSecret', () => {
  it('accepts the secret itself and nothing else', () => {
    expect(isSameSecret('abc', 'abc')).toBe(true);
    expect(isSameSecret('abd', 'abc')).toBe(false);
    expect(isSameSecret('ab', 'abc')).toBe(false);
    expect(isSameSecret('', 'abc')).toBe(false);
    expect(isSameSecret('abc ', 'abc')).toBe(false);
    expect(isSameSecret('ABC', 'abc')).toBe(false);
  });
});
