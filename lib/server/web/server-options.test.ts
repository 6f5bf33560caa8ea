import { describe, expect, it } from 'vitest';
import { hostInUrl, isLoopback, parseServerOptions } from './server-options';

const DEFAULTS = { host: '127.0.0.1', port: 3000, isExposed: false, extraNames: [], isDev: false };

function codeOf(...args: string[]): string {
  const result = parseServerOptions(args, {});
  return result.ok ? 'ok' : result.error.code;
}

describe('parseServerOptions', () => {
  it('stays on this machine unless told otherwise', () => {
    expect(parseServerOptions([], {})).toEqual({ ok: true, value: DEFAULTS });
  });

  it('takes the port from its option before the environment', () => {
    expect(parseServerOptions([], { PORT: '4000' })).toEqual({
      ok: true,
      value: { ...DEFAULTS, port: 4000 },
    });
    expect(parseServerOptions(['--port', '0'], { PORT: '4000' })).toEqual({
      ok: true,
      value: { ...DEFAULTS, port: 0 },
    });
  });

  it('reads every option', () => {
    const args = '--host 0.0.0.0 --expose --allow-host a.example --allow-host [::2]:81 --dev'.split(' ');
    expect(parseServerOptions(args, {})).toEqual({
      ok: true,
      value: {
        host: '0.0.0.0',
        port: 3000,
        isExposed: true,
        extraNames: ['a.example', '[::2]:81'],
        isDev: true,
      },
    });
  });

  it.each(['0.0.0.0', '::', '192.0.2.7', 'bench.example', '127.0.0.1.evil.example', '1270.0.0.1'])(
    'does not bind to %s without --expose',
    (host) => {
      expect(codeOf('--host', host)).toBe('exposure_not_confirmed');
      expect(codeOf('--host', host, '--expose')).toBe('ok');
    },
  );

  it.each(['127.0.0.1', '127.0.0.2', '::1', 'localhost'])('binds to %s without asking', (host) => {
    expect(codeOf('--host', host)).toBe('ok');
  });

  it.each(['', '-1', '65536', '3000x', '1e3', ' 3000', '3.5', '0x10'])('refuses the port %j', (port) => {
    expect(codeOf(`--port=${port}`)).toBe('bad_port');
  });

  it.each(['', 'a b', 'http://a.example', 'a/b', 'a@b', 'a:port', '*'])('refuses --allow-host %j', (name) => {
    expect(codeOf(`--allow-host=${name}`)).toBe('bad_host');
  });

  it('refuses words it does not know', () => {
    expect(codeOf('--prot', '3000')).toBe('bad_option');
    expect(codeOf('3000')).toBe('bad_option');
    expect(codeOf('--port')).toBe('bad_option');
  });
});

describe('isLoopback', () => {
  it('knows the addresses that stay on this machine', () => {
    expect(['127.0.0.1', '127.255.0.3', '::1', 'localhost'].every(isLoopback)).toBe(true);
    expect(['0.0.0.0', '::', '', '10.0.0.1', 'localhost.example'].some(isLoopback)).toBe(false);
  });
});

describe('hostInUrl', () => {
  it('puts IPv6 into brackets', () => {
    expect([hostInUrl('::1'), hostInUrl('127.0.0.1')]).toEqual(['[::1]', '127.0.0.1']);
  });
});
