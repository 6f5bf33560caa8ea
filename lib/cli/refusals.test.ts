import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { crmBytes } from '@/lib/demo/generate-crm';
import { parseModelMetadata } from '@/lib/scoring/model-metadata';
import { type CliOutcome, openTestCli, type TestCli } from '@/lib/testing/cli';
import { databaseBytes } from '@/lib/testing/sqlite';

const FEW_TRIALS = ['--trials', '2', '--workers', '2'];

let cli: TestCli;
let crm: Uint8Array;
let db: string;
/** Another list that passes the gate. */
let otherDb: string;
/** A list with ratings that do not exist. */
let badDb: string;
/** What a whole pipeline left; copied by tests that change it. */
let out: string;

beforeAll(async () => {
  cli = await openTestCli();
  crm = crmBytes({ nSubscribers: 2_000, seed: 5 });
  db = await cli.written('crm.sqlite', crm);
  otherDb = await cli.written('other.sqlite', crmBytes({ nSubscribers: 1_000, seed: 6 }));
  badDb = await cli.written(
    'bad.sqlite',
    await databaseBytes('UPDATE Subscribers SET member_rating = 9 WHERE mailchimp_id % 2', crm),
  );
  out = cli.path('out');
  expect(await cli.run('pipeline', '--db', db, '--out', out, ...FEW_TRIALS)).toMatchObject({ exitCode: 0 });
}, 120_000);
afterAll(() => cli.close());

/** The one line on standard error of a command that was refused. */
function refusal({ exitCode, stderr }: CliOutcome): { readonly exitCode: number; readonly line: string } {
  expect(stderr.split('\n')).toEqual([expect.stringMatching(/^leadbench: \S.*\.$/), '']);
  return { exitCode, line: stderr.trimEnd() };
}

function copyOfRun(name: string): string {
  const folder = cli.path(name);
  cpSync(out, folder, { recursive: true });
  return folder;
}

describe('unreadable input', () => {
  it.each<[what: string, file: () => Promise<string> | string, says: RegExp]>([
    ['no file', () => cli.path('absent.sqlite'), /absent\.sqlite does not exist\./],
    ['a folder', () => out, /is a folder, not a file\./],
    ['a device', () => '/dev/zero', /is no ordinary file\./],
    ['an empty file', () => cli.written('empty.sqlite', ''), /“empty\.sqlite” is empty/],
    ['a text', () => cli.written('text.sqlite', 'mailchimp_id,user_email\n1,a'), /“text\.sqlite”/],
    ['half a database', () => cli.written('half.sqlite', crm.slice(0, crm.length / 2)), /“half\.sqlite”/],
    [
      'a database without Tags',
      async () => cli.written('no-tags.sqlite', await databaseBytes('DROP TABLE Tags', crm)),
      /Tags/,
    ],
    [
      'a column that is missing',
      async () =>
        cli.written(
          'no-email.sqlite',
          await databaseBytes('ALTER TABLE Subscribers RENAME user_email TO mail', crm),
        ),
      /user_email/,
    ],
  ])('%s', async (what, file, says) => {
    const folder = cli.path(`from ${what}`);
    const { exitCode, line } = refusal(await cli.run('ingest', '--db', await file(), '--out', folder));
    expect(exitCode).toBe(2);
    expect(line).toMatch(says);
    expect(existsSync(`${folder}/subscribers_joined.csv`)).toBe(false);
  });

  it.each([
    ['a file', () => db, /is a file, not a folder\./],
    ['under a file', () => `${db}/out`, /is no folder, or lies under a file\./],
    ['where nothing can be made', () => '/proc/leadbench', /\/proc\/leadbench /],
  ])('--out is %s', async (_, path, says) => {
    const { exitCode, line } = refusal(await cli.run('pipeline', '--db', db, '--out', path()));
    expect(exitCode).toBe(2);
    expect(line).toMatch(says);
  });

  it('names the engine where XGBOOST_LIB leads nowhere', async () => {
    const { exitCode, line } = refusal(
      await cli.runWith({ env: { XGBOOST_LIB: '/nowhere/libxgboost.so' } }, 'tune', '--out', out),
    );
    expect(exitCode).toBe(2);
    expect(line).toMatch(/XGBOOST_LIB names \/nowhere\/libxgboost\.so.*npm run setup/);
  });
});

