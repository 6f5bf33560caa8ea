import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { randomSource } from '@/lib/core/random';
import { openMlflowRig, RIG_FILES, rigEvents, rigStudy } from '@/lib/testing/mlflow-rig';
import type { StubContent } from '@/lib/testing/mlflow-store';
import { type MlflowStub, startMlflowStub } from '@/lib/testing/mlflow-stub';

const STUDY = rigStudy(1);
const EVENTS = rigEvents(STUDY, { nTrials: 40 });
const folder = mkdtempSync(join(tmpdir(), 'leadbench-mlflow-kill-'));
const script = join(folder, 'mlflow-child.mjs');
const home = join(folder, 'home');
let stub: MlflowStub;

beforeAll(async () => {
  stub = await startMlflowStub();
  writeFileSync(join(folder, 'journal.json'), JSON.stringify(EVENTS));
  const files = Object.entries(RIG_FILES).map(([name, bytes]) => [
    name,
    Buffer.from(bytes).toString('base64'),
  ]);
  writeFileSync(join(folder, 'files.json'), JSON.stringify(Object.fromEntries(files)));
  await build({
    entryPoints: [join(process.cwd(), 'lib/testing/mlflow-child.ts')],
    outfile: script,
    bundle: true,
    platform: 'node',
    format: 'esm',
    alias: { '@': process.cwd() },
    banner: {
      js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
    },
  });
});
afterAll(async () => {
  await stub.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Where a kill strikes: before the request is carried out, before it is answered, or right after the answer. */
const MOMENTS = ['before', 'unanswered', 'answered'] as const;

interface Kill {
  /** End of the path of the request that it strikes at. */
  readonly at: string;
  readonly moment: (typeof MOMENTS)[number];
  /** The first such request of the process, or a later one. */
  readonly nth: number;
}

/** Every moment of every kind of request, at seeded places; the last two while the model is sent. */
function plannedKills(): readonly Kill[] {
  const random = randomSource(20_261_124);
  const ofRuns = Array.from({ length: 2 }, () =>
    ['/runs/create', '/runs/log-batch', '/runs/update'].flatMap((at) =>
      MOMENTS.map((moment) => ({ at, moment, nth: 1 + Math.floor(random() * 3) })),
    ),
  ).flat();
  return [
    ...ofRuns,
    { at: 'model.onnx', moment: 'unanswered', nth: 1 },
    { at: '/model-versions/create', moment: 'unanswered', nth: 1 },
  ];
}

function startChild(settleMs: number): ChildProcess {
  const words = [
    script,
    home,
    stub.url,
    join(folder, 'journal.json'),
    join(folder, 'files.json'),
    `${settleMs}`,
  ];
  return spawn(process.execPath, words, { stdio: ['ignore', 'pipe', 'inherit'] });
}

/** Start a child and kill it as planned. */
async function killedChild({ at, moment, nth }: Kill): Promise<void> {
  const child = startChild(60_000);
  const exited = once(child, 'exit');
  let nSeen = 0;
  let isStruck = false;
  const strike = () => {
    isStruck = true;
    child.kill('SIGKILL');
  };
  stub.misbehave(({ path }) => {
    if (isStruck) return { fault: { kind: 'reset' }, isApplied: false };
    if (!path.endsWith(at)) return null;
    nSeen += 1;
    if (nSeen !== nth) return null;
    if (moment === 'answered') {
      setImmediate(() => setImmediate(strike));
      return null;
    }
    strike();
    return { fault: { kind: 'hang' }, isApplied: moment === 'unanswered' };
  });
  const [code, signal] = await exited;
  stub.misbehave(null);
  expect([code, signal]).toEqual([null, 'SIGKILL']);
}

async function honestContent(): Promise<StubContent> {
  const honest = await startMlflowStub();
  const rig = openMlflowRig(honest);
  rig.journals.set(STUDY, EVENTS);
  const sync = rig.sync();
  await sync.resumeAll();
  await sync.drained();
  await sync.close(0);
  await honest.close();
  rig.close();
  return honest.store.content();
}

describe('an outbox over kill -9', () => {
  it('is drained to the same content after 20 kills, nothing lost and nothing doubled', async () => {
    const kills = plannedKills();
    expect(kills).toHaveLength(20);
    for (const kill of kills) {
      await killedChild(kill);
      // Something was left to be delivered at each of them.
      const study = stub.store.content().runs.find(({ key }) => key === STUDY);
      expect(study?.status).not.toBe('FINISHED');
    }
    const last = startChild(0);
    const [code] = await once(last, 'exit');
    expect(code).toBe(0);
    expect(stub.store.content()).toEqual(await honestContent());
  });
});
