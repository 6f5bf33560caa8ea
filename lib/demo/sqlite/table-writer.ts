import { PAGE_SIZE, type PageSink } from './page-sink';
import { type RecordBuffer, varintLength, writeVarint } from './record';

const LEAF = 0x0d;
const INTERIOR = 0x05;
const LEAF_HEADER = 8;
const INTERIOR_HEADER = 12;
const POINTER = 2;

/** A record longer than this would spill onto overflow pages, which this writer does not make. */
const MAX_PAYLOAD = PAGE_SIZE - 35;

/** Children of an interior page: a cell takes at most 4 + 5 bytes and its pointer 2; the last child needs no cell. */
const MAX_CHILDREN = Math.floor((PAGE_SIZE - INTERIOR_HEADER) / (4 + 5 + POINTER)) + 1;

/** A page of one level of the tree and the largest row id below it. */
interface Level {
  readonly pages: number[];
  readonly lastRowIds: number[];
}

/**
 * Bulk loader of one SQLite table (a rowid b-tree, https://www.sqlite.org/fileformat2.html#b_tree_pages): takes rows
 * in ascending order of row id, packs them into leaf pages as they come, and adds the interior pages at the end.
 */
export class TableWriter {
  readonly #sink: PageSink;
  readonly #page = new Uint8Array(PAGE_SIZE);
  readonly #leaves: Level = { pages: [], lastRowIds: [] };
  #nCells = 0;
  #contentStart = PAGE_SIZE;
  #lastRowId = 0;

  constructor(sink: PageSink) {
    this.#sink = sink;
  }

  /** Add a row. @throws Where the row id does not rise, or the record is too long for one page. */
  add(rowId: number, record: RecordBuffer): void {
    if (rowId <= this.#lastRowId) throw new Error(`row id ${rowId} after ${this.#lastRowId}`);
    const payload = record.length;
    if (payload > MAX_PAYLOAD)
      throw new Error(`row ${rowId} has ${payload} bytes, at most ${MAX_PAYLOAD} fit`);
    const size = varintLength(payload) + varintLength(rowId) + payload;
    if (LEAF_HEADER + POINTER * (this.#nCells + 1) + size > this.#contentStart) this.#closeLeaf();
    this.#contentStart -= size;
    let at = this.#contentStart;
    at += writeVarint(this.#page, at, payload);
    at += writeVarint(this.#page, at, rowId);
    record.copyTo(this.#page, at);
    writeUint16(this.#page, LEAF_HEADER + POINTER * this.#nCells, this.#contentStart);
    this.#nCells++;
    this.#lastRowId = rowId;
  }

  /** Write what is left and the interior pages; gives the number of the root page. */
  finish(): number {
    this.#closeLeaf();
    let level = this.#leaves;
    while (level.pages.length > 1) level = this.#levelAbove(level);
    const root = level.pages[0];
    if (root === undefined) throw new Error('a table without a page');
    return root;
  }

  #closeLeaf(): void {
    writePageHeader(this.#page, 0, LEAF, this.#nCells, this.#contentStart);
    this.#leaves.pages.push(this.#sink.append(this.#page));
    this.#leaves.lastRowIds.push(this.#lastRowId);
    this.#page.fill(0);
    this.#nCells = 0;
    this.#contentStart = PAGE_SIZE;
  }

  /** Spread the pages of a level evenly over as few interior pages as hold them; each gets at least two. */
  #levelAbove(below: Level): Level {
    const above: Level = { pages: [], lastRowIds: [] };
    const nPages = Math.ceil(below.pages.length / MAX_CHILDREN);
    for (let index = 0; index < nPages; index++) {
      const from = Math.floor((index * below.pages.length) / nPages);
      const to = Math.floor(((index + 1) * below.pages.length) / nPages);
      above.pages.push(this.#sink.append(interiorPage(below, from, to)));
      above.lastRowIds.push(below.lastRowIds[to - 1]!);
    }
    return above;
  }
}

function interiorPage({ pages, lastRowIds }: Level, from: number, to: number): Uint8Array {
  const page = new Uint8Array(PAGE_SIZE);
  let contentStart = PAGE_SIZE;
  for (let child = from; child < to - 1; child++) {
    const rowId = lastRowIds[child]!;
    contentStart -= 4 + varintLength(rowId);
    writeUint32(page, contentStart, pages[child]!);
    writeVarint(page, contentStart + 4, rowId);
    writeUint16(page, INTERIOR_HEADER + POINTER * (child - from), contentStart);
  }
  writePageHeader(page, 0, INTERIOR, to - from - 1, contentStart);
  writeUint32(page, 8, pages[to - 1]!);
  return page;
}

/** Write the first eight bytes of a b-tree page: its kind, number of cells and where their content starts. */
export function writePageHeader(
  page: Uint8Array,
  offset: number,
  kind: number,
  nCells: number,
  contentStart: number,
): void {
  page[offset] = kind;
  writeUint16(page, offset + 3, nCells);
  writeUint16(page, offset + 5, contentStart);
}

function writeUint16(page: Uint8Array, offset: number, value: number): void {
  page[offset] = value >>> 8;
  page[offset + 1] = value & 0xff;
}

function writeUint32(page: Uint8Array, offset: number, value: number): void {
  writeUint16(page, offset, value >>> 16);
  writeUint16(page, offset + 2, value & 0xffff);
}
