import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'esbuild';
import { randomSource } from '@/lib/core/random';
import packageInfo from '@/package.json';
import type { ExpectedContent } from './compared-content';
import type { Fate, FaultyProxy } from './faulty-proxy';

/** What 20 kills struck at, and how long the process after them took to deliver the rest. */
export interface KilledDeliveries {
  readonly nKills: number;
  readonly drainMs: number;
}

/** Ends of the paths that are struck at: creating a run, its values, its end, a file, a model version. */
const TARGETS = ['/runs/create', '/runs/log-batch', '/runs/update'];
/** Before the server has it; done without an answer; right after the answer. */
const FATES: readonly Fate[] = ['lost', 'unanswered', 'pass'];

/** Deliver a study in processes that are killed by signal 9, 20 times, each with parts left to deliver; then in one that is not. */
export async function killedDeliveries(
  order: ExpectedContent & {
    readonly root: string;
    readonly folder: string;
    readonly experiment: string;
    readonly proxy: FaultyProxy;
  },
): Promise<KilledDeliveries> {
  const start = await childStarter(order);
  const random = randomSource(20_261_124);
  const kills = [
    ...Array.from({ length: 18 }, (_, i) => ({
      at: TARGETS[i % 3] ?? '',
      fate: FATES[Math.floor(i / 3) % 3] ?? 'lost',
      nth: 1 + Math.floor(random() * 3),
    })),
    { at: 'model.onnx', fate: 'unanswered' as const, nth: 1 },
    { at: '/model-versions/create', fate: 'unanswered' as const, nth: 1 },
  ];
  for (const { at, fate, nth } of kills) {
    const child = start(60_000);
    const exited = once(child, 'exit');
    let nSeen = 0;
    let isStruck = false;
    order.proxy.decide(({ path }) => {
      if (isStruck) return 'lost';
      if (!path.endsWith(at)) return 'pass';
      nSeen += 1;
      if (nSeen < nth) return 'pass';
      isStruck = true;
      return fate;
    });
    order.proxy.onFate(() => {
      // An answer under way is let through first.
      if (isStruck) setImmediate(() => setImmediate(() => child.kill('SIGKILL')));
    });
    const [, signal] = await exited;
    if (signal !== 'SIGKILL') throw new Error(`The process ended by itself before ${at} number ${nth}`);
  }
  order.proxy.decide(null);
  order.proxy.onFate(null);
  const startedAtMs = performance.now();
  const [code] = await once(start(0), 'exit');
  if (code !== 0) throw new Error(`The last process ended with ${code}`);
  return { nKills: kills.length, drainMs: performance.now() - startedAtMs };
}

async function childStarter(
  order: ExpectedContent & {
    readonly root: string;
    readonly folder: string;
    readonly experiment: string;
    readonly proxy: FaultyProxy;
  },
) {
  const { root, folder, experiment, proxy, events, files } = order;
  await mkdir(folder, { recursive: true });
  const [script, journal, content] = ['child.mjs', 'journal.json', 'files.json'].map((name) =>
    join(folder, name),
  );
  if (script === undefined || journal === undefined || content === undefined) throw new Error('No paths');
  await writeFile(journal, JSON.stringify(events));
  const encoded = Object.entries(files).map(([name, bytes]) => [name, Buffer.from(bytes).toString('base64')]);
  await writeFile(content, JSON.stringify(Object.fromEntries(encoded)));
  await build({
    entryPoints: [join(root, 'lib', 'testing', 'mlflow-child.ts')],
    outfile: script,
    bundle: true,
    platform: 'node',
    format: 'esm',
    alias: { '@': root },
    banner: {
      js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
    },
  });
  return (settleMs: number) =>
    spawn(process.execPath, [script, join(folder, 'home'), proxy.url, journal, content, String(settleMs)], {
      env: { ...process.env, MLFLOW_EXPERIMENT_NAME: experiment, LEADBENCH_VERSION: packageInfo.version },
      stdio: ['ignore', 'ignore', 'inherit'],
    });
}
