import { derivedSeed, randomSource, shuffle } from '@/lib/core/random';

/** Rows of one fold of a cross-validation, as indices into the rows given, in rising order. */
export interface CrossValidationFold {
  readonly train: Uint32Array;
  readonly measured: Uint32Array;
}

/**
 * Cut rows into folds for repeated stratified k-fold cross-validation: in each repeat every row is measured once, and
 * every fold holds buyers and non-buyers in the proportion of all, as far as whole rows allow (scikit-learn
 * `RepeatedStratifiedKFold`, with random numbers of our own). The same arguments give the same folds.
 *
 * @param labels 0 or 1 for each of the rows
 * @returns nRepeats × nSplits folds, repeat by repeat; null where a class has fewer rows than there are folds
 */
export function stratifiedFolds(
  labels: Uint8Array,
  plan: { readonly nSplits: number; readonly nRepeats: number; readonly seed: number },
): readonly CrossValidationFold[] | null {
  const { nSplits, nRepeats, seed } = plan;
  const rows = Uint32Array.from(labels.keys());
  const classes = [0, 1].map((label) => rows.filter((row) => labels[row] === label));
  if (classes.some((ofClass) => ofClass.length < nSplits)) return null;
  const folds: CrossValidationFold[] = [];
  for (let repeat = 0; repeat < nRepeats; repeat++) {
    const random = randomSource(derivedSeed(seed, `folds:${repeat}`));
    const foldOfRow = new Uint8Array(labels.length);
    // Counted on over both classes, so that the folds' sizes differ by at most one.
    let place = 0;
    for (const ofClass of classes) {
      const shuffled = ofClass.slice();
      shuffle(shuffled, random);
      for (const row of shuffled) {
        foldOfRow[row] = place % nSplits;
        place += 1;
      }
    }
    for (let fold = 0; fold < nSplits; fold++) {
      folds.push({
        train: rows.filter((row) => foldOfRow[row] !== fold),
        measured: rows.filter((row) => foldOfRow[row] === fold),
      });
    }
  }
  return folds;
}
