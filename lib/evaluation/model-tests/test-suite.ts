import { z } from 'zod';
import { fail, type Result, succeed } from '@/lib/core/result';
import { SLICE_DIMENSIONS } from '../slices/slice-groups';
import defaultSuite from './default-suite.json';

/** Version of a test suite's format. */
export const TEST_SUITE_VERSION = 1;

const text = (max: number) => z.string().min(1).max(max);
const number = z.number().refine(Number.isFinite);

/** A lead written by hand: nobody in it exists. What is left out is missing. */
export const testLeadSchema = z.strictObject({
  /** What the lead is to show, for a reader. */
  label: text(120),
  user_full_name: z.string().max(200).optional(),
  user_email: z.string().max(320).optional(),
  member_rating: number.optional(),
  country_code: z.string().min(1).max(40).optional(),
  /** Days before the newest opt-in that the model was trained on; negative is later. */
  optin_days: z.int().min(-200_000).max(200_000).optional(),
  /** Tags held, by their columns without `tag_`. Those that the model does not know only count. */
  tags: z.array(text(200)).max(200).default([]),
  /** As many as are listed if left out. */
  tag_count: z.int().min(0).max(65_535).optional(),
});

export type TestLead = z.output<typeof testLeadSchema>;

/** Changes that must not move a score at all. */
export const NEUTRAL_CHANGES = [
  'name',
  'id',
  'email_spelling',
  'country_case',
  'row_order',
  'alone',
] as const;
/** Changes that a model must bear: what is missing, unknown or out of range. */
export const ROUGH_CHANGES = [
  'rating_missing',
  'country_missing',
  'optin_missing',
  'email_missing',
  'tags_missing',
  'all_missing',
  'country_unknown',
  'tag_unknown',
  'optin_in_the_future',
  'optin_long_ago',
  'rating_out_of_range',
  'tag_count_huge',
] as const;

export type NeutralChange = (typeof NEUTRAL_CHANGES)[number];
export type RoughChange = (typeof ROUGH_CHANGES)[number];

const shared = {
  name: text(120),
  /** Why the test is there, for a reader. */
  why: z.string().max(500).optional(),
  /** A critical one that fails keeps a model from being published. */
  severity: z.enum(['critical', 'warning']).default('critical'),
};

const reasoned = { reason: text(300) };

const testSchema = z.discriminatedUnion('type', [
  /** Hand-written leads, best first: each must score at least `ratio` times the next. */
  z.strictObject({
    ...shared,
    type: z.literal('order'),
    leads: z.array(testLeadSchema).min(2).max(20),
    ratio: number.min(1).default(1),
  }),
  /** Hand-written leads whose score must lie within bounds, in units of the training rows' conversion. */
  z.strictObject({
    ...shared,
    type: z.literal('range'),
    leads: z.array(testLeadSchema).min(1).max(20),
    lowest: number.min(0).default(0),
    highest: number.min(0).nullable().default(null),
  }),
  /** Invented leads, drawn over all that the model knows: the change must not move a score. */
  z.strictObject({
    ...shared,
    type: z.literal('invariance'),
    change: z.enum(NEUTRAL_CHANGES),
    nLeads: z.int().min(1).max(5000).default(500),
    /** Largest move of the margin. */
    tolerance: number.min(0).default(0),
  }),
  /** Rows of the dataset with a rating one higher. */
  z.strictObject({
    ...shared,
    type: z.literal('rating_up'),
    /** Steps that are not asked for: from this rating to the next. */
    exceptions: z.array(z.strictObject({ from: z.int().min(1).max(4), ...reasoned })).default([]),
    nRows: z.int().min(10).max(20_000).default(1000),
    ...direction(),
  }),
  /** Rows of the dataset with one tag more, each tag that the model knows in its turn. */
  z.strictObject({
    ...shared,
    type: z.literal('tag_up'),
    /** Tags that are not asked for, by their columns without `tag_`. */
    exceptions: z.array(z.strictObject({ tag: text(200), ...reasoned })).default([]),
    nRows: z.int().min(10).max(20_000).default(300),
    ...direction(),
  }),
  /** Rows of the dataset with something missing, unknown or out of range. */
  z.strictObject({
    ...shared,
    type: z.literal('robustness'),
    change: z.enum(ROUGH_CHANGES),
    nRows: z.int().min(10).max(20_000).default(1000),
    /** The mean score may be at most so many times as large as before. */
    mostRise: number.min(1).default(1.5),
  }),
  /** Test rows: buyers over expected buyers, and the expected calibration error. */
  z.strictObject({
    ...shared,
    type: z.literal('calibration'),
    lowest: number.min(0).default(0.8),
    highest: number.min(0).default(1.25),
    mostError: number.min(0).max(1).default(0.03),
  }),
  /** Test rows of each level of a dimension that has enough of them. */
  z.strictObject({
    ...shared,
    type: z.literal('slice_floor'),
    slice: z.enum(SLICE_DIMENSIONS),
    metric: z.enum(['roc_auc', 'recall', 'precision', 'observed_to_expected']),
    lowest: number.min(0).default(0),
    highest: number.min(0).nullable().default(null),
    minRows: z.int().min(1).default(100),
    minBuyers: z.int().min(1).default(10),
  }),
  /** Test rows: ROC AUC less that of a logistic regression on the same features. */
  z.strictObject({ ...shared, type: z.literal('baseline'), leastLead: number.default(0) }),
  /** Test rows: the model in use, overall and in each country. */
  z.strictObject({ ...shared, type: z.literal('champion'), leastLead: number.default(0) }),
  /** Models trained again with other seeds, or on rows drawn with replacement, on the validation rows. */
  z.strictObject({
    ...shared,
    type: z.literal('stability'),
    over: z.enum(['seeds', 'bootstrap']),
    nModels: z.int().min(2).max(20).default(5),
    /** Standard deviation of ROC AUC. */
    mostSpread: number.min(0).max(1).default(0.02),
    /** Spearman's, the smallest of all pairs of models. */
    leastRankCorrelation: number.min(-1).max(1).default(0.8),
  }),
  /** Largest difference of a margin between the ONNX file and libxgboost, over the test rows. */
  z.strictObject({ ...shared, type: z.literal('onnx_parity'), tolerance: number.min(0).default(1e-6) }),
  /** Time that one lead takes. Told, and held to a bound that any machine keeps. */
  z.strictObject({
    ...shared,
    type: z.literal('latency'),
    nCalls: z.int().min(10).max(2000).default(200),
    mostP99Ms: number.min(0).default(500),
  }),
]);