describe('a missing input', () => {
  it.each([
    ['validate', 'subscribers_joined.csv', 'ingest --db FILE'],
    ['explore', 'subscribers_joined.csv', 'ingest --db FILE'],
    ['explore', 'validation_results.json', 'validate --db FILE'],
    ['prepare', 'subscribers_joined.csv', 'ingest --db FILE'],
    ['prepare', 'validation_results.json', 'validate --db FILE'],
    ['tune', 'feature_spec.json', 'prepare'],
    ['tune', 'dataset.arrow', 'prepare'],
    ['evaluate', 'dataset.arrow', 'prepare'],
    ['evaluate', 'subscribers_joined.csv', 'ingest --db FILE'],
  ])('%s without %s', async (stage, name, first) => {
    const folder = copyOfRun('without');
    rmSync(`${folder}/${name}`);
    const needsDb = stage === 'validate' ? ['--db', db] : [];
    const { exitCode, line } = refusal(await cli.run(stage, '--out', folder, ...needsDb, ...FEW_TRIALS));
    expect(exitCode).toBe(2);
    expect(line).toBe(
      `leadbench: ${folder}/${name} is missing. Run "npm run leadbench -- ${first} --out ${folder}" first.`,
    );
    rmSync(folder, { recursive: true });
  });

  it('every stage in a folder that is not there', async () => {
    for (const stage of ['validate', 'explore', 'prepare', 'tune', 'evaluate']) {
      const folder = cli.path('nowhere');
      const { exitCode, line } = refusal(await cli.run(stage, '--out', folder, '--db', db));
      expect(exitCode).toBe(2);
      expect(line).toContain(`${folder}/subscribers_joined.csv is missing. Run "npm run leadbench -- ingest`);
      expect(existsSync(folder)).toBe(false);
    }
  });

  it('evaluate before any study', async () => {
    const folder = copyOfRun('untuned');
    expect(await cli.run('prepare', '--out', folder, '--seed', '9')).toMatchObject({ exitCode: 0 });
    const { line } = refusal(await cli.run('evaluate', '--out', folder));
    expect(line).toMatch(/was tuned on another dataset.*-- tune --out /);
    rmSync(`${folder}/.leadbench/studies`, { recursive: true });
    expect(refusal(await cli.run('evaluate', '--out', folder)).line).toMatch(
      /journal\.log is missing.*-- tune --out /,
    );
  });
});

