import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { appendFile, type FileHandle, mkdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { ExpectedFailure } from '@/lib/core/result';
import { fileHandlePrototype } from '@/lib/testing/file-handles';
import { journalStart, openJournal, readJournal } from './journal';
import { frameAt, framed } from './journal-frame';

const noteSchema = z.strictObject({ sequence: z.int(), note: z.string() });
type Note = z.infer<typeof noteSchema>;
const note = (sequence: number, text = `note ${sequence}`): Note => ({ sequence, note: text });

const folder = mkdtempSync(join(tmpdir(), 'leadbench-journal-'));
const path = join(folder, 'journal.log');
afterAll(() => rmSync(folder, { recursive: true }));
afterEach(() => {
  vi.restoreAllMocks();
});

const notes = [note(1), note(2, 'a line feed \n and an ü'), note(3), note(4), note(5)];
beforeEach(() => writeFileSync(path, journalStart(notes)));

async function opened() {
  const result = await openJournal(path, noteSchema);
  if (!result.ok) throw new Error(result.error.message);
  return result.value;
}

async function recordsOnDisk() {
  const content = await readJournal(path, noteSchema);
  return content.ok ? content.value.records : content.error;
}

describe('framed', () => {
  it('is a line that a person can read', () => {
    expect(String(framed({ sequence: 1 }))).toBe('14 21381ffd {"sequence":1}\n');
    expect(frameAt(framed({ sequence: 1 }), 0)).toEqual({
      kind: 'record',
      payload: { sequence: 1 },
      end: 27,
    });
  });
});

describe('openJournal', () => {
  it('gives the records and appends after them', async () => {
    const { journal, content } = await opened();
    expect(content).toEqual({ records: notes, endByte: readFileSync(path).length, nTornBytes: 0 });
    await Promise.all([journal.append(note(6)), journal.append(note(7))]);
    await journal.close();
    expect(await recordsOnDisk()).toEqual([...notes, note(6), note(7)]);
  });

  it('cuts a tail torn at any byte of the last three records, and the next append is whole', async () => {
    const whole = journalStart(notes);
    const ends = notes.map((_, i) => journalStart(notes.slice(0, i + 1)).length);
    let nCuts = 0;
    for (let length = ends[1] ?? 0; length <= whole.length; length++) {
      writeFileSync(path, whole.subarray(0, length));
      const nWhole = ends.filter((end) => end <= length).length;
      const { journal, content } = await opened();
      expect(content.records).toEqual(notes.slice(0, nWhole));
      expect(content.nTornBytes).toBe(length - (ends[nWhole - 1] ?? 0));
      await journal.append(note(nWhole + 1, 'after the cut'));
      await journal.close();
      expect(await readJournal(path, noteSchema)).toMatchObject({
        ok: true,
        value: { records: [...notes.slice(0, nWhole), note(nWhole + 1, 'after the cut')], nTornBytes: 0 },
      });
      nCuts++;
    }
    expect(nCuts).toBe(whole.length - (ends[1] ?? 0) + 1);
  });

  it('cuts a tail of zeros, as a power cut can leave it', async () => {
    await appendFile(path, Buffer.alloc(100));
    const { journal, content } = await opened();
    await journal.close();
    expect(content).toMatchObject({ records: notes, nTornBytes: 100 });
    expect(readFileSync(path)).toEqual(journalStart(notes));
  });

  it('names file and record when one in the middle is damaged, whichever byte it is, and leaves the file as it is', async () => {
    const whole = journalStart(notes);
    const start = journalStart(notes.slice(0, 2)).length;
    const end = journalStart(notes.slice(0, 3)).length;
    for (let at = start; at < end; at++) {
      const bytes = Buffer.from(whole);
      bytes[at] = (bytes[at] ?? 0) ^ 0x04;
      writeFileSync(path, bytes);
      const result = await openJournal(path, noteSchema);
      expect(result).toMatchObject({ ok: false, error: { code: 'journal_damaged' } });
      if (!result.ok)
        expect(result.error.message).toMatch(
          /^Record 3 of the journal leadbench-journal-\w+\/journal\.log is /,
        );
      expect(readFileSync(path)).toEqual(bytes);
    }
  });

  it('refuses records out of number or of another shape', async () => {
    await appendFile(path, framed(note(7)));
    expect(await openJournal(path, noteSchema)).toMatchObject({
      ok: false,
      error: { message: expect.stringContaining('Record 6') },
    });
    writeFileSync(path, Buffer.concat([journalStart(notes), framed({ sequence: 6, text: 'other' })]));
    expect(await openJournal(path, noteSchema)).toMatchObject({
      ok: false,
      error: { code: 'journal_damaged' },
    });
  });

  it('refuses a journal of a newer version, an empty file and a file that is no journal', async () => {
    writeFileSync(path, framed({ sequence: 0, format: 'leadbench-journal', version: 2 }));
    expect(await openJournal(path, noteSchema)).toMatchObject({
      ok: false,
      error: { code: 'journal_version' },
    });
    for (const content of ['', 'hello\n', framed(note(1))]) {
      writeFileSync(path, content);
      expect(await openJournal(path, noteSchema)).toMatchObject({
        ok: false,
        error: { code: 'journal_damaged' },
      });
    }
  });
});

describe('append', () => {
  it('refuses to write after another process did, and from then on', async () => {
    const { journal } = await opened();
    await appendFile(path, framed(note(6)));
    await expect(journal.append(note(6))).rejects.toMatchObject({ failure: { code: 'journal_taken' } });
    await expect(journal.append(note(6))).rejects.toBeInstanceOf(ExpectedFailure);
    await journal.close();
    expect(await recordsOnDisk()).toEqual([...notes, note(6)]);
  });

  it('writes records that come together by one sync, and acknowledges none before it', async () => {
    const { journal } = await opened();
    const datasync = vi.spyOn(await fileHandlePrototype(), 'datasync');
    const nOnDisk: number[] = [];
    const appends = Array.from({ length: 20 }, async (_, i) => {
      await journal.append(note(6 + i));
      const content = await readJournal(path, noteSchema);
      nOnDisk.push(content.ok ? content.value.records.length : 0);
    });
    await Promise.all(appends);
    expect(datasync).toHaveBeenCalledTimes(1);
    expect(nOnDisk).toEqual(Array(20).fill(25));
    await journal.close();
  });

  it('fails all that waited for one write when the disk takes only a part of it, and opens with that part', async () => {
    const { journal } = await opened();
    const prototype = await fileHandlePrototype();
    const write = prototype.write as (...args: unknown[]) => Promise<unknown>;
    vi.spyOn(prototype, 'write').mockImplementation(function (this: FileHandle, ...args: unknown[]) {
      const [bytes, offset, length, at] = args;
      return write.call(this, bytes, offset, Math.min(Number(length), 100), at) as never;
    });
    const results = await Promise.allSettled([6, 7, 8, 9].map((n) => journal.append(note(n))));
    for (const result of results) {
      expect(result).toMatchObject({
        status: 'rejected',
        reason: { failure: { code: 'journal_not_saved' }, cause: { code: 'ENOSPC' } },
      });
    }
    await journal.close();
    vi.restoreAllMocks();
    const again = await opened();
    expect(again.content.records.length).toBeLessThan(9);
    expect(again.content.records).toEqual(
      [...notes, note(6), note(7)].slice(0, again.content.records.length),
    );
    await again.journal.append(note(again.content.records.length + 1));
    await again.journal.close();
  });

  it('says so when a record cannot be written', async () => {
    const { journal } = await opened();
    await journal.close();
    await expect(journal.append(note(6))).rejects.toMatchObject({ failure: { code: 'journal_not_saved' } });
  });

  it('keeps every acknowledged record when the process is killed', async () => {
    const script = join(folder, 'writer.mjs');
    await mkdir(folder, { recursive: true });
    await build({
      stdin: { contents: WRITER, resolveDir: process.cwd(), loader: 'ts' },
      outfile: script,
      bundle: true,
      platform: 'node',
      format: 'esm',
      alias: { '@': process.cwd() },
      banner: {
        js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
      },
    });
    for (let round = 0; round < 5; round++) {
      writeFileSync(path, journalStart(notes));
      const nAcknowledged = await killedWriter(script, 20 + 37 * round);
      const { journal, content } = await opened();
      await journal.close();
      expect(content.records.length).toBeGreaterThanOrEqual(nAcknowledged);
      expect(content.records.length).toBeLessThanOrEqual(nAcknowledged + 1);
      expect(content.records.slice(5)).toEqual(content.records.slice(5).map((_, i) => note(i + 6)));
    }
  });
});

const WRITER = `
  import { z } from 'zod';
  import { openJournal } from './lib/server/storage/journal';
  const opened = await openJournal(process.argv[2], z.object({ sequence: z.int(), note: z.string() }));
  for (let n = 6; ; n++) {
    await opened.value.journal.append({ sequence: n, note: 'note ' + n });
    process.stdout.write(n + '\\n');
  }
`;

/** Run the writer, kill it with SIGKILL once it has acknowledged so many records, and give the last number it printed. */
function killedWriter(script: string, nBeforeKill: number): Promise<number> {
  const child = spawn(process.execPath, [script, path], { stdio: ['ignore', 'pipe', 'inherit'] });
  let printed = '';
  child.stdout.on('data', (chunk) => {
    printed += String(chunk);
    if (lastLine(printed) >= nBeforeKill) child.kill('SIGKILL');
  });
  return new Promise((resolve) => child.on('close', () => resolve(lastLine(printed))));
}

function lastLine(printed: string): number {
  return Number(printed.slice(0, printed.lastIndexOf('\n')).split('\n').at(-1) ?? 0);
}
