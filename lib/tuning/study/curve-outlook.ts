import type { Objective } from './study-config';
import { asGain } from './trial-record';

/**
 * Foresee what a trial that was paused will come to at its last round: a straight line over the logarithm of the rounds,
 * fitted by least squares to the reports of the upper half of its curve, drawn on to its end. A line that falls is taken for
 * level, since training on is then no reason to hope for less.
 *
 * Learning curves cross: a small learning rate or a shallow tree begins behind and often ends ahead. Comparing values at equal
 * rounds, as successive halving was published, ends those first (Domhan, Springenberg and Hutter, "Speeding up automatic
 * hyperparameter optimization of deep neural networks by extrapolation of learning curves", 2015, for the thought).
 *
 * @param curve [rounds, value] in rising order of rounds, at least one
 * @param lastRounds rounds of the trained trial
 * @returns in the objective's own direction; the last value where the curve has reached the end
 * @example outlookValue([[8, 0.70], [16, 0.72]], 32, 'roc_auc') // 0.74
 */
export function outlookValue(
  curve: readonly (readonly [number, number])[],
  lastRounds: number,
  objective: Objective,
): number {
  const last = curve.at(-1);
  if (last === undefined) throw new Error('Expected at least one report of the curve, got none');
  const [reached, value] = last;
  if (reached >= lastRounds) return value;
  const points = curve.filter(([rounds]) => rounds >= reached / 2);
  const meanX = mean(points.map(([rounds]) => Math.log2(rounds)));
  const meanY = mean(points.map(([, y]) => asGain(y, objective)));
  let covariance = 0;
  let variance = 0;
  for (const [rounds, y] of points) {
    const x = Math.log2(rounds) - meanX;
    covariance += x * (asGain(y, objective) - meanY);
    variance += x * x;
  }
  const slope = variance === 0 ? 0 : Math.max(0, covariance / variance);
  return asGain(meanY + slope * (Math.log2(lastRounds) - meanX), objective);
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
