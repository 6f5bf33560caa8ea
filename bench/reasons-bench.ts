import { randomSource } from '@/lib/core/random';
import { SplitPart } from '@/lib/features/matrix';
import { checkedModelFile } from '@/lib/onnx/model-file';
import { type XgboostModel, xgboostModelOf } from '@/lib/onnx/xgboost-model';
import { createLeadExplainer } from '@/lib/scoring/reasons/explainer';
import { fitReasonGroups } from '@/lib/scoring/reasons/reason-groups';
import { createTreeShap } from '@/lib/scoring/reasons/tree-shap';
import { type Booster, openLibrary, type XgboostLibrary } from '@/lib/server/xgboost/library';
import { BENCH_SEED, type BenchContext, repeated } from './bench-context';
import type { BenchTable } from './bench-table';
import type { StudyBench } from './finished-study';
import { joinedTableOf, type StoredPreparation, unwrapped } from './prepared-demo';
import { spreadOf } from './spread';

/** The model that speeds are told of: the real list's best had as many trees. */
const N_TREES = 163;
const DEPTHS = [3, 6] as const;
/** Leads compared with libxgboost. */
const N_COMPARED = 2_000;
const N_REASONS = 3;

/** Measure how many leads a second are explained, and how far contributions are from libxgboost's own. */
export async function reasonsBench(
  context: BenchContext,
  { prepared, engine }: StudyBench,
): Promise<BenchTable[]> {
  const library = openLibrary(engine.info.path);
  const table = await joinedTableOf(context.demoPath);
  const { matrix } = prepared.dataset;
  const rows = Uint32Array.from({ length: matrix.nRows }, (_, row) => row);
  const groups = fitReasonGroups(prepared.spec, prepared.dataset);
  const measured: BenchTable['rows'][number][] = [];
  for (const depth of DEPTHS) {
    const { booster, model } = trainedModel(library, prepared, depth);
    const what = `depth ${depth}`;
    const { nRuns } = context.options;
    const perSecond = (work: () => unknown) => {
      const begun = process.cpuUsage();
      work();
      const { user, system } = process.cpuUsage(begun);
      return matrix.nRows / ((user + system) / 1e6);
    };
    const speeds = await repeated(context, { what: `contributions at ${what}`, nRuns }, () =>
      perSecond(() => createTreeShap(model).contributions(matrix.values, matrix.nRows)),
    );
    const texts = await repeated(context, { what: `reasons at ${what}`, nRuns }, () =>
      perSecond(() =>
        createLeadExplainer({ trees: model, spec: prepared.spec, groups }).topReasons(
          { table, values: matrix.values },
          rows,
          N_REASONS,
        ),
      ),
    );
    const native = await repeated(context, { what: `libxgboost at ${what}`, nRuns }, () => {
      const held = library.createMatrix({ ...matrix, labels: prepared.dataset.labels });
      const speed = perSecond(() => booster.contributions(held));
      held.free();
      return speed;
    });
    measured.push({
      label: `${N_TREES} trees, ${what}`,
      figures: {
        contributions: spreadOf(speeds),
        reasons: spreadOf(texts),
        native: spreadOf(native),
        difference: largestDifference(library, booster, { model, prepared }).toExponential(2),
      },
    });
    booster.free();
  }
  return [
    {
      title: `Reasons for the ${matrix.nRows.toLocaleString('en')} leads of the demo CRM, in Node, one thread`,
      columns: [
        { key: 'contributions', label: 'TreeSHAP', unit: 'a second' },
        { key: 'reasons', label: `${N_REASONS} reasons as texts`, unit: 'a second' },
        { key: 'native', label: 'libxgboost pred_contribs', unit: 'a second' },
        { key: 'difference', label: 'largest difference, log-odds', unit: 'figure' },
      ],
      rows: measured,
      notes: [
        'Aim: 20,000 a second at depth 3. A second of processor time, on one thread, so that other work on the machine does not',
        'count. Each run begins without a pattern known, as the page does. The difference is the',
        `largest over ${N_COMPARED.toLocaleString('en')} drawn leads × all features and the bias; aim: 1e-5. libxgboost runs on one thread too.`,
      ],
    },
  ];
}

function trainedModel(library: XgboostLibrary, { dataset }: StoredPreparation, depth: number) {
  const { matrix, labels, split } = dataset;
  const nFeatures = matrix.featureNames.length;
  const isKept = (_: number, row: number) => split[row] !== SplitPart.test;
  const rows = library.createMatrix({
    featureNames: matrix.featureNames,
    labels: labels.filter(isKept),
    values: matrix.values.filter((_, i) => split[Math.floor(i / nFeatures)] !== SplitPart.test),
  });
  const booster = library.createBooster(rows, {
    objective: 'binary:logistic',
    nthread: '1',
    seed: String(BENCH_SEED),
    max_depth: String(depth),
    eta: '0.1',
    subsample: '0.8',
  });
  for (let round = 0; round < N_TREES; round++) booster.update(round, rows);
  rows.free();
  const { document } = unwrapped(checkedModelFile(booster.save('ubj'), 'ubj', matrix.featureNames));
  return { booster, model: unwrapped(xgboostModelOf(document)) };
}

function largestDifference(
  library: XgboostLibrary,
  booster: Booster,
  { model, prepared }: { readonly model: XgboostModel; readonly prepared: StoredPreparation },
): number {
  const { featureNames, values, nRows } = prepared.dataset.matrix;
  const nFeatures = featureNames.length;
  const random = randomSource(BENCH_SEED);
  const drawn = Array.from({ length: N_COMPARED }, () => Math.floor(random() * nRows));
  const taken = Float32Array.from(
    drawn.flatMap((row) => [...values.subarray(row * nFeatures, (row + 1) * nFeatures)]),
  );
  const held = library.createMatrix({ values: taken, labels: new Uint8Array(N_COMPARED), featureNames });
  const theirs = booster.contributions(held);
  held.free();
  const shap = createTreeShap(model);
  const ours = shap.contributions(taken, N_COMPARED);
  let largest = 0;
  for (let row = 0; row < N_COMPARED; row++) {
    const from = row * (nFeatures + 1);
    for (let feature = 0; feature < nFeatures; feature++) {
      largest = Math.max(largest, Math.abs(theirs[from + feature]! - ours[row * nFeatures + feature]!));
    }
    largest = Math.max(largest, Math.abs(theirs[from + nFeatures]! - shap.bias));
  }
  return largest;
}
