import { derivedSeed, randomSource } from '@/lib/core/random';
import { valueAtShare } from '@/lib/tuning/space/distribution';
import { activePoint, parametersInOrder } from './active-parameters';
import { parameterNames, type Sampler } from './sampler';
import { sobolSequence } from './sobol-sequence';

/**
 * Take the trial's own point of a scrambled Sobol sequence, which fills the space more evenly than chance whatever earlier
 * trials gave. The study's seed scrambles it and trial n takes point n, so it does not matter who asks first.
 *
 * @throws for a space of more parameters than the sequence has dimensions
 */
export const quasiRandomSampler: Sampler = ({ space, seed, trialNumber }) => {
  const names = parameterNames(space);
  const sequence = sobolSequence(names.length, randomSource(derivedSeed(seed, 'sobol')));
  const shares = sequence(trialNumber - 1);
  return activePoint(parametersInOrder(space), ({ name, distribution }) =>
    valueAtShare(distribution, shares[names.indexOf(name)]!),
  );
};
