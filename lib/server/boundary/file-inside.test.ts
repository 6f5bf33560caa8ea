import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { decodedForm, TRAVERSAL_FORMS } from '@/lib/testing/traversal-forms';
import { fileInside } from './file-inside';

let root: string;
let folder: string;
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'leadbench-inside-'));
  folder = join(root, 'models');
  mkdirSync(join(root, 'models-evil'));
  mkdirSync(folder);
  writeFileSync(join(root, 'secret'), 'secret');
  writeFileSync(join(folder, 'model.onnx'), 'model');
  symlinkSync(join(root, 'secret'), join(folder, 'planted'));
  symlinkSync(join(root, 'models-evil'), join(folder, 'planted-folder'));
  symlinkSync(join(root, 'nowhere'), join(folder, 'dangling'));
});
afterAll(() => rmSync(root, { recursive: true }));

const BAD = { ok: false, error: expect.objectContaining({ code: 'bad_id' }) };

describe('fileInside', () => {
  it.each(['model.onnx', 'metadata.json', 'new_file-2.csv', 'a', 'a'.repeat(128), 'console.log'])(
    'gives the path of %s',
    (name) => {
      expect(fileInside(folder, name)).toEqual({ ok: true, value: join(folder, name) });
    },
  );

  it('resolves a relative folder', () => {
    expect(fileInside('models', 'a.json')).toEqual({
      ok: true,
      value: join(process.cwd(), 'models', 'a.json'),
    });
  });

  // Forms that only name another study are no way out of a folder: as a file name they are plain.
  const escapes = TRAVERSAL_FORMS.filter(
    ([, raw]) => !/^(?:[A-Za-z0-9-]{1,128}|~)$/.test(raw) || /^(?:CON|COM1|-rf|~)$/.test(raw),
  );

  it.each(escapes)('refuses %s, as sent', (_, raw) => {
    expect(fileInside(folder, raw)).toEqual(BAD);
  });

  it.each(escapes.filter(([, raw]) => decodedForm(raw) !== null))('refuses %s, decoded', (_, raw) => {
    expect(fileInside(folder, decodedForm(raw) ?? '')).toEqual(BAD);
  });

  it('is tried with at least 60 forms', () => {
    expect(escapes.length).toBeGreaterThanOrEqual(60);
  });

  it.each(['planted', 'planted-folder', 'dangling'])('refuses the symbolic link %s', (name) => {
    expect(fileInside(folder, name)).toEqual(BAD);
  });

  it.each(['', ' ', 'a/b', 'a\\b', 'a..b', 'a.', '.a', 'a b', 'ä', 'a'.repeat(129)])('refuses %j', (name) => {
    expect(fileInside(folder, name)).toEqual(BAD);
  });
});
