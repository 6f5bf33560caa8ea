import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { z } from 'zod';
import { derivedSeed, randomSource } from '@/lib/core/random';
import { shortfallOf } from '@/lib/testing/sampler-run';
import { STANDARD_FUNCTIONS, type StandardFunctionName } from '@/lib/testing/standard-functions';
import type { SampleSpace } from '@/lib/tuning/samplers/sampler';
import { SAMPLERS } from '@/lib/tuning/samplers/samplers';
import { WIDE_SEARCH_SPACE } from '@/lib/tuning/space/search-space';
import type { BenchContext } from './bench-context';
import type { BenchRow, BenchTable } from './bench-table';
import { peersPython } from './peers-python';
import { unwrapped } from './prepared-demo';
import { type Spread, spreadOf } from './spread';

const run = promisify(execFile);

type JudgedSampler = 'random' | 'quasi_random' | 'tpe' | 'gp';

/** One sampler on one function, once a seed. */
interface Job {
  readonly sampler: JudgedSampler;
  readonly function: StandardFunctionName;
  readonly workers: number;
  readonly seeds: readonly number[];
  readonly nTrials: number;
}

const resultSchema = z.strictObject({
  version: z.string(),
  runs: z.array(
    z.strictObject({
      sampler: z.string(),
      function: z.string(),
      workers: z.int(),
      seed: z.int(),
      cost: z.number(),
    }),
  ),
  times: z.array(z.strictObject({ sampler: z.string(), function: z.string(), ms: z.array(z.number()) })),
});
type OptunaResult = z.infer<typeof resultSchema>;

const FUNCTION_NAMES = ['branin', 'hartmann6', 'noisy_hartmann6', 'mixed'] as const;
const TIMED: readonly JudgedSampler[] = ['random', 'quasi_random', 'tpe', 'gp'];
const TIMED_AFTER = 200;
/** Measured in ms after 200 trials; see the issue. */
const AIMS: Readonly<Record<JudgedSampler, string>> = {
  random: '; aim: under 0.1',
  quasi_random: '',
  tpe: '; aim: under 3',
  gp: '; aim: under 20',
};

/**
 * Judge the samplers beside those of Optuna in the same run: how far above the minimum of standard functions the trial is
 * that looked best, in the median over seeds, and what a suggestion costs after 200 trials.
 */
export async function samplersBench(context: BenchContext): Promise<BenchTable[]> {
  const python = unwrapped(await peersPython(context));
  const nSeeds = context.options.isQuick ? 10 : 30;
  const cheap = (workers: number) =>
    jobsOf(['random', 'quasi_random', 'tpe'], { workers, nSeeds, nTrials: 60 });
  // Optuna's process takes up to a second a suggestion, and on the mixed function far more.
  const costly = jobsOf(['random', 'gp'], { workers: 6, nSeeds: nSeeds / 3, nTrials: 40 });
  const groups = [cheap(1), cheap(6), costly];
  const optuna = await optunaResult(context, python, groups.flat());
  context.say('samplers: Leadbench');
  const tables = groups.map((jobs) => qualityTable(jobs, optuna));
  return [...tables, timeTable(optuna)];
}

function jobsOf(
  samplers: readonly JudgedSampler[],
  options: { readonly workers: number; readonly nSeeds: number; readonly nTrials: number },
): readonly Job[] {
  const seeds = Array.from({ length: Math.ceil(options.nSeeds) }, (_, i) => i + 1);
  const { workers, nTrials } = options;
  return samplers.flatMap((sampler) =>
    FUNCTION_NAMES.map((name) => ({ sampler, function: name, workers, seeds, nTrials })),
  );
}

async function optunaResult(
  { root, scratch, say }: BenchContext,
  python: string,
  jobs: readonly Job[],
): Promise<OptunaResult> {
  say('samplers: Optuna, which takes minutes');
  const path = join(scratch, 'optuna-samplers.json');
  const asked = jobs.filter(({ sampler, function: name }) => sampler !== 'gp' || name !== 'mixed');
  await writeFile(path, JSON.stringify({ jobs: asked, timedAfter: TIMED_AFTER, timed: TIMED }));
  const script = join(root, 'bench', 'peers', 'optuna_samplers.py');
  const { stdout } = await run(python, [script, path], { maxBuffer: 64 * 1024 * 1024 });
  return resultSchema.parse(JSON.parse(stdout));
}

