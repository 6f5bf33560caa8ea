import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { formatDay } from '@/lib/core/day';
import type { JoinedTable } from '@/lib/crm/joined-table';
import { liveAnswerSchema } from '@/lib/scoring/live/live-answer';
import { heldTags } from '@/lib/scoring/what-if/lead-variants';
import { readControlFile } from '@/lib/server/control/control-file';
import { type BenchContext, repeated } from '../bench-context';
import type { BenchRow, BenchTable } from '../bench-table';
import { finishedStudy, type StudyBench } from '../finished-study';
import { startBenchServer } from '../page/bench-server';
import { joinedTableOf } from '../prepared-demo';
import { spreadOf } from '../spread';
import { type LoadResult, type LoadTarget, loaded, posted } from './load';

const N_CONNECTIONS = 8;
const N_SINGLE = 2_000;
const BATCH_LEADS = 1_000;
const N_BATCHES = 16;
const START_LIMIT_MS = 60_000;

/** Measure live scoring with reasons beside the same model as a FastAPI service, on this machine, one after the other. */
export async function liveBench(
  context: BenchContext,
  bench: StudyBench,
  python: string,
): Promise<BenchTable[]> {
  const { state } = await finishedStudy(bench, randomUUID());
  const bodies = bodiesOf(await joinedTableOf(context.demoPath));
  const modelFolder = bench.home.modelFolder(state.modelId ?? '');
  const ours = await measuredOurs(context, bench, bodies);
  const theirs = await measuredPeer(context, { python, modelFolder }, bodies);
  const ratio = (read: (load: LoadResult) => number, kind: 'single' | 'batch') =>
    spreadOf(ours[kind].map(read)).median / spreadOf(theirs[kind].map(read)).median;
  const row = (label: string, { single, batch }: Measured): BenchRow => ({
    label,
    figures: {
      requests: spreadOf(single.map((load) => load.requestsPerSecond)),
      p50: spreadOf(single.map((load) => load.p50Ms)),
      p99: spreadOf(single.map((load) => load.p99Ms)),
      leads: spreadOf(batch.map((load) => load.requestsPerSecond * BATCH_LEADS)),
      batchP99: spreadOf(batch.map((load) => load.p99Ms)),
    },
  });
  return [
    {
      title: `Live scoring with three reasons a lead, ${N_CONNECTIONS} connections`,
      columns: [
        { key: 'requests', label: 'requests of one lead', unit: 'a second' },
        { key: 'p50', label: 'median', unit: 'ms' },
        { key: 'p99', label: 'p99', unit: 'ms' },
        { key: 'leads', label: `leads in batches of ${BATCH_LEADS.toLocaleString('en')}`, unit: 'a second' },
        { key: 'batchP99', label: 'p99 of a batch', unit: 'ms' },
      ],
      rows: [
        row('Leadbench, POST /api/score', ours),
        row('peer: FastAPI, uvicorn and XGBoost', theirs),
        {
          label: 'ratio',
          figures: {
            requests: `${ratio((load) => load.requestsPerSecond, 'single').toFixed(2)} ×`,
            p50: `${ratio((load) => load.p50Ms, 'single').toFixed(2)} ×`,
            p99: `${ratio((load) => load.p99Ms, 'single').toFixed(2)} ×`,
            leads: `${ratio((load) => load.requestsPerSecond, 'batch').toFixed(2)} ×`,
            batchP99: `${ratio((load) => load.p99Ms, 'batch').toFixed(2)} ×`,
          },
        },
      ],
      notes: [
        'The same model, raw leads and load generator; each service alone on the machine, one process each (ours scores in a',
        'second one). The peer checks leads with pydantic, and takes scores and reasons from one call of pred_contribs; its',
        'reasons are the feature’s name and value, without the group’s size and conversion.',
      ],
    },
  ];
}

