import { z } from 'zod';
import {
  type PARAMETER_CATALOGUE,
  PARAMETER_NAMES,
  type ParameterName,
  parameterKind,
} from './parameter-catalogue';

/** A parameter's value: a number, or the name of a category. */
export type ParamValue = number | string;

const paramValueSchema = z.union([z.number(), z.string()]);

/** Present only where another parameter, itself present, has one of these values. */
const conditionSchema = z.strictObject({
  parameter: z.enum(PARAMETER_NAMES),
  isIn: z.array(paramValueSchema).min(1),
});

const bounds = { low: z.number(), high: z.number(), when: conditionSchema.optional() };

/**
 * How one parameter is drawn. The names are Ray Tune's; all bounds are inclusive, also those of `randint`.
 * `uniform` and `loguniform` give floats, `quniform` multiples of its step counted from `low`, `randint` and `lograndint`
 * whole numbers, `choice` one of its values.
 */
export const distributionSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('uniform'), ...bounds }),
  z.strictObject({ type: z.literal('loguniform'), ...bounds }),
  z.strictObject({ type: z.literal('quniform'), ...bounds, step: z.number().positive() }),
  z.strictObject({ type: z.literal('randint'), ...bounds }),
  z.strictObject({ type: z.literal('lograndint'), ...bounds }),
  z.strictObject({
    type: z.literal('choice'),
    values: z.array(paramValueSchema).min(1).max(100),
    when: conditionSchema.optional(),
  }),
]);

export type Distribution = z.infer<typeof distributionSchema>;
export type Condition = z.infer<typeof conditionSchema>;
export type DistributionType = Distribution['type'];

/** Say why a distribution cannot be drawn from, whatever its parameter; null when it can. */
function shapeFault(d: Distribution): string | null {
  if (d.type === 'choice') {
    return new Set(d.values).size === d.values.length ? null : 'names a value twice';
  }
  if (d.low >= d.high) return 'needs low below high';
  const isLog = d.type === 'loguniform' || d.type === 'lograndint';
  if (isLog && d.low <= 0) return 'needs low above 0, because it is logarithmic';
  const isWhole = d.type === 'randint' || d.type === 'lograndint';
  if (isWhole && !(Number.isInteger(d.low) && Number.isInteger(d.high))) return 'needs whole bounds';
  if (d.type === 'quniform' && d.step > d.high - d.low) return 'has a step wider than its range';
  return null;
}

/** Say why a distribution does not fit its parameter; null when it does. */
function kindFault(name: ParameterName, d: Distribution): string | null {
  const { kind, min, max, values } = parameterKind(name);
  if (d.type === 'choice') {
    const wrong = d.values.find((value) => !isValueOf(name, value));
    return wrong === undefined
      ? null
      : `has the value ${JSON.stringify(wrong)}, which XGBoost does not take for it`;
  }
  if (kind === 'category') return `takes only a choice among ${values.join(', ')}`;
  if (d.low < min || d.high > max) return `must lie within ${min} … ${max}`;
  const givesWhole =
    d.type === 'randint' ||
    d.type === 'lograndint' ||
    (d.type === 'quniform' && Number.isInteger(d.low) && Number.isInteger(d.step));
  return kind === 'int' && !givesWhole ? 'takes whole numbers: use randint, lograndint or choice' : null;
}

/** Whether XGBoost takes a value for a parameter. */
export function isValueOf(name: ParameterName, value: ParamValue): boolean {
  const { kind, min, max, values } = parameterKind(name);
  if (kind === 'category') return typeof value === 'string' && values.includes(value);
  if (typeof value !== 'number' || !(value >= min && value <= max)) return false;
  return kind === 'float' || Number.isInteger(value);
}