function qualityTable(jobs: readonly Job[], optuna: OptunaResult): BenchTable {
  const [first] = jobs;
  if (first === undefined) throw new Error('Expected jobs');
  const samplers = [...new Set(jobs.map(({ sampler }) => sampler))];
  const rowsOf = (sampler: JudgedSampler): BenchRow[] => {
    const own: Record<string, Spread> = {};
    const peer: Record<string, Spread | null> = {};
    for (const job of jobs.filter((one) => one.sampler === sampler)) {
      own[job.function] = ownShortfall(job);
      peer[job.function] = peerShortfall(job, optuna);
    }
    return [
      { label: sampler, figures: own },
      { label: `${sampler} of Optuna ${optuna.version}`, figures: peer },
    ];
  };
  return {
    title: `Samplers: how far above the minimum, ${first.nTrials} trials, ${first.workers} workers, ${first.seeds.length} seeds`,
    columns: FUNCTION_NAMES.map((name) => ({ key: name, label: name, unit: 'value' })),
    rows: samplers.flatMap(rowsOf),
    notes: [
      'Of the trial that looked best, without the noise. Trial n sees the results of trials 1 … n − workers, on both sides.',
    ],
  };
}

function ownShortfall({ sampler, function: name, workers, seeds, nTrials }: Job): Spread {
  const fn = STANDARD_FUNCTIONS[name];
  return spreadOf(seeds.map((seed) => shortfallOf(SAMPLERS[sampler], fn, { seed, nTrials, workers })));
}

/** Null where Optuna could not run it: its process needs torch. */
function peerShortfall(
  { sampler, function: name, workers, seeds }: Job,
  { runs }: OptunaResult,
): Spread | null {
  const costs = runs
    .filter((one) => one.sampler === sampler && one.function === name && one.workers === workers)
    .filter(({ seed }) => seeds.includes(seed))
    .map(({ cost }) => cost - STANDARD_FUNCTIONS[name].minimum);
  return costs.length === 0 ? null : spreadOf(costs);
}

function timeTable(optuna: OptunaResult): BenchTable {
  const peerTimes = (sampler: JudgedSampler, name: string) => {
    const times = optuna.times.find((one) => one.sampler === sampler && one.function === name);
    return times === undefined ? null : spreadOf(times.ms);
  };
  return {
    title: `Samplers: one suggestion after ${TIMED_AFTER} trials, 5 more running`,
    columns: [
      { key: 'mixed', label: 'mixed, 7 parameters, ms', unit: 'value' },
      { key: 'wide', label: 'wide space, 13 parameters, ms', unit: 'value' },
    ],
    rows: TIMED.flatMap((sampler) => [
      {
        label: `${sampler}${AIMS[sampler]}`,
        figures: {
          mixed: ownTimes(sampler, STANDARD_FUNCTIONS.mixed.space),
          wide: ownTimes(sampler, WIDE_SEARCH_SPACE),
        },
      },
      {
        label: `${sampler} of Optuna ${optuna.version}`,
        figures: { mixed: peerTimes(sampler, 'mixed'), wide: peerTimes(sampler, 'wide') },
      },
    ]),
    notes: ['Leadbench warm, as at the end of a study of 200 trials.'],
  };
}

/** Time a sampler, in ms, after random trials of which those with a rate near 0.05 and a depth near 5 did best. */
function ownTimes(sampler: JudgedSampler, space: SampleSpace): Spread {
  const pointOf = (trialNumber: number) => {
    const random = randomSource(derivedSeed(1, `trial:${trialNumber}`));
    return SAMPLERS.random({ space, seed: 1, trialNumber, history: [], pending: [], random });
  };
  const points = Array.from({ length: TIMED_AFTER + 5 }, (_, i) => pointOf(i + 1));
  const history = points.slice(0, TIMED_AFTER).map((params) => ({
    params,
    value: -(Math.log(Number(params.learning_rate) / 0.05) ** 2) - (Number(params.max_depth) - 5) ** 2 / 10,
    prunedAtRounds: null,
  }));
  const pending = points.slice(TIMED_AFTER);
  const times = Array.from({ length: 60 }, (_, i) => {
    const random = randomSource(derivedSeed(2, `trial:${i}`));
    const startedAtMs = performance.now();
    SAMPLERS[sampler]({ space, seed: 1, trialNumber: TIMED_AFTER + 6, history, pending, random });
    return performance.now() - startedAtMs;
  });
  return spreadOf(times.slice(20));
}
