import { parseArgs } from 'node:util';
import { fail, type Result, succeed } from '@/lib/core/result';

/** The benchmarks, in the order they run. */
export const BENCH_NAMES = [
  'page',
  'study',
  'scoring',
  'generator',
  'tables',
  'quality',
  'explore',
  'profile',
  'drift',
  'reasons',
  'models',
  'strategy',
  'schedulers',
  'samplers',
  'peers',
  'mlflow',
  'live',
] as const;

export type BenchName = (typeof BENCH_NAMES)[number];

/** Those that install Python packages; they run when they are named. */
export const NEED_PEERS: readonly BenchName[] = ['samplers', 'peers', 'mlflow', 'live'];

/** What the words after `npm run bench --` ask for. */
export interface BenchOptions {
  readonly names: readonly BenchName[];
  /** Measurements of each thing. What takes minutes is measured less often, and says so. */
  readonly nRuns: number;
  /** Subscribers of the small and of the large list. */
  readonly sizes: { readonly small: number; readonly large: number };
  readonly isQuick: boolean;
  /** Where all figures go as JSON besides the tables, or null. */
  readonly jsonPath: string | null;
}

/** What the words mean, for `--help`. */
export const BENCH_HELP = `npm run bench -- [options]
  --only A,B      run some of: ${BENCH_NAMES.join(', ')} (all but samplers, peers, mlflow and live when left out)
  --runs N        measure each thing N times (default 5; medians are shown with the smallest and the largest)
  --quick         2 runs, and 100,000 subscribers for the large list instead of 1,000,000
  --json FILE     write all figures to FILE as well
  --help          show this

  page            open, join, validate and draw in Chromium; time, memory, main-thread tasks, delay of input
  study           24 trials through the study service, beside the same trials without it
  scoring         rows a second with ONNX in Chromium and in Node, beside libxgboost
  generator       the demo generator to disk, beside SQLite inserting the same rows
  tables          join, features and CSV of the large list in Node, beside a pivot in SQL and other peers
  quality         3,000 checks on the small list, beside the same checks one by one
  explore         what the worker answers while a list is explored, at first and under a filter
  profile         the profile of the real list rebuilt from the demo file: profile, planted, exploration
  drift           what has changed and what looks wrong, by date and between two files
  reasons         leads a second explained by TreeSHAP, beside libxgboost, and the largest difference from it
  models          tuned models over ten split seeds, beside logistic regression, published results and the best there is
  strategy        whom to write to: the maximum beside brute force, intervals beside the truth, published figures beside the demo's
  schedulers      successive halving and the median rule over ten seeds, beside full training
  samplers        every sampler on standard functions over 30 seeds, beside Optuna's (installs it at first)
  peers           24 trials from a cold start beside Ray Tune, Optuna and a Python loop (installs them at first)
  mlflow          studies told to a real MLflow server that is there, away or failing, and read back (installs it at first)
  live            POST /api/score, requests a second and p99, beside a FastAPI service (installs it at first)
`;

const HOW = 'Run npm run bench -- --help to see the options.';

/** Parse the words after `npm run bench --`. Fails with `bad_option`. */
export function parseBenchOptions(words: readonly string[]): Result<BenchOptions | 'help'> {
  const parsed = parsedWords(words);
  if (!parsed.ok) return parsed;
  const { help = false, quick: isQuick = false, only, runs, json = null } = parsed.value;
  if (help) return succeed('help');
  const names =
    only === undefined
      ? BENCH_NAMES.filter((name) => !NEED_PEERS.includes(name))
      : BENCH_NAMES.filter((name) => only.split(',').includes(name));
  if (only !== undefined && names.length !== new Set(only.split(',')).size) {
    return fail('bad_option', `--only names something else than ${BENCH_NAMES.join(', ')}: ${only}.`, HOW);
  }
  const nRuns = runs === undefined ? (isQuick ? 2 : 5) : Number(runs);
  if (!Number.isInteger(nRuns) || nRuns < 1 || nRuns > 100) {
    return fail('bad_option', `--runs takes a whole number from 1 to 100, not ${runs}.`, HOW);
  }
  const sizes = { small: 20_000, large: isQuick ? 100_000 : 1_000_000 };
  return succeed({ names, nRuns, sizes, isQuick, jsonPath: json });
}

function parsedWords(words: readonly string[]) {
  try {
    const { values } = parseArgs({
      args: [...words],
      strict: true,
      options: {
        only: { type: 'string' },
        runs: { type: 'string' },
        quick: { type: 'boolean' },
        json: { type: 'string' },
        help: { type: 'boolean' },
      },
    });
    return succeed(values);
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    return fail('bad_option', `${error.message.replace(/\.$/, '')}.`, HOW);
  }
}
