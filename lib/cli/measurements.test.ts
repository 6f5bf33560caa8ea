import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { crmBytes } from '@/lib/demo/generate-crm';
import { featureChoicesSchema } from '@/lib/features/choices';
import { measureLeakage } from '@/lib/server/measurements/measure-leakage';
import { createChildPool } from '@/lib/server/xgboost/child-pool';
import { ensureEngine } from '@/lib/setup/engine.mjs';
import { openTestCli, type TestCli } from '@/lib/testing/cli';
import { projectRoot } from '@/lib/testing/engine';
import { BOUGHT_SQL } from '@/lib/testing/prepared-crm';
import { databaseBytes, loadSqlJs } from '@/lib/testing/sqlite';
import { createCrmReader } from '@/lib/workers/crm-reader';

const PLANTED = `INSERT INTO Tags SELECT mailchimp_id, 'welcome pack' FROM Subscribers
  WHERE (${BOUGHT_SQL} AND rowid % 20 > 0) OR (NOT ${BOUGHT_SQL} AND rowid % 100 = 0)`;

let cli: TestCli;
let db: string;
let out: string;
beforeAll(async () => {
  cli = await openTestCli();
  db = await cli.written(
    'crm.sqlite',
    await databaseBytes(PLANTED, crmBytes({ nSubscribers: 2_000, seed: 3 })),
  );
  out = cli.path('out');
  for (const stage of ['ingest', 'validate'] as const) await cli.run(stage, '--db', db, '--out', out);
  expect(await cli.run('prepare', '--out', out)).toMatchObject({ exitCode: 0, stderr: '' });
}, 120_000);
afterAll(() => cli.close());

const written = (name: string) => JSON.parse(readFileSync(`${out}/${name}`, 'utf8'));

/** What the page measures of the same file: suspects in its worker, the rest on the server. */
async function measuredByPage() {
  const reader = createCrmReader(loadSqlJs);
  const call = { onProgress: () => undefined, transfer: () => undefined };
  const bytes = new Uint8Array(readFileSync(db)).buffer;
  await reader.open({ fileName: 'crm.sqlite', bytes, wasmUrl: '' }, call);
  await reader.ingest({ steps: [] }, call);
  const featureChoices = featureChoicesSchema.parse({});
  const prepared = await reader.prepare({ paretoShare: 0.85, seed: 42, featureChoices }, call);
  const report = await reader.suspects(null, call);
  const engine = await ensureEngine({ root: projectRoot, log: console.warn });
  if (!engine.ok) throw new Error(engine.error.message);
  const pool = createChildPool({
    childPath: cli.engineChildPath,
    engine: engine.value,
    onLog: () => undefined,
    nProcesses: 1,
    trialTimeoutMs: 60_000,
  });
  const measurement = await measureLeakage(
    {
      seed: 42,
      suspects: report.suspects,
      daysFeature: 'optin_days',
      missingValue: prepared.spec.missingValue,
    },
    {
      dataset: { digest: prepared.datasetDigest, path: `${out}/dataset.arrow` },
      executor: pool,
      signal: new AbortController().signal,
      onProgress: () => undefined,
    },
  );
  await pool.close();
  return { ...report, measurement };
}

describe('leadbench leakage', () => {
  it('names a planted leak and writes the numbers that the page shows', async () => {
    const { exitCode, stdout, stderr } = await cli.run('leakage', '--out', out, '--verbose');
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(stdout).toContain('tag_welcome_pack: knows of the purchase, as good as certain');
    expect(stdout).toMatch(
      /ROC AUC with all features is 0\.9\d\d .*; without tag_welcome_pack it is 0\.[78]/,
    );
    const { sentences, ...facts } = written('leakage.json');
    expect(sentences).toHaveLength(3);
    expect(facts).toEqual(JSON.parse(JSON.stringify(await measuredByPage())));
  });

  it('gives the same bytes again, and other folds for another seed', async () => {
    const before = readFileSync(`${out}/leakage.json`, 'utf8');
    await cli.run('leakage', '--out', out);
    expect(readFileSync(`${out}/leakage.json`, 'utf8')).toBe(before);
    await cli.run('leakage', '--out', out, '--seed', '7');
    expect(written('leakage.json').measurement.seed).toBe(7);
    expect(written('leakage.json').measurement.all).not.toEqual(JSON.parse(before).measurement.all);
  });

  it('asks for what must come before', async () => {
    const { exitCode, stderr } = await cli.run('leakage', '--out', cli.path('nothing'));
    expect(exitCode).toBe(2);
    expect(stderr).toContain('first');
  });
});

describe('a model that was trained with a leak', () => {
  it('says so in its metadata, and is made again with the same bytes', async () => {
    expect(await cli.run('tune', '--out', out, '--trials', '1')).toMatchObject({ exitCode: 0 });
    expect(await cli.run('evaluate', '--out', out)).toMatchObject({ exitCode: 0 });
    expect(written('model/metadata.json').leakage).toEqual([
      { feature: 'tag_welcome_pack', reason: expect.stringMatching(/^9\d\.\d % of the buyers have the tag/) },
    ]);
    expect(await cli.run('reproduce', `${out}/model`)).toMatchObject({ exitCode: 0, stderr: '' });
  });
});

describe('leadbench learning-curve', () => {
  it('says whether more conversions would pay', async () => {
    const { exitCode, stdout, stderr } = await cli.run('learning-curve', '--out', out);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(stdout).toMatch(/(Enough|Not enough): ROC AUC stands at 0\.\d{3}/);
    const { points, sentence } = written('learning_curve.json');
    expect(points).toHaveLength(8);
    expect(stdout).toContain(sentence.replace(/\.$/, ''));
  });
});
