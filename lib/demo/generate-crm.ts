import { crmTables } from './crm-rows';
import { LIST } from './figures/list';
import { createPopulation, type DemoOptions } from './population/population';
import { createTransactions } from './population/transactions';
import { type FileChunk, PageSink } from './sqlite/page-sink';
import { schemaPage, type TableEntry } from './sqlite/schema-page';
import { TableWriter } from './sqlite/table-writer';

export type { DemoOptions } from './population/population';
export { createPopulation, MAX_SUBSCRIBERS, MIN_SUBSCRIBERS } from './population/population';
export type { FileChunk } from './sqlite/page-sink';

/** Seed of the demo CRM that the project ships. */
export const DEMO_SEED = 42;

/** Subscribers of the demo CRM that the project ships: as many as the list that the figures describe. */
export const DEMO_SUBSCRIBERS = LIST.nSubscribers;

/** How many rows the tables of a generated CRM have, and how large the file is. */
export interface CrmCounts {
  readonly nSubscribers: number;
  readonly nTags: number;
  readonly nTransactions: number;
  readonly nProducts: number;
  readonly nBytes: number;
}

/** Share of the time that goes by before the first byte is written, as measured. */
const POPULATION_SHARE = 0.75;

/**
 * Generate a demo CRM as an SQLite file, in chunks for a file opened for writing. Page 1, without which the file is
 * no database, comes last. The same seed and size give the same bytes. No person in it is real, and no address can be a
 * mailbox's (see `People`).
 *
 * @param onProgress told the share of the work that is done, 0 to 1
 * @throws Where the size is not a whole number from 1,000 to 5,000,000, or the seed no 32-bit integer.
 */
export function* generateCrm(
  options: DemoOptions,
  onProgress?: (share: number) => void,
): Generator<FileChunk, CrmCounts> {
  const population = createPopulation(options, (share) => onProgress?.(POPULATION_SHARE * share));
  const tables = crmTables(options, population, createTransactions(population, options));
  const sink = new PageSink();
  const entries: TableEntry[] = [];
  for (const [index, { name, sql, write }] of tables.entries()) {
    const writer = new TableWriter(sink);
    for (const _ of write(writer)) yield* sink.takeFull();
    entries.push({ name, sql, rootPage: writer.finish() });
    onProgress?.(POPULATION_SHARE + (1 - POPULATION_SHARE) * ((index + 1) / tables.length));
  }
  yield* sink.takeAll();
  yield { offset: 0, bytes: schemaPage(entries, sink.nPages) };
  const nRows = (table: string) => tables.find(({ name }) => name === table)?.nRows ?? 0;
  return {
    nSubscribers: nRows('Subscribers'),
    nTags: nRows('Tags'),
    nTransactions: nRows('Transactions'),
    nProducts: nRows('Products'),
    nBytes: sink.nBytes,
  };
}

/** Generate a demo CRM as one array of bytes, for sizes that fit in memory. The bytes are those of `generateCrm`. */
export function crmBytes(options: DemoOptions): Uint8Array {
  const chunks = [...generateCrm(options)];
  const nBytes = chunks.reduce((most, { offset, bytes }) => Math.max(most, offset + bytes.length), 0);
  const file = new Uint8Array(nBytes);
  for (const { offset, bytes } of chunks) file.set(bytes, offset);
  return file;
}
