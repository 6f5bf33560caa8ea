import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect } from '@playwright/test';
import { z } from 'zod';
import { type RefusalCode, refusal, statusOfFailure } from '@/lib/server/boundary/refusal';
import { type RawResponse, rawExchange } from '@/lib/testing/raw-exchange';
import { actionEndpoint, type Endpoint, type HandmadeRequest, ROUTES } from './boundary-endpoints';
import type { Forgery } from './forgeries';

const manifest = <T>(name: string, schema: z.ZodType<T>): T =>
  schema.parse(
    JSON.parse(readFileSync(fileURLToPath(new URL(`../.next/server/${name}`, import.meta.url)), 'utf8')),
  );

/** Ids of the built server actions, by name. */
export function builtActions(): ReadonlyMap<string, string> {
  const schema = z.object({ node: z.record(z.string(), z.object({ exportedName: z.string() })) });
  const { node } = manifest('server-reference-manifest.json', schema);
  return new Map(Object.entries(node).map(([id, { exportedName }]) => [exportedName, id]));
}

export const builtPaths = () =>
  Object.keys(manifest('app-paths-manifest.json', z.record(z.string(), z.string())));

export function endpoints(): readonly Endpoint[] {
  const actions = [...builtActions()].map(([name, id]) => actionEndpoint(name, id));
  return [...Object.values(ROUTES).flat(), ...actions];
}

/** Whether an endpoint must refuse a forgery: what only reads bears some, and a monitoring system has no token to forge. */
export function mustRefuse(endpoint: Endpoint, { onlyActs, refusedAs }: Forgery): boolean {
  const isAboutToken = refusedAs === 'missing_token' || refusedAs === 'wrong_token';
  if (isAboutToken) return endpoint.refusesTokenBy !== 'no_need';
  return endpoint.acts || onlyActs !== true;
}

/** What a stranger to an exposed server is told. */
export function strangerRefusal(endpoint: Endpoint): RefusalCode {
  return endpoint.refusesTokenBy === 'no_need' ? 'monitor_unknown' : 'login_required';
}

export function send(port: number, { method, target, headers, body }: HandmadeRequest): Promise<RawResponse> {
  const hasBody = method !== 'GET';
  const lines = [
    `${method} ${target} HTTP/1.1`,
    ...headers.map(([name, value]) => `${name}: ${value}`),
    'Connection: close',
    ...(hasBody ? [`Content-Length: ${Buffer.byteLength(body)}`] : []),
  ];
  return rawExchange(port, lines, hasBody ? body : '');
}

/** Assert that an answer is the refusal itself, in plain words, and that it carries the strict headers. */
export function expectRefused(
  answer: RawResponse,
  code: RefusalCode,
  endpoint: Endpoint,
  what: string,
): void {
  const isInStream =
    endpoint.refusesTokenBy === 'stream' && (code === 'missing_token' || code === 'wrong_token');
  expect(answer.status, what).toBe(isInStream ? 200 : statusOfFailure(refusal(code)));
  expect(answer.body, what).toContain(refusal(code).message);
  expect(answer.body, what).not.toMatch(endpoint.reached);
  expect(
    `${JSON.stringify(answer.headers)}${answer.body}`,
    `${what}: nothing foreign comes back`,
  ).not.toContain('evil');
  expectStrictHeaders(answer, what);
}

export function expectStrictHeaders({ headers }: RawResponse, what: string): void {
  expect(headers['content-security-policy'], what).toMatch(
    /script-src 'self' 'nonce-[A-Za-z0-9+/]{22}==' 'wasm-unsafe-eval';/,
  );
  expect(headers['content-security-policy'], what).toContain("frame-ancestors 'none'");
  expect(headers, what).toMatchObject({
    'cross-origin-embedder-policy': 'require-corp',
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
  });
  expect(headers, what).not.toHaveProperty('x-powered-by');
  expect(headers, what).not.toHaveProperty('access-control-allow-origin');
}
