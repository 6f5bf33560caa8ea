import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { testRowsDigest } from '@/lib/features/test-rows';
import { homeAt } from '@/lib/server/storage/home';
import { publishedMetadata } from '@/lib/testing/published-metadata';
import { testLooks } from './test-looks';

const home = homeAt(mkdtempSync(join(tmpdir(), 'leadbench-looks-')));
afterAll(() => rmSync(home.root, { recursive: true, force: true }));

const rows = { split: Uint8Array.of(0, 1, 2, 2), labels: Uint8Array.of(0, 1, 0, 1) };
const digest = testRowsDigest(rows);

function publish(name: string, text: string): void {
  mkdirSync(join(home.modelsFolder, name), { recursive: true });
  writeFileSync(join(home.modelsFolder, name, 'metadata.json'), text);
}
const modelNamed = (digit: string) => `model-${digit.repeat(20)}`;

describe('testRowsDigest', () => {
  it('is that of split and labels, whatever else there is', () => {
    expect(testRowsDigest({ ...rows })).toBe(digest);
    expect(testRowsDigest({ ...rows, labels: Uint8Array.of(1, 1, 0, 1) })).not.toBe(digest);
    expect(testRowsDigest({ ...rows, split: Uint8Array.of(2, 1, 0, 2) })).not.toBe(digest);
  });
});

describe('testLooks', () => {
  it('counts distinct models that were judged on the same rows', async () => {
    expect(await testLooks(home, digest)).toBe(0);
    publish(modelNamed('1'), JSON.stringify(publishedMetadata({ test_rows_sha256: digest })));
    publish(modelNamed('2'), JSON.stringify(publishedMetadata({ test_rows_sha256: digest })));
    publish(modelNamed('3'), JSON.stringify(publishedMetadata({ test_rows_sha256: 'f'.repeat(64) })));
    publish(modelNamed('4'), JSON.stringify({ version: 2 }));
    publish(modelNamed('5'), 'not JSON');
    mkdirSync(join(home.modelsFolder, modelNamed('6')));
    // What is written at the moment has another name.
    cpSync(join(home.modelsFolder, modelNamed('1')), join(home.modelsFolder, '.7.tmp'), { recursive: true });
    expect(await testLooks(home, digest)).toBe(2);
    expect(await testLooks(home, 'f'.repeat(64))).toBe(1);
  });
});
