import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { sha256Hex } from '@/lib/core/digest';
import { encodeDataset } from '@/lib/features/dataset-arrow';
import { datasetFacts, hasDataset, putDataset, readDataset } from './dataset-store';
import { type Home, homeAt, homeFromEnvironment, prepareHome } from './home';

const parent = mkdtempSync(join(tmpdir(), 'leadbench-datasets-'));
let home: Home;
let nHomes = 0;
beforeEach(async () => {
  home = homeAt(join(parent, String(nHomes++)));
  await prepareHome(home);
});
afterAll(() => rmSync(parent, { recursive: true }));

const BYTES = encodeDataset({
  matrix: { values: Float32Array.of(1, 2, 3, 4, 5, 6), nRows: 6, featureNames: ['tag_count'] },
  labels: Uint8Array.of(0, 1, 0, 1, 0, 1),
  split: Uint8Array.of(0, 0, 1, 1, 2, 2),
});
const DIGEST = sha256Hex(BYTES);
const CAP = { capBytes: 1_000_000 };

async function* streamed(bytes: Uint8Array, chunkBytes = 100): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += chunkBytes) yield bytes.subarray(at, at + chunkBytes);
}

describe('putDataset', () => {
  it('keeps a dataset under its digest, for the owner alone', async () => {
    const stored = await putDataset(home, streamed(BYTES), { ...CAP, expectedDigest: DIGEST });
    const path = home.datasetPath(DIGEST);
    expect(stored).toEqual({
      ok: true,
      value: { digest: DIGEST, path, nBytes: BYTES.length, nRows: 6, nFeatures: 1 },
    });
    expect(new Uint8Array(readFileSync(path))).toEqual(BYTES);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(await hasDataset(home, DIGEST)).toBe(true);
  });

  it('keeps the same bytes once', async () => {
    await Promise.all([putDataset(home, streamed(BYTES), CAP), putDataset(home, streamed(BYTES, 7), CAP)]);
    expect(readdirSync(home.datasetsFolder)).toEqual([`${DIGEST}.arrow`]);
  });

  it('stops reading at the cap', async () => {
    let nYielded = 0;
    async function* endless(): AsyncGenerator<Uint8Array> {
      for (;;) {
        nYielded++;
        yield new Uint8Array(1000);
      }
    }
    const refused = await putDataset(home, endless(), { capBytes: 10_500 });
    expect(refused).toMatchObject({ ok: false, error: { code: 'payload_too_large' } });
    expect(nYielded).toBe(11);
    expect(readdirSync(home.datasetsFolder)).toEqual([]);
  });

  it('leaves nothing of what it refuses', async () => {
    const other = await putDataset(home, streamed(BYTES), { ...CAP, expectedDigest: 'f'.repeat(64) });
    expect(other).toMatchObject({ ok: false, error: { code: 'dataset_digest_mismatch' } });
    const noDataset = await putDataset(home, streamed(new Uint8Array(200)), CAP);
    expect(noDataset).toMatchObject({ ok: false, error: { code: 'dataset_malformed' } });
    expect(await putDataset(home, streamed(new Uint8Array(0)), CAP)).toMatchObject({ ok: false });
    expect(readdirSync(home.datasetsFolder)).toEqual([]);
  });

  it('passes a failing stream on and leaves nothing', async () => {
    async function* broken(): AsyncGenerator<Uint8Array> {
      yield BYTES.subarray(0, 50);
      throw new Error('the sender went away');
    }
    await expect(putDataset(home, broken(), CAP)).rejects.toThrow('the sender went away');
    expect(readdirSync(home.datasetsFolder)).toEqual([]);
  });
});

describe('readDataset', () => {
  it('gives the dataset back', async () => {
    await putDataset(home, streamed(BYTES), CAP);
    const read = await readDataset(home, DIGEST);
    expect(read).toMatchObject({ ok: true, value: { matrix: { nRows: 6, featureNames: ['tag_count'] } } });
  });

  it('refuses one that is missing or no longer what it was', async () => {
    expect(await readDataset(home, DIGEST)).toMatchObject({ ok: false, error: { code: 'dataset_missing' } });
    expect(await hasDataset(home, DIGEST)).toBe(false);
    await putDataset(home, streamed(BYTES), CAP);
    const changed = Uint8Array.from(BYTES);
    changed[changed.length - 30] = 77;
    writeFileSync(home.datasetPath(DIGEST), changed);
    expect(await readDataset(home, DIGEST)).toMatchObject({ ok: false, error: { code: 'dataset_damaged' } });
  });
});

describe('datasetFacts', () => {
  it('tells what a dataset is, and reads it again once its file was written to', async () => {
    expect(await datasetFacts(home, DIGEST)).toMatchObject({ ok: false, error: { code: 'dataset_missing' } });
    await putDataset(home, streamed(BYTES), CAP);
    const facts = { ok: true, value: { nRows: 6, featureNames: ['tag_count'] } };
    expect(await datasetFacts(home, DIGEST)).toEqual(facts);
    const path = home.datasetPath(DIGEST);
    // Another file with the same bytes, as a copy back from a backup is.
    rmSync(path);
    writeFileSync(path, BYTES);
    expect(await datasetFacts(home, DIGEST)).toEqual(facts);
    const changed = Uint8Array.from(BYTES);
    changed[changed.length - 30] = 77;
    writeFileSync(path, changed);
    expect(await datasetFacts(home, DIGEST)).toMatchObject({ ok: false, error: { code: 'dataset_damaged' } });
  });
});

describe('homeAt', () => {
  it('never lets an id lead out of its folder', () => {
    for (const id of ['../../etc/passwd', 'study-', `study-${'0'.repeat(20)}/..`, '']) {
      expect(() => home.studyFolder(id)).toThrow();
      expect(() => home.modelFolder(id)).toThrow();
      expect(() => home.datasetPath(id)).toThrow();
    }
  });

  it('is LEADBENCH_HOME where that is set', () => {
    expect(homeFromEnvironment({ LEADBENCH_HOME: '/srv/leads' }, '/app').modelsFolder).toBe(
      '/srv/leads/models',
    );
    expect(homeFromEnvironment({ LEADBENCH_HOME: '' }, '/app').datasetsFolder).toBe(
      '/app/.leadbench/datasets',
    );
  });
});
