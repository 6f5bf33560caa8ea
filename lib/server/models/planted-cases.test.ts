import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { randomSource, shuffle } from '@/lib/core/random';
import { modelVerdict } from '@/lib/evaluation/verdict/verdict';
import { SplitPart, type TrainingDataset } from '@/lib/features/matrix';
import type { FeatureSpec } from '@/lib/features/spec';
import { specDigest } from '@/lib/features/spec-json';
import { finalFit } from '@/lib/server/xgboost/final-fit';
import { openLibrary, type XgboostLibrary } from '@/lib/server/xgboost/library';
import { openTestEngine, type TestEngine } from '@/lib/testing/engine';
import { BOUGHT_SQL, preparedCrm } from '@/lib/testing/prepared-crm';
import { drawnDataset } from '@/lib/testing/training-dataset';
import type { TrialParams } from '@/lib/tuning/space/search-space';
import { DEFAULT_PIPELINE_PARAMS, studyConfigOf } from '@/lib/tuning/study/pipeline-params';
import { type BuiltModel, buildModel } from './build-model';
import { finalFitJob } from './final-fit-job';

const PARAMS: TrialParams = {
  max_depth: 3,
  learning_rate: 0.1,
  n_estimators: 60,
  subsample: 0.9,
  colsample_bytree: 0.9,
};

let engine: TestEngine;
let library: XgboostLibrary;

beforeAll(async () => {
  engine = await openTestEngine();
  library = openLibrary(engine.engine.path);
}, 120_000);
afterAll(() => engine.close());

function specOf({ matrix }: TrainingDataset): FeatureSpec {
  return {
    version: 1,
    target: 'made_purchase',
    missingValue: -999,
    referenceDay: '2023-06-30',
    countryLevels: ['us', 'other'],
    paretoShare: 0.8,
    freeEmailDomains: [],
    features: matrix.featureNames.map((name) => ({
      name,
      kind: 'numeric',
      source: { type: 'tag', tag: name },
    })),
    split: { seed: 42, train: 0.6, validation: 0.2, test: 0.2 },
  };
}

/** Train, calibrate and judge for real, as a study's model is. */
async function modelOf(
  dataset: TrainingDataset,
  spec = specOf(dataset),
  params = PARAMS,
): Promise<BuiltModel> {
  const config = studyConfigOf(
    { ...DEFAULT_PIPELINE_PARAMS, nTrials: 1 },
    { datasetDigest: '0'.repeat(64), featureSpecDigest: specDigest(spec) },
  );
  const metrics = {
    roc_auc: 0.5,
    average_precision: 0,
    logloss: 1,
    f1_score: 0,
    recall: 0,
    expected_profit: 0,
  };
  const best = { number: 1, params, rounds: params.n_estimators, metrics, standardError: null };
  const model = await buildModel({
    config,
    best,
    xgboostVersion: library.version,
    leadbenchVersion: '0.1.0',
    codeDigest: '0'.repeat(64),
    gateOverrideReason: null,
    featureSpec: spec,
    dataset,
    finalFit: await finalFit(library, dataset, finalFitJob(config, best), async () => {}),
  });
  if (!model.ok) throw new Error(model.error.message);
  return model.value;
}

const verdictOn = ({ report, metadata }: BuiltModel, nTestLooks = 1) =>
  modelVerdict({
    report,
    leakage: metadata.leakage ?? [],
    gateOverrideReason: metadata.gate_override_reason,
    nTestLooks,
    furtherReasons: [],
  });
const gradesOf = (verdict: ReturnType<typeof verdictOn>) =>
  verdict.reasons.map(({ code, grade }) => [code, grade]);
const reasonOf = (verdict: ReturnType<typeof verdictOn>, code: string) =>
  verdict.reasons.find((reason) => reason.code === code)?.sentence ?? '';

/** A label that follows the first two features in a straight line. */
const straight = drawnDataset({ nRows: 3000, nFeatures: 6, seed: 5 });
/** About 1,000 buyers among 3,000 rows, whom trees can tell by the first two features and a line cannot. */
const sound = bent(straight, randomSource(8));

