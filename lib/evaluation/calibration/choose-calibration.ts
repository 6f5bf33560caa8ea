import { stratifiedFolds } from '@/lib/features/stratified-folds';
import { logLoss } from '../probability-metrics';
import { type Calibration, type CalibrationKind, calibratedProbabilities } from './calibration';
import { type CalibrationRows, fitBeta, fitIsotonic, fitPlatt } from './fit-calibration';

/** What one way of calibrating came to. */
export interface CalibrationTrial {
  readonly kind: CalibrationKind;
  /** Mean log loss of validation rows, each judged by a calibration fitted without it. */
  readonly logLoss: number;
}

/** The way chosen, fitted on all rows, and how each did. */
export interface ChosenCalibration {
  readonly calibration: Calibration;
  /** Best first; those that cannot be fitted are left out. */
  readonly trials: readonly CalibrationTrial[];
}

const FITS: Readonly<Record<CalibrationKind, (rows: CalibrationRows) => Calibration | null>> = {
  none: () => ({ kind: 'none' }),
  platt: (rows) => rising(fitPlatt(rows)),
  beta: fitBeta,
  isotonic: fitIsotonic,
};
/** A line that falls would call those who buy least likely first. */
function rising(platt: Calibration | null): Calibration | null {
  return platt?.kind === 'platt' && platt.slope > 0 ? platt : null;
}

const KINDS = ['none', 'platt', 'beta', 'isotonic'] as const;
const N_FOLDS = 5;
/** More rows choose no better, and take seconds. */
const MOST_COMPARED = 40_000;

/**
 * Choose how margins become probabilities: the way with the smallest log loss over validation rows, each judged by a fit on the
 * other four fifths of them, so that a way that merely remembers its rows gains nothing. With fewer than 5 rows of a class the
 * model's own stands, since nothing could be judged. Beyond 40,000 rows the ways are compared on an even part of them. What is chosen never falls as the margin rises.
 *
 * @param seed of the folds
 */
export function chooseCalibration(rows: CalibrationRows, seed: number): ChosenCalibration {
  const compared = thinned(rows);
  const folds = stratifiedFolds(compared.labels, { nSplits: N_FOLDS, nRepeats: 1, seed });
  if (folds === null) return { calibration: { kind: 'none' }, trials: [] };
  const trials = KINDS.flatMap((kind): CalibrationTrial[] => {
    const probabilities = new Float64Array(compared.labels.length);
    for (const { train, measured } of folds) {
      const calibration = FITS[kind](rowsAt(compared, train));
      if (calibration === null) return [];
      const judged = calibratedProbabilities(calibration, rowsAt(compared, measured).margins);
      measured.forEach((row, i) => {
        probabilities[row] = judged[i]!;
      });
    }
    return [{ kind, logLoss: logLoss(compared.labels, probabilities) }];
  });
  const ranked = trials.toSorted((a, b) => a.logLoss - b.logLoss);
  const best = ranked[0]?.kind ?? 'none';
  return { calibration: FITS[best](rows) ?? { kind: 'none' }, trials: ranked };
}

/** Every so many rows, evenly, where they are many. */
function thinned(rows: CalibrationRows): CalibrationRows {
  const step = Math.ceil(rows.labels.length / MOST_COMPARED);
  return step <= 1
    ? rows
    : rowsAt(
        rows,
        Uint32Array.from(rows.labels.keys()).filter((row) => row % step === 0),
      );
}

function rowsAt({ margins, labels }: CalibrationRows, rows: Uint32Array): CalibrationRows {
  return {
    margins: Float64Array.from(rows, (row) => margins[row]!),
    labels: Uint8Array.from(rows, (row) => labels[row]!),
  };
}
