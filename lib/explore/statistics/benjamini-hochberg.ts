/**
 * Adjust p-values for having looked at many (Benjamini & Hochberg 1995; as statsmodels `multipletests(method='fdr_bh')`): of
 * the findings whose adjusted value is at most q, a share q is expected to be chance.
 *
 * @returns one a p-value, in the order given
 */
export function adjustedPValues(pValues: readonly number[]): readonly number[] {
  const falling = pValues.map((_, i) => i).sort((a, b) => pValues[b]! - pValues[a]!);
  const adjusted = new Array<number>(pValues.length);
  let least = 1;
  for (const [place, i] of falling.entries()) {
    least = Math.min(least, (pValues[i]! * pValues.length) / (pValues.length - place));
    adjusted[i] = least;
  }
  return adjusted;
}
