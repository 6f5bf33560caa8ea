import initSqlJs from 'sql.js';

/** A tiny whole CRM: three subscribers, four tag rows, two purchases (one by no subscriber), one product. */
export const TINY_CRM_SQL = `
CREATE TABLE Subscribers (mailchimp_id INTEGER, user_full_name TEXT, user_email TEXT, member_rating INTEGER, optin_time TEXT, country_code TEXT);
INSERT INTO Subscribers VALUES
  (3, 'Ann Ash', 'ann@example.com', 5, '2020-01-31', 'us'),
  (4, 'Bob Birch', ' Bob@Example.com ', 2, '2019-06-01', 'US'),
  (9, 'Cem Cedar', 'cem@example.org', 2, '2018-07-15', NULL);
CREATE TABLE Tags (mailchimp_id INTEGER, tag TEXT);
INSERT INTO Tags VALUES (3, 'Learning Lab'), (3, 'Webinar'), (9, 'Webinar'), (77, 'Webinar');
CREATE TABLE Transactions (transaction_id INTEGER, purchased_at TEXT, user_full_name TEXT, user_email TEXT, charge_country TEXT, product_id INTEGER);
INSERT INTO Transactions VALUES
  (1, '2020-02-01', 'B. Birch', 'BOB@example.com', 'US', 7),
  (2, '2020-03-01', 'Dee Doe', 'dee@example.com', 'GB', 7);
CREATE TABLE Products (product_id INTEGER, description TEXT, suggested_price REAL);
INSERT INTO Products VALUES (7, 'Lab', 100.5);
`;

/** Load the real sql.js, with the wasm file of the package. All callers share one module. */
export function loadSqlJs() {
  return initSqlJs();
}

/**
 * Build a database file from SQL statements, starting from another file where one is given.
 *
 * @throws Error as SQLite words it, when a statement is wrong
 */
export async function databaseBytes(statements: string, from?: Uint8Array): Promise<Uint8Array> {
  const { Database } = await loadSqlJs();
  const database = new Database(from);
  try {
    database.exec(statements);
    return database.export();
  } finally {
    database.close();
  }
}
