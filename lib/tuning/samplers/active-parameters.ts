import type { Distribution, ParamValue } from '@/lib/tuning/space/search-space';
import { parameterNames, type SamplePoint, type SampleSpace } from './sampler';

/** A parameter with how it is drawn. */
export interface Parameter {
  readonly name: string;
  readonly distribution: Distribution;
}

/**
 * List a space's parameters so that one on which others depend comes before them; else in the order of names.
 *
 * @throws where a parameter depends on itself or on one that is not in the space
 */
export function parametersInOrder(space: SampleSpace): readonly Parameter[] {
  const order = new Map<string, Parameter>();
  const open = new Set<string>();
  const visit = (name: string) => {
    if (order.has(name)) return;
    const distribution = space[name];
    if (distribution === undefined) throw new Error(`A condition names ${name}, which is not in the space`);
    if (open.has(name)) throw new Error(`${name} depends on itself`);
    open.add(name);
    if (distribution.when !== undefined) visit(distribution.when.parameter);
    order.set(name, { name, distribution });
  };
  parameterNames(space).forEach(visit);
  return [...order.values()];
}

/** Whether a parameter's condition holds at a point; one whose own parameter is absent does not. */
export function isActive({ when }: Distribution, point: SamplePoint): boolean {
  if (when === undefined) return true;
  const value = point[when.parameter];
  return value !== undefined && when.isIn.includes(value);
}

/**
 * Build a point from a value for each parameter, leaving those out whose condition does not hold. `valueFor` is asked for the
 * ones that are left, parameters on which others depend first.
 */
export function activePoint(
  parameters: readonly Parameter[],
  valueFor: (parameter: Parameter, place: number) => ParamValue,
): SamplePoint {
  const point: Record<string, ParamValue> = {};
  parameters.forEach((parameter, place) => {
    if (isActive(parameter.distribution, point)) point[parameter.name] = valueFor(parameter, place);
  });
  return point;
}
