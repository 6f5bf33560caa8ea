import type { RefusalCode } from '@/lib/server/boundary/refusal';
import { createSecretToken } from '@/lib/server/boundary/secret-token';
import type { Endpoint, HandmadeRequest } from './boundary-endpoints';

type Headers = HandmadeRequest['headers'];

/** Where the honest requests go. */
export interface Target {
  readonly host: string;
  readonly port: number;
  readonly token: string;
}

/** One way in which a request is not ours, and the code of the refusal that it must meet. */
export interface Forgery {
  readonly name: string;
  readonly forge: (endpoint: Endpoint, target: Target) => HandmadeRequest;
  readonly refusedAs: RefusalCode;
  /** Only what acts is refused; what reads is harmless so, and served. */
  readonly onlyActs?: boolean;
}

/** The request that our own page would send. */
export function honestRequest(endpoint: Endpoint, { host, token }: Target): HandmadeRequest {
  const request = endpoint.request(token);
  const origin: Headers = endpoint.acts ? [['Origin', `http://${host}`]] : [];
  return { ...request, headers: [['Host', host], ...origin, ...request.headers] };
}

function withHeaders(
  request: HandmadeRequest,
  changes: Readonly<Record<string, string | null>>,
): HandmadeRequest {
  const names = Object.keys(changes).map((name) => name.toLowerCase());
  const kept = request.headers.filter(([name]) => !names.includes(name.toLowerCase()));
  const added = Object.entries(changes).flatMap(
    ([name, value]): Headers => (value === null ? [] : [[name, value]]),
  );
  return { ...request, headers: [...kept, ...added] };
}

type Changes = (target: Target) => Readonly<Record<string, string | null>>;

function byHeaders(name: string, refusedAs: RefusalCode, changes: Changes, onlyActs = false): Forgery {
  const forge = (endpoint: Endpoint, target: Target) =>
    withHeaders(honestRequest(endpoint, target), changes(target));
  return { name, refusedAs, forge, onlyActs };
}

const fromOrigin = (what: string, origin: (target: Target) => string) =>
  byHeaders(`Origin: ${what}`, 'untrusted_origin', (target) => ({ Origin: origin(target) }));

const atHost = (what: string, host: (target: Target) => string) =>
  byHeaders(`Host and Origin: ${what}`, 'untrusted_host', (target) => ({
    Host: host(target),
    Origin: `http://${host(target)}`,
  }));

const ORIGIN_FORGERIES: readonly Forgery[] = [
  byHeaders('Origin: none', 'untrusted_origin', () => ({ Origin: null }), true),
  fromOrigin('foreign', () => 'http://evil.example'),
  fromOrigin('foreign name, our port', ({ port }) => `http://evil.example:${port}`),
  fromOrigin('null', () => 'null'),
  fromOrigin('sub-domain', ({ port }) => `http://a.127.0.0.1:${port}`),
  fromOrigin('our name as a prefix', ({ host }) => `http://${host}.evil.example`),
  fromOrigin('another port', ({ port }) => `http://127.0.0.1:${port + 1}`),
  fromOrigin('no port', () => 'http://127.0.0.1'),
  fromOrigin('https', ({ host }) => `https://${host}`),
  fromOrigin('trailing dot', ({ port }) => `http://127.0.0.1.:${port}`),
  fromOrigin('upper case', ({ host }) => `HTTP://${host}`),
  fromOrigin('another name of this machine', ({ port }) => `http://localhost:${port}`),
  byHeaders('Sec-Fetch-Site: cross-site', 'untrusted_origin', () => ({ 'Sec-Fetch-Site': 'cross-site' })),
  byHeaders('Sec-Fetch-Site: same-site', 'untrusted_origin', () => ({ 'Sec-Fetch-Site': 'same-site' })),
];

