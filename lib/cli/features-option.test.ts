import { createHash } from 'node:crypto';
import { cpSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { crmBytes } from '@/lib/demo/generate-crm';
import { parseFeatureSpec, specDigest, specJson } from '@/lib/features/spec-json';
import { modelId } from '@/lib/scoring/model-metadata';
import { openTestCli, type TestCli } from '@/lib/testing/cli';
import { databaseBytes } from '@/lib/testing/sqlite';

let cli: TestCli;
let db: string;
/** Of that list, by the design's features. */
let model: string;
beforeAll(async () => {
  cli = await openTestCli();
  db = await cli.written('crm.sqlite', crmBytes({ nSubscribers: 2_000, seed: 5 }));
  for (const stage of ['ingest', 'validate']) {
    expect(await cli.run(stage, '--db', db, '--out', cli.path('out'))).toMatchObject({ exitCode: 0 });
  }
  const run = ['pipeline', '--db', db, '--out', cli.path('run'), '--trials', '1', '--workers', '1'];
  expect(await cli.run(...run)).toMatchObject({ exitCode: 0 });
  model = cli.path('run', 'model');
}, 120_000);
afterAll(() => cli.close());

const prepare = async (choices: string) =>
  cli.run(
    ...['prepare', '--out', cli.path('out')],
    ...['--features', await cli.written('choices.json', choices)],
  );

describe('--features', () => {
  it.each([
    ['no JSON', 'label', /choices\.json cannot be used: it is no JSON/],
    ['an encoding that is none', '{"countryEncoding":"hash"}', /cannot be used: countryEncoding: /],
    ['a choice that is none', '{"encoding":"label"}', /cannot be used: .*"encoding"/],
    ['a missing value of its own', '{"missingValue":-1}', /cannot be used: missingValue: /],
  ])('refuses %s', async (_, choices, says) => {
    const { exitCode, stderr } = await prepare(choices);
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(says);
  });

  it('leaves the design’s dataset where the file says nothing', async () => {
    expect(await cli.run('prepare', '--out', cli.path('out'))).toMatchObject({ exitCode: 0 });
    const read = (name: string) => readFileSync(cli.path('out', name));
    const design = [read('dataset.arrow'), read('feature_spec.json')];
    // SHA-256 of what was prepared from this list before there were choices.
    expect(createHash('sha256').update(read('dataset.arrow')).digest('hex')).toBe(
      '0309c681fcb181186d6b619f9e99fbb2ddbb8be274ebf7224f07d52925d584bc',
    );
    expect(await prepare('{}')).toMatchObject({ exitCode: 0 });
    expect([read('dataset.arrow'), read('feature_spec.json')]).toEqual(design);
  });

  it('writes what is chosen, and leaves a missing value as NaN', async () => {
    expect(
      await prepare('{"countryEncoding":"one_hot","missingValue":null,"switchedOff":["tag_count"]}'),
    ).toMatchObject({ exitCode: 0 });
    const [header, ...lines] = readFileSync(cli.path('out', 'X_train.csv'), 'utf8').split('\n');
    expect(header).toContain('country_code_is_us');
    expect(header?.split(',')).not.toContain('tag_count');
    expect(lines.join('\n')).not.toContain('-999');
  });

  it('refuses to cross-validate a target encoding, whose folds are others', async () => {
    expect(await prepare('{"countryEncoding":"target"}')).toMatchObject({ exitCode: 0 });
    const tuned = await cli.run('tune', '--out', cli.path('out'), '--trials', '1', '--folds', '3');
    expect(tuned.exitCode).not.toBe(0);
    expect(tuned.stderr).toContain(
      'The target encoding of country_code cannot be measured by cross-validation',
    );
  });
});

describe('score', () => {
  it('reads a model that was made before there were choices', async () => {
    const { switchedOff, training, ...spec } = JSON.parse(
      readFileSync(cli.path('run', 'model', 'feature_spec.json'), 'utf8'),
    );
    expect([switchedOff, training.nRows]).toEqual([[], 1200]);
    const { target, missingValue, ...rest } = { ...spec };
    const older = JSON.stringify({ ...rest, version: 1, target, missingValue });
    const parsed = parseFeatureSpec(older);
    if (!parsed.ok) throw new Error(parsed.error.message);
    const metadata = JSON.parse(readFileSync(cli.path('run', 'model', 'metadata.json'), 'utf8'));
    const digest = specDigest(parsed.value);
    const changed = {
      ...metadata,
      feature_spec_sha256: digest,
      study: { ...metadata.study, featureSpecDigest: digest },
    };
    const folder = cli.path('older');
    cpSync(model, folder, { recursive: true });
    writeFileSync(cli.path('older', 'feature_spec.json'), specJson(parsed.value));
    const id = modelId(changed);
    writeFileSync(cli.path('older', 'metadata.json'), JSON.stringify({ ...changed, model_id: id }));
    const leads = cli.path('leads of older.csv');
    expect(await cli.run('score', '--db', db, '--model', folder, '--out', leads)).toMatchObject({
      exitCode: 0,
    });
    expect(readFileSync(leads, 'utf8')).toBe(readFileSync(cli.path('run', 'scored_leads.csv'), 'utf8'));
  });

  it.each([
    ['UPDATE Subscribers SET country_code = NULL', /country_code has no value in any of its 2,000 rows/],
    [
      "UPDATE Subscribers SET country_code = country_code || 'a'",
      /country_code holds none of the \d+ countries/,
    ],
    ['UPDATE Subscribers SET member_rating = 20 * member_rating', /member_rating is none of 1 to 5/],
    ['DELETE FROM Tags', /tag_\S+ and \d+ other tags are held by none of its 2,000 rows/],
    ["UPDATE Subscribers SET optin_time = 'soon'", /optin_time has no value in any of its 2,000 rows/],
  ])('refuses a list after %s, naming the column', async (change, says) => {
    const later = await cli.written('later.sqlite', await databaseBytes(change, readFileSync(db)));
    const leads = cli.path('refused.csv');
    const scored = await cli.run('score', '--db', later, '--model', model, '--out', leads);
    expect(scored.exitCode).toBe(2);
    expect(scored.stderr).toMatch(says);
    expect(existsSync(leads)).toBe(false);
  });
});
