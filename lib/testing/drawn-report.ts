import { randomSource } from '@/lib/core/random';
import { evaluationReport } from '@/lib/evaluation/build-report';
import { type CalibratedRows, calibratedRows } from '@/lib/evaluation/calibration/calibrated-rows';
import { type Calibration, logistic } from '@/lib/evaluation/calibration/calibration';
import type { EvaluationReport } from '@/lib/evaluation/evaluation-report';

/** How the rows of a drawn report come out. */
export interface DrawnModel {
  readonly nRows?: number;
  /** What the margins say is multiplied by this before the labels are drawn: 0 for chance, 1 for a sound model. */
  readonly slope?: number;
  readonly calibration?: Calibration;
  readonly seed?: number;
}

/** Draw rows of margins around −3, and labels that follow them. */
export function drawnRows({
  nRows = 4000,
  slope = 1,
  calibration = { kind: 'none' },
  seed = 1,
}: DrawnModel): CalibratedRows {
  const random = randomSource(seed);
  const margins = Float32Array.from({ length: nRows }, () => 5 * (random() + random()) - 8);
  const labels = Uint8Array.from(margins, (margin) =>
    random() < logistic(slope * (margin + 3) - 3) ? 1 : 0,
  );
  return calibratedRows(calibration, { labels, margins });
}

/** Judge drawn rows as a model's, beside a baseline that knows half of what the model knows. */
export function drawnReport(model: DrawnModel = {}): EvaluationReport {
  const test = drawnRows(model);
  const random = randomSource(99);
  return evaluationReport({
    modelId: 'model-00000000000000000000',
    nTrain: 3 * test.labels.length,
    calibration: model.calibration ?? { kind: 'none' },
    validation: drawnRows({ ...model, seed: (model.seed ?? 1) + 1000 }),
    test,
    baseline: {
      testLogOdds: Float64Array.from(test.margins, (margin) => margin + 4 * (random() - 0.5)),
      nRows: 4 * test.labels.length,
      nColumns: 3,
    },
    model: { nodeFeature: Int32Array.of(0, -1, -1), nodeGain: Float32Array.of(1, 0, 0) },
    featureNames: ['tag_count'],
  });
}
