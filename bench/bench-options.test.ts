import { describe, expect, it } from 'vitest';
import { BENCH_NAMES, NEED_PEERS, parseBenchOptions } from './bench-options';

const parsed = (text: string) => {
  const result = parseBenchOptions(text.split(' ').filter((word) => word !== ''));
  return result.ok ? result.value : result.error.code;
};

describe('parseBenchOptions', () => {
  it('measures everything five times when nothing is said', () => {
    expect(parsed('')).toEqual({
      names: BENCH_NAMES.filter((name) => !NEED_PEERS.includes(name)),
      nRuns: 5,
      sizes: { small: 20_000, large: 1_000_000 },
      isQuick: false,
      jsonPath: null,
    });
  });

  it('reads every option', () => {
    expect(parsed('--only tables,page --runs 3 --quick --json out.json')).toEqual({
      names: ['page', 'tables'],
      nRuns: 3,
      sizes: { small: 20_000, large: 100_000 },
      isQuick: true,
      jsonPath: 'out.json',
    });
    expect(parsed('--quick')).toMatchObject({ nRuns: 2 });
    expect(parsed('--only page --help')).toBe('help');
  });

  it.each(['--only pages', '--only page,', '--runs 0', '--runs 2.5', '--runs many', '--fast', 'page'])(
    'refuses %s',
    (words) => {
      expect(parsed(words)).toBe('bad_option');
    },
  );
});
