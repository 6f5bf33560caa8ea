import { z } from 'zod';
import { DEFAULT_TUNING_PLAN } from '@/lib/tuning/study/pipeline-params';
import {
  DEFAULT_PARAMS,
  type KeptParams,
  NOTHING_KEPT,
  type WorkbenchParams,
  workbenchParamsSchema,
} from './workbench-state';

const { shape } = workbenchParamsSchema;
const planShape = shape.plan.shape;

const recordSchema = z.record(z.string(), z.unknown());

/** What the first version called the samplers that there are still. */
const OLDER_SAMPLERS: Readonly<Record<string, WorkbenchParams['sampler']>> = { bayesian: 'tpe' };

/**
 * Read the parameters that a visit kept. Each is taken for itself: one that does not parse is put back to its default, and the
 * others stay. The first version kept the parameters bare, without a plan.
 *
 * @returns with what was put back, by name; parameters that the older version did not have are no fault
 */
export function keptParamsOf(text: string): {
  readonly kept: KeptParams;
  readonly putBack: readonly string[];
} {
  const whole = recordSchema.safeParse(jsonOrNull(text));
  if (!whole.success) return { kept: NOTHING_KEPT, putBack: ['all'] };
  const bare = recordSchema.safeParse(whole.data.params ?? whole.data);
  if (!bare.success) return { kept: NOTHING_KEPT, putBack: ['all'] };
  const { plan, sampler, ...others } = bare.data;
  const older = typeof sampler === 'string' ? OLDER_SAMPLERS[sampler] : undefined;
  const putBack: string[] = [];
  const chosen = taken(
    { ...others, sampler: older ?? sampler },
    { shape, defaults: DEFAULT_PARAMS, putBack },
  );
  const plans = recordSchema.safeParse(plan ?? {});
  const whichPlan = taken(plans.success ? plans.data : {}, {
    shape: planShape,
    defaults: DEFAULT_TUNING_PLAN,
    putBack,
  });
  if (!plans.success) putBack.push('plan');
  const params = workbenchParamsSchema.parse({ ...chosen, plan: whichPlan });
  return { kept: { params, isPlanEdited: whole.data.isPlanEdited === true }, putBack };
}

/** Take each value that parses; the default where there is none, and where it does not, which is noted. */
function taken(
  values: Readonly<Record<string, unknown>>,
  how: {
    readonly shape: Readonly<Record<string, z.ZodType>>;
    readonly defaults: Readonly<Record<string, unknown>>;
    readonly putBack: string[];
  },
): Readonly<Record<string, unknown>> {
  const entries = Object.entries(how.defaults).map(([name, standard]) => {
    if (values[name] === undefined) return [name, standard];
    const parsed = how.shape[name]?.safeParse(values[name]);
    if (parsed?.success) return [name, parsed.data];
    how.putBack.push(name);
    return [name, standard];
  });
  return Object.fromEntries(entries);
}

function jsonOrNull(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}
