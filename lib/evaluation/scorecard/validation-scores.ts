import { float32Text } from '@/lib/core/float32-text';
import { fail, type Result, succeed } from '@/lib/core/result';
import type { CalibratedRows } from '../calibration/calibrated-rows';

const HEADER = 'made_purchase,margin,score';

/**
 * Write labels, margins and calibrated scores of the validation rows as `validation_scores.csv`: what thresholds are chosen
 * on. Numbers only, as `float32Text`, in the dataset's row order, lines ended by LF.
 */
export function validationScoresCsv({ labels, margins, probabilities }: CalibratedRows): string {
  const lines = Array.from(
    labels,
    (label, row) => `${label},${float32Text(margins[row]!)},${float32Text(probabilities[row]!)}`,
  );
  return `${[HEADER, ...lines].join('\n')}\n`;
}

/** Read what `validationScoresCsv` wrote. Failure: `validation_scores_unreadable`, naming the line. */
export function parseValidationScores(text: string): Result<CalibratedRows> {
  const lines = text.split('\n');
  if (lines.pop() !== '' || lines.shift() !== HEADER) return unreadable(1);
  const labels = new Uint8Array(lines.length);
  const margins = new Float32Array(lines.length);
  const probabilities = new Float32Array(lines.length);
  for (const [row, line] of lines.entries()) {
    const cells = line.split(',');
    const [label, margin, probability] = cells.map(Number);
    const isRow =
      cells.length === 3 &&
      !cells.includes('') &&
      (label === 0 || label === 1) &&
      Number.isFinite(margin) &&
      probability! >= 0 &&
      probability! <= 1;
    if (!isRow) return unreadable(row + 2);
    labels[row] = label!;
    margins[row] = margin!;
    probabilities[row] = probability!;
  }
  return succeed({ labels, margins, probabilities });
}

function unreadable(line: number) {
  return fail(
    'validation_scores_unreadable',
    `The validation scores of the model are wrong in line ${line}.`,
    'Evaluate the study again.',
  );
}
