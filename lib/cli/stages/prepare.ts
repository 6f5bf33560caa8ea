import { createHash } from 'node:crypto';
import { encodeDataset } from '@/lib/features/dataset-arrow';
import { SplitPart, type TrainingDataset } from '@/lib/features/matrix';
import { labelCsvChunks, matrixCsvChunks } from '@/lib/features/matrix-csv';
import { prepareDataset } from '@/lib/features/prepare-dataset';
import { specDigest, specJson } from '@/lib/features/spec-json';
import { rowsOfPart } from '@/lib/features/split';
import { unwrapped } from '../crm-file';
import { passedGate } from '../gate';
import { heldTable } from '../joined-file';
import { count } from '../reporter';
import type { RunFolder } from '../run-folder';
import { changeRunRecord } from '../run-record';
import type { Stage } from '../stage';

/** Fit the features and split the rows; write `feature_spec.json`, `dataset.arrow` and a CSV of features and labels a part. */
export const prepare: Stage = async (context) => {
  const { folder, options, held, note } = context;
  const joined = await heldTable(context);
  await passedGate(context, joined.sha256);
  const { paretoShare, seed, featureChoices: choices } = options.params;
  const { spec, dataset, summary } = unwrapped(
    prepareDataset({ table: joined.table, paretoShare, seed, choices }),
  );
  const bytes = encodeDataset(dataset);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  // While the files change, they belong to no dataset.
  await changeRunRecord(folder, { prepared_from_sha256: null, dataset_sha256: null });
  await folder.write('dataset.arrow', bytes);
  await folder.write('feature_spec.json', specJson(spec));
  await writeParts(folder, dataset);
  await changeRunRecord(folder, { prepared_from_sha256: joined.sha256, dataset_sha256: sha256 });
  held.prepared = { spec, dataset, sha256 };
  for (const { message } of summary.notes) note(message);
  const rows = summary.parts.map(({ part, n }) => `${count(n)} ${part}`).join(', ');
  return {
    sentence: `${count(spec.features.length)} features; ${rows} rows`,
    facts: {
      n_features: spec.features.length,
      parts: summary.parts.map(({ part, n, buyers }) => ({ part, n, buyers })),
      countries_kept: spec.countryLevels.slice(0, -1),
      feature_spec_sha256: specDigest(spec),
      dataset_sha256: sha256,
    },
  };
};

const PARTS = [
  ['train', 'X_train.csv', 'y_train.csv'],
  ['validation', 'X_validation.csv', 'y_validation.csv'],
  ['test', 'X_test.csv', 'y_test.csv'],
] as const;

async function writeParts(folder: RunFolder, { matrix, labels, split }: TrainingDataset): Promise<void> {
  for (const [part, features, target] of PARTS) {
    const rows = rowsOfPart(split, SplitPart[part]);
    await folder.write(features, matrixCsvChunks(matrix, rows));
    await folder.write(target, labelCsvChunks(labels, rows));
  }
}
