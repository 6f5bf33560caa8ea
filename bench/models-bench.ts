import { createPopulation, DEMO_SEED, DEMO_SUBSCRIBERS } from '@/lib/demo/generate-crm';
import { type EvaluationReport, evaluationReportSchema } from '@/lib/evaluation/evaluation-report';
import { rocAucWithInterval } from '@/lib/evaluation/scorecard/auc-interval';
import { modelVerdict } from '@/lib/evaluation/verdict/verdict';
import { VERDICT_WORDS } from '@/lib/evaluation/verdict/verdict-reason';
import { SplitPart } from '@/lib/features/matrix';
import { specDigest } from '@/lib/features/spec-json';
import { rowsOfPart } from '@/lib/features/split';
import { type ModelMetadata, parseModelMetadata } from '@/lib/scoring/model-metadata';
import { type ModelFile, readModelFile } from '@/lib/server/models/model-files';
import { DEFAULT_PIPELINE_PARAMS, studyConfigOf } from '@/lib/tuning/study/pipeline-params';
import type { BenchContext } from './bench-context';
import type { BenchRow, BenchTable } from './bench-table';
import { type StudyBench, tunedStudy } from './finished-study';
import { type StoredPreparation, storedPreparation, unwrapped } from './prepared-demo';
import { spreadOf } from './spread';

/** ROC AUCs that are published for models of the real list (the profile's sources). */
const PUBLISHED = { randomSearchOnValidation: 0.8129, h2oCrossValidated: 0.818 } as const;
const N_SEEDS = 10;

/** A tuned model of one split seed, and what the generator knows of its test rows. */
interface SeedResult {
  readonly seed: number;
  readonly report: EvaluationReport;
  readonly metadata: ModelMetadata;
  /** Of the true probabilities on the same test rows. */
  readonly best: ReturnType<typeof rocAucWithInterval>;
}

/**
 * Tune the page's 24 trials on the demo list over ten split seeds and judge each model on its own test rows, beside a logistic
 * regression on the same rows, published results, and the true probabilities, which no model can beat but by chance.
 */
export async function modelsBench(context: BenchContext, bench: StudyBench): Promise<BenchTable[]> {
  const truth = createPopulation({ seed: DEMO_SEED, nSubscribers: DEMO_SUBSCRIBERS });
  const first = DEFAULT_PIPELINE_PARAMS.seed;
  const results: SeedResult[] = [];
  for (let i = 0; i < (context.options.isQuick ? 2 : N_SEEDS); i++) {
    context.say(`tuning with split seed ${first + i}`);
    results.push(await seedResult(context, { bench, truth }, first + i));
  }
  return [modelTable(results)];
}

async function seedResult(
  { demoPath }: BenchContext,
  from: { readonly bench: StudyBench; readonly truth: ReturnType<typeof createPopulation> },
  seed: number,
): Promise<SeedResult> {
  const { bench, truth } = from;
  const prepared = await storedPreparation(demoPath, bench.home, seed);
  const config = studyConfigOf(
    { ...DEFAULT_PIPELINE_PARAMS, seed },
    { datasetDigest: prepared.digest, featureSpecDigest: specDigest(prepared.spec) },
  );
  const { modelId } = await tunedStudy({ ...bench, prepared }, `models bench, seed ${seed}`, config);
  if (modelId === null) throw new Error(`Expected a model of seed ${seed}`);
  const json = async (name: ModelFile) =>
    new TextDecoder().decode(unwrapped(await readModelFile(bench.home, modelId, name)).bytes);
  return {
    seed,
    report: evaluationReportSchema.parse(JSON.parse(await json('evaluation_report.json'))),
    metadata: unwrapped(parseModelMetadata(await json('metadata.json'))),
    best: bestOnTestRows(prepared, truth),
  };
}

function bestOnTestRows(
  { dataset }: StoredPreparation,
  { madePurchase, conversionProbability }: ReturnType<typeof createPopulation>,
) {
  const { labels, split } = dataset;
  if (labels.length !== madePurchase.length || labels.some((label, row) => label !== madePurchase[row]))
    throw new Error('Expected the demo file to hold the subscribers that the generator makes, in its order');
  const rows = rowsOfPart(split, SplitPart.test);
  return rocAucWithInterval(
    Uint8Array.from(rows, (row) => labels[row]!),
    Float32Array.from(rows, (row) => conversionProbability[row]!),
  );
}

