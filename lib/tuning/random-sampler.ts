import { uniformValue } from './distribution';
import { parameterNames, type Sampler } from './sampler';

/** Draw every parameter on its own, uniform on its sampling scale, whatever earlier trials gave. */
export const randomSampler: Sampler = ({ space, random }) =>
  Object.fromEntries(parameterNames(space).map((name) => [name, uniformValue(space[name]!, random)]));
