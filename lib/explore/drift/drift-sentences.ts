import { nounText, percentText } from '../summary/plain-numbers';
import { type FeatureDrift, MOST_CHANCE, PSI_MARKS } from './drift';
import type { DriftReport, DriftSide } from './drift-report';
import { rangeText } from './drift-windows';

/** How verdicts are read out. */
export const VERDICT_WORDS = { none: 'not changed', small: 'changed', large: 'changed much' } as const;

/** Features named in the sentence about all. */
const N_NAMED = 3;

/** Name a side, with its size. */
export function sideText({ n, range, fileName }: DriftSide): string {
  const who = nounText(n, 'subscriber', 'subscribers');
  if (fileName !== null) return `the ${who} of ${fileName}`;
  return range === null ? who : `${who} of ${rangeText(range)}`;
}

/** Say what of the list has changed, and since when. */
export function driftSentence(report: DriftReport): string {
  const { sides, features, windows } = report;
  if (sides === null)
    return 'There is nothing to compare: each side needs a subscriber with an opt-in date of its own.';
  const between = `between ${sideText(sides.reference)} and ${sideText(sides.current)}`;
  const drifted = driftedFeatures(features);
  const slight = features.filter(
    ({ verdict, adjustedPValue }) =>
      verdict === 'none' && adjustedPValue !== null && adjustedPValue <= MOST_CHANCE,
  );
  const rest =
    slight.length === 0
      ? ''
      : `; ${slight.length} more differ beyond chance, but with a PSI below ${PSI_MARKS.small}`;
  const all = nounText(features.length, 'column', 'columns');
  if (drifted.length === 0) return `None of ${all} has changed ${between}${rest}.`;
  const named = drifted.slice(0, N_NAMED).map((feature) => {
    const since = sinceText(feature, windows);
    return `${feature.name} (PSI ${psiText(feature)}${since === null ? '' : `, since ${since}`})`;
  });
  const more = drifted.length > N_NAMED ? ` and ${drifted.length - N_NAMED} more` : '';
  const verb = drifted.length === 1 ? 'has' : 'have';
  return `${drifted.length} of ${all} ${verb} changed ${between}: ${named.join(', ')}${more}${rest}.`;
}

/** Those that have changed, most first. */
export function driftedFeatures(features: readonly FeatureDrift[]): readonly FeatureDrift[] {
  return features
    .filter(({ verdict }) => verdict !== 'none')
    .sort((a, b) => (b.stability?.psi ?? 0) - (a.stability?.psi ?? 0));
}

/** Name the window from which on a feature is distributed otherwise; null where no one stands out. */
export function sinceText({ change }: FeatureDrift, windows: DriftReport['windows']): string | null {
  if (change === null || change.pValue > MOST_CHANCE) return null;
  return windows[change.window]?.label ?? null;
}

/** Say what became of one feature. */
export function featureSentence(feature: FeatureDrift, windows: DriftReport['windows']): string {
  const { name, verdict, stability, mover, adjustedPValue } = feature;
  if (stability === null || adjustedPValue === null || mover === null) {
    return `${name}: there is too little to compare.`;
  }
  const moved = `“${mover.label}” went from ${percentText(mover.from)} to ${percentText(mover.to)}`;
  const isBeyondChance = adjustedPValue <= MOST_CHANCE;
  const index = `PSI ${psiText(feature)}, where chance stays below ${smallText(stability.limit)} in 95 of 100 cases`;
  const p = `adjusted p ${pText(adjustedPValue)}`;
  if (verdict !== 'none') {
    const since = sinceText(feature, windows);
    const when = since === null ? 'no one time stands out' : `since ${since}`;
    return `${name} has ${VERDICT_WORDS[verdict]}: ${moved} (${index}; ${p}); ${when}.`;
  }
  return isBeyondChance
    ? `${name} differs beyond chance, but with a PSI below ${PSI_MARKS.small}: ${moved} (${index}; ${p}).`
    : `${name} has not changed beyond chance: ${moved} (${index}; ${p}).`;
}

/** Write an index with as many places as tell it from 0. */
export function psiText({ stability }: FeatureDrift): string {
  return stability === null ? '–' : smallText(stability.psi);
}

function smallText(value: number): string {
  if (value < 0.0005) return '< 0.001';
  return value < 0.1 ? value.toFixed(3) : value.toFixed(2);
}

/** Write a p-value. */
export function pText(pValue: number): string {
  return pValue < 0.001 ? '< 0.001' : pValue.toFixed(3);
}
