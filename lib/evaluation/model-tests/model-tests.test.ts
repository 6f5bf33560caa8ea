import { beforeAll, describe, expect, it } from 'vitest';
import { parseDay } from '@/lib/core/day';
import { randomSource } from '@/lib/core/random';
import type { JoinedTable } from '@/lib/crm/joined-table';
import { featureChoicesSchema } from '@/lib/features/choices';
import { encodeFeatures } from '@/lib/features/encode';
import { type FeatureMatrix, SplitPart, type TrainingDataset } from '@/lib/features/matrix';
import { type PreparedDataset, prepareDataset } from '@/lib/features/prepare-dataset';
import type { FeatureSpec } from '@/lib/features/spec';
import { rowsOfPart } from '@/lib/features/split';
import { drawnTable } from '@/lib/testing/drawn-table';
import { logistic } from '../calibration/calibration';
import { rowsAsLeads } from './rows-as-leads';
import { runModelTests } from './run-tests';
import { matrixAt, type RowScores, type TestContext } from './test-context';
import { modelTestsSchema, modelTestsSentence, type TestResult } from './test-results';
import { DEFAULT_TEST_SUITE, type ModelTest, parseTestSuite, testSuiteSchema } from './test-suite';

let table: JoinedTable;
let prepared: PreparedDataset;
const MODEL_ID = `model-${'1'.repeat(20)}`;

const preparedBy = (choices: Record<string, unknown>, seed = 7): PreparedDataset => {
  const result = prepareDataset({
    table,
    paretoShare: 0.8,
    seed,
    choices: featureChoicesSchema.parse(choices),
  });
  if (!result.ok) throw new Error(result.error.message);
  return result.value;
};

beforeAll(() => {
  table = soldTo(drawnLeads());
  prepared = preparedBy({});
});

/** Leads of three years, a few of whom lack rating and country. */
function drawnLeads(): JoinedTable {
  return drawnTable(
    {
      nRows: 3000,
      firstDay: parseDay('2018-01-01'),
      nDays: 1000,
      tags: ['tag_a', 'tag_b', 'tag_c'],
      countries: ['de', 'in', 'us'],
      shares: () => ({ rating: [0.1, 0.3, 0.2, 0.2, 0.15], country: [0.2, 0.3, 0.4], tag: [0.3, 0.2, 0.1] }),
    },
    randomSource(5),
  );
}

/** Let leads of a higher rating and with more tags buy more often. */
function soldTo(leads: JoinedTable): JoinedTable {
  const random = randomSource(6);
  const madePurchase = Uint8Array.from(leads.memberRating, (rating, row) =>
    Number(random() < logistic(-4 + 0.5 * (Number.isNaN(rating) ? 2 : rating) + 0.3 * leads.tagCount[row]!)),
  );
  return { ...leads, madePurchase };
}

/** Margins as a function of the features by name. */
type MarginOf = (features: (name: string) => number, row: number) => number;

function scoring(marginOf: MarginOf) {
  return async ({ values, nRows, featureNames }: FeatureMatrix): Promise<RowScores> => {
    const margins = Float32Array.from({ length: nRows }, (_, row) =>
      marginOf((name) => values[row * featureNames.length + featureNames.indexOf(name)]!, row),
    );
    return { margins, probabilities: margins.map(logistic) };
  };
}

/** More for a higher rating, more tags and a known country: what buyers of the drawn table go by as well. */
const SENSIBLE: MarginOf = (of) => {
  const rating = of('member_rating') === -999 ? 2 : Math.min(5, Math.max(1, of('member_rating')));
  return -4 + 0.5 * rating + 0.3 * Math.min(10, of('tag_count'));
};

async function resultOf(
  test: Record<string, unknown>,
  marginOf: MarginOf,
  change: Partial<TestContext> = {},
): Promise<TestResult> {
  const suite = testSuiteSchema.parse({ version: 1, name: 'one', tests: [{ name: 'it', ...test }] });
  const tests = await runModelTests(suite, await contextOf(marginOf, change), {
    datasetSha256: 'a'.repeat(64),
  });
  expect(modelTestsSchema.parse(JSON.parse(JSON.stringify(tests)))).toEqual(tests);
  return tests.results[0]!;
}

