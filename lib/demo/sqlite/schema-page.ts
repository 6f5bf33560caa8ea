import { PAGE_SIZE } from './page-sink';
import { RecordBuffer, varintLength, writeVarint } from './record';
import { writePageHeader } from './table-writer';

/** A table of the file: its name, the page of its root and the statement that made it. */
export interface TableEntry {
  readonly name: string;
  readonly rootPage: number;
  readonly sql: string;
}

const FILE_HEADER = 100;
const LEAF = 0x0d;

/**
 * Build page 1 of the file: the header and the schema table (https://www.sqlite.org/fileformat2.html#database_header).
 * @throws Where the statements do not fit into one page.
 */
export function schemaPage(tables: readonly TableEntry[], nPages: number): Uint8Array {
  const page = new Uint8Array(PAGE_SIZE);
  writeFileHeader(page, nPages);
  const record = new RecordBuffer();
  const encoder = new TextEncoder();
  let contentStart = PAGE_SIZE;
  tables.forEach(({ name, rootPage, sql }, index) => {
    record.clear();
    for (const text of ['table', name, name]) record.addText(encoder.encode(text));
    record.addInteger(rootPage);
    record.addText(encoder.encode(sql));
    const rowId = index + 1;
    contentStart -= varintLength(record.length) + varintLength(rowId) + record.length;
    const pointer = FILE_HEADER + 8 + 2 * index;
    if (contentStart < pointer + 2) throw new Error('the schema does not fit into page 1');
    let at = contentStart;
    at += writeVarint(page, at, record.length);
    at += writeVarint(page, at, rowId);
    record.copyTo(page, at);
    new DataView(page.buffer).setUint16(pointer, contentStart);
  });
  writePageHeader(page, FILE_HEADER, LEAF, tables.length, contentStart);
  return page;
}

function writeFileHeader(page: Uint8Array, nPages: number): void {
  page.set(new TextEncoder().encode('SQLite format 3\0'));
  const view = new DataView(page.buffer);
  view.setUint16(16, PAGE_SIZE);
  view.setUint8(18, 1); // written with a rollback journal, not a write-ahead log
  view.setUint8(19, 1); // and read so
  view.setUint8(21, 64); // the payload fractions are fixed by the format
  view.setUint8(22, 32);
  view.setUint8(23, 32);
  view.setUint32(24, 1); // change counter
  view.setUint32(28, nPages);
  view.setUint32(40, 1); // schema cookie
  view.setUint32(44, 4); // schema format
  view.setUint32(56, 1); // UTF-8
  view.setUint32(92, 1); // the page count above is valid for this change counter
  view.setUint32(96, 3_045_000); // the SQLite release whose format this is
}
