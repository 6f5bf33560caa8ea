import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { crmBytes } from '@/lib/demo/generate-crm';
import { anomaliesJsonSchema } from '@/lib/explore/anomalies/anomalies-json';
import { driftJsonSchema } from '@/lib/explore/drift/drift-json';
import { openTestCli, type TestCli } from '@/lib/testing/cli';
import { databaseBytes } from '@/lib/testing/sqlite';

const OLD = crmBytes({ nSubscribers: 2_000, seed: 31 });

describe('explore writes what has changed, and what looks wrong', () => {
  let cli: TestCli;
  let out: string;
  const drift = () => driftJsonSchema.parse(JSON.parse(readFileSync(`${out}/drift.json`, 'utf8')));

  beforeAll(async () => {
    cli = await openTestCli();
    out = cli.path('run');
    const db = await cli.written('old.sqlite', OLD);
    for (const stage of ['ingest', 'validate', 'explore']) {
      expect(await cli.run(stage, '--db', db, '--out', out)).toMatchObject({ exitCode: 0 });
    }
  });
  afterAll(() => cli.close());

  it('by opt-in date', () => {
    const found = drift();
    expect(found).toMatchObject({
      kind: 'dates',
      reference: { file: null, first_optin: expect.any(String) },
    });
    expect(found.columns.map(({ column }) => column)).toContain('country_code');
    expect(found.excluded).toContain('optin_days');
  });

  it('what looks wrong, as aggregates', () => {
    const found = anomaliesJsonSchema.parse(JSON.parse(readFileSync(`${out}/anomalies.json`, 'utf8')));
    expect(found.impossible.every(({ n_subscribers }) => n_subscribers === 0)).toBe(true);
    // The list of the design holds one large import.
    expect(found.optin_days.imports[0]).toMatchObject({ day: '2018-11-19' });
    expect(found.isolation_forest).toMatchObject({ n_trees: 100, sample_size: 256 });
  });

  it('between the list and a second file', async () => {
    const moved = await databaseBytes(
      "UPDATE Subscribers SET country_code = 'br' WHERE optin_time >= '2020-03-01' AND rowid % 2 = 0;",
      OLD,
    );
    const compare = await cli.written('new.sqlite', moved);
    const { exitCode, stderr, stdout } = await cli.run(
      'explore',
      '--out',
      out,
      '--compare',
      compare,
      '--verbose',
    );
    expect({ exitCode, stderr }).toMatchObject({ exitCode: 0 });
    const found = drift();
    expect(found).toMatchObject({
      kind: 'files',
      current: { file: 'new.sqlite', n_subscribers: 2_000, first_optin: null },
      excluded: [],
    });
    const changed = found.columns.filter(({ verdict }) => verdict !== 'none');
    expect(changed).toMatchObject([{ column: 'country_code', verdict: 'large', since: '2020-03' }]);
    expect(stdout + stderr).toContain(found.sentence);
  });

  it('says so where the second file cannot be read', async () => {
    const { exitCode, stderr } = await cli.run('explore', '--out', out, '--compare', cli.path('gone.sqlite'));
    expect(exitCode).toBe(2);
    expect(stderr).toContain('gone.sqlite');
  });
});
