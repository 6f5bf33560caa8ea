import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Result } from '@/lib/core/result';
import { crmBytes } from '@/lib/demo/generate-crm';
import { evaluationReportSchema } from '@/lib/evaluation/evaluation-report';
import { edaSummarySchema } from '@/lib/explore/summary/summary-schema';
import { parseFeatureSpec } from '@/lib/features/spec-json';
import { LEAD_LIST_COLUMNS } from '@/lib/scoring/export/lead-columns';
import { parseModelMetadata } from '@/lib/scoring/model-metadata';
import { DIGEST_FILE, MODEL_FILES } from '@/lib/server/models/model-files';
import { openTestCli, type TestCli } from '@/lib/testing/cli';
import { parseLabelCsv, parseMatrixCsv } from '@/lib/testing/read-matrix-csv';
import { validationResultsSchema } from '../quality/suite-result';
import { STAGE_NAMES } from './run-folder';

const N_SUBSCRIBERS = 2_000;
const FEW_TRIALS = ['--trials', '4', '--workers', '2'];

let cli: TestCli;
let db: string;
/** What a whole pipeline left. */
let out: string;
let text: string;

beforeAll(async () => {
  cli = await openTestCli();
  db = cli.path('crm.sqlite');
  out = cli.path('pipeline');
  const subscribers = String(N_SUBSCRIBERS);
  expect(await cli.run('generate', '--out', db, '--subscribers', subscribers, '--seed', '5')).toMatchObject({
    exitCode: 0,
    stderr: '',
  });
  const { exitCode, stdout, stderr } = await cli.run('pipeline', '--db', db, '--out', out, ...FEW_TRIALS);
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
  text = stdout;
}, 120_000);
afterAll(() => cli.close());

const bytesOf = (folder: string, ...names: readonly string[]) => readFileSync([folder, ...names].join('/'));
const textOf = (folder: string, ...names: readonly string[]) => bytesOf(folder, ...names).toString('utf8');

function unwrapped<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(`${result.error.code}: ${result.error.message}`);
  return result.value;
}

/** Everything that must not change from run to run. Trials hold durations. */
function madeFiles(folder: string): Record<string, string> {
  const names = readdirSync(folder).filter((name) => !name.startsWith('.') && name !== 'trials.csv');
  const model = readdirSync(`${folder}/model`).map((name) => `model/${name}`);
  return Object.fromEntries(
    [...names.filter((name) => name !== 'model'), ...model].map((name) => [
      name,
      bytesOf(folder, name).toString('base64'),
    ]),
  );
}

describe('generate', () => {
  it('writes the very bytes of the generator', () => {
    expect(bytesOf(db).equals(crmBytes({ nSubscribers: N_SUBSCRIBERS, seed: 5 }))).toBe(true);
  });
});

