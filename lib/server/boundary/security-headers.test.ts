import { describe, expect, it } from 'vitest';
import { contentSecurityPolicy, securityHeaders } from './security-headers';

describe('contentSecurityPolicy', () => {
  it('lets scripts run by file or nonce only, and compile WebAssembly', () => {
    const policy = contentSecurityPolicy({ nonce: 'abc=', isDev: false });
    expect(policy).toBe(
      "default-src 'self'; script-src 'self' 'nonce-abc=' 'wasm-unsafe-eval'; style-src 'self' 'unsafe-inline'; " +
        "img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; worker-src 'self' blob:; " +
        "object-src 'none'; base-uri 'none'; form-action 'self'; frame-src 'none'; frame-ancestors 'none'",
    );
  });

  it('allows eval in development only', () => {
    expect(contentSecurityPolicy({ nonce: 'n', isDev: true })).toContain(" 'unsafe-eval'");
    expect(contentSecurityPolicy({ nonce: 'n', isDev: false })).not.toContain(" 'unsafe-eval'");
  });
});

describe('securityHeaders', () => {
  it('closes every door that a header can close', () => {
    const headers = securityHeaders({ nonce: 'n', isDev: false });
    expect(headers).toMatchObject({
      'Cross-Origin-Embedder-Policy': 'require-corp',
      'Cross-Origin-Opener-Policy': 'same-origin',
      'Cross-Origin-Resource-Policy': 'same-origin',
      'Referrer-Policy': 'no-referrer',
      'X-Content-Type-Options': 'nosniff',
      'X-Frame-Options': 'DENY',
    });
    expect(headers['Permissions-Policy']).toContain('camera=()');
  });
});
