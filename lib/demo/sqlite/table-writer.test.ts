import { describe, expect, it } from 'vitest';
import { withDatabase } from '../testing/demo-list';
import { PAGE_SIZE, PageSink, pageAfter } from './page-sink';
import { RecordBuffer, varintLength, writeVarint } from './record';
import { schemaPage } from './schema-page';
import { TableWriter } from './table-writer';

const text = (value: string) => new TextEncoder().encode(value);

/** A file with one table of `nRows` rows, filled by `fill`. */
function fileOf(sql: string, nRows: number, fill: (record: RecordBuffer, row: number) => void): Uint8Array {
  const sink = new PageSink();
  const writer = new TableWriter(sink);
  const record = new RecordBuffer();
  for (let row = 0; row < nRows; row++) {
    record.clear();
    fill(record, row);
    writer.add(row + 1, record);
  }
  const rootPage = writer.finish();
  const file = new Uint8Array(sink.nPages * PAGE_SIZE);
  for (const { offset, bytes } of sink.takeAll()) file.set(bytes, offset);
  file.set(schemaPage([{ name: 'T', rootPage, sql }], sink.nPages), 0);
  return file;
}

const answers = (file: Uint8Array, ...queries: string[]) =>
  withDatabase(file, (database) => queries.map((query) => database.exec(query)[0]?.values));

describe('TableWriter', () => {
  // A leaf holds four rows of this length and an interior page 373 children, so these need 1, 2, 3 and 3 levels.
  it.each([0, 1, 4, 5, 1000, 1491, 1493, 5000])('writes a sound tree of %i rows', async (nRows) => {
    const file = fileOf('CREATE TABLE T (id INTEGER PRIMARY KEY, filler TEXT)', nRows, (record, row) => {
      record.addNull();
      record.addText(text(String(row).padEnd(990, '.')));
    });
    expect(
      await answers(
        file,
        'PRAGMA integrity_check',
        'SELECT count(*), total(id), total(CAST(substr(filler, 1, 8) AS INTEGER)) FROM T',
        `SELECT id FROM T WHERE id = ${nRows}`,
      ),
    ).toEqual([
      [['ok']],
      [[nRows, (nRows * (nRows + 1)) / 2, (nRows * Math.max(0, nRows - 1)) / 2]],
      nRows === 0 ? undefined : [[nRows]],
    ]);
  });

  it('stores every kind of value', async () => {
    const integers = [
      0,
      1,
      -1,
      127,
      128,
      -128,
      -129,
      32_767,
      32_768,
      -32_768,
      -32_769,
      2 ** 31 - 1,
      -(2 ** 31),
    ];
    const file = fileOf(
      'CREATE TABLE T (a INTEGER, b REAL, c TEXT, d TEXT)',
      integers.length,
      (record, row) => {
        record.addInteger(integers[row]!);
        record.addReal(integers[row]! / 8);
        record.addText(text('é'.repeat(row * 20)));
        record.addNull();
      },
    );
    const [[check], rows] = (await answers(
      file,
      'PRAGMA integrity_check',
      'SELECT a, b, length(c), d FROM T',
    )) as [unknown[], unknown[]];
    expect(check).toEqual(['ok']);
    expect(rows).toEqual(integers.map((value, row) => [value, value / 8, row * 20, null]));
  });

  it('refuses a row that would need overflow pages', async () => {
    const add = (length: number) =>
      fileOf('CREATE TABLE T (a TEXT)', 1, (record) => record.addText(text('x'.repeat(length))));
    expect(await answers(add(4058), 'PRAGMA integrity_check', 'SELECT length(a) FROM T')).toEqual([
      [['ok']],
      [[4058]],
    ]);
    expect(() => add(4059)).toThrow('row 1 has 4062 bytes, at most 4061 fit');
    expect(() => add(5000)).toThrow('row of more than 4096 bytes');
  });

  it('refuses row ids that do not rise', () => {
    const writer = new TableWriter(new PageSink());
    const record = new RecordBuffer();
    record.addNull();
    writer.add(7, record);
    expect(() => writer.add(7, record)).toThrow('row id 7 after 7');
  });
});

describe('RecordBuffer', () => {
  it.each([2 ** 31, 0.5, Number.NaN])('refuses %d as an integer', (value) => {
    expect(() => new RecordBuffer().addInteger(value)).toThrow('expected a 32-bit integer');
  });
});

describe('writeVarint', () => {
  it.each([
    [0, [0x00]],
    [127, [0x7f]],
    [128, [0x81, 0x00]],
    [16_383, [0xff, 0x7f]],
    [16_384, [0x81, 0x80, 0x00]],
    [2_097_151, [0xff, 0xff, 0x7f]],
    [268_435_456, [0x81, 0x80, 0x80, 0x80, 0x00]],
  ])('writes %i', (value, bytes) => {
    const target = new Uint8Array(9);
    expect(writeVarint(target, 0, value)).toBe(bytes.length);
    expect([...target.subarray(0, bytes.length)]).toEqual(bytes);
  });

  it.each([-1, 0.5, 2 ** 35])('refuses %d', (value) => {
    expect(() => varintLength(value)).toThrow('no variable-length integer');
  });
});

describe('PageSink', () => {
  it('leaves out the lock page at 1 GiB', () => {
    expect([pageAfter(262_143), pageAfter(262_144), pageAfter(262_146)]).toEqual([262_144, 262_146, 262_147]);
    const sink = new PageSink(262_144);
    const page = new Uint8Array(PAGE_SIZE).fill(1);
    expect([sink.append(page), sink.append(page)]).toEqual([262_144, 262_146]);
    expect(sink.nPages).toBe(262_146);
    const [chunk] = sink.takeAll();
    expect(chunk!.offset).toBe(2 ** 30 - PAGE_SIZE);
    expect(Array.from({ length: 3 }, (_, i) => chunk!.bytes[i * PAGE_SIZE])).toEqual([1, 0, 1]);
    expect(sink.takeAll()).toEqual([]);
  });

  it('counts no page after the last, even before the lock page', () => {
    const sink = new PageSink(262_144);
    sink.append(new Uint8Array(PAGE_SIZE));
    expect(sink.nPages).toBe(262_144);
    expect(sink.takeAll().map(({ bytes }) => bytes.length)).toEqual([PAGE_SIZE]);
  });
});