describe('files that do not belong together', () => {
  it('refuses to judge a list other than the one ingested', async () => {
    const folder = copyOfRun('two lists');
    const { exitCode, line } = refusal(await cli.run('validate', '--db', otherDb, '--out', folder));
    expect(exitCode).toBe(2);
    expect(line).toContain('subscribers_joined.csv was not made from');
  });

  it('refuses a gate that judged another list', async () => {
    const folder = copyOfRun('old gate');
    expect(await cli.run('ingest', '--db', badDb, '--out', folder)).toMatchObject({ exitCode: 0 });
    const { exitCode, line } = refusal(await cli.run('prepare', '--out', folder));
    expect(exitCode).toBe(2);
    expect(line).toMatch(/judged another subscribers_joined\.csv.*-- validate --db FILE/);
  });

  it.each([
    ['subscribers_joined.csv', ['prepare'], /judged another subscribers_joined\.csv/],
    ['dataset.arrow', ['tune'], /dataset\.arrow is not the one that prepare left/],
    ['validation_results.json', ['prepare'], /does not hold validation results/],
    ['.leadbench/run.json', ['tune'], /run\.json was not written by this Leadbench/],
  ])('refuses a changed %s', async (name, words, says) => {
    const folder = copyOfRun('changed');
    const path = `${folder}/${name}`;
    writeFileSync(path, readFileSync(path, 'latin1').replace(/[1{]/, 'x'), 'latin1');
    if (name.endsWith('.csv'))
      writeFileSync(path, readFileSync(`${out}/${name}`, 'utf8').replace(/,0\r/, ',1\r'));
    const { exitCode, line } = refusal(await cli.run(...words, '--out', folder));
    expect(exitCode).toBe(2);
    expect(line).toMatch(says);
    rmSync(folder, { recursive: true });
  });
});

describe('the gate', () => {
  it('ends the pipeline with exit code 3, its results on disk', async () => {
    const folder = cli.path('shut');
    const outcome = await cli.run('pipeline', '--json', '--db', badDb, '--out', folder);
    const { exitCode, line } = refusal(outcome);
    expect(exitCode).toBe(3);
    expect(line).toMatch(
      /^leadbench: The quality gate is shut: \d critical checks? failed; Subscribers\.member_rating: /,
    );
    expect(line).toContain('--override-gate');
    expect(JSON.parse(readFileSync(`${folder}/validation_results.json`, 'utf8')).gate.open).toBe(false);
    expect(existsSync(`${folder}/eda_summary.json`)).toBe(false);
    const events = outcome.stdout
      .trimEnd()
      .split('\n')
      .map((text) => JSON.parse(text));
    expect(events.at(-1)).toMatchObject({
      stage: 'validate',
      event: 'failed',
      code: 'gate_shut',
      exit_code: 3,
    });
  });

  it('shuts out every later stage, each by itself', async () => {
    const folder = cli.path('shut');
    expect(refusal(await cli.run('explore', '--out', folder)).exitCode).toBe(3);
    expect(refusal(await cli.run('prepare', '--out', folder)).exitCode).toBe(3);
  });

  it('opens for a reason, which later stages know and the model carries', async () => {
    const folder = cli.path('overridden');
    const reason = 'Ratings are on a scale of 9 here';
    const stages = [
      ['ingest', '--db', badDb],
      ['validate', '--db', badDb, '--override-gate', ` ${reason} `],
      ['explore'],
      ['prepare'],
      ['tune', ...FEW_TRIALS],
      ['evaluate'],
    ];
    for (const words of stages) {
      expect(await cli.run(...words, '--out', folder)).toMatchObject({ exitCode: 0, stderr: '' });
    }
    const metadata = parseModelMetadata(readFileSync(`${folder}/model/metadata.json`, 'utf8'));
    expect(metadata).toMatchObject({ ok: true, value: { gate_override_reason: reason } });
    // A new judgement wants a new reason.
    expect(refusal(await cli.run('validate', '--db', badDb, '--out', folder)).exitCode).toBe(3);
    expect(refusal(await cli.run('tune', '--out', folder, ...FEW_TRIALS)).exitCode).toBe(3);
  });

  it('keeps no reason where it was open', async () => {
    const folder = cli.path('open');
    const words = ['--db', db, '--out', folder, '--override-gate', 'just in case', ...FEW_TRIALS];
    expect(await cli.run('pipeline', ...words)).toMatchObject({ exitCode: 0 });
    expect(readFileSync(`${folder}/model/metadata.json`)).toEqual(readFileSync(`${out}/model/metadata.json`));
  });
});

describe('score', () => {
  const score = (model: string, leads: string, file = db) =>
    cli.run('score', '--db', file, '--model', model, '--out', leads);

  it.each(['model.onnx', 'feature_spec.json', 'metadata.json'])('refuses a changed %s', async (name) => {
    const model = cli.path('changed model');
    cpSync(`${out}/model`, model, { recursive: true });
    const text = readFileSync(`${model}/${name}`, 'latin1');
    const changed =
      name === 'metadata.json' ? text.replace(/"model-[0-9a-f]/, '"model-x') : text.replace(/0/, '1');
    writeFileSync(`${model}/${name}`, changed, 'latin1');
    const { exitCode, line } = refusal(await score(model, cli.path('leads.csv')));
    expect(exitCode).toBe(2);
    expect(line).toMatch(/metadata is wrong at model_id|is missing or not the one/);
    rmSync(model, { recursive: true });
  });

  it('refuses a folder that is no model', async () => {
    const { exitCode, line } = refusal(await score(out, cli.path('leads.csv')));
    expect(exitCode).toBe(2);
    expect(line).toMatch(/holds no metadata\.json/);
  });

  it('refuses to write over the CRM file, and into a folder that is not there', async () => {
    const before = readFileSync(db);
    expect(refusal(await score(`${out}/model`, db)).line).toContain('is the CRM file itself');
    expect(readFileSync(db)).toEqual(before);
    const nowhere = cli.path('no folder', 'leads.csv');
    expect(refusal(await score(`${out}/model`, nowhere)).line).toContain(`${nowhere} does not exist.`);
    mkdirSync(cli.path('leads'));
    expect(refusal(await score(`${out}/model`, cli.path('leads'))).line).toContain('is a folder');
  });
});

describe('a bug', () => {
  it('is one line and exit code 1, with its stack only on demand', async () => {
    const folder = copyOfRun('bug');
    const write = () => {
      throw new Error('The sink\nis broken');
    };
    const broken = { stdout: { isTerminal: false, columns: () => 80, write } };
    const { exitCode, line } = refusal(await cli.runWith(broken, 'explore', '--out', folder));
    expect(exitCode).toBe(1);
    expect(line).toContain('A bug in Leadbench: The sink is broken.');
    const verbose = await cli.runWith(broken, 'explore', '--verbose', '--out', folder);
    expect(verbose.exitCode).toBe(1);
    expect(verbose.stderr).toMatch(/\n {4}at .*write /);
  });
});
