import { formatDay } from '@/lib/core/day';
import { LAST_OPTIN_DAY } from './block/optin-calendar';
import { MISSING_CODE, RAW_CODES } from './block/raw-codes';
import { COUNTRIES } from './figures/countries';
import { PROVIDERS } from './figures/list';
import { PRODUCTS } from './figures/products';
import { TAGS } from './figures/tags';
import { mailchimpIds } from './population/mailchimp-ids';
import { createTextBuffer, People } from './population/people';
import type { DemoOptions, Population } from './population/population';
import { chooseRepeats, type Repeats } from './population/repeats';
import type { Transactions } from './population/transactions';
import { RecordBuffer } from './sqlite/record';
import type { TableWriter } from './sqlite/table-writer';

/** A table of the file and the work that writes it, which pauses now and then. */
export interface CrmTable {
  readonly name: string;
  readonly sql: string;
  readonly nRows: number;
  readonly write: (writer: TableWriter) => Iterable<void>;
}

const ROWS_BETWEEN_PAUSES = 8192;

const encoder = new TextEncoder();
const DOMAINS = PROVIDERS.map(({ domain }) => encoder.encode(`@${domain}`));
const COUNTRY_TEXTS = RAW_CODES.map(({ text }) => encoder.encode(text));
/** Payments name the United Kingdom GB, where the list says uk. */
const CHARGE_COUNTRIES = COUNTRIES.map(({ code }) =>
  encoder.encode(code === 'uk' ? 'GB' : code.toUpperCase()),
);
const TAG_TEXTS = TAGS.map(({ tag }) => encoder.encode(tag));
const TAGS_IN_LOW = 32;

/** Describe the four tables of a demo CRM. */
export function crmTables(
  options: DemoOptions,
  population: Population,
  transactions: Transactions,
): readonly CrmTable[] {
  const texts = new PersonTexts(options, population);
  const ids = mailchimpIds(population.nSubscribers);
  return [
    {
      name: 'Subscribers',
      sql: 'CREATE TABLE Subscribers (mailchimp_id INTEGER PRIMARY KEY, user_full_name TEXT NOT NULL, user_email TEXT NOT NULL, member_rating INTEGER NOT NULL, optin_time TEXT NOT NULL, country_code TEXT)',
      nRows: population.nSubscribers,
      write: (writer) => writeSubscribers(writer, population, ids, texts),
    },
    {
      name: 'Tags',
      sql: 'CREATE TABLE Tags (mailchimp_id INTEGER NOT NULL, tag TEXT NOT NULL)',
      nRows: countTags(population),
      write: (writer) => writeTags(writer, population, ids),
    },
    {
      name: 'Transactions',
      sql: 'CREATE TABLE Transactions (transaction_id INTEGER PRIMARY KEY, purchased_at TEXT NOT NULL, user_full_name TEXT NOT NULL, user_email TEXT NOT NULL, charge_country TEXT NOT NULL, product_id INTEGER NOT NULL)',
      nRows: transactions.nTransactions,
      write: (writer) => writeTransactions(writer, transactions, texts),
    },
    {
      name: 'Products',
      sql: 'CREATE TABLE Products (product_id INTEGER PRIMARY KEY, description TEXT NOT NULL, suggested_price REAL NOT NULL)',
      nRows: PRODUCTS.length,
      write: writeProducts,
    },
  ];
}

/** Adds names and addresses to a record. Persons from `nSubscribers` on are customers outside the list. */
class PersonTexts {
  readonly #people: People;
  readonly #repeats: Repeats;
  readonly #population: Population;
  readonly #buffer = createTextBuffer(200);

  constructor(options: DemoOptions, population: Population) {
    this.#people = new People(options.seed);
    this.#repeats = chooseRepeats(population, options.seed);
    this.#population = population;
  }

