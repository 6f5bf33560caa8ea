import type { SamplePoint, SampleSpace } from '@/lib/tuning/samplers/sampler';

/** A function to be minimised, of which the minimum is known. */
export interface StandardFunction {
  readonly space: SampleSpace;
  readonly cost: (point: SamplePoint) => number;
  readonly minimum: number;
  /** Standard deviation of the normal noise added to each result that a sampler sees. */
  readonly noiseSigma: number;
}

/** Branin's function; three minima. */
const branin: StandardFunction = {
  space: { x: { type: 'uniform', low: -5, high: 10 }, y: { type: 'uniform', low: 0, high: 15 } },
  cost: (point) => {
    const { x, y } = numbers(point, ['x', 'y']);
    const b = 5.1 / (4 * Math.PI ** 2);
    const c = 5 / Math.PI;
    return (y - b * x ** 2 + c * x - 6) ** 2 + 10 * (1 - 1 / (8 * Math.PI)) * Math.cos(x) + 10;
  },
  minimum: 0.397887,
  noiseSigma: 0,
};

const HARTMANN_WEIGHTS = [1, 1.2, 3, 3.2];
const HARTMANN_SCALES = [
  [10, 3, 17, 3.5, 1.7, 8],
  [0.05, 10, 17, 0.1, 8, 14],
  [3, 3.5, 1.7, 10, 17, 8],
  [17, 8, 0.05, 10, 0.1, 14],
];
const HARTMANN_CENTRES = [
  [0.1312, 0.1696, 0.5569, 0.0124, 0.8283, 0.5886],
  [0.2329, 0.4135, 0.8307, 0.3736, 0.1004, 0.9991],
  [0.2348, 0.1451, 0.3522, 0.2883, 0.3047, 0.665],
  [0.4047, 0.8828, 0.8732, 0.5743, 0.1091, 0.0381],
];
const HARTMANN_NAMES = ['x1', 'x2', 'x3', 'x4', 'x5', 'x6'] as const;

/** Hartmann's function of six numbers; six local minima. */
const hartmann6: StandardFunction = {
  space: Object.fromEntries(HARTMANN_NAMES.map((name) => [name, { type: 'uniform', low: 0, high: 1 }])),
  cost: (point) => {
    const x = numbers(point, HARTMANN_NAMES);
    return -HARTMANN_WEIGHTS.reduce((sum, weight, i) => {
      const distance = HARTMANN_NAMES.reduce((total, name, d) => {
        const scale = HARTMANN_SCALES[i]?.[d] ?? Number.NaN;
        return total + scale * (x[name] - (HARTMANN_CENTRES[i]?.[d] ?? Number.NaN)) ** 2;
      }, 0);
      return sum + weight * Math.exp(-distance);
    }, 0);
  },
  minimum: -3.32237,
  noiseSigma: 0,
};

/**
 * A bowl over every kind of parameter, shaped like the wide search space: whole numbers, logarithmic ones, steps, a category,
 * and one that is there for one category only. Least where depth 6, rate 0.05, subsample 0.8, lossguide with 64 leaves.
 */
const mixed: StandardFunction = {
  space: {
    max_depth: { type: 'randint', low: 1, high: 12 },
    learning_rate: { type: 'loguniform', low: 0.001, high: 1 },
    n_estimators: { type: 'lograndint', low: 1, high: 500 },
    subsample: { type: 'quniform', low: 0.5, high: 1, step: 0.05 },
    grow_policy: { type: 'choice', values: ['depthwise', 'lossguide'] },
    max_bin: { type: 'choice', values: [64, 128, 256, 512] },
    max_leaves: {
      type: 'lograndint',
      low: 8,
      high: 256,
      when: { parameter: 'grow_policy', isIn: ['lossguide'] },
    },
  },
  cost: (point) => {
    const x = numbers(point, ['max_depth', 'learning_rate', 'n_estimators', 'subsample', 'max_bin']);
    const bowl =
      (x.max_depth - 6) ** 2 / 4 +
      Math.log10(x.learning_rate / 0.05) ** 2 * 4 +
      Math.log2(x.n_estimators / 100) ** 2 / 2 +
      (x.subsample - 0.8) ** 2 * 20 +
      Math.abs(Math.log2(x.max_bin / 256)) / 2;
    if (point.grow_policy !== 'lossguide') return bowl + 1;
    return bowl + Math.log2(Number(point.max_leaves) / 64) ** 2 / 2;
  },
  minimum: 0,
  noiseSigma: 0,
};

/** The functions that samplers are judged by. */
export const STANDARD_FUNCTIONS = {
  branin,
  hartmann6,
  noisy_hartmann6: { ...hartmann6, noiseSigma: 0.3 },
  mixed,
} as const satisfies Readonly<Record<string, StandardFunction>>;

export type StandardFunctionName = keyof typeof STANDARD_FUNCTIONS;

function numbers<const Name extends string>(point: SamplePoint, names: readonly Name[]) {
  return Object.fromEntries(names.map((name) => [name, Number(point[name])])) as Record<Name, number>;
}
