import { sizeCurveSentence } from '@/lib/evaluation/learning-curve/sentence';
import { SplitPart } from '@/lib/features/matrix';
import { rowsOfPart } from '@/lib/features/split';
import { measureSizeCurve } from '@/lib/server/measurements/measure-size-curve';
import { passedGate } from '../gate';
import { measuredOnServer } from '../measure';
import { count } from '../reporter';
import { readableJson } from '../run-folder';
import type { Stage } from '../stage';
import { heldDataset, preparedFiles } from '../study-files';

/** Measure how ROC AUC grows with the training rows; write `learning_curve.json`. */
export const learningCurve: Stage = async (context) => {
  const { folder, note } = context;
  const prepared = await preparedFiles(context);
  await passedGate(context, prepared.preparedFrom);
  const { dataset } = await heldDataset(context, prepared);
  const { labels, split } = dataset;
  const training = rowsOfPart(split, SplitPart.train);
  const order = {
    nTrainingRows: training.length,
    nTrainingBuyers: training.reduce((sum, row) => sum + labels[row]!, 0),
  };
  const curve = await measuredOnServer(context, prepared, (server, seed) =>
    measureSizeCurve({ seed, ...order }, server),
  );
  for (const { n, nBuyers, values } of curve.points) {
    note(`${count(n)} rows, ${count(nBuyers)} buyers: ${values.map((value) => value.toFixed(4)).join(' ')}`);
  }
  const sentence = sizeCurveSentence(
    curve,
    labels.reduce((sum, label) => sum + label, 0),
  );
  await folder.write('learning_curve.json', readableJson({ ...curve, sentence }));
  return { sentence: sentence.replace(/\.$/, ''), facts: { ...curve } };
};