describe('pipeline', () => {
  it('leaves the files of the design', () => {
    expect(readdirSync(out).sort()).toEqual([
      '.leadbench',
      'X_test.csv',
      'X_train.csv',
      'X_validation.csv',
      'anomalies.json',
      'dataset.arrow',
      'drift.json',
      'eda_summary.json',
      'evaluation_report.json',
      'feature_spec.json',
      'model',
      'repair_steps.json',
      'scored_leads.csv',
      'scored_leads.csv.manifest.json',
      'slices.json',
      'subscribers_joined.csv',
      'trials.csv',
      'validation_results.json',
      'y_test.csv',
      'y_train.csv',
      'y_validation.csv',
    ]);
    expect(readdirSync(`${out}/model`).sort()).toEqual([...MODEL_FILES, DIGEST_FILE].sort());
  });

  it('leaves files that their readers take', () => {
    expect(validationResultsSchema.parse(JSON.parse(textOf(out, 'validation_results.json'))).gate.open).toBe(
      true,
    );
    const eda = edaSummarySchema.parse(JSON.parse(textOf(out, 'eda_summary.json')));
    expect(eda.totals.n_subscribers).toBe(N_SUBSCRIBERS);
    const spec = unwrapped(parseFeatureSpec(textOf(out, 'feature_spec.json')));
    expect(spec.split.seed).toBe(42);
    const report = evaluationReportSchema.parse(JSON.parse(textOf(out, 'evaluation_report.json')));
    const metadata = unwrapped(parseModelMetadata(textOf(out, 'model', 'metadata.json')));
    expect(metadata.test_roc_auc).toBe(report.roc_auc);
    expect(metadata.study).toMatchObject({ nTrials: 4, workers: 2, sampler: 'tpe', seed: 42 });
    let nRows = 0;
    for (const part of ['train', 'validation', 'test']) {
      const matrix = unwrapped(parseMatrixCsv(textOf(out, `X_${part}.csv`)));
      const labels = unwrapped(parseLabelCsv(textOf(out, `y_${part}.csv`)));
      expect(matrix.featureNames).toEqual(metadata.feature_names);
      expect(labels).toHaveLength(matrix.nRows);
      nRows += matrix.nRows;
    }
    expect(nRows).toBe(N_SUBSCRIBERS);
  });

  it('writes a lead a subscriber, best first, with the columns promised first', () => {
    const lines = textOf(out, 'scored_leads.csv').split('\r\n');
    expect(lines[0]).toBe(LEAD_LIST_COLUMNS.join(','));
    expect(lines[0]).toMatch(/^mailchimp_id,user_full_name,user_email,score,percentile,tier,/);
    expect(lines).toHaveLength(N_SUBSCRIBERS + 2);
    const scores = lines
      .slice(1, -1)
      .map((line) => Number(/,(0\.\d+(?:e-\d+)?),\d+\.\d\d,[ABCD],/.exec(line)?.[1]));
    expect(scores).toEqual(scores.toSorted((a, b) => b - a));
  });

  it('names nobody in what is made of the lists', () => {
    // Validation shows examples of the values that it found wrong, repeated addresses among them.
    const lists = ['subscribers_joined.csv', 'validation_results.json', 'scored_leads.csv'];
    const people = textOf(out, 'scored_leads.csv').split('\r\n').slice(1, -1);
    const marks = people.flatMap((line) => line.split(',').slice(1, 3));
    expect(marks.length).toBe(2 * N_SUBSCRIBERS);
    const files = readdirSync(out, { recursive: true, withFileTypes: true }).filter((entry) =>
      entry.isFile(),
    );
    const others = files.filter(({ name }) => !lists.includes(name));
    expect(others.length).toBeGreaterThan(20);
    for (const { parentPath, name } of others) {
      const content = textOf(parentPath, name);
      expect([name, marks.filter((mark) => content.includes(mark))]).toEqual([name, []]);
    }
  });

  it('writes a trial a line, by number', () => {
    const lines = textOf(out, 'trials.csv').trimEnd().split('\r\n');
    expect(lines[0]).toMatch(/^trial_number,state,n_estimators,max_depth,learning_rate,/);
    expect(lines.slice(1).map((line) => line.split(',').slice(0, 2))).toEqual(
      ['1', '2', '3', '4'].map((number) => [number, 'complete']),
    );
  });

  it('tells a line a stage, then the times and the test ROC AUC', () => {
    const lines = text.split('\n');
    const stages = [...STAGE_NAMES, 'score'];
    expect(lines.slice(0, 7).map((line) => line.split(/\s+/)[0])).toEqual(stages);
    expect(lines.slice(7, 9)).toEqual(['', 'stage      wall time']);
    expect(lines.slice(9, 17).map((line) => /^(\w+) +\d+\.\d s$/.exec(line)?.[1])).toEqual([
      ...stages,
      'total',
    ]);
    const { roc_auc } = JSON.parse(textOf(out, 'evaluation_report.json'));
    expect(text).toContain(`Test ROC AUC ${roc_auc.toFixed(4)} on `);
    expect(text).toMatch(
      /test ROC AUC 0\.\d{4} on \d+ rows \(95 %: 0\.\d{4} to \d\.\d{4}\); Not ready; model-/,
    );
    expect(text).toContain(`${out}/scored_leads.csv`);
    expect(text).not.toContain('@');
  });

  it('explores without products where the CRM file is not named, and says so', async () => {
    const folder = cli.path('no-products');
    for (const stage of ['ingest', 'validate', 'explore'] as const) {
      const words = [stage, '--out', folder, ...(stage === 'explore' ? ['--verbose'] : ['--db', db])];
      const { exitCode, stdout } = await cli.run(...words);
      expect(exitCode).toBe(0);
      if (stage === 'explore') expect(stdout).toContain('Products are left out');
    }
    const dimensions = (of: string) =>
      edaSummarySchema
        .parse(JSON.parse(textOf(of, 'eda_summary.json')))
        .segments.map(({ dimension }) => String(dimension));
    expect(dimensions(folder)).toEqual(dimensions(out).filter((name) => name !== 'product'));
    expect(dimensions(out)).toContain('product');
  });

  it('gives the same files stage by stage', async () => {
    const folder = cli.path('stages');
    for (const stage of STAGE_NAMES) {
      // Exploring takes products from the CRM file, where it is named.
      const needsDb = stage === 'ingest' || stage === 'validate' || stage === 'explore';
      const words = [stage, '--out', folder, ...(needsDb ? ['--db', db] : []), ...FEW_TRIALS];
      expect(await cli.run(...words)).toMatchObject({ exitCode: 0, stderr: '' });
    }
    expect(madeFiles(folder)).toEqual(madeFiles(out));
  });

  it('gives the same files again in the same folder, another seed other ones', async () => {
    const folder = cli.path('again');
    const seeded = async (seed: string) => {
      const words = ['--db', db, '--out', folder, '--seed', seed, ...FEW_TRIALS];
      expect(await cli.run('pipeline', ...words)).toMatchObject({ exitCode: 0, stderr: '' });
      return madeFiles(folder);
    };
    const other = await seeded('43');
    expect(other['model/model.ubj']).not.toBe(madeFiles(out)['model/model.ubj']);
    expect(await seeded('42')).toEqual(madeFiles(out));
    // Another seed judges on other test rows, so that each set was looked at once; looking again at the same model is no new look.
    const looks = JSON.parse(textOf(folder, '.leadbench', 'test_looks.json')).models as Record<
      string,
      string[]
    >;
    expect(Object.values(looks).map((models) => models.length)).toEqual([1, 1]);
  });

  it('prints JSON lines and nothing else with --json', async () => {
    const folder = cli.path('json');
    const { exitCode, stdout, stderr } = await cli.run(
      'pipeline',
      '--json',
      '--db',
      db,
      '--out',
      folder,
      ...FEW_TRIALS,
    );
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    const events = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    const finished = events.filter(({ event }) => event === 'finished');
    expect(finished.map(({ stage }) => stage)).toEqual([...STAGE_NAMES, 'score']);
    for (const event of finished) expect(event.elapsed_ms).toBeGreaterThanOrEqual(0);
    expect(events.at(-1)).toMatchObject({
      stage: 'pipeline',
      event: 'ended',
      stages: finished.map(({ stage, elapsed_ms }) => ({ stage, elapsed_ms })),
      files: { model: `${folder}/model` },
    });
    expect(
      events.filter(({ stage, event }) => stage === 'tune' && event === 'progress').at(-1),
    ).toMatchObject({
      done: 4,
      total: 4,
      n_failed: 0,
      objective: 'roc_auc',
      best_value: expect.any(Number),
    });
    // Tells of rows and tags, of nobody.
    expect(stdout).not.toMatch(/[\w.]+@[\w.]+/);
  });

  it('keeps one line up to date at a terminal', async () => {
    const words = ['--db', db, '--out', cli.path('terminal'), ...FEW_TRIALS];
    const { exitCode, stdout } = await cli.runAtTerminal('pipeline', ...words);
    expect(exitCode).toBe(0);
    expect(stdout).toContain('\r\u001b[2Ktune      2 of 4 trials, best roc_auc ');
    const passing = stdout.split('\r\u001b[2K').filter((part) => !part.includes('\n'));
    for (const part of passing) expect(part.length).toBeLessThan(80);
  });
});

