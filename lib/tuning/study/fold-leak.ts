import type { Failure } from '@/lib/core/result';
import { type FeatureSpec, isFittedWithinFolds } from '@/lib/features/spec';
import type { ValidationPlan } from './study-config';

/**
 * Say why features cannot be measured as a plan measures them: a target encoding is fitted within folds of its own, so in a
 * cross-validation its training rows would hold labels of the rows that are measured. Null when they can.
 */
export function foldLeakFault(
  validation: ValidationPlan,
  spec: Pick<FeatureSpec, 'features'>,
): Failure | null {
  if (validation.type !== 'kfold' || !isFittedWithinFolds(spec)) return null;
  return {
    code: 'target_encoding_leaks',
    message:
      'The target encoding of country_code cannot be measured by cross-validation: it is fitted once, on the training rows, so each fold would be trained with labels of the rows it is measured on.',
    hint: 'Measure on the validation rows, or choose another encoding of country_code.',
  };
}