function direction() {
  return {
    /** Share of rows that may score lower than before by more than `slack` of their score. */
    mostFalling: number.min(0).max(1).default(0.05),
    slack: number.min(0).max(1).default(0.1),
  };
}

const suiteSchema = z.strictObject({
  version: z.literal(TEST_SUITE_VERSION),
  name: text(80),
  tests: z.array(testSchema).min(1, 'holds no test').max(200, 'holds more than 200 tests'),
});

/** A test of how a model behaves. */
export type ModelTest = z.output<typeof testSchema>;
export type TestType = ModelTest['type'];
export type TestOf<T extends TestType> = Extract<ModelTest, { type: T }>;

/** Tests as a file holds them, what is left out filled in. */
export type TestSuite = z.output<typeof suiteSchema>;

/** The same, for what crosses a wire. */
export const testSuiteSchema: z.ZodType<TestSuite> = suiteSchema.superRefine(({ tests }, context) => {
  const seen = new Set<string>();
  for (const [i, { name }] of tests.entries()) {
    if (seen.has(name)) {
      context.addIssue({ code: 'custom', path: ['tests', i, 'name'], message: `is taken: “${name}”` });
    }
    seen.add(name);
  }
});

/** The tests that are run where no others are given. */
export const DEFAULT_TEST_SUITE: TestSuite = testSuiteSchema.parse(defaultSuite);

/** Parse the text of a test suite. @returns a failure `test_suite_unreadable` that names the test and the key */
export function parseTestSuite(source: string): Result<TestSuite> {
  let value: unknown;
  try {
    value = JSON.parse(source);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return unreadable(`The tests are no JSON: ${error.message.replace(/\.$/, '')}.`);
  }
  const parsed = testSuiteSchema.safeParse(value);
  if (parsed.success) return succeed(parsed.data);
  const [issue] = parsed.error.issues;
  const path = issue?.path ?? [];
  const [first, position, ...rest] = path;
  const isInTest = first === 'tests' && typeof position === 'number';
  const where = isInTest
    ? `Test ${position + 1}${rest.length > 0 ? `, ${rest.join('.')}` : ''}`
    : path.join('.');
  return unreadable(`${where === '' ? 'The suite' : where}: ${issue?.message ?? 'does not fit'}.`);
}

function unreadable(message: string) {
  return fail(
    'test_suite_unreadable',
    message,
    'A suite has version, name and tests; each test a type, a name and what its type asks for.',
  );
}
