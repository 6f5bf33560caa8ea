import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { SplitPart, type TrainingDataset } from '@/lib/features/matrix';
import { openNodeScoringSession } from '@/lib/server/onnx-node';
import { boosterParams } from '@/lib/server/xgboost/booster-params';
import { type Booster, openLibrary, type XgboostLibrary } from '@/lib/server/xgboost/library';
import { bestTrial, type StudyState } from '@/lib/tuning/study/study-state';
import { trialSeed } from '@/lib/tuning/study/trial-seed';
import { type BenchContext, repeated } from './bench-context';
import type { BenchTable } from './bench-table';
import { type FinishedStudy, finishedStudy, type StudyBench } from './finished-study';
import { withFreshPage } from './page/bench-browser';
import { startBenchServer } from './page/bench-server';
import { type Spread, spreadOf } from './spread';

/** Scores of one way, and how fast each run was. */
interface ScoredWay {
  readonly margins: Float32Array;
  readonly rowsPerSecond: readonly number[];
}

/** Measure how many rows a second are scored with a study's model: by the page, in Node, and by libxgboost itself. */
export async function scoringBench(
  context: BenchContext,
  bench: StudyBench,
  chromiumPath: string,
): Promise<BenchTable[]> {
  const study = await finishedStudy(bench, randomUUID());
  const inNode = await scoredByOnnx(context, bench, study.state);
  const byPeer = await scoredByXgboost(context, bench, study.state);
  const inPage = await scoredByPage(context, bench, chromiumPath);
  const peer = spreadOf(byPeer.rowsPerSecond);
  const row = (label: string, speed: Spread) => ({
    label,
    figures: { speed, ratio: speed.median / peer.median },
  });
  const difference = largestDifference(inNode.margins, byPeer.margins);
  return [
    {
      title: `Scoring the ${bench.prepared.dataset.matrix.nRows.toLocaleString('en')} rows of the demo CRM, one thread`,
      columns: [
        { key: 'speed', label: 'rows', unit: 'a second' },
        { key: 'ratio', label: 'of the peer', unit: '×' },
      ],
      rows: [
        row('onnxruntime-web in Chromium, as the scoring cell says', spreadOf(inPage)),
        row('onnxruntime-web in Node, first time', spreadOf([inNode.firstRowsPerSecond])),
        row('onnxruntime-web in Node, later', spreadOf(inNode.rowsPerSecond)),
        row('peer: libxgboost, predict only', peer),
      ],
      notes: [
        `${modelText(study)} Largest difference of margins between Node and libxgboost: ${difference}.`,
        'Opening the model and making the matrix are not counted. The page scores in a new worker each time, whose',
        'WebAssembly is not optimised yet; compare it with the first time in Node.',
      ],
    },
  ];
}

function modelText({ state }: FinishedStudy): string {
  const params = bestTrial(state)?.params;
  return `The study’s best model: ${params?.n_estimators} trees, depth ${params?.max_depth}.`;
}

async function scoredByOnnx(context: BenchContext, bench: StudyBench, state: StudyState) {
  const { matrix } = bench.prepared.dataset;
  const modelBytes = await readFile(join(bench.home.modelFolder(state.modelId ?? ''), 'model.onnx'));
  const session = await openNodeScoringSession(modelBytes, matrix.featureNames);
  const scored = async () => {
    const startedAtMs = performance.now();
    const { margins } = await session.score(matrix);
    return { margins, speed: perSecond(matrix.nRows, performance.now() - startedAtMs) };
  };
  const first = await scored();
  const { nRuns } = context.options;
  const later = await repeated(context, { what: 'ONNX in Node', nRuns }, scored);
  await session.close();
  return {
    margins: first.margins,
    firstRowsPerSecond: first.speed,
    rowsPerSecond: later.map(({ speed }) => speed),
  };
}

/** The page attaches to the finished study of the same dataset by itself, and scores as soon as it is open. */
async function scoredByPage(
  context: BenchContext,
  bench: StudyBench,
  chromiumPath: string,
): Promise<number[]> {
  const { root, scratch, options } = context;
  const server = await startBenchServer(root, bench.home.root);
  try {
    return await withFreshPage({ chromiumPath, scratch }, ({ page }) =>
      repeated(context, { what: 'ONNX in Chromium', nRuns: options.nRuns }, async () => {
        await page.goto(server.url);
        await page.locator('[data-cell="leads"][data-status="done"]').waitFor();
        const text = await page.locator('[data-cell="scoring"]').textContent();
        const found = /([\d,]+) rows a second/.exec(text ?? '')?.[1];
        if (found === undefined) throw new Error(`Expected rows a second in the scoring cell, got: ${text}`);
        return Number(found.replaceAll(',', ''));
      }),
    );
  } finally {
    await server.stop();
  }
}

/** In this process: a benchmark may die with its library. The matrix is made anew for each run, as libxgboost remembers predictions. */
async function scoredByXgboost(
  context: BenchContext,
  bench: StudyBench,
  state: StudyState,
): Promise<ScoredWay> {
  const { dataset } = bench.prepared;
  const library = openLibrary(bench.engine.info.path);
  const booster = trainedBooster(library, dataset, state);
  const rows = { ...dataset.matrix, labels: dataset.labels };
  let margins = new Float32Array();
  try {
    const rowsPerSecond = await repeated(
      context,
      { what: 'libxgboost', nRuns: context.options.nRuns },
      () => {
        const matrix = library.createMatrix(rows);
        const startedAtMs = performance.now();
        margins = new Float32Array(booster.predict(matrix, 'margin'));
        const elapsedMs = performance.now() - startedAtMs;
        matrix.free();
        return perSecond(matrix.nRows, elapsedMs);
      },
    );
    return { margins, rowsPerSecond };
  } finally {
    booster.free();
  }
}

/** Train the study's final model again: its best parameters on training and validation rows. */
function trainedBooster(library: XgboostLibrary, dataset: TrainingDataset, state: StudyState): Booster {
  const best = bestTrial(state);
  if (best === null) throw new Error('The study has no completed trial');
  const rows = rowsBeforeTest(dataset);
  const buyerShare = rows.labels.reduce((sum, label) => sum + label, 0) / rows.labels.length;
  const matrix = library.createMatrix(rows);
  const booster = library.createBooster(
    matrix,
    boosterParams(
      {
        params: best.params,
        seed: trialSeed(state.config),
        monotoneConstraints: state.config.monotoneConstraints,
      },
      { baseScore: buyerShare, featureNames: rows.featureNames },
    ),
  );
  for (let round = 0; round < best.rounds; round++) booster.update(round, matrix);
  matrix.free();
  return booster;
}

function rowsBeforeTest({ matrix, labels, split }: TrainingDataset) {
  const { featureNames, values } = matrix;
  const isKept = (_: number, row: number) => split[row] !== SplitPart.test;
  return {
    featureNames,
    labels: labels.filter(isKept),
    values: values.filter((_, i) => split[Math.floor(i / featureNames.length)] !== SplitPart.test),
  };
}

function largestDifference(a: Float32Array, b: Float32Array): number {
  return a.reduce((largest, value, i) => Math.max(largest, Math.abs(value - (b[i] ?? Number.NaN))), 0);
}

function perSecond(nRows: number, elapsedMs: number): number {
  return nRows / (elapsedMs / 1000);
}