describe('score', () => {
  it('gives the scores of the pipeline for the same file, byte for byte', async () => {
    const leads = cli.path('leads.csv');
    const { exitCode, stdout, stderr } = await cli.run(
      'score',
      '--db',
      db,
      '--model',
      `${out}/model`,
      '--out',
      leads,
    );
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(bytesOf(leads).equals(bytesOf(out, 'scored_leads.csv'))).toBe(true);
    expect(stdout).toContain(`${N_SUBSCRIBERS.toLocaleString('en')} leads scored with model-`);
  });

  it('scores a list that the model never saw, and warns of what its checks find', async () => {
    const other = await cli.written('other.sqlite', crmBytes({ nSubscribers: 1_000, seed: 6 }));
    const leads = cli.path('other.csv');
    const { exitCode, stdout } = await cli.run(
      'score',
      '--db',
      other,
      '--model',
      `${out}/model`,
      '--out',
      leads,
    );
    expect(exitCode).toBe(0);
    expect(textOf(leads).split('\r\n')).toHaveLength(1_002);
    expect(stdout).toContain('belong to no row of Subscribers');
  });
});

describe('what is in the way', () => {
  it('is replaced where it is an older model, and nothing is left of unfinished writes', async () => {
    const folder = cli.path('again');
    mkdirSync(`${folder}/.model.new`);
    writeFileSync(`${folder}/.model.new/metadata.json`, '{}');
    writeFileSync(`${folder}/.999999-01234567-89ab-cdef-0123-456789abcdef.tmp`, 'half');
    expect(await cli.run('evaluate', '--out', folder)).toMatchObject({ exitCode: 0, stderr: '' });
    expect(readdirSync(folder).filter((name) => name.startsWith('.'))).toEqual(['.leadbench']);
    expect(madeFiles(folder)).toEqual(madeFiles(out));
  });
});
