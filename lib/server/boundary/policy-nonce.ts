/**
 * Read the nonce out of the Content-Security-Policy that the front door sets on a request, for the few scripts that a
 * page writes itself. Gives undefined where there is no policy or no nonce in it.
 *
 * @example nonceOfPolicy("script-src 'self' 'nonce-abc='") // 'abc='
 */
export function nonceOfPolicy(policy: string | null): string | undefined {
  return /(?:^|;)\s*script-src\s[^;]*'nonce-([A-Za-z0-9+/_-]+={0,2})'/.exec(policy ?? '')?.[1];
}
