import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { z } from 'zod';
import { decodeDataset } from '@/lib/features/dataset-arrow';
import { SplitPart, type TrainingDataset } from '@/lib/features/matrix';
import { specDigest } from '@/lib/features/spec-json';
import { boosterParams } from '@/lib/server/xgboost/booster-params';
import { buyerShare, denseRows, rowsOfParts } from '@/lib/server/xgboost/dataset-rows';
import { suggest } from '@/lib/tuning/samplers/samplers';
import { DEFAULT_PIPELINE_PARAMS, studyConfigOf } from '@/lib/tuning/study/pipeline-params';
import type { StudyConfig } from '@/lib/tuning/study/study-config';
import type { StudyState } from '@/lib/tuning/study/study-state';
import { trialSeed } from '@/lib/tuning/study/trial-seed';
import { type BenchContext, repeated } from './bench-context';
import type { BenchTable } from './bench-table';
import type { StudyBench } from './finished-study';
import { peersPython } from './peers-python';
import { unwrapped } from './prepared-demo';
import { spreadOf } from './spread';

const run = promisify(execFile);
const PEERS = ['ray-cold', 'ray-reused', 'optuna', 'loop'] as const;
type Peer = (typeof PEERS)[number];
const LABELS: Readonly<Record<Peer, string>> = {
  'ray-cold': 'Ray Tune, cold',
  'ray-reused': 'Ray Tune, actors reused',
  optuna: 'Optuna, n_jobs = cores',
  loop: 'a plain Python loop',
};
/** Where the aims are: a tenth of Ray cold, a fifth of Ray with reused actors, ahead of Optuna. */
const MOST_OF_PEER: Readonly<Record<Peer, string>> = {
  'ray-cold': 'aim: at least 10',
  'ray-reused': 'aim: at least 5',
  optuna: 'aim: more than 1',
  loop: '',
};

const peerResultSchema = z.strictObject({
  versions: z.record(z.string(), z.string()),
  wallS: z.number(),
  aucs: z.array(z.number()),
  trainS: z.number(),
});

interface OwnResult {
  readonly wallS: number;
  readonly state: StudyState;
}

/**
 * Time the page's 24 trials from a cold start beside Ray Tune, Optuna and a loop in Python: the same configurations, rows
 * and version of libxgboost in the same run, and the ROC AUC of every trial compared.
 */
export async function peersBench(context: BenchContext, bench: StudyBench): Promise<BenchTable[]> {
  const python = unwrapped(await peersPython(context));
  const config = studyConfigOf(
    { ...DEFAULT_PIPELINE_PARAMS, sampler: 'random' },
    { datasetDigest: bench.prepared.digest, featureSpecDigest: specDigest(bench.prepared.spec) },
  );
  const folder = join(context.scratch, 'peers');
  await mkdir(folder, { recursive: true });
  const dataset = unwrapped(decodeDataset(await readFile(bench.prepared.path)));
  const nTrees = await writeRequest(folder, dataset, config);
  const runs = await repeated(context, { what: 'peers', nRuns: context.options.nRuns }, async () => {
    const own = await ownResult(context, bench, config);
    const peers: Record<string, z.infer<typeof peerResultSchema>> = {};
    for (const peer of PEERS) {
      context.say(LABELS[peer]);
      const { stdout } = await run(
        python,
        [join(context.root, 'bench', 'peers', 'tuning_peers.py'), peer, folder],
        { maxBuffer: 64 * 1024 * 1024 },
      );
      const lastLine = stdout.trim().split('\n').at(-1) ?? '';
      peers[peer] = peerResultSchema.parse(JSON.parse(lastLine));
      requireSameTrials(own.state, peers[peer].aucs, peer);
    }
    return { own, peers };
  });
  const ownWall = spreadOf(runs.map(({ own }) => own.wallS * 1000));
  const versions = { ...runs[0]?.peers['ray-cold']?.versions, ...runs[0]?.peers.optuna?.versions };
  return [
    {
      title: `Peers: the same ${config.nTrials} trials (${nTrees} trees), ${config.workers} workers asked, start included`,
      columns: [
        { key: 'time', label: 'wall time', unit: 'ms' },
        { key: 'ratio', label: 'peer / Leadbench', unit: '×' },
        { key: 'share', label: 'outside training', unit: 'share' },
      ],
      rows: [
        {
          label: 'Leadbench, from a cold start of the program',
          figures: { time: ownWall, share: spreadOf(runs.map(({ own }) => shareOutside(own))) },
        },
        ...PEERS.map((peer) => ({
          label: [LABELS[peer], MOST_OF_PEER[peer]].filter((text) => text !== '').join('; '),
          figures: {
            time: spreadOf(runs.map(({ peers }) => (peers[peer]?.wallS ?? Number.NaN) * 1000)),
            ratio: spreadOf(runs.map(({ own, peers }) => (peers[peer]?.wallS ?? Number.NaN) / own.wallS)),
          },
        })),
      ],
      notes: [
        `Versions: ${Object.entries(versions)
          .map(([name, version]) => `${name} ${version}`)
          .join(', ')}; libxgboost ${bench.engine.info.version} in both.`,
        'The ROC AUC of every trial was the same in all of them to 1e-6.',
        'Outside training = 1 − sum of the trials’ own times / (processes × wall time), the start of Node and of the processes included.',
      ],
    },
  ];
}

