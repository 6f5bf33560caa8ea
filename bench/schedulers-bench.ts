import { randomUUID } from 'node:crypto';
import { specDigest } from '@/lib/features/spec-json';
import { DEFAULT_PIPELINE_PARAMS, studyConfigOf } from '@/lib/tuning/study/pipeline-params';
import type { Scheduler, StudyConfig } from '@/lib/tuning/study/study-config';
import { studyProgress } from '@/lib/tuning/study/study-progress';
import { bestTrial, type StudyState } from '@/lib/tuning/study/study-state';
import type { BenchContext } from './bench-context';
import type { BenchTable } from './bench-table';
import { type StudyBench, tunedStudy } from './finished-study';
import { spreadOf } from './spread';

const SEEDS = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10];
const N_TRIALS = 60;
/** What is measured beside the study in which every trial is trained to its end. */
const SCHEDULERS: Readonly<Record<string, Scheduler>> = {
  'ASHA, minRounds 10, reductionFactor 3': { type: 'asha', minRounds: 10, reductionFactor: 3 },
  'ASHA, minRounds 10, reductionFactor 4': { type: 'asha', minRounds: 10, reductionFactor: 4 },
  'the same, compared by value as published': {
    type: 'asha',
    minRounds: 10,
    reductionFactor: 4,
    rankBy: 'value',
  },
  'median rule, minRounds 20, nStartupTrials 5': { type: 'median', minRounds: 20, nStartupTrials: 5 },
};

interface Measured {
  /** Rounds trained, of those of the full study. */
  readonly share: number;
  /** ROC AUC of the full study's best less that of this one's. */
  readonly behind: number;
}

/** Compare schedulers with full training over ten seeds: the same random configurations, rounds trained, best found. */
export async function schedulersBench(context: BenchContext, bench: StudyBench): Promise<BenchTable[]> {
  const measured = new Map<string, Measured[]>(Object.keys(SCHEDULERS).map((name) => [name, []]));
  for (const seed of SEEDS.slice(0, context.options.isQuick ? 3 : SEEDS.length)) {
    context.say(`schedulers, seed ${seed}`);
    const full = await tunedStudy(bench, randomUUID(), configOf(bench, seed, { type: 'none' }));
    for (const [name, scheduler] of Object.entries(SCHEDULERS)) {
      const early = await tunedStudy(bench, randomUUID(), configOf(bench, seed, scheduler));
      measured.get(name)?.push({
        share: studyProgress(early).nRounds / studyProgress(full).nRounds,
        behind: bestOf(full) - bestOf(early),
      });
    }
  }
  return [
    {
      title: `Schedulers: ${N_TRIALS} random trials on the demo CRM, against training every trial to its end`,
      columns: [
        { key: 'share', label: 'trees', unit: 'share' },
        { key: 'behind', label: 'ROC AUC behind the best', unit: 'AUC' },
        { key: 'near', label: 'seeds within 0.002', unit: 'share' },
      ],
      rows: [...measured].map(([label, runs]) => ({
        label,
        figures: {
          share: spreadOf(runs.map(({ share }) => share)),
          behind: spreadOf(runs.map(({ behind }) => behind)),
          near: spreadOf([runs.filter(({ behind }) => behind <= 0.002).length / runs.length]),
        },
      })),
      notes: ['Aim: within 0.002 of the best with less than a third of the trees, over 10 seeds.'],
    },
  ];
}

function configOf({ prepared }: StudyBench, seed: number, scheduler: Scheduler): StudyConfig {
  const { plan, ...params } = DEFAULT_PIPELINE_PARAMS;
  return studyConfigOf(
    {
      ...params,
      seed,
      sampler: 'random',
      nTrials: N_TRIALS,
      plan: { ...plan, scheduler, reportEveryRounds: 5 },
    },
    { datasetDigest: prepared.digest, featureSpecDigest: specDigest(prepared.spec) },
  );
}

function bestOf(state: StudyState): number {
  const best = bestTrial(state);
  if (best === null) throw new Error('No trial completed');
  return best.metrics.roc_auc;
}
