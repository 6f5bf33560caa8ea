/** Bytes of a page of the file. */
export const PAGE_SIZE = 4096;

/** A stretch of the file: `bytes` belong at `offset`. */
export interface FileChunk {
  readonly offset: number;
  readonly bytes: Uint8Array;
}

const PAGES_IN_CHUNK = 256;

/** The page that holds the byte at 1 GiB. SQLite keeps its file locks there and never reads or writes the page. */
const LOCK_PAGE = 2 ** 30 / PAGE_SIZE + 1;

/**
 * Number of the page that follows another in use, pages counting from 1.
 *
 * @example pageAfter(262_144) // 262146: the lock page is left out
 */
export function pageAfter(pageNumber: number): number {
  return pageNumber + 1 === LOCK_PAGE ? pageNumber + 2 : pageNumber + 1;
}

/** Gathers pages, appended one after the other from page 2 on, into chunks of a megabyte. */
export class PageSink {
  #nextPage: number;
  #chunkFirstPage: number;
  #lastPage: number;
  #pages: Uint8Array = new Uint8Array(PAGES_IN_CHUNK * PAGE_SIZE);
  #full: FileChunk[] = [];

  /** Begin at page 2, behind the schema, unless told otherwise. */
  constructor(firstPage = 2) {
    this.#nextPage = firstPage;
    this.#chunkFirstPage = firstPage;
    this.#lastPage = firstPage - 1;
  }

  /** Append a page and give its number. The bytes are copied. */
  append(page: Uint8Array): number {
    const pageNumber = this.#nextPage;
    const slot = pageNumber - this.#chunkFirstPage;
    this.#pages.set(page, slot * PAGE_SIZE);
    this.#lastPage = pageNumber;
    this.#nextPage = pageAfter(pageNumber);
    if (this.#nextPage - this.#chunkFirstPage >= PAGES_IN_CHUNK) this.#closeChunk();
    return pageNumber;
  }

  /** Number of pages of the file so far, page 1 included. */
  get nPages(): number {
    return this.#lastPage;
  }

  /** Size of the file so far, in bytes. */
  get nBytes(): number {
    return this.nPages * PAGE_SIZE;
  }

  /** Chunks that are full and were not taken before. */
  takeFull(): FileChunk[] {
    const full = this.#full;
    this.#full = [];
    return full;
  }

  /** All chunks not taken before, the last one as far as it is filled. */
  takeAll(): FileChunk[] {
    this.#closeChunk();
    return this.takeFull();
  }

  #closeChunk(): void {
    const nPages = this.#lastPage + 1 - this.#chunkFirstPage;
    if (nPages <= 0) return;
    this.#full.push({
      offset: (this.#chunkFirstPage - 1) * PAGE_SIZE,
      bytes: this.#pages.subarray(0, nPages * PAGE_SIZE),
    });
    this.#pages = new Uint8Array(PAGES_IN_CHUNK * PAGE_SIZE);
    this.#chunkFirstPage = this.#nextPage;
  }
}