  add(person: number, record: RecordBuffer): void {
    this.#people.writeName(this.#repeats.nameOf.get(person) ?? person, this.#buffer);
    record.addText(this.#buffer.bytes, this.#buffer.length);
    const provider = this.#population.provider[person] ?? providerOutside(person);
    this.#people.writeEmail(this.#repeats.emailOf.get(person) ?? person, DOMAINS[provider]!, this.#buffer);
    record.addText(this.#buffer.bytes, this.#buffer.length);
  }
}

/** The provider of a customer outside the list: seven of eight have the first, Gmail, as on the list. */
function providerOutside(person: number): number {
  return person % 8 === 0 ? 1 + ((person / 8) % 3) : 0;
}

/** Texts of all days that opt-ins and purchases fall on, each encoded once. */
class DayTexts {
  readonly #texts = new Map<number, Uint8Array>();

  of(day: number): Uint8Array {
    const known = this.#texts.get(day);
    if (known) return known;
    const text = encoder.encode(formatDay(day));
    this.#texts.set(day, text);
    return text;
  }
}

function* writeSubscribers(
  writer: TableWriter,
  { nSubscribers, rating, optinDays, country }: Population,
  ids: Uint32Array,
  texts: PersonTexts,
): Generator<void> {
  const record = new RecordBuffer();
  const days = new DayTexts();
  for (let row = 0; row < nSubscribers; row++) {
    record.clear();
    record.addNull();
    texts.add(row, record);
    record.addInteger(rating[row]!);
    record.addText(days.of(LAST_OPTIN_DAY - optinDays[row]!));
    const code = country[row]!;
    if (code === MISSING_CODE) record.addNull();
    else record.addText(COUNTRY_TEXTS[code]!);
    writer.add(ids[row]!, record);
    if (row % ROWS_BETWEEN_PAUSES === 0) yield;
  }
}

function* writeTags(
  writer: TableWriter,
  { nSubscribers, tagsLow, tagsHigh }: Population,
  ids: Uint32Array,
): Generator<void> {
  const record = new RecordBuffer();
  let rowId = 0;
  for (let row = 0; row < nSubscribers; row++) {
    const low = tagsLow[row]!;
    const high = tagsHigh[row]!;
    if (low === 0 && high === 0) continue;
    for (let tag = 0; tag < TAG_TEXTS.length; tag++) {
      const bit = tag < TAGS_IN_LOW ? low >>> tag : high >>> (tag - TAGS_IN_LOW);
      if ((bit & 1) === 0) continue;
      record.clear();
      record.addInteger(ids[row]!);
      record.addText(TAG_TEXTS[tag]!);
      writer.add(++rowId, record);
      if (rowId % ROWS_BETWEEN_PAUSES === 0) yield;
    }
  }
}

function* writeTransactions(
  writer: TableWriter,
  { nTransactions, day, productId, person, country }: Transactions,
  texts: PersonTexts,
): Generator<void> {
  const record = new RecordBuffer();
  const days = new DayTexts();
  for (let i = 0; i < nTransactions; i++) {
    record.clear();
    record.addNull();
    record.addText(days.of(day[i]!));
    texts.add(person[i]!, record);
    record.addText(CHARGE_COUNTRIES[country[i]!]!);
    record.addInteger(productId[i]!);
    writer.add(i + 1, record);
    if (i % ROWS_BETWEEN_PAUSES === 0) yield;
  }
}

function* writeProducts(writer: TableWriter): Generator<void> {
  const record = new RecordBuffer();
  for (const { id, description, price } of PRODUCTS) {
    record.clear();
    record.addNull();
    record.addText(encoder.encode(description));
    record.addReal(price);
    writer.add(id, record);
  }
  yield;
}

function countTags({ tagsLow, tagsHigh }: Population): number {
  let count = 0;
  for (let row = 0; row < tagsLow.length; row++) count += bitCount(tagsLow[row]!) + bitCount(tagsHigh[row]!);
  return count;
}

/** Number of set bits of a 32-bit integer, summed pairwise in parallel. @example bitCount(0b1011) // 3 */
function bitCount(value: number): number {
  let bits = value - ((value >>> 1) & 0x5555_5555);
  bits = (bits & 0x3333_3333) + ((bits >>> 2) & 0x3333_3333);
  return Math.imul((bits + (bits >>> 4)) & 0x0f0f_0f0f, 0x0101_0101) >>> 24;
}