function modelTable(results: readonly SeedResult[]): BenchTable {
  const all = (label: string, figure: (result: SeedResult) => BenchRow['figures']): BenchRow[] =>
    results.map((result) => ({ label: `${label} ${result.seed}`, figures: figure(result) }));
  const median = (value: (result: SeedResult) => number) => spreadOf(results.map(value)).median;
  const nAbove = results.filter(({ report }) => report.roc_auc > (report.baseline?.roc_auc ?? 1)).length;
  const nShown = results.filter(({ report }) => (report.baseline?.roc_auc_difference?.low ?? -1) > 0).length;
  const largest = (value: (metadata: ModelMetadata) => number) =>
    Math.max(...results.map(({ metadata }) => value(metadata)));
  return {
    title: `Tuned models of the demo list: 24 trials, ${results.length} split seeds, judged on test rows`,
    columns: [
      { key: 'test', label: 'test ROC AUC (DeLong)', unit: 'figure' },
      { key: 'validation', label: 'validation', unit: 'AUC' },
      { key: 'logistic', label: 'logistic (DeLong)', unit: 'figure' },
      { key: 'difference', label: 'model − logistic (paired)', unit: 'figure' },
      { key: 'best', label: 'best there is (DeLong)', unit: 'figure' },
      { key: 'gap', label: 'gap', unit: 'AUC' },
      { key: 'ap', label: 'AP', unit: 'AUC' },
      { key: 'ece', label: 'ECE before → after', unit: 'figure' },
      { key: 'verdict', label: 'verdict', unit: 'figure' },
    ],
    rows: [
      ...all('seed', figuresOf),
      {
        label: 'median',
        figures: {
          test: median(({ report }) => report.roc_auc).toFixed(4),
          validation: median(({ report }) => report.validation_roc_auc),
          logistic: median(({ report }) => report.baseline?.roc_auc ?? Number.NaN).toFixed(4),
          difference: median(
            ({ report }) => report.baseline?.roc_auc_difference?.value ?? Number.NaN,
          ).toFixed(4),
          best: median(({ best }) => best.value).toFixed(4),
          gap: median(({ report, best }) => best.value - report.roc_auc),
          ap: median(({ report }) => report.average_precision),
        },
      },
    ],
    notes: [
      `Ahead of logistic regression on ${nAbove} of ${results.length} seeds, on ${nShown} beyond chance (95 %, one seed at a time).`,
      `Published for the real list: random search ${PUBLISHED.randomSearchOnValidation} on its validation rows, H2O AutoML ${PUBLISHED.h2oCrossValidated} cross-validated. They chose by what they report; compare them with the validation column.`,
      `Validation ROC AUC at least ${PUBLISHED.randomSearchOnValidation} on ${results.filter(({ report }) => report.validation_roc_auc >= PUBLISHED.randomSearchOnValidation).length} of ${results.length} seeds; test ROC AUC on ${results.filter(({ report }) => report.roc_auc >= PUBLISHED.randomSearchOnValidation).length}.`,
      'Best there is: the ROC AUC of the probabilities that the generator drew the purchases from, on the same test rows.',
      `ONNX with calibration inside, all test rows of all seeds: largest difference of a margin from libxgboost ${largest((m) => m.onnx_max_margin_difference)}, of a score from our own pipeline ${largest((m) => m.onnx_max_probability_difference).toExponential(2)}.`,
    ],
  };
}

function figuresOf({ report, metadata, best }: SeedResult): BenchRow['figures'] {
  const { baseline, intervals, calibration } = report;
  const difference = baseline?.roc_auc_difference;
  const ece = (part: 'before' | 'after') =>
    `${(100 * calibration[part].expected_calibration_error).toFixed(2)} %`;
  const verdict = modelVerdict({
    report,
    leakage: metadata.leakage ?? [],
    gateOverrideReason: null,
    nTestLooks: 1,
    furtherReasons: [],
  });
  return {
    test: withRange(report.roc_auc, intervals.roc_auc),
    validation: report.validation_roc_auc,
    logistic: baseline === null ? null : withRange(baseline.roc_auc, baseline.interval),
    difference: difference ? withRange(difference.value, difference) : null,
    best: withRange(best.value, best.interval),
    gap: best.value - report.roc_auc,
    ap: report.average_precision,
    ece: `${ece('before')} → ${ece('after')} ${calibration.kind}`,
    verdict: VERDICT_WORDS[verdict.grade],
  };
}

function withRange(value: number, interval: { readonly low: number; readonly high: number } | null): string {
  if (interval === null) return value.toFixed(4);
  return `${value.toFixed(4)} (${interval.low.toFixed(4)} – ${interval.high.toFixed(4)})`;
}
