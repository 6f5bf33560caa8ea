import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { crmBytes } from '@/lib/demo/generate-crm';
import { validationResultsSchema } from '@/lib/quality/suite-result';
import { openTestCli, type TestCli } from '@/lib/testing/cli';

let cli: TestCli;
let db: string;
let out: string;
beforeAll(async () => {
  cli = await openTestCli();
  db = await cli.written('crm.sqlite', crmBytes({ nSubscribers: 1_000, seed: 5 }));
  out = cli.path('out');
  expect(await cli.run('ingest', '--db', db, '--out', out)).toMatchObject({ exitCode: 0 });
}, 60_000);
afterAll(() => cli.close());

const SUITE = {
  name: 'tags',
  meta: { table: 'Tags' },
  expectations: [
    { type: 'expect_table_row_count_to_equal', kwargs: { value: 3 }, severity: 'critical' },
    { type: 'expect_column_values_to_not_be_null', kwargs: { column: 'tag' }, severity: 'info' },
  ],
};

function folderOf(name: string, files: Readonly<Record<string, string>>): string {
  const folder = cli.path(name);
  mkdirSync(folder);
  for (const [file, text] of Object.entries(files)) writeFileSync(join(folder, file), text);
  return folder;
}

const validated = (...words: readonly string[]) => cli.run('validate', '--db', db, '--out', out, ...words);
const results = () =>
  validationResultsSchema.parse(JSON.parse(readFileSync(join(out, 'validation_results.json'), 'utf8')));

describe('validate --suites', () => {
  it('judges by the suites of the folder, and by the default ones that are not there', async () => {
    const suites = folderOf('own', { 'tags.json': JSON.stringify(SUITE) });
    const { exitCode, stderr } = await validated('--suites', suites);
    expect(exitCode).toBe(3);
    expect(stderr).toMatch(/1 critical check failed; Tags: [\d,]+ rows, expected 3\./);
    expect(results().suites.map(({ suite_name, results: { length } }) => [suite_name, length > 2])).toEqual([
      ['subscribers', true],
      ['tags', false],
      ['transactions', true],
      ['subscribers_joined', true],
      ['business_rules', true],
    ]);
  });

  it.each<[what: string, files: Readonly<Record<string, string>>, says: RegExp]>([
    [
      'an unknown file',
      { 'tag.json': '{}' },
      /tag\.json is no suite of Leadbench\. Name it subscribers\.json/,
    ],
    ['nothing', {}, /holds no suite\. Put subscribers\.json/],
    ['no JSON', { 'tags.json': '{' }, /Suite tags is no JSON: .*\. Look at the place/],
    [
      'a fault',
      { 'tags.json': JSON.stringify({ ...SUITE, expectations: [{ type: 'expect', kwargs: {} }] }) },
      /Suite tags, check 1 \(expect\): there is no such expectation\. Did you mean expect_\w+\?$/,
    ],
  ])('refuses a folder with %s in one sentence', async (what, files, says) => {
    const { exitCode, stderr } = await validated('--suites', folderOf(`with ${what}`, files));
    expect(exitCode).toBe(2);
    expect(stderr.trimEnd()).toMatch(says);
    expect(stderr.trimEnd()).not.toContain('\n');
  });

  it('refuses a folder that is not there', async () => {
    const { exitCode, stderr } = await validated('--suites', cli.path('absent'));
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(/absent does not exist\. Check the path\./);
  });

  it('refuses a newest day that is none', async () => {
    const { exitCode, stderr } = await validated('--newest-day', '2023-02-29');
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(/Expected a day as YYYY-MM-DD\./);
  });
});
