import { derivedSeed } from '@/lib/core/random';
import { spearmanCorrelation } from '@/lib/explore/rating/correlation';
import { countText } from '@/lib/explore/summary/plain-numbers';
import type { FeatureMatrix } from '@/lib/features/matrix';
import { aucFromComponents, rocAucComponents } from '../paired-roc-auc';
import type { ProbeScores } from '../probe/probe-job';
import { type Findings, testResult } from './outcomes';
import { matrixAt, type TestContext, type TestRows } from './test-context';
import type { Latency, TestResult } from './test-results';
import type { TestOf } from './test-suite';

/** Train the model's parameters again and again, and see how far the models agree on the validation rows. */
export async function stabilityFindings(test: TestOf<'stability'>, context: TestContext): Promise<Findings> {
  const plans = Array.from({ length: test.nModels }, (_, i) => ({
    seed: derivedSeed(context.seed, `${test.over}:${i}`),
    isBootstrap: test.over === 'bootstrap',
  }));
  const models = await context.trainAgain(plans);
  const aucs = models.map(
    ({ labels, probabilities }) => aucFromComponents(labels, rocAucComponents(labels, probabilities)).value,
  );
  const spread = deviationOf(aucs);
  const agreement = leastAgreement(models);
  const isPassed = spread <= test.mostSpread && agreement >= test.leastRankCorrelation;
  const [least, most] = [Math.min(...aucs), Math.max(...aucs)];
  const by = test.over === 'seeds' ? 'of other seeds' : 'of training rows drawn again';
  return {
    isPassed,
    sentence: `${countText(models.length)} models ${by}: ROC AUC ${least.toFixed(3)} to ${most.toFixed(3)} on the validation rows, standard deviation ${spread.toFixed(4)} (at most ${test.mostSpread}); their rankings correlate by at least ${agreement.toFixed(3)} (asked: ${test.leastRankCorrelation}).`,
    nChecked: models.length,
    nFailed: Number(!isPassed),
    measured: {
      standard_deviation: spread,
      least_roc_auc: least,
      most_roc_auc: most,
      rank_correlation: agreement,
    },
  };
}

function deviationOf(values: readonly number[]): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1));
}

/** Smallest Spearman correlation of two models' scores; 0 where one scores all rows alike. */
function leastAgreement(models: readonly ProbeScores[]): number {
  let least = 1;
  for (const [i, first] of models.entries()) {
    for (const second of models.slice(i + 1)) {
      const pairs = Array.from(first.probabilities, (x, row) => ({ x, y: second.probabilities[row]!, n: 1 }));
      least = Math.min(least, spearmanCorrelation(pairs) ?? 0);
    }
  }
  return least;
}

/** Compare the ONNX file's margins of the test rows with libxgboost's. */
export function onnxParityFindings(
  test: TestOf<'onnx_parity'>,
  { nativeTestMargins }: TestContext,
  { scores: { margins } }: TestRows,
): Findings {
  const isSameSize = margins.length === nativeTestMargins.length;
  const moves = Array.from(margins, (margin, row) =>
    Math.abs(margin - (nativeTestMargins[row] ?? Number.NaN)),
  );
  const wrong = moves.filter((move) => !(move <= test.tolerance));
  const largest = moves.reduce((most, move) => Math.max(most, move), 0);
  return {
    isPassed: isSameSize && wrong.length === 0,
    sentence: isSameSize
      ? `Over ${countText(margins.length)} test rows the margins of the ONNX file differ from libxgboost's by at most ${largest === 0 ? '0' : largest.toExponential(2)} (${test.tolerance} allowed).`
      : `libxgboost's margins are of ${countText(nativeTestMargins.length)} rows, and there are ${countText(margins.length)} test rows.`,
    nChecked: margins.length,
    nFailed: wrong.length,
    measured: { largest_difference: largest },
  };
}

/** Time one lead at a time, and the test rows at once. What it came to stands apart, since no two runs agree on it. */
export async function latencyResult(
  test: TestOf<'latency'>,
  { model, elapsed }: TestContext,
  rows: TestRows,
): Promise<{ readonly result: TestResult; readonly latency: Latency }> {
  const times: number[] = [];
  for (let call = 0; call < test.nCalls; call++) {
    const one: FeatureMatrix = matrixAt(rows.matrix, Uint32Array.of(call % rows.matrix.nRows));
    const startedAtMs = elapsed();
    await model.scoreMatrix(one);
    times.push(elapsed() - startedAtMs);
  }
  const startedAtMs = elapsed();
  await model.scoreMatrix(rows.matrix);
  const seconds = Math.max(elapsed() - startedAtMs, 0.001) / 1000;
  times.sort((a, b) => a - b);
  const at = (share: number) => times[Math.min(times.length - 1, Math.ceil(share * times.length) - 1)]!;
  const latency = { p50_ms: at(0.5), p99_ms: at(0.99), rows_per_second: rows.matrix.nRows / seconds };
  const isPassed = latency.p99_ms <= test.mostP99Ms;
  const result = testResult(test, {
    isPassed,
    sentence: `Of ${countText(test.nCalls)} leads scored one by one, 99 % took ${isPassed ? 'no longer than the' : 'longer than the'} ${test.mostP99Ms} ms allowed.`,
    nChecked: test.nCalls,
    nFailed: Number(!isPassed),
  });
  return { result, latency };
}