async function contextOf(marginOf: MarginOf, change: Partial<TestContext> = {}): Promise<TestContext> {
  const { spec, dataset } = prepared;
  const scoreMatrix = scoring(marginOf);
  const rows = rowsOfPart(dataset.split, SplitPart.test);
  let clock = 0;
  return {
    model: { modelId: MODEL_ID, spec, threshold: 0.1, scoreMatrix },
    dataset,
    nativeTestMargins: (await scoreMatrix(matrixAt(dataset.matrix, rows))).margins,
    champion: null,
    seed: 3,
    trainAgain: async (plans) => plans.map(({ seed }) => retrained(dataset, spec, seed, 0)),
    elapsed: () => (clock += 2),
    ...change,
  };
}

/** Scores of the validation rows, with some noise of the seed. */
function retrained(dataset: TrainingDataset, spec: FeatureSpec, seed: number, noise: number) {
  const random = randomSource(seed);
  const rows = rowsOfPart(dataset.split, SplitPart.validation);
  const tags = spec.features.findIndex(({ name }) => name === 'tag_count');
  const stride = spec.features.length;
  return {
    rows,
    labels: Uint8Array.from(rows, (row) => dataset.labels[row]!),
    probabilities: Float32Array.from(rows, (row) =>
      logistic(0.3 * dataset.matrix.values[row * stride + tags]! - 3 + noise * (random() - 0.5)),
    ),
    nTrained: 1,
    nBuyersTrained: 1,
  };
}

const lead = (label: string, rest: Record<string, unknown>) => ({ label, ...rest });
const GOOD = lead('good', { member_rating: 5, tags: ['a', 'b', 'c'] });
const POOR = lead('poor', { member_rating: 1 });

describe('rowsAsLeads', () => {
  it.each([
    {},
    { countryEncoding: 'one_hot', ratingEncoding: 'one_hot' },
    { countryEncoding: 'frequency', missingValue: null },
    { countryEncoding: 'target' },
  ])('gives leads that encode to the very rows they were read from (%o)', (choices) => {
    const { spec, dataset } = preparedBy(choices);
    const rows = rowsOfPart(dataset.split, SplitPart.test);
    const { table: leads, untold } = rowsAsLeads(spec, dataset.matrix, rows);
    expect(untold).toEqual([]);
    expect(encodeFeatures(spec, leads).matrix.values).toEqual(matrixAt(dataset.matrix, rows).values);
    expect(leads.userEmail.every((email) => /^(lead@[a-z.]+)?$/.test(email))).toBe(true);
  });

  it('says which columns no feature tells', () => {
    const { spec, dataset } = preparedBy({
      switchedOff: ['member_rating', 'country_code', 'tag_count', 'optin_days', 'is_free_email'],
    });
    expect(rowsAsLeads(spec, dataset.matrix, Uint32Array.of(0)).untold).toEqual([
      'optin_time',
      'member_rating',
      'country_code',
      'user_email',
      'tag_count',
    ]);
  });
});

