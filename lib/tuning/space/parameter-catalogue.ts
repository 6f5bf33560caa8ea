/** What XGBoost takes for a parameter, and what it assumes when the search space does not name it. */
export interface ParameterKind {
  /** `category` takes one of `values`; the others a number within the bounds. */
  readonly kind: 'int' | 'float' | 'category';
  /** Smallest and largest value that XGBoost accepts; infinite where it has no limit. */
  readonly min: number;
  readonly max: number;
  readonly values: readonly string[];
  /** XGBoost's own default, spelled out in every training, so that no version assumes another. */
  readonly standard: number | string;
  /** One line for the page. */
  readonly meaning: string;
}

const whole = (min: number, max: number, standard: number, meaning: string): ParameterKind => ({
  kind: 'int',
  min,
  max,
  values: [],
  standard,
  meaning,
});
const decimal = (min: number, max: number, standard: number, meaning: string): ParameterKind => ({
  kind: 'float',
  min,
  max,
  values: [],
  standard,
  meaning,
});

/** Smallest positive share that XGBoost's own checks let pass for sampling rates and the learning rate. */
const ABOVE_ZERO = 1e-9;
const NO_LIMIT = Number.POSITIVE_INFINITY;

/** The parameters that a search space may name, in XGBoost's own spelling (doc/parameter.rst, version 3.4). */
export const PARAMETER_CATALOGUE = {
  n_estimators: whole(1, 10_000, 100, 'Boosting rounds, one tree each.'),
  max_depth: whole(0, 32, 6, 'Largest depth of a tree; 0 is no limit, for lossguide only.'),
  learning_rate: decimal(ABOVE_ZERO, 1, 0.3, 'How much of each tree is added.'),
  subsample: decimal(ABOVE_ZERO, 1, 1, 'Share of the rows that each tree sees.'),
  colsample_bytree: decimal(ABOVE_ZERO, 1, 1, 'Share of the features that each tree sees.'),
  colsample_bylevel: decimal(ABOVE_ZERO, 1, 1, 'Share of the features that each depth sees.'),
  min_child_weight: decimal(0, NO_LIMIT, 1, 'Smallest sum of hessians in a leaf.'),
  gamma: decimal(0, NO_LIMIT, 0, 'Smallest loss reduction that is worth a split.'),
  reg_alpha: decimal(0, NO_LIMIT, 0, 'L1 penalty on leaf weights.'),
  reg_lambda: decimal(0, NO_LIMIT, 1, 'L2 penalty on leaf weights.'),
  max_bin: whole(2, 65_536, 256, 'Bins a feature is cut into.'),
  max_delta_step: decimal(0, NO_LIMIT, 0, 'Largest step of a leaf; helps where buyers are rare.'),
  scale_pos_weight: decimal(ABOVE_ZERO, NO_LIMIT, 1, 'Weight of a buyer against a non-buyer.'),
  grow_policy: {
    kind: 'category',
    min: NO_LIMIT,
    max: NO_LIMIT,
    values: ['depthwise', 'lossguide'],
    standard: 'depthwise',
    meaning: 'Where the next split goes: level by level, or where the loss falls most.',
  },
  max_leaves: whole(0, 65_536, 0, 'Largest number of leaves; 0 is no limit.'),
} as const satisfies Readonly<Record<string, ParameterKind>>;

export type ParameterName = keyof typeof PARAMETER_CATALOGUE;

/** Names of all parameters, in the order they are shown. */
export const PARAMETER_NAMES = Object.keys(PARAMETER_CATALOGUE) as readonly ParameterName[];

/** Look a parameter up. */
export function parameterKind(name: ParameterName): ParameterKind {
  return PARAMETER_CATALOGUE[name];
}
