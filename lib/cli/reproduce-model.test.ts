import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sha256Hex } from '@/lib/core/digest';
import { encodeDataset } from '@/lib/features/dataset-arrow';
import { parseModelMetadata } from '@/lib/scoring/model-metadata';
import { DIGEST_FILE, MODEL_FILES } from '@/lib/server/models/model-files';
import type { Home } from '@/lib/server/storage/home';
import { openTestCli, type TestCli } from '@/lib/testing/cli';
import { openRealStudies, type RealStudies, studyLaunch, unwrapped } from '@/lib/testing/real-studies';
import { drawnDataset } from '@/lib/testing/training-dataset';
import { WIDE_SEARCH_SPACE } from '@/lib/tuning/space/search-space';

let cli: TestCli;
let studies: RealStudies;
let home: Home;
let id: string;

beforeAll(async () => {
  [cli, studies] = await Promise.all([openTestCli(), openRealStudies()]);
  home = await studies.newHome();
  id = await modelOf(home, 'one', { nTrials: 2 });
}, 120_000);
afterAll(async () => {
  await cli.close();
  await studies.close();
});

async function modelOf(at: Home, key: string, change: Parameters<typeof studyLaunch>[1]): Promise<string> {
  const { state } = await studies.finished(at, { nProcesses: 2 }, studyLaunch(key, change));
  if (state.modelId === null) throw new Error(`Expected a model, got ${state.failure}`);
  return state.modelId;
}

const datasetDigest = studyLaunch('any').config.datasetDigest;

/** The model in a folder without anything around it. */
function lonelyModel(name: string): string {
  const folder = cli.path(name, 'model');
  cpSync(home.modelFolder(id), folder, { recursive: true });
  return folder;
}

const dataset = () => home.datasetPath(datasetDigest);

/** A model whose files fit one another, but not what was trained: the margin of its first test row is another. */
function forgedModel(name: string): string {
  const folder = lonelyModel(name);
  const margins = readFileSync(join(folder, 'test_margins.f32'));
  margins.writeFloatLE(margins.readFloatLE(0) + 0.5, 0);
  writeFileSync(join(folder, 'test_margins.f32'), margins);
  const list = readFileSync(join(folder, DIGEST_FILE), 'utf8');
  const forged = list.replace(/\w{64}(?= {2}test_margins\.f32)/, sha256Hex(margins));
  if (forged === list) throw new Error('Expected the list to name the margins');
  writeFileSync(join(folder, DIGEST_FILE), forged);
  return folder;
}

const metadataIn = (folder: string) =>
  unwrapped(parseModelMetadata(readFileSync(join(folder, 'metadata.json'), 'utf8')));

