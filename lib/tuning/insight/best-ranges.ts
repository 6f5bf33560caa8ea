import { shareOfValue } from '@/lib/tuning/space/distribution';
import type { ParameterName } from '@/lib/tuning/space/parameter-catalogue';
import type { ParamValue } from '@/lib/tuning/space/search-space';
import type { StudyState } from '@/lib/tuning/study/study-state';
import { type CompleteTrial, gainOf, isComplete } from '@/lib/tuning/study/trial-record';

/** The best fifth of the complete trials, at least one; best first, ties to the lower number. */
export function bestFifth({
  config,
  trials,
}: Pick<StudyState, 'config' | 'trials'>): readonly CompleteTrial[] {
  const complete = trials.filter(isComplete);
  const gain = (trial: CompleteTrial) => gainOf(trial, config) ?? Number.NEGATIVE_INFINITY;
  return complete.sort((a, b) => gain(b) - gain(a)).slice(0, Math.ceil(complete.length / 5));
}

/** Where the values of a parameter lie among some trials. */
export interface ParameterRange {
  readonly parameter: ParameterName;
  /** Smallest and largest of a number; of a choice those that occur, in the order of the space. */
  readonly values: readonly ParamValue[];
  readonly isChoice: boolean;
  /** Share of the parameter's range that they take, 0–1; of a choice the share of its values that occur. */
  readonly share: number;
}

/**
 * Give the range that some trials take in each parameter of the space, the narrowest against the whole space first. A
 * parameter that none of them has is left out.
 */
export function parameterRanges(
  { config }: Pick<StudyState, 'config'>,
  trials: readonly Pick<CompleteTrial, 'params'>[],
  parameters: readonly ParameterName[],
): readonly ParameterRange[] {
  const ranges = parameters.flatMap((parameter): readonly ParameterRange[] => {
    const distribution = config.searchSpace[parameter];
    const own = trials.map(({ params }) => params[parameter]).filter((value) => value !== undefined);
    if (distribution === undefined || own.length === 0) return [];
    if (distribution.type === 'choice') {
      const values = distribution.values.filter((value) => own.includes(value));
      return [{ parameter, values, isChoice: true, share: values.length / distribution.values.length }];
    }
    const sorted = own.map(Number).sort((a, b) => a - b);
    const [low = 0] = sorted;
    const high = sorted[sorted.length - 1] ?? low;
    const share = shareOfValue(distribution, high) - shareOfValue(distribution, low);
    return [{ parameter, values: [low, high], isChoice: false, share }];
  });
  return ranges.sort((a, b) => a.share - b.share);
}
