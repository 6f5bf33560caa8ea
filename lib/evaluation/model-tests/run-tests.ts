import { sha256HexOfText } from '@/lib/core/digest';
import { ratingUpFindings, robustnessFindings, tagUpFindings } from './dataset-row-tests';
import { latencyResult, onnxParityFindings, stabilityFindings } from './engine-tests';
import { invarianceFindings, orderFindings, rangeFindings } from './hand-written-tests';
import { type Findings, skippedResult, testResult } from './outcomes';
import { type TestContext, type TestRows, testRowsOf } from './test-context';
import { type Latency, type ModelTests, modelTestsOf, type TestResult } from './test-results';
import {
  baselineFindings,
  calibrationFindings,
  championFindings,
  sliceFloorFindings,
} from './test-row-tests';
import type { ModelTest, TestSuite } from './test-suite';

/**
 * Run a suite of tests on a model. The same model, dataset, champion, suite and seed give the same results, but for the
 * latency.
 *
 * @param datasetSha256 of the dataset, for the record
 * @param onProgress told the number of tests done
 */
export async function runModelTests(
  suite: TestSuite,
  context: TestContext,
  {
    datasetSha256,
    onProgress = () => undefined,
  }: { readonly datasetSha256: string; readonly onProgress?: (done: number, total: number) => void },
): Promise<ModelTests> {
  const rows = await testRowsOf(context);
  const results: TestResult[] = [];
  let latency: Latency | null = null;
  onProgress(0, suite.tests.length);
  for (const test of suite.tests) {
    if (test.type === 'latency') {
      const timed = await latencyResult(test, context, rows);
      latency = timed.latency;
      results.push(timed.result);
    } else {
      const findings = await findingsOf(test, context, rows);
      results.push(typeof findings === 'string' ? skippedResult(test, findings) : testResult(test, findings));
    }
    onProgress(results.length, suite.tests.length);
  }
  const about = {
    model_id: context.model.modelId,
    dataset_sha256: datasetSha256,
    suite_name: suite.name,
    suite_sha256: suiteDigest(suite),
    seed: context.seed,
    champion_model_id: context.champion?.modelId ?? null,
  };
  return modelTestsOf(about, results, latency);
}

/** Name a suite by its content. */
export function suiteDigest(suite: TestSuite): string {
  return sha256HexOfText(JSON.stringify(suite));
}

/** What a test found; a text says why it cannot be run. */
async function findingsOf(
  test: Exclude<ModelTest, { type: 'latency' }>,
  context: TestContext,
  rows: TestRows,
): Promise<Findings | string> {
  switch (test.type) {
    case 'order':
      return orderFindings(test, context);
    case 'range':
      return rangeFindings(test, context);
    case 'invariance':
      return invarianceFindings(test, context);
    case 'rating_up':
      return ratingUpFindings(test, context, rows);
    case 'tag_up':
      return tagUpFindings(test, context, rows);
    case 'robustness':
      return robustnessFindings(test, context, rows);
    case 'calibration':
      return calibrationFindings(test, context, rows);
    case 'slice_floor':
      return sliceFloorFindings(test, context, rows);
    case 'baseline':
      return baselineFindings(test, context, rows);
    case 'champion':
      return championFindings(test, context, rows);
    case 'stability':
      return stabilityFindings(test, context);
    case 'onnx_parity':
      return onnxParityFindings(test, context, rows);
    default:
      return test satisfies never;
  }
}
