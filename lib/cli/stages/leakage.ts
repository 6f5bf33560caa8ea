import { measurementSentence, suspectsSentence, timeSplitSentence } from '@/lib/evaluation/leakage/sentences';
import { leakageSuspects, suspectLabel } from '@/lib/evaluation/leakage/suspects';
import { measureLeakage } from '@/lib/server/measurements/measure-leakage';
import { passedGate } from '../gate';
import { measuredOnServer } from '../measure';
import { readableJson } from '../run-folder';
import type { Stage } from '../stage';
import { heldDataset, preparedFiles } from '../study-files';

/** Name the features that could be known only after the purchase, and measure the model without each; write `leakage.json`. */
export const leakage: Stage = async (context) => {
  const { folder, note } = context;
  const prepared = await preparedFiles(context);
  await passedGate(context, prepared.preparedFrom);
  const { spec, dataset } = await heldDataset(context, prepared);
  const report = leakageSuspects(spec, dataset);
  note(suspectsSentence(report));
  for (const { label, grade, reasons } of report.suspects) {
    note(`${label} (${grade}): ${reasons.map(({ text }) => text).join(' ')}`);
  }
  const days = spec.features.find(({ source }) => source.type === 'optin' && source.part === 'days');
  const measurement = await measuredOnServer(context, prepared, (server, seed) =>
    measureLeakage(
      {
        seed,
        suspects: report.suspects,
        daysFeature: days?.name ?? null,
        missingValue: spec.missingValue,
      },
      server,
    ),
  );
  const { timeSplit, noTimeSplit } = measurement;
  const sentence = measurementSentence(measurement);
  const timeSentence = timeSplit === null ? noTimeSplit : timeSplitSentence(timeSplit);
  for (const { id, rocAuc, gain } of measurement.without) {
    note(
      `${rocAuc.value.toFixed(4)} (95 % ${rocAuc.low.toFixed(4)} to ${rocAuc.high.toFixed(4)}) without ${suspectLabel(id)}, which brings ${gain.value.toFixed(4)} (${gain.low.toFixed(4)} to ${gain.high.toFixed(4)})`,
    );
  }
  if (timeSentence !== null) note(timeSentence);
  const facts = { ...report, measurement, sentences: [suspectsSentence(report), sentence, timeSentence] };
  await folder.write('leakage.json', readableJson(facts));
  return { sentence: sentence.replace(/\.$/, ''), facts };
};
