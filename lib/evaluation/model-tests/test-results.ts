import { z } from 'zod';
import { sha256HexOfText } from '@/lib/core/digest';
import { modelIdSchema } from '@/lib/tuning/study/study-events';

/** Version of `model_tests.json`. */
export const TEST_RESULTS_VERSION = 1 as const;
/** Examples kept of a test, so that a file stays small; the counts are of all. */
export const MOST_EXAMPLES = 10;

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);

/** A lead as an example shows it: columns, never a name, an address or an id. */
const shownLeadSchema = z.strictObject({
  label: z.string().max(200),
  member_rating: z.number().nullable(),
  country_code: z.string(),
  /** YYYY-MM-DD, '' where missing. */
  optin_time: z.string(),
  tag_count: z.int(),
  tags: z.array(z.string()),
  email_kind: z.enum(['free', 'own domain', 'missing']),
  /** Probability of a purchase; null where the model gave no number. */
  score: z.number().nullable(),
});

const exampleSchema = z.strictObject({ what: z.string(), leads: z.array(shownLeadSchema) });

const resultSchema = z.strictObject({
  name: z.string(),
  type: z.string(),
  severity: z.enum(['critical', 'warning']),
  /** `skipped` where there is nothing to test on, with the reason in the sentence. */
  outcome: z.enum(['passed', 'failed', 'skipped']),
  sentence: z.string(),
  /** Rows, leads, slices or models looked at, and those not as expected. */
  n_checked: z.int(),
  n_failed: z.int(),
  measured: z.record(z.string(), z.union([z.number(), z.string(), z.null()])),
  /** Of what is not as expected, worst first. */
  examples: z.array(exampleSchema).max(MOST_EXAMPLES),
});

const bodySchema = z.strictObject({
  version: z.literal(TEST_RESULTS_VERSION),
  model_id: modelIdSchema,
  dataset_sha256: sha256,
  suite_name: z.string(),
  suite_sha256: sha256,
  seed: z.int(),
  /** Model in use that it was compared with; null where there was none. */
  champion_model_id: modelIdSchema.nullable(),
  n_passed: z.int(),
  n_failed: z.int(),
  n_warned: z.int(),
  n_skipped: z.int(),
  /** Whether no critical test failed. */
  passed: z.boolean(),
  results: z.array(resultSchema),
});

const latencySchema = z.strictObject({
  p50_ms: z.number(),
  p99_ms: z.number(),
  rows_per_second: z.number(),
});

/** `model_tests.json`. All but what tells of latency is the same for the same model, tests, champion and seed. */
export const modelTestsSchema = bodySchema.extend({
  /** SHA-256 of model, dataset, suite, seed, champion and the results but for those of type `latency`, as compact JSON. */
  digest_sha256: sha256,
  /** How long scoring took on this machine; null where no test asked. */
  latency: latencySchema.nullable(),
});

export type ModelTests = z.infer<typeof modelTestsSchema>;
export type TestResult = z.infer<typeof resultSchema>;
export type TestExample = z.infer<typeof exampleSchema>;
export type ShownLead = z.infer<typeof shownLeadSchema>;
export type Latency = z.infer<typeof latencySchema>;

/** Sum results up and seal them. */
export function modelTestsOf(
  about: Pick<
    ModelTests,
    'model_id' | 'dataset_sha256' | 'suite_name' | 'suite_sha256' | 'seed' | 'champion_model_id'
  >,
  results: readonly TestResult[],
  latency: Latency | null,
): ModelTests {
  const count = (isIt: (result: TestResult) => boolean) => results.filter(isIt).length;
  const nCritical = count(({ outcome, severity }) => outcome === 'failed' && severity === 'critical');
  const body = {
    version: TEST_RESULTS_VERSION,
    ...about,
    n_passed: count(({ outcome }) => outcome === 'passed'),
    n_failed: nCritical,
    n_warned: count(({ outcome, severity }) => outcome === 'failed' && severity === 'warning'),
    n_skipped: count(({ outcome }) => outcome === 'skipped'),
    passed: nCritical === 0,
    results: [...results],
  };
  const repeatable = results.filter(({ type }) => type !== 'latency');
  return { ...body, digest_sha256: sha256HexOfText(JSON.stringify([about, repeatable])), latency };
}

/** Say in one sentence what the tests came to. */
export function modelTestsSentence({ n_passed, n_failed, n_warned, n_skipped, results }: ModelTests): string {
  const first = results.find(({ outcome, severity }) => outcome === 'failed' && severity === 'critical');
  const notes = [
    n_warned > 0 ? `${n_warned} with a warning` : '',
    n_skipped > 0 ? `${n_skipped} not run` : '',
  ].filter((note) => note !== '');
  const rest = notes.length === 0 ? '' : ` (${notes.join(', ')})`;
  if (first === undefined)
    return `The model behaves: ${n_passed} of ${results.length} tests passed, none failed${rest}.`;
  return `The model does not behave: ${n_failed} of ${results.length} tests failed${rest}, first “${first.name}”.`;
}
