import { PARAMETER_CATALOGUE, PARAMETER_NAMES } from '@/lib/tuning/space/parameter-catalogue';
import type { TrialParams } from '@/lib/tuning/space/search-space';

/** What a booster is made of beside the rows. */
export interface BoosterRecipe {
  readonly params: TrialParams;
  /** Of XGBoost's own sampling. */
  readonly seed: number;
  /** Feature name to 1 or −1. */
  readonly monotoneConstraints: Readonly<Record<string, 1 | -1>>;
}

/**
 * Spell out every XGBoost parameter that a model's bytes depend on, those that the search space leaves out at XGBoost's own
 * default.
 *
 * `nthread` is 1 because several processes with several threads each wait on one another for ever on a busy machine.
 * `seed_per_iteration` makes a model independent of what the process trained before. `base_score` is given because
 * versions differ in what they assume.
 *
 * @param data the share of buyers among the rows trained on, and the features in the order of the matrix
 */
export function boosterParams(
  { params, seed, monotoneConstraints }: BoosterRecipe,
  data: { readonly baseScore: number; readonly featureNames: readonly string[] },
): Record<string, string> {
  const chosen = PARAMETER_NAMES.filter((name) => name !== 'n_estimators').map((name): [string, string] => [
    name,
    String(params[name] ?? PARAMETER_CATALOGUE[name].standard),
  ]);
  const constraints = data.featureNames.map((name) => monotoneConstraints[name] ?? 0);
  return {
    booster: 'gbtree',
    objective: 'binary:logistic',
    tree_method: 'hist',
    ...Object.fromEntries(chosen),
    ...(constraints.some((constraint) => constraint !== 0)
      ? { monotone_constraints: `(${constraints.join(',')})` }
      : {}),
    base_score: String(data.baseScore),
    seed: String(seed),
    seed_per_iteration: '1',
    nthread: '1',
    verbosity: '0',
    disable_default_eval_metric: '1',
  };
}
