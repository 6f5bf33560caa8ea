import { describe, expect, it } from 'vitest';
import { randomSource } from '@/lib/core/random';
import { MAX_SOBOL_DIMENSIONS, sobolSequence } from './sobol-sequence';

describe('sobolSequence', () => {
  // scipy 1.17.1: stats.qmc.Sobol(21, scramble=False, bits=32).random(1024)
  it('is the sequence of Joe and Kuo without scrambling', () => {
    const sequence = sobolSequence(MAX_SOBOL_DIMENSIONS, null);
    expect([0, 1, 2, 3, 4].map((place) => [...sequence(place)].slice(0, 5))).toEqual([
      [0, 0, 0, 0, 0],
      [0.5, 0.5, 0.5, 0.5, 0.5],
      [0.75, 0.25, 0.25, 0.25, 0.75],
      [0.25, 0.75, 0.75, 0.75, 0.25],
      [0.375, 0.375, 0.625, 0.875, 0.375],
    ]);
    expect([...sequence(1000)]).toEqual([
      0.2197265625, 0.0966796875, 0.5185546875, 0.6767578125, 0.2802734375, 0.9072265625, 0.0458984375,
      0.8994140625, 0.5009765625, 0.0693359375, 0.0849609375, 0.2548828125, 0.1611328125, 0.3837890625,
      0.1435546875, 0.3701171875, 0.7197265625, 0.3447265625, 0.9912109375, 0.7255859375, 0.5224609375,
    ]);
  });

  it.each([1, 2, 3])('fills every 64th of each dimension once when scrambled, seed %i', (seed) => {
    const sequence = sobolSequence(MAX_SOBOL_DIMENSIONS, randomSource(seed));
    const points = Array.from({ length: 64 }, (_, place) => sequence(place));
    for (let d = 0; d < MAX_SOBOL_DIMENSIONS; d++) {
      const cells = points.map((point) => Math.floor((point[d] ?? Number.NaN) * 64));
      expect(new Set(cells).size).toBe(64);
    }
  });

  it('keeps what the first two dimensions fill together: every cell of 8 × 8 once', () => {
    const sequence = sobolSequence(2, randomSource(9));
    const cells = Array.from({ length: 64 }, (_, place) => {
      const [x = 0, y = 0] = sequence(place);
      return Math.floor(x * 8) * 8 + Math.floor(y * 8);
    });
    expect(new Set(cells).size).toBe(64);
  });

  it('is another sequence for another seed, and stays inside (0, 1)', () => {
    const [a, b] = [1, 2].map((seed) => sobolSequence(3, randomSource(seed)));
    expect(a?.(0)).not.toEqual(b?.(0));
    const smallest = sobolSequence(1, () => 0)(0)[0] ?? 0;
    const largest = sobolSequence(1, () => 1 - 2 ** -53)(0)[0] ?? 1;
    expect([smallest > 0, largest < 1]).toEqual([true, true]);
  });

  it('refuses more dimensions than it knows', () => {
    expect(() => sobolSequence(22, null)).toThrow('Expected at most 21 dimensions, got 22');
  });
});
