import { isIPv6 } from 'node:net';
import { parseArgs } from 'node:util';
import { fail, type Result, succeed } from '@/lib/core/result';

/** Where and how the server listens. */
export interface ServerOptions {
  /** Address to bind: an IP address or a name of this machine. */
  readonly host: string;
  /** 0 lets the system choose a free one. */
  readonly port: number;
  /** True when other machines may reach the server: then everybody has to log in. */
  readonly isExposed: boolean;
  /** Names beside the loopback ones under which the server may be addressed. */
  readonly extraNames: readonly string[];
  readonly isDev: boolean;
}

/** What the words of `npm start -- …` mean, for `--help`. */
export const SERVER_HELP = `npm start -- [options]
  --port N            listen on port N (default 3000, or the PORT variable)
  --host ADDRESS      bind to ADDRESS (default 127.0.0.1)
  --expose            let other machines reach the server; everybody then needs the printed login link
  --allow-host NAME   answer under NAME too (repeatable), for example the name of this machine
  --dev               rebuild on every change of the sources
  --help              show this
`;

const HOW = 'Run npm start -- --help to see the options.';

/**
 * Parse the words after `npm start --`. Fails with `bad_option`, `bad_port`, `bad_host` or, for an address beyond this
 * machine without `--expose`, `exposure_not_confirmed`.
 */
export function parseServerOptions(
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): Result<ServerOptions> {
  const words = parseWords(args);
  if (!words.ok) return words;
  const { host = '127.0.0.1', expose = false, dev = false } = words.value;
  const port = parsePort(words.value.port ?? env.PORT ?? '3000');
  if (!port.ok) return port;
  if (!isLoopback(host) && !expose) {
    return fail(
      'exposure_not_confirmed',
      `Binding to ${host} would let other machines reach this server and the personal data it helps to show.`,
      'Add --expose if you mean it: a login link is printed then, and nobody gets in without it.',
    );
  }
  const names = words.value['allow-host'] ?? [];
  const wrong = names.find((name) => !/^(?:[A-Za-z0-9.-]+|\[[0-9A-Fa-f:]+\])(?::\d{1,5})?$/.test(name));
  if (wrong !== undefined) {
    return fail(
      'bad_host',
      `--allow-host ${JSON.stringify(wrong)} is no host name.`,
      'Give a name such as bench.example or bench.example:8080.',
    );
  }
  return succeed({ host, port: port.value, isExposed: expose, extraNames: names, isDev: dev });
}

function parseWords(args: readonly string[]) {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        port: { type: 'string' },
        host: { type: 'string' },
        expose: { type: 'boolean' },
        'allow-host': { type: 'string', multiple: true },
        dev: { type: 'boolean' },
      },
    });
    return succeed(values);
  } catch (error) {
    // parseArgs has no other way to say that a word is unknown.
    if (!(error instanceof TypeError)) throw error;
    return fail(
      'bad_option',
      `The options of npm start cannot be read: ${error.message.split('\n')[0]}.`,
      HOW,
    );
  }
}

function parsePort(text: string): Result<number> {
  const port = Number(text);
  return /^\d{1,5}$/.test(text) && port <= 65_535
    ? succeed(port)
    : fail('bad_port', `The port ${JSON.stringify(text)} is not a whole number from 0 to 65535.`, HOW);
}

/** Tell whether an address reaches this machine only. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(?:\.\d{1,3}){3}$/.test(host);
}

/** Write an address as it stands in a URL: IPv6 in brackets. */
export function hostInUrl(host: string): string {
  return isIPv6(host) ? `[${host}]` : host;
}
