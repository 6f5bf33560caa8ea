import { valueAtShare } from '@/lib/tuning/space/distribution';
import { activePoint, parametersInOrder } from './active-parameters';
import { parameterNames, type Sampler } from './sampler';

/**
 * Draw every parameter on its own, uniform on its sampling scale, whatever earlier trials gave. Each takes one number of the
 * stream, also those that turn out absent, so that a condition moves no other parameter.
 */
export const randomSampler: Sampler = ({ space, random }) => {
  const shares = new Map(parameterNames(space).map((name) => [name, random()]));
  return activePoint(parametersInOrder(space), ({ name, distribution }) =>
    valueAtShare(distribution, shares.get(name) ?? Number.NaN),
  );
};