describe('runModelTests', () => {
  const backwards: MarginOf = (of, row) => -SENSIBLE(of, row) - 6;
  const passes: readonly (readonly [Record<string, unknown>, MarginOf])[] = [
    [{ type: 'order', leads: [GOOD, POOR], ratio: 2 }, SENSIBLE],
    [{ type: 'range', leads: [POOR], highest: 1 }, SENSIBLE],
    [{ type: 'invariance', change: 'row_order' }, SENSIBLE],
    [{ type: 'invariance', change: 'alone' }, SENSIBLE],
    [{ type: 'invariance', change: 'email_spelling' }, SENSIBLE],
    [{ type: 'invariance', change: 'country_case' }, (of) => of('country_code')],
    [{ type: 'rating_up' }, SENSIBLE],
    [{ type: 'tag_up' }, SENSIBLE],
    [{ type: 'robustness', change: 'all_missing' }, SENSIBLE],
    [{ type: 'robustness', change: 'tag_count_huge', mostRise: 100 }, SENSIBLE],
    [{ type: 'onnx_parity' }, SENSIBLE],
    [{ type: 'stability', over: 'seeds' }, SENSIBLE],
    [{ type: 'latency', mostP99Ms: 2 }, SENSIBLE],
  ];
  it.each(passes)('passes %o where the model behaves', async (test, marginOf) => {
    expect(await resultOf(test, marginOf)).toMatchObject({ outcome: 'passed', n_failed: 0, examples: [] });
  });

  const fails: readonly (readonly [Record<string, unknown>, MarginOf, Partial<TestContext>?])[] = [
    [{ type: 'order', leads: [GOOD, POOR] }, backwards],
    [{ type: 'range', leads: [GOOD], highest: 0.5 }, SENSIBLE],
    [{ type: 'invariance', change: 'row_order' }, (_, row) => row / 1000],
    [{ type: 'invariance', change: 'alone' }, (_, row) => row / 1000],
    [{ type: 'rating_up' }, backwards],
    [{ type: 'tag_up' }, backwards],
    [{ type: 'robustness', change: 'rating_missing' }, (of) => (of('member_rating') === -999 ? 3 : -3)],
    [
      { type: 'robustness', change: 'country_missing' },
      (of) => (of('country_code') === -999 ? Number.NaN : -3),
    ],
    [{ type: 'calibration' }, (of, row) => SENSIBLE(of, row) + 3],
    [{ type: 'slice_floor', slice: 'member_rating', metric: 'observed_to_expected', lowest: 0.5 }, () => 2],
    [{ type: 'baseline' }, (_, row) => Math.sin(row)],
    [
      { type: 'stability', over: 'bootstrap', nModels: 3 },
      SENSIBLE,
      {
        trainAgain: async (plans) =>
          plans.map(({ seed }) => retrained(prepared.dataset, prepared.spec, seed, 50)),
      },
    ],
    [{ type: 'onnx_parity' }, SENSIBLE, { nativeTestMargins: new Float32Array(3) }],
    [{ type: 'latency', mostP99Ms: 1 }, SENSIBLE],
  ];
  it.each(fails)('fails %o where it does not', async (...failing) => {
    const [test, marginOf, change] = failing as unknown as (typeof fails)[number];
    const result = await resultOf(test, marginOf, change);
    expect(result).toMatchObject({ outcome: 'failed', severity: 'critical' });
    expect(result.n_failed).toBeGreaterThan(0);
  });

  it('shows failing examples without anybody’s name, address or id', async () => {
    const { examples } = await resultOf({ type: 'rating_up', nRows: 50 }, backwards);
    const [before, after] = examples[0]!.leads;
    expect(after?.member_rating).toBe((before?.member_rating ?? 0) + 1);
    expect(after?.score ?? 1).toBeLessThan(before?.score ?? 0);
    expect(JSON.stringify(examples)).not.toContain('@');
  });

  it('takes no step of the rating and no tag that is excepted, and says so', async () => {
    const exceptions = [1, 2, 3, 4].map((from) => ({ from, reason: 'of a whim' }));
    expect(await resultOf({ type: 'rating_up', exceptions }, backwards)).toMatchObject({
      outcome: 'skipped',
      sentence: 'Not run: none of the steps can be changed in the test rows.',
    });
    const one = await resultOf({ type: 'rating_up', exceptions: exceptions.slice(1) }, SENSIBLE);
    expect(one.sentence).toContain('Not asked for: 2 to 3: of a whim');
    expect(one.n_checked).toBe(1);
  });

  it('holds a model against the one in use, and skips what cannot be compared', async () => {
    expect(await resultOf({ type: 'champion' }, SENSIBLE)).toMatchObject({ outcome: 'skipped' });
    const { spec } = prepared;
    const champion = {
      modelId: `model-${'2'.repeat(20)}`,
      spec,
      threshold: 0.1,
      scoreMatrix: scoring(SENSIBLE),
      dataset: null,
    };
    const itself = await resultOf({ type: 'champion' }, SENSIBLE, { champion });
    expect(itself).toMatchObject({ outcome: 'passed', measured: { n_rows: 599, roc_auc_lead: 0 } });
    expect(itself.sentence).toContain('test rows, some of which it may have been trained on');
    const worse = await resultOf({ type: 'champion' }, backwards, { champion });
    expect(worse).toMatchObject({ outcome: 'failed' });
    expect(worse.sentence).toMatch(/^Against model-2+, on 599 test rows, .* ROC AUC is −/);
    const other = preparedBy({ switchedOff: ['member_rating'] });
    prepared = other;
    const needing = await resultOf({ type: 'champion' }, (of) => of('tag_count'), { champion });
    prepared = preparedBy({});
    expect(needing.sentence).toBe(
      'Not run: the model in use needs member_rating, which this one’s features do not tell.'.replace(
        '’',
        "'",
      ),
    );
  });

  it('compares on the rows that are test rows of both where the model in use was split otherwise', async () => {
    const { spec, dataset } = preparedBy({ countryEncoding: 'one_hot' }, 8);
    const champion = {
      modelId: `model-${'2'.repeat(20)}`,
      spec,
      threshold: 0.1,
      scoreMatrix: scoring(SENSIBLE),
      dataset,
    };
    const isTest = (split: Uint8Array, row: number) => split[row] === SplitPart.test;
    const nBoth = [...dataset.split.keys()].filter(
      (row) => isTest(dataset.split, row) && isTest(prepared.dataset.split, row),
    ).length;
    const result = await resultOf({ type: 'champion' }, SENSIBLE, { champion });
    expect(result.measured).toMatchObject({ n_rows: nBoth, roc_auc_lead: 0, log_loss_change: 0 });
    expect(result.sentence).toContain('rows that are test rows of both');
  });

  it('gives the same results and digest again, whatever the clock says', async () => {
    const run = async (slow: number) => {
      let clock = 0;
      const context = await contextOf(SENSIBLE, { elapsed: () => (clock += slow) });
      return runModelTests(DEFAULT_TEST_SUITE, context, { datasetSha256: 'a'.repeat(64) });
    };
    const [first, second] = [await run(1), await run(900)];
    expect(second.digest_sha256).toBe(first.digest_sha256);
    expect(second.latency).not.toEqual(first.latency);
    expect(first.results).toHaveLength(DEFAULT_TEST_SUITE.tests.length);
    expect(modelTestsSentence(first)).toMatch(/^The model (behaves|does not behave): /);
  });
});

describe('parseTestSuite', () => {
  const faultOf = (value: unknown) => {
    const parsed = parseTestSuite(typeof value === 'string' ? value : JSON.stringify(value));
    return parsed.ok ? null : parsed.error.message;
  };
  const test: Partial<ModelTest> = { type: 'onnx_parity', name: 'same' };

  it('names the test and the key that do not fit', () => {
    expect(faultOf('{')).toMatch(/^The tests are no JSON: /);
    expect(faultOf({ version: 1, name: 'x', tests: [] })).toContain('holds no test');
    expect(faultOf({ version: 1, name: 'x', tests: [test, test] })).toBe('Test 2, name: is taken: “same”.');
    expect(faultOf({ version: 1, name: 'x', tests: [{ ...test, tolerance: -1 }] })).toMatch(
      /^Test 1, tolerance: /,
    );
    expect(faultOf({ version: 1, name: 'x', tests: [{ type: 'guess', name: 'x' }] })).toMatch(
      /^Test 1, type: /,
    );
  });

  it('reads the default tests as they are written', () => {
    const parsed = parseTestSuite(JSON.stringify(DEFAULT_TEST_SUITE));
    expect(parsed.ok && parsed.value).toEqual(DEFAULT_TEST_SUITE);
  });
});
