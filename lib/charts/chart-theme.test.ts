import { describe, expect, it } from 'vitest';
import { type ChartTheme, DARK_CHART_THEME, LIGHT_CHART_THEME } from './chart-theme';
import { contrastRatio, mixedColour } from './colour-contrast';

type Vector = readonly [number, number, number];

/** Machado, Oliveira and Fernandes (2009), severity 1, on linear RGB. */
const COLOUR_VISIONS: Readonly<Record<string, readonly [Vector, Vector, Vector]>> = {
  full: [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  protanopia: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  deuteranopia: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
  tritanopia: [
    [1.255528, -0.076749, -0.178779],
    [-0.078411, 0.930809, 0.147602],
    [0.004733, 0.691367, 0.3039],
  ],
};

/** Colours this far apart in CIELAB are told apart at a glance; 2.3 is just noticeable. */
const MIN_DISTANCE = 15;

function linearRgb(colour: string): Vector {
  const [r, g, b] = [1, 3, 5].map((at) => {
    const share = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return [r ?? 0, g ?? 0, b ?? 0];
}

function times(matrix: readonly [Vector, Vector, Vector], v: Vector): Vector {
  const dot = (row: Vector) => row[0] * v[0] + row[1] * v[1] + row[2] * v[2];
  return [dot(matrix[0]), dot(matrix[1]), dot(matrix[2])];
}

/** CIELAB under D65 of a linear RGB colour. */
function lab(rgb: Vector): Vector {
  const clipped: Vector = [Math.min(1, Math.max(0, rgb[0])), Math.min(1, Math.max(0, rgb[1])), Math.min(1, Math.max(0, rgb[2]))]; // biome-ignore format: one line
  const xyz = times(
    [
      [0.4124564, 0.3575761, 0.1804375],
      [0.2126729, 0.7151522, 0.072175],
      [0.0193339, 0.119192, 0.9503041],
    ],
    clipped,
  );
  const f = (t: number) => (t > 216 / 24389 ? Math.cbrt(t) : ((24389 / 27) * t + 16) / 116);
  const [x, y, z] = [f(xyz[0] / 0.95047), f(xyz[1]), f(xyz[2] / 1.08883)];
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)];
}

const distance = (a: Vector, b: Vector) => Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]);

describe.each<[string, ChartTheme]>([
  ['LIGHT_CHART_THEME', LIGHT_CHART_THEME],
  ['DARK_CHART_THEME', DARK_CHART_THEME],
])('%s', (_, theme) => {
  it('has texts and marks that stand out from the surface', () => {
    expect(contrastRatio(theme.text, theme.surface)).toBeGreaterThanOrEqual(7);
    expect(contrastRatio(theme.muted, theme.surface)).toBeGreaterThanOrEqual(4.5);
    for (const mark of [theme.rest, ...theme.series]) {
      expect(contrastRatio(mark, theme.surface), mark).toBeGreaterThanOrEqual(3);
    }
  });

  it.each(Object.entries(COLOUR_VISIONS))(
    'has marks that differ with %s colour vision',
    (_vision, matrix) => {
      const marks = [...theme.series, theme.rest];
      const seen = marks.map((mark) => lab(times(matrix, linearRgb(mark))));
      for (const [i, a] of seen.entries()) {
        for (const [j, b] of seen.entries()) {
          if (i < j)
            expect(distance(a, b), `${marks[i]} and ${marks[j]}`).toBeGreaterThanOrEqual(MIN_DISTANCE);
        }
      }
    },
  );
});

describe('contrastRatio', () => {
  it('gives the ratios of WCAG', () => {
    expect(contrastRatio('#000000', '#ffffff')).toBe(21);
    expect(contrastRatio('#777777', '#777777')).toBe(1);
    // WebAIM contrast checker: 4.48
    expect(contrastRatio('#ffffff', '#777777')).toBeCloseTo(4.48, 2);
  });

  it('refuses other notations', () => {
    expect(() => contrastRatio('red', '#fff')).toThrow('Expected a colour as #rrggbb, got red');
  });
});

describe('mixedColour', () => {
  it('goes from one end to the other', () => {
    expect([0, 0.5, 1].map((share) => mixedColour('#000000', '#ffffff', share))).toEqual([
      '#000000',
      '#808080',
      '#ffffff',
    ]);
  });
});