const HOST_FORGERIES: readonly Forgery[] = [
  atHost('rebound name', ({ port }) => `evil.example:${port}`),
  atHost('rebound name without port', () => 'evil.example'),
  atHost('trailing dot', ({ port }) => `localhost.:${port}`),
  atHost('upper case', ({ port }) => `LOCALHOST:${port}`),
  atHost('sub-domain of localhost', ({ port }) => `evil.localhost:${port}`),
  atHost('another port', ({ port }) => `127.0.0.1:${port + 1}`),
  atHost('unspecified address', ({ port }) => `0.0.0.0:${port}`),
  byHeaders('Host: none', 'malformed_request', () => ({ Host: null })),
  {
    name: 'Host: two',
    refusedAs: 'malformed_request',
    forge: (endpoint, target) => {
      const honest = honestRequest(endpoint, target);
      return { ...honest, headers: [...honest.headers, ['Host', 'evil.example']] };
    },
  },
  ...['evil.example', 'OURS'].map(
    (name): Forgery => ({
      name: `absolute address: ${name}`,
      refusedAs: 'malformed_request',
      forge: (endpoint, target) => {
        const honest = honestRequest(endpoint, target);
        return { ...honest, target: `http://${name === 'OURS' ? target.host : name}${honest.target}` };
      },
    }),
  ),
];

const EVIL = 'http://evil.example';
const FORWARDED_FORGERIES: readonly Forgery[] = [
  byHeaders('X-Forwarded-Host to match a foreign Origin', 'untrusted_origin', () => ({
    Origin: EVIL,
    'X-Forwarded-Host': 'evil.example',
  })),
  byHeaders('Forwarded to match a foreign Origin', 'untrusted_origin', () => ({
    Origin: EVIL,
    Forwarded: 'host=evil.example;proto=http',
  })),
  byHeaders('X-Forwarded-Proto to match https', 'untrusted_origin', ({ host }) => ({
    Origin: `https://${host}`,
    'X-Forwarded-Proto': 'https',
  })),
  byHeaders('X-Forwarded-For this machine', 'untrusted_origin', () => ({
    Origin: EVIL,
    'X-Forwarded-For': '127.0.0.1',
  })),
  byHeaders('X-Forwarded-Host and Host foreign', 'untrusted_host', ({ host }) => ({
    Host: 'evil.example',
    'X-Forwarded-Host': host,
  })),
  byHeaders(
    'X-Forwarded-Host beside our Origin',
    'forwarded_request',
    () => ({ 'X-Forwarded-Host': 'evil.example' }),
    true,
  ),
  byHeaders(
    'Forwarded beside our Origin',
    'forwarded_request',
    () => ({ Forwarded: 'host=evil.example' }),
    true,
  ),
];

function withToken(
  name: string,
  refusedAs: RefusalCode,
  token: (target: Target) => string | null,
  changes: Changes = () => ({}),
): Forgery {
  return {
    name,
    refusedAs,
    forge: (endpoint, target) => {
      const { headers } = honestRequest(endpoint, target);
      const request = endpoint.request(token(target));
      const address = headers.filter(([header]) => header === 'Host' || header === 'Origin');
      return withHeaders({ ...request, headers: [...address, ...request.headers] }, changes(target));
    },
  };
}

const TOKEN_FORGERIES: readonly Forgery[] = [
  withToken('no token', 'missing_token', () => null),
  withToken('empty token', 'missing_token', () => ''),
  withToken(
    'no token, with the headers of a middleware bypass',
    'missing_token',
    () => null,
    () => ({
      'x-middleware-subrequest': 'middleware:middleware:middleware:middleware:middleware',
      'x-middleware-prefetch': '1',
    }),
  ),
  withToken(
    'no token, with the headers of a prefetch',
    'missing_token',
    () => null,
    () => ({ Purpose: 'prefetch', 'Next-Router-Prefetch': '1', 'Next-Url': '/' }),
  ),
  withToken(
    'no token, as if forwarded by the framework',
    'missing_token',
    () => null,
    () => ({ 'x-action-forwarded': '1' }),
  ),
  {
    name: 'token in the address',
    refusedAs: 'missing_token',
    forge: (endpoint, target) => {
      const bare = withToken('', 'missing_token', () => null).forge(endpoint, target);
      const words = `token=${target.token}&x-leadbench-token=${target.token}`;
      return { ...bare, target: `${bare.target}${bare.target.includes('?') ? '&' : '?'}${words}` };
    },
  },
  // Last, because the eleventh wrong token in a minute is answered otherwise.
  withToken('token of another process', 'wrong_token', createSecretToken),
];

/** Every forgery, by family. */
export const FORGERIES: readonly Forgery[] = [
  ...ORIGIN_FORGERIES,
  ...HOST_FORGERIES,
  ...FORWARDED_FORGERIES,
  ...TOKEN_FORGERIES,
];
