import { derivedSeed, randomSource } from '@/lib/core/random';
import { choiceIndex, shareOfValue, valueAtShare } from '@/lib/tuning/space/distribution';
import { PARAMETER_NAMES, type ParameterName } from '@/lib/tuning/space/parameter-catalogue';
import type { Distribution, ParamValue } from '@/lib/tuning/space/search-space';
import type { StudyState } from '@/lib/tuning/study/study-state';
import { type CompleteTrial, isComplete } from '@/lib/tuning/study/trial-record';
import { type FeaturePair, varianceShares } from './fanova';
import { type ForestFeature, regressionForest } from './regression-forest';

/** Fewer complete trials say nothing about importance. */
export const MIN_TRIALS_FOR_IMPORTANCES = 10;

const N_TREES = 48;

/** What a parameter explains alone. */
export interface ParameterImportance {
  readonly parameter: ParameterName;
  /** Share of the objective's variance over the whole space, 0–1. */
  readonly share: number;
  /** Standard deviation of the share among the trees. */
  readonly deviation: number;
  /** Complete trials that had no value for it, its condition not holding; the middle of its range stood in. */
  readonly nImputed: number;
}

/** What two parameters explain together, beyond what each explains alone. */
export interface PairImportance {
  readonly parameters: readonly [ParameterName, ParameterName];
  readonly share: number;
}

/** Where the variance of a study's objective comes from, or why that cannot be said. */
export type ParameterImportances =
  | {
      readonly isKnown: true;
      readonly nTrials: number;
      /** The most important first; ties in the order of the catalogue. */
      readonly parameters: readonly ParameterImportance[];
      readonly pairs: readonly PairImportance[];
      /** What three parameters or more explain together: the rest to 1. */
      readonly higherOrderShare: number;
    }
  | { readonly isKnown: false; readonly nTrials: number; readonly reason: string };

/**
 * Say how much of the objective's variance over the search space each parameter explains, and each pair, by functional
 * ANOVA over a random forest of 48 trees (Hutter, Hoos and Leyton-Brown 2014). Only complete trials count: a pruned
 * one's objective is of fewer rounds. Numbers lie on their sampling scale.
 *
 * @param options.seed the same trials and seed give the same shares
 */
export function parameterImportances(
  { config, trials }: Pick<StudyState, 'config' | 'trials'>,
  options: { readonly seed: number },
): ParameterImportances {
  const complete = trials.filter(isComplete);
  const nTrials = complete.length;
  if (nTrials < MIN_TRIALS_FOR_IMPORTANCES) {
    const reason = `Importances need ${MIN_TRIALS_FOR_IMPORTANCES} complete trials; there are ${nTrials}.`;
    return { isKnown: false, nTrials, reason };
  }
  const targets = Float64Array.from(complete, ({ metrics }) => metrics[config.objective]);
  const columns = PARAMETER_NAMES.flatMap((name) => {
    const distribution = config.searchSpace[name];
    return distribution === undefined ? [] : [parameterColumn(name, distribution, complete)];
  });
  const features = columns.map(({ feature }) => feature);
  const forest = regressionForest(
    { features, columns: columns.map(({ values }) => values), targets },
    { nTrees: N_TREES, random: randomSource(derivedSeed(options.seed, 'fanova')) },
  );
  const pairs = features.flatMap((_, i) => features.slice(0, i).map((_, j): FeaturePair => [j, i]));
  const shares = varianceShares(forest, features, pairs);
  if (shares === null) {
    const reason = 'The parameters explain nothing: all complete trials came to the same objective.';
    return { isKnown: false, nTrials, reason };
  }
  const parameters = columns.map(({ parameter, nImputed }, i) => ({
    parameter,
    share: shares.single[i]!,
    deviation: shares.singleDeviation[i]!,
    nImputed,
  }));
  const together = pairs.map(([i, j], at) => ({
    parameters: [columns[i]!.parameter, columns[j]!.parameter] as const,
    share: shares.pairs[at]!,
  }));
  const explained = sumOfShares(parameters) + sumOfShares(together);
  return {
    isKnown: true,
    nTrials,
    parameters: parameters.sort(byShare),
    pairs: together.sort(byShare),
    higherOrderShare: Math.max(0, 1 - explained),
  };
}

function byShare(a: { readonly share: number }, b: { readonly share: number }): number {
  return b.share - a.share;
}

function sumOfShares(parts: readonly { readonly share: number }[]): number {
  return parts.reduce((sum, { share }) => sum + share, 0);
}

interface ParameterColumn {
  readonly parameter: ParameterName;
  readonly feature: ForestFeature;
  readonly values: Float64Array;
  readonly nImputed: number;
}

function parameterColumn(
  parameter: ParameterName,
  distribution: Distribution,
  trials: readonly CompleteTrial[],
): ParameterColumn {
  const placeOf = (value: ParamValue) =>
    distribution.type === 'choice' ? choiceIndex(distribution, value) : shareOfValue(distribution, value);
  const standIn = placeOf(valueAtShare(distribution, 0.5));
  return {
    parameter,
    feature:
      distribution.type === 'choice'
        ? { kind: 'category', nValues: distribution.values.length }
        : { kind: 'number' },
    values: Float64Array.from(trials, ({ params }) => {
      const value = params[parameter];
      return value === undefined ? standIn : placeOf(value);
    }),
    nImputed: trials.filter(({ params }) => params[parameter] === undefined).length,
  };
}