function shareOutside({ wallS, state }: OwnResult): number {
  const trainingMs = state.trials.reduce((sum, trial) => sum + (trial?.durationMs ?? 0), 0);
  return 1 - trainingMs / (wallS * 1000 * state.nProcesses);
}

async function ownResult(
  { root, scratch }: BenchContext,
  { home, prepared }: StudyBench,
  config: StudyConfig,
): Promise<OwnResult> {
  const orderPath = join(scratch, 'order.json');
  const order = {
    home: home.root,
    root,
    childPath: join(root, '.build', 'engine-child.mjs'),
    idempotencyKey: randomUUID(),
    config,
    spec: prepared.spec,
  };
  await writeFile(orderPath, JSON.stringify(order));
  const startedAtMs = performance.now();
  const { stdout } = await run(process.execPath, [join(root, '.build', 'study-process.mjs'), orderPath], {
    maxBuffer: 64 * 1024 * 1024,
  });
  const exitedS = (performance.now() - startedAtMs) / 1000;
  const own: OwnResult = JSON.parse(stdout);
  // What the program says of itself leaves out how long the system took to start it.
  return { ...own, wallS: Math.max(own.wallS, exitedS) };
}

/** Write the rows and configurations for the peers. Gives the number of trees. */
async function writeRequest(folder: string, dataset: TrainingDataset, config: StudyConfig): Promise<number> {
  const { featureNames } = dataset.matrix;
  const parts = { train: SplitPart.train, valid: SplitPart.validation };
  for (const [name, part] of Object.entries(parts)) {
    const { values, labels } = denseRows(dataset, rowsOfParts(dataset, [part]));
    await writeFile(join(folder, `${name}_x.f32`), values);
    await writeFile(join(folder, `${name}_y.f32`), Float32Array.from(labels));
  }
  const rows = denseRows(dataset, rowsOfParts(dataset, [SplitPart.train]));
  const recipe = { seed: trialSeed(config), monotoneConstraints: config.monotoneConstraints };
  const configs = Array.from({ length: config.nTrials }, (_, i) => {
    const params = suggest({
      sampler: config.sampler,
      space: config.searchSpace,
      seed: config.seed,
      trialNumber: i + 1,
      history: [],
      pending: [],
    });
    const named = boosterParams({ ...recipe, params }, { baseScore: buyerShare(rows.labels), featureNames });
    return { params: named, rounds: params.n_estimators };
  });
  await writeFile(
    join(folder, 'request.json'),
    JSON.stringify({
      nFeatures: featureNames.length,
      configs,
      workers: config.workers,
      cores: availableParallelism(),
    }),
  );
  return configs.reduce((sum, { rounds }) => sum + rounds, 0);
}

function requireSameTrials({ trials }: StudyState, aucs: readonly number[], peer: Peer): void {
  aucs.forEach((auc, i) => {
    const own = trials[i]?.metrics?.roc_auc;
    if (own === undefined || Math.abs(own - auc) > 1e-6) {
      throw new Error(`Trial ${i + 1}: ROC AUC ${own} here and ${auc} with ${peer}`);
    }
  });
}