describe('reproduce', () => {
  it('makes a model of a server again, byte for byte, with the dataset that lies there', async () => {
    const { exitCode, stdout, stderr } = await cli.run('reproduce', home.modelFolder(id));
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    const lines = stdout.split('\n');
    expect(lines[0]).toContain(`${id} made again: all ${MODEL_FILES.length} files equal, byte for byte`);
    const table = lines.slice(3, 3 + MODEL_FILES.length).map((line) => line.split(/ +/));
    expect(table.map(([name, verdict]) => [name, verdict])).toEqual(
      MODEL_FILES.map((name) => [name, 'equal']),
    );
    for (const [name, , published, made] of table) {
      const bytes = readFileSync(join(home.modelFolder(id), name ?? ''));
      expect([published, made]).toEqual([sha256Hex(bytes).slice(0, 12), sha256Hex(bytes).slice(0, 12)]);
    }
    expect(stdout).toContain('scores the test rows as published, to the bit.');
  });

  it('finds a model of the usual home by its id', async () => {
    const env = { XGBOOST_LIB: studies.engine.engine.path, LEADBENCH_HOME: home.root };
    const { exitCode, stdout } = await cli.runWith({ env }, 'reproduce', id, '--json');
    expect(exitCode).toBe(0);
    const ended = JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? '');
    expect(ended).toMatchObject({ event: 'ended', model_id: id, is_reproduced: true, different_entries: [] });
    expect(ended.files).toHaveLength(MODEL_FILES.length);
  });

  it('trains nothing with --check-only, and sees the scores of a forged model', async () => {
    const { exitCode, stdout } = await cli.run('reproduce', home.modelFolder(id), '--check-only');
    expect(exitCode).toBe(0);
    expect(stdout.trimEnd()).toMatch(/is whole\. The published model\.ubj, .* as published, to the bit$/);
    const forged = await cli.run('reproduce', forgedModel('unsound'), '--check-only', '--dataset', dataset());
    expect(forged).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining('scores the test rows otherwise than published.'),
    });
  });

  it('makes a model of rungs, folds, early stopping, constraints and a wide space again', async () => {
    const other = await studies.newHome();
    const hard = await modelOf(other, 'hard', {
      nTrials: 9,
      seed: 11,
      objective: 'average_precision',
      searchSpace: WIDE_SEARCH_SPACE,
      validation: { type: 'kfold', nSplits: 3, nRepeats: 1 },
      scheduler: { type: 'asha', minRounds: 7, reductionFactor: 3 },
      reportEveryRounds: 4,
      earlyStoppingRounds: 20,
      monotoneConstraints: { feature_0: 1, feature_3: -1 },
    });
    const { n_rounds, params } = metadataIn(other.modelFolder(hard));
    // Early stopping went back, or the test would not see that it is done again.
    expect(n_rounds).toBeLessThan(params.n_estimators);
    const { exitCode, stderr } = await cli.run('reproduce', other.modelFolder(hard));
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
  });

  it('takes the dataset beside a run, or the one that is given', async () => {
    const lonely = lonelyModel('lonely');
    expect(await cli.run('reproduce', lonely)).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining(
        `The dataset that the model was trained on, SHA-256 ${datasetDigest}, is not at`,
      ),
    });
    const given = await cli.run('reproduce', lonely, '--dataset', dataset());
    expect(given).toMatchObject({ exitCode: 0, stderr: '' });
    cpSync(home.datasetPath(datasetDigest), cli.path('lonely', 'dataset.arrow'));
    expect(await cli.run('reproduce', lonely)).toMatchObject({ exitCode: 0, stderr: '' });
  });

  it('refuses another dataset', async () => {
    const other = await cli.written(
      'other.arrow',
      encodeDataset(drawnDataset({ nRows: 300, nFeatures: 5, seed: 2 })),
    );
    const { exitCode, stderr } = await cli.run('reproduce', home.modelFolder(id), '--dataset', other);
    expect(exitCode).toBe(2);
    expect(stderr).toContain(`and the model was trained on ${datasetDigest}.`);
  });

  it('says first what differs, tries all the same, and ends with 1', async () => {
    const folder = lonelyModel('older');
    const older = { ...metadataIn(folder), code_sha256: '0'.repeat(64) };
    writeFileSync(join(folder, 'metadata.json'), `${JSON.stringify(older, null, 2)}\n`);
    const { exitCode, stdout, stderr } = await cli.run('reproduce', folder, '--dataset', dataset());
    expect(exitCode).toBe(1);
    const lines = stdout.split('\n');
    expect(lines[0]).toMatch(
      /The model was made by Leadbench 0\.1\.0 with sources 000000000000, and this is/,
    );
    expect(lines.filter((line) => line.includes(' equal '))).toHaveLength(MODEL_FILES.length - 1);
    expect(stdout).toMatch(/^metadata\.json +different/m);
    expect(stdout).toContain('metadata.json differs in code_sha256.');
    expect(stderr).toContain(`${id} could not be made again: metadata.json came out different.`);
  });

  it('finds out a model whose files fit one another but not the training', async () => {
    const folder = forgedModel('forged');
    const { exitCode, stdout, stderr } = await cli.run('reproduce', folder, '--dataset', dataset());
    expect(exitCode).toBe(1);
    expect(stdout).toMatch(/^test_margins\.f32 +different/m);
    expect(stdout).toContain('scores the test rows otherwise than published');
    expect(stderr).toContain('test_margins.f32 came out different, and its scores differ');
  });

  it('refuses a damaged model before it trains, naming the file', async () => {
    const folder = lonelyModel('damaged');
    const model = readFileSync(join(folder, 'model.ubj'));
    model[model.length - 3] = 0x7f;
    writeFileSync(join(folder, 'model.ubj'), model);
    const { exitCode, stdout, stderr } = await cli.run('reproduce', folder);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr).toContain(`The file model.ubj of ${folder} is not the one that was published.`);
    rmSync(join(folder, 'model.onnx'));
    writeFileSync(join(folder, 'model.ubj'), readFileSync(join(home.modelFolder(id), 'model.ubj')));
    expect((await cli.run('reproduce', folder)).stderr).toContain(`The file model.onnx of ${folder}`);
  });

  it.each([
    ['a folder that holds no model', () => cli.path('empty'), / holds no model\./],
    [
      'an id that is not there',
      () => `model-${'0'.repeat(20)}`,
      /There is no model model-0{20} on this server\./,
    ],
  ])('refuses %s', async (_, model, says) => {
    mkdirSync(cli.path('empty'), { recursive: true });
    const { exitCode, stderr } = await cli.run('reproduce', model());
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(says);
  });
});
