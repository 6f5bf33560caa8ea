import { type Calibration, calibratedProbabilities } from './calibration';

/** Labels and scores of the rows of one part of the split, in the same row order. */
export interface CalibratedRows {
  /** 0 or 1 a row. */
  readonly labels: Uint8Array;
  /** Log-odds a row, as the model gives them. */
  readonly margins: Float32Array;
  /** Calibrated, 0–1 a row, in the precision that scores have. They rise with the margin, and may tie where margins do not. */
  readonly probabilities: Float32Array;
}

/** Give rows their calibrated probabilities. */
export function calibratedRows(
  calibration: Calibration,
  { labels, margins }: Pick<CalibratedRows, 'labels' | 'margins'>,
): CalibratedRows {
  return { labels, margins, probabilities: Float32Array.from(calibratedProbabilities(calibration, margins)) };
}