function bent({ matrix, split }: TrainingDataset, random: () => number): TrainingDataset {
  const labels = Uint8Array.from(split, (_, row) => {
    const [first, second] = [matrix.values[row * 6]!, matrix.values[row * 6 + 1]!];
    return random() < (first > 5 !== second > 5 ? 0.55 : 0.12) ? 1 : 0;
  });
  return { matrix, split, labels };
}

const relabelled = (labelOf: (label: number, row: number) => number): TrainingDataset => ({
  ...sound,
  labels: sound.labels.map((label, row) => labelOf(label, row)),
});

describe('the verdict on planted models, trained for real', () => {
  it('lets a sound model pass', async () => {
    const model = await modelOf(sound);
    expect(gradesOf(verdictOn(model))).toEqual([]);
    expect(verdictOn(model).grade).toBe('ready');
    expect(model.metadata.onnx_max_margin_difference).toBe(0);
    expect(model.metadata.onnx_max_probability_difference).toBeLessThan(1e-6);
  });

  it('refuses a model trained on a leak, and names the feature', async () => {
    const sql = `INSERT INTO Tags SELECT mailchimp_id, 'welcome pack' FROM Subscribers WHERE
      ${BOUGHT_SQL} AND (rowid * 7919) % 100 < 97`;
    const { spec, dataset } = await preparedCrm({ nSubscribers: 3000, seed: 3, sql });
    const verdict = verdictOn(await modelOf(dataset, spec));
    expect(verdict.grade).toBe('not_ready');
    expect(gradesOf(verdict)[0]).toEqual(['certain_leak', 'not_ready']);
    expect(verdict.reasons[0]?.sentence).toMatch(
      /^tag_welcome_pack as good as certainly knows of the purchase/,
    );
  });

  it('refuses a model trained on shuffled labels', async () => {
    const order = Uint32Array.from(sound.labels.keys());
    shuffle(order, randomSource(1));
    const verdict = verdictOn(await modelOf(relabelled((_, row) => sound.labels[order[row]!]!)));
    expect(verdict.grade).toBe('not_ready');
    expect(gradesOf(verdict)).toContainEqual(['no_better_than_chance', 'not_ready']);
    expect(reasonOf(verdict, 'no_better_than_chance')).toMatch(/which includes 0\.5/);
  });

  it('refuses a model trained on 30 conversions', async () => {
    let nLeft = 30;
    const verdict = verdictOn(await modelOf(relabelled((label) => (label === 1 && nLeft-- > 0 ? 1 : 0))));
    expect(verdict.grade).toBe('not_ready');
    expect(gradesOf(verdict)[0]).toEqual(['too_few_conversions', 'not_ready']);
    expect(reasonOf(verdict, 'too_few_conversions')).toMatch(/^The 600 test rows hold \d buyers?; below 30/);
  });

  it('refuses a model whose scores promise twice what comes', async () => {
    const halved = relabelled((label, row) =>
      sound.split[row] === SplitPart.test && row % 10 === 4 ? 0 : label,
    );
    const model = await modelOf(halved);
    const verdict = verdictOn(model);
    expect(verdict.grade).toBe('not_ready');
    expect(gradesOf(verdict)).toContainEqual(['miscalibrated', 'not_ready']);
    const { n_test_buyers } = model.report;
    expect(reasonOf(verdict, 'miscalibrated')).toContain(`, and there are ${n_test_buyers} (p < 0.001)`);
  });

  it('mends a model that was made to overstate, by calibration inside it', async () => {
    const model = await modelOf(sound, specOf(sound), { ...PARAMS, scale_pos_weight: 20 });
    const { before, after, kind } = model.report.calibration;
    expect(kind).not.toBe('none');
    expect(before.expected_calibration_error).toBeGreaterThan(0.2);
    expect(after.expected_calibration_error).toBeLessThan(0.05);
    expect(gradesOf(verdictOn(model)).map(([code]) => code)).not.toContain('miscalibrated');
  });

  it('warns of a model that logistic regression equals', async () => {
    const verdict = verdictOn(await modelOf(straight));
    expect(verdict.grade).toBe('ok');
    expect(gradesOf(verdict)).toEqual([['not_better_than_logistic', 'ok']]);
  });
});
