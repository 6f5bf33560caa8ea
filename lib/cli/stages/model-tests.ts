import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ExpectedFailure } from '@/lib/core/result';
import { modelTestsSentence } from '@/lib/evaluation/model-tests/test-results';
import { DEFAULT_TEST_SUITE, parseTestSuite, type TestSuite } from '@/lib/evaluation/model-tests/test-suite';
import type { TrainingDataset } from '@/lib/features/matrix';
import { testedModel } from '@/lib/server/measurements/measure-model-tests';
import { type VerifiedModel, verifiedModel } from '@/lib/server/models/verified-model';
import { homeAt } from '@/lib/server/storage/home';
import { unwrapped } from '../crm-file';
import { withFileWords } from '../file-failure';
import { measuredOnServer } from '../measure';
import { foundDataset } from '../reproduce-dataset';
import { readableJson } from '../run-folder';
import type { Stage, StageContext } from '../stage';
import { heldDataset, preparedFiles } from '../study-files';

/** Run the tests of how the model behaves, and write `model_tests.json`. */
export const modelTests: Stage = async (context) => {
  const { folder, note, options, elapsed } = context;
  const suite = await givenSuite(options.testsPath);
  const prepared = await preparedFiles(context);
  const { dataset } = await heldDataset(context, prepared);
  const model = await modelOfRun(context);
  const champion =
    options.championPath === null ? null : unwrapped(await verifiedModel(options.championPath, null));
  const isItself = champion?.metadata.model_id === model.metadata.model_id;
  const championDataset = champion === null ? null : await datasetBeside(options.championPath, champion);
  const tests = await measuredOnServer(context, prepared, (server, seed) =>
    testedModel(
      { model, champion: isItself ? null : champion, championDataset, dataset, suite, seed },
      { ...server, elapsed, onProgress: (done, total) => context.progress({ label: 'tests', done, total }) },
    ),
  );
  for (const { outcome, severity, name, sentence } of tests.results) {
    note(`${outcome === 'failed' && severity === 'warning' ? 'warned' : outcome}: ${name}. ${sentence}`);
  }
  if (tests.latency !== null) {
    const { p50_ms, p99_ms, rows_per_second } = tests.latency;
    note(
      `one lead: ${p50_ms.toFixed(2)} ms (p99 ${p99_ms.toFixed(2)} ms); ${Math.round(rows_per_second)} rows a second`,
    );
  }
  await folder.write('model_tests.json', readableJson(tests));
  return { sentence: modelTestsSentence(tests).replace(/\.$/, ''), facts: { ...tests } };
};

async function modelOfRun({ folder }: StageContext): Promise<VerifiedModel> {
  const model = await verifiedModel(folder.file('model'), null);
  if (!model.ok && model.error.code === 'model_unknown') throw folder.missing('model');
  return unwrapped(model);
}

/** The dataset that a model was made on, where it is found as `reproduce` finds it. */
async function datasetBeside(
  path: string | null,
  { metadata }: VerifiedModel,
): Promise<TrainingDataset | null> {
  if (path === null) return null;
  try {
    const home = homeAt(join(path, '..', '..'));
    const search = { given: null, digest: metadata.dataset_sha256, modelFolder: path, home };
    return (await foundDataset(search)).dataset;
  } catch (error) {
    if (error instanceof ExpectedFailure && error.failure.code === 'dataset_missing') return null;
    throw error;
  }
}

async function givenSuite(path: string | null): Promise<TestSuite> {
  if (path === null) return DEFAULT_TEST_SUITE;
  return unwrapped(parseTestSuite(await withFileWords(path, () => readFile(path, 'utf8'))));
}
