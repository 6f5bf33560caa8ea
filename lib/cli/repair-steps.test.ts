import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { crmBytes } from '@/lib/demo/generate-crm';
import { type RepairStep, repairStepsJson } from '@/lib/quality/repair/repair-step';
import { openTestCli, type TestCli } from '@/lib/testing/cli';
import { databaseBytes } from '@/lib/testing/sqlite';

const N_SUBSCRIBERS = 1_000;

/** Three ratings are impossible; the first two subscribers are one person, beside the pair that the list has already. */
const DAMAGE = `
  UPDATE Subscribers SET member_rating = 9 WHERE rowid IN (SELECT rowid FROM Subscribers ORDER BY rowid LIMIT 3 OFFSET 10);
  UPDATE Subscribers SET user_email = (SELECT upper(user_email) FROM Subscribers ORDER BY rowid LIMIT 1)
  WHERE rowid IN (SELECT rowid FROM Subscribers ORDER BY rowid LIMIT 1 OFFSET 1);`;

const LEAVE_OUT: RepairStep = {
  type: 'quarantine',
  table: 'Subscribers',
  expectation: {
    type: 'expect_column_values_to_be_between',
    kwargs: { column: 'member_rating', min_value: 1, max_value: 5 },
    severity: 'critical',
  },
};
const STEPS: readonly RepairStep[] = [LEAVE_OUT, { type: 'merge_subscribers', keep: 'first' }];

let cli: TestCli;
let db: string;
let steps: string;
beforeAll(async () => {
  cli = await openTestCli();
  const bytes = await databaseBytes(DAMAGE, crmBytes({ nSubscribers: N_SUBSCRIBERS, seed: 9 }));
  db = await cli.written('damaged.sqlite', bytes);
  steps = await cli.written('steps.json', repairStepsJson(STEPS));
});
afterAll(() => cli.close());

const nLines = (path: string) => readFileSync(path, 'utf8').trimEnd().split('\r\n').length;

describe('--steps', () => {
  it('opens a gate that is shut without them, and later stages take what ingest took', async () => {
    const shut = cli.path('shut');
    expect(await cli.run('ingest', '--db', db, '--out', shut)).toMatchObject({ exitCode: 0 });
    expect(await cli.run('validate', '--db', db, '--out', shut)).toMatchObject({ exitCode: 3 });

    const out = cli.path('open');
    const ingested = await cli.run('ingest', '--db', db, '--out', out, '--steps', steps, '--json');
    const finished = ingested.stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
      .at(-1);
    expect(finished).toMatchObject({ n_steps: 2, n_subscribers_left_out: 5 });
    expect(nLines(`${out}/subscribers_joined.csv`)).toBe(1 + N_SUBSCRIBERS - 5);
    expect(readFileSync(`${out}/repair_steps.json`, 'utf8')).toBe(repairStepsJson(STEPS));
    expect(await cli.run('validate', '--db', db, '--out', out)).toMatchObject({ exitCode: 0, stderr: '' });
    expect(await cli.run('prepare', '--out', out)).toMatchObject({ exitCode: 0 });
  });

  it('refuses to judge a list that other steps made', async () => {
    const out = cli.path('other');
    await cli.run('ingest', '--db', db, '--out', out);
    const judged = await cli.run('validate', '--db', db, '--out', out, '--steps', steps);
    expect(judged.exitCode).toBe(2);
    expect(judged.stderr).toContain('was not made from');
  });

  it.each([
    ['{}', 'version is not as expected'],
    ['no json', 'it is no JSON of that shape'],
    ['{"version":1,"steps":[{"type":"shred"}]}', 'steps.0'],
  ])('says what is wrong with %s', async (text, words) => {
    const path = await cli.written('wrong.json', text);
    const refused = await cli.run('ingest', '--db', db, '--out', cli.path('wrong'), '--steps', path);
    expect(refused.exitCode).not.toBe(0);
    expect(refused.stderr).toContain(words);
  });
});