interface Bodies {
  readonly single: readonly string[];
  readonly batch: readonly string[];
}
interface Measured {
  readonly single: readonly LoadResult[];
  readonly batch: readonly LoadResult[];
}

function bodiesOf(table: JoinedTable): Bodies {
  const lead = (row: number) => {
    const rating = table.memberRating[row] ?? Number.NaN;
    return {
      id: String(row),
      user_email: table.userEmail[row] || null,
      member_rating: Number.isInteger(rating) ? rating : null,
      country_code: table.countryCodes[table.countryIndex[row] ?? -1] ?? null,
      optin_time: formatDay(table.optinDay[row] ?? Number.NaN) || null,
      tags: heldTags(table, row),
    };
  };
  const body = (from: number, to: number) =>
    JSON.stringify({ leads: Array.from({ length: to - from }, (_, i) => lead(from + i)) });
  return {
    single: Array.from({ length: 500 }, (_, row) => body(row, row + 1)),
    batch: [0, 1, 2, 3].map((i) => body(i * BATCH_LEADS, (i + 1) * BATCH_LEADS)),
  };
}

async function measured(
  context: BenchContext,
  what: string,
  target: LoadTarget,
  bodies: Bodies,
): Promise<Measured> {
  const { nRuns } = context.options;
  const ofSingle = { nRequests: N_SINGLE, nConnections: N_CONNECTIONS };
  const ofBatch = { nRequests: N_BATCHES, nConnections: N_CONNECTIONS };
  // The first requests find nothing compiled, in either language.
  await loaded(target, bodies.single, { ...ofSingle, nRequests: 300 });
  await loaded(target, bodies.batch, { ...ofBatch, nRequests: 4 });
  return {
    single: await repeated(context, { what: `${what}, single leads`, nRuns }, () =>
      loaded(target, bodies.single, ofSingle),
    ),
    batch: await repeated(context, { what: `${what}, batches`, nRuns }, () =>
      loaded(target, bodies.batch, ofBatch),
    ),
  };
}

async function measuredOurs(context: BenchContext, { home }: StudyBench, bodies: Bodies): Promise<Measured> {
  const server = await startBenchServer(context.root, home.root);
  try {
    const control = await readControlFile(home);
    if (control === null) throw new Error('Expected the server to leave its address');
    const headers = { origin: server.url, 'x-leadbench-token': control.token };
    const target = { url: `${server.url}/api/score`, headers };
    liveAnswerSchema.parse(JSON.parse(await posted(target, undefined, bodies.batch[0] ?? '')));
    return await measured(context, 'Leadbench', target, bodies);
  } finally {
    await server.stop();
  }
}

async function measuredPeer(
  context: BenchContext,
  { python, modelFolder }: { readonly python: string; readonly modelFolder: string },
  bodies: Bodies,
): Promise<Measured> {
  const port = await freePort();
  const script = join(context.root, 'bench', 'live', 'fastapi_peer.py');
  const peer = spawn(python, [script, String(port), modelFolder], { stdio: ['ignore', 'ignore', 'inherit'] });
  try {
    const url = `http://127.0.0.1:${port}`;
    await untilReady(peer, `${url}/ready`);
    return await measured(context, 'FastAPI', { url: `${url}/score`, headers: {} }, bodies);
  } finally {
    if (peer.exitCode === null) {
      const ended = once(peer, 'exit');
      peer.kill('SIGTERM');
      await ended;
    }
  }
}

async function untilReady(peer: ChildProcess, url: string): Promise<void> {
  const giveUpAtMs = performance.now() + START_LIMIT_MS;
  while (performance.now() < giveUpAtMs) {
    if (peer.exitCode !== null) throw new Error(`The FastAPI service ended with ${peer.exitCode}`);
    try {
      if ((await fetch(url)).ok) return;
    } catch {
      // Not listening yet.
    }
    await delay(200);
  }
  throw new Error('The FastAPI service did not get ready');
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}