function conditionFault(name: ParameterName, space: SearchSpace): string | null {
  const condition = space[name]?.when;
  if (condition === undefined) return null;
  const { parameter } = condition;
  if (name === 'n_estimators') return 'is always needed and takes no condition';
  if (parameter === name) return 'depends on itself';
  const parent = space[parameter];
  if (parent === undefined) return `depends on ${parameter}, which is not in the space`;
  const seen = new Set<ParameterName>([name]);
  for (let at: ParameterName | undefined = parameter; at !== undefined; at = space[at]?.when?.parameter) {
    if (seen.has(at)) return 'depends on itself through other parameters';
    seen.add(at);
  }
  const wrong = condition.isIn.find((value) => !isValueOf(parameter, value));
  return wrong === undefined
    ? null
    : `waits for ${parameter} to be ${JSON.stringify(wrong)}, which it never is`;
}

const entry = distributionSchema.optional();
type SpaceShape = { [K in Exclude<ParameterName, 'n_estimators'>]: typeof entry } & {
  n_estimators: typeof distributionSchema;
};
const spaceShape = {
  ...Object.fromEntries(PARAMETER_NAMES.map((name) => [name, entry])),
  n_estimators: distributionSchema,
} as SpaceShape;

/** Parameter name (XGBoost's own spelling) to its distribution; `n_estimators` must be there, the others may. */
export const searchSpaceSchema = z.strictObject(spaceShape).superRefine((space, context) => {
  for (const name of PARAMETER_NAMES) {
    const distribution = space[name];
    if (distribution === undefined) continue;
    const fault = shapeFault(distribution) ?? kindFault(name, distribution) ?? conditionFault(name, space);
    if (fault !== null) context.addIssue({ code: 'custom', path: [name], message: `${name} ${fault}` });
  }
});

export type SearchSpace = Readonly<Partial<Record<ParameterName, Distribution>>> & {
  readonly n_estimators: Distribution;
};

const valueSchemas = Object.fromEntries(
  PARAMETER_NAMES.map((name) => {
    const value = paramValueSchema.refine((given) => isValueOf(name, given), {
      error: `not a value that XGBoost takes for ${name}`,
    });
    return [name, name === 'n_estimators' ? value : value.optional()];
  }),
) as unknown as { [K in ParameterName]: z.ZodType<TrialParams[K]> };

/** One point of a space, as XGBoost takes it. A parameter that is absent has XGBoost's own default. */
export type TrialParams = {
  readonly [K in Exclude<ParameterName, 'n_estimators'>]?: (typeof PARAMETER_CATALOGUE)[K] extends {
    kind: 'category';
  }
    ? string
    : number;
} & { readonly n_estimators: number };

/** One point of the space, parsed. */
export const trialParamsSchema: z.ZodType<TrialParams> = z.strictObject(
  valueSchemas,
) as unknown as z.ZodType<TrialParams>;

/** The design's space. */
export const DESIGN_SEARCH_SPACE: SearchSpace = {
  max_depth: { type: 'randint', low: 3, high: 8 },
  learning_rate: { type: 'loguniform', low: 0.01, high: 0.3 },
  n_estimators: { type: 'randint', low: 50, high: 200 },
  subsample: { type: 'uniform', low: 0.7, high: 1 },
  colsample_bytree: { type: 'uniform', low: 0.7, high: 1 },
};

/** The design's space and the parameters beyond it that most often help on tables. */
export const WIDE_SEARCH_SPACE: SearchSpace = {
  ...DESIGN_SEARCH_SPACE,
  min_child_weight: { type: 'loguniform', low: 0.1, high: 20 },
  gamma: { type: 'uniform', low: 0, high: 5 },
  reg_alpha: { type: 'loguniform', low: 0.0001, high: 10 },
  reg_lambda: { type: 'loguniform', low: 0.01, high: 20 },
  max_bin: { type: 'choice', values: [64, 128, 256, 512] },
  scale_pos_weight: { type: 'loguniform', low: 1, high: 20 },
  grow_policy: { type: 'choice', values: ['depthwise', 'lossguide'] },
  max_leaves: {
    type: 'lograndint',
    low: 8,
    high: 256,
    when: { parameter: 'grow_policy', isIn: ['lossguide'] },
  },
};
