import initSqlJs, { type Database } from 'sql.js';
import { parseDay } from '@/lib/core/day';

/** A generated CRM read back through sql.js: one entry a subscriber, in the order of the file, and its purchases. */
export interface DemoList {
  readonly n: number;
  readonly ids: readonly number[];
  readonly names: readonly string[];
  readonly emails: readonly string[];
  readonly ratings: readonly number[];
  readonly optinDays: readonly number[];
  readonly optinDates: readonly string[];
  /** As stored; null where missing. */
  readonly countries: readonly (string | null)[];
  readonly tags: readonly (readonly string[])[];
  /** 1 where the address occurs in Transactions. */
  readonly buyers: readonly number[];
  readonly transactions: readonly Purchase[];
  readonly products: readonly { readonly id: number; readonly description: string; readonly price: number }[];
}

/** A row of Transactions. */
export interface Purchase {
  readonly id: number;
  readonly date: string;
  readonly name: string;
  readonly email: string;
  readonly country: string;
  readonly productId: number;
}

/** Open SQLite bytes in sql.js, hand the database to `use`, and close it. */
export async function withDatabase<T>(bytes: Uint8Array, use: (database: Database) => T): Promise<T> {
  const sql = await initSqlJs();
  const database = new sql.Database(bytes);
  try {
    return use(database);
  } finally {
    database.close();
  }
}

/** Read a generated CRM back. */
export function readDemoList(bytes: Uint8Array): Promise<DemoList> {
  return withDatabase(bytes, (database) => {
    const rows = (query: string) => database.exec(query)[0]?.values ?? [];
    const subscribers = rows(
      'SELECT mailchimp_id, user_full_name, user_email, member_rating, optin_time, country_code FROM Subscribers',
    );
    const transactions = rows(
      'SELECT transaction_id, purchased_at, user_full_name, user_email, charge_country, product_id FROM Transactions',
    ).map(([id, date, name, email, country, productId]) => ({
      id: Number(id),
      date: String(date),
      name: String(name),
      email: String(email),
      country: String(country),
      productId: Number(productId),
    }));
    const tagsById = new Map<number, string[]>();
    for (const [id, tag] of rows('SELECT mailchimp_id, tag FROM Tags')) {
      const tags = tagsById.get(Number(id)) ?? [];
      tags.push(String(tag));
      tagsById.set(Number(id), tags);
    }
    const buyingEmails = new Set(transactions.map(({ email }) => email));
    const optinDates = subscribers.map((row) => String(row[4]));
    const lastDay = parseDay('2020-12-31');
    return {
      n: subscribers.length,
      ids: subscribers.map((row) => Number(row[0])),
      names: subscribers.map((row) => String(row[1])),
      emails: subscribers.map((row) => String(row[2])),
      ratings: subscribers.map((row) => Number(row[3])),
      optinDates,
      optinDays: optinDates.map((date) => lastDay - parseDay(date)),
      countries: subscribers.map((row) => (row[5] === null ? null : String(row[5]))),
      tags: subscribers.map((row) => tagsById.get(Number(row[0])) ?? []),
      buyers: subscribers.map((row) => (buyingEmails.has(String(row[2])) ? 1 : 0)),
      transactions,
      products: rows('SELECT product_id, description, suggested_price FROM Products').map(
        ([id, description, price]) => ({
          id: Number(id),
          description: String(description),
          price: Number(price),
        }),
      ),
    };
  });
}

/** Count the rows that a condition holds for, and the buyers among them. */
export function cellOf(list: DemoList, holds: (row: number) => boolean): { n: number; buyers: number } {
  let n = 0;
  let buyers = 0;
  for (let row = 0; row < list.n; row++) {
    if (!holds(row)) continue;
    n++;
    buyers += list.buyers[row]!;
  }
  return { n, buyers };
}
