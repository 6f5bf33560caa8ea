import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type BenchContext, crmFiles } from './bench-context';
import { BENCH_HELP, type BenchName, type BenchOptions, parseBenchOptions } from './bench-options';
import { type BenchTable, tableText } from './bench-table';
import { driftBench } from './drift-bench';
import { exploreBench } from './explore-bench';
import { openStudyBench, type StudyBench } from './finished-study';
import { generatorBench } from './generator-bench';
import { liveBench } from './live/live-bench';
import { livePython } from './live/live-python';
import { machineFacts, machineText } from './machine';
import { mlflowBench } from './mlflow/mlflow-bench';
import { mlflowPython } from './mlflow/mlflow-python';
import { modelsBench } from './models-bench';
import { pageBench } from './page/page-bench';
import { peersBench } from './peers-bench';
import { unwrapped } from './prepared-demo';
import { profileBench } from './profile/profile-bench';
import { qualityBench } from './quality-bench';
import { madeReady } from './readiness';
import { reasonsBench } from './reasons-bench';
import { samplersBench } from './samplers-bench';
import { schedulersBench } from './schedulers-bench';
import { scoringBench } from './scoring-bench';
import { strategyBench } from './strategy-bench';
import { studyBench } from './study-bench';
import { tablesBench } from './tables-bench';

// The bundle lies in .build, one below the project's folder.
const ROOT = fileURLToPath(new URL('..', import.meta.url)).replace(/[\\/]$/, '');

const print = (text: string) => process.stdout.write(`${text}\n`);
const say = (line: string) => process.stderr.write(`bench: ${line}\n`);

/** What some benchmarks share, made when the first needs it. */
interface Shared {
  readonly context: BenchContext;
  readonly chromiumPath: string | null;
  readonly study: () => Promise<StudyBench>;
}

const BENCHES: Readonly<Record<BenchName, (shared: Shared) => Promise<BenchTable[]>>> = {
  page: ({ context, chromiumPath }) => pageBench(context, browserOf(chromiumPath)),
  study: ({ context }) => studyBench(context),
  scoring: async ({ context, chromiumPath, study }) =>
    scoringBench(context, await study(), browserOf(chromiumPath)),
  generator: ({ context }) => generatorBench(context),
  tables: ({ context }) => tablesBench(context),
  quality: ({ context }) => qualityBench(context),
  explore: ({ context }) => exploreBench(context),
  profile: ({ context }) => profileBench(context),
  drift: ({ context }) => driftBench(context),
  reasons: async ({ context, study }) => reasonsBench(context, await study()),
  models: async ({ context, study }) => modelsBench(context, await study()),
  strategy: async ({ context, study }) => strategyBench(context, await study()),
  samplers: ({ context }) => samplersBench(context),
  schedulers: async ({ context, study }) => schedulersBench(context, await study()),
  peers: async ({ context, study }) => peersBench(context, await study()),
  mlflow: async ({ context, study }) =>
    mlflowBench(context, await study(), unwrapped(await mlflowPython(context))),
  live: async ({ context, study }) => liveBench(context, await study(), unwrapped(await livePython(context))),
};

function browserOf(path: string | null): string {
  if (path === null) throw new Error('Expected a browser for this benchmark');
  return path;
}

async function runBenches(options: BenchOptions): Promise<number> {
  const ready = await madeReady({ root: ROOT, names: options.names, say });
  if (!ready.ok) return complain(ready.error);
  const { chromiumPath } = ready.value;
  const machine = machineFacts(chromiumPath);
  print(machineText(machine));
  const scratch = await mkdtemp(join(tmpdir(), 'leadbench-bench-'));
  const demoPath = join(ROOT, 'data', 'crm_database.sqlite');
  const studies: Promise<StudyBench>[] = [];
  const shared: Shared = {
    context: { root: ROOT, options, scratch, demoPath, say, crmPath: crmFiles(scratch, say) },
    chromiumPath,
    study: () => {
      const opened = studies[0] ?? openStudyBench({ root: ROOT, folder: scratch, crmPath: demoPath });
      studies[0] = opened;
      return opened;
    },
  };
  try {
    const results = new Map<BenchName, BenchTable[]>();
    for (const name of options.names) {
      const tables = await BENCHES[name](shared);
      results.set(name, tables);
      for (const table of tables) print(tableText(table));
    }
    if (options.jsonPath !== null) {
      const text = JSON.stringify({ machine, options, results: Object.fromEntries(results) }, null, 2);
      await writeFile(options.jsonPath, `${text}\n`);
    }
    return 0;
  } finally {
    for (const { service } of await Promise.all(studies)) await service.close();
    await rm(scratch, { recursive: true, force: true });
  }
}

function complain({ message, hint }: { readonly message: string; readonly hint: string }): number {
  process.stderr.write(`bench: ${message} ${hint}\n`);
  return 2;
}

async function main(words: readonly string[]): Promise<number> {
  const options = parseBenchOptions(words);
  if (!options.ok) return complain(options.error);
  if (options.value === 'help') {
    print(BENCH_HELP);
    return 0;
  }
  return runBenches(options.value);
}

process.exitCode = await main(process.argv.slice(2));
