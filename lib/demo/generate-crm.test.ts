import { describe, expect, it } from 'vitest';
import { sha256Hex } from '@/lib/core/digest';
import { crmBytes, DEMO_SEED, DEMO_SUBSCRIBERS, generateCrm } from './generate-crm';
import { cellOf, readDemoList, withDatabase } from './testing/demo-list';

describe('generateCrm', () => {
  it('gives the same bytes for the same seed and size, others for another seed', () => {
    const digest = (seed: number) => sha256Hex(crmBytes({ seed, nSubscribers: 1000 }));
    expect(digest(1)).toBe(digest(1));
    expect(digest(1)).not.toBe(digest(2));
  });

  it('gives page 1 last, and tells rows, bytes and progress', () => {
    const shares: number[] = [];
    const chunks = generateCrm({ seed: 1, nSubscribers: 1000 }, (share) => shares.push(share));
    const offsets: number[] = [];
    let next = chunks.next();
    for (; !next.done; next = chunks.next()) offsets.push(next.value.offset);
    expect(offsets).toEqual([4096, 0]);
    expect(next.value).toEqual({
      nSubscribers: 1000,
      nTags: expect.any(Number),
      nTransactions: 234,
      nProducts: 44,
      nBytes: crmBytes({ seed: 1, nSubscribers: 1000 }).length,
    });
    expect(shares.at(-1)).toBe(1);
    expect(shares).toEqual([...shares].sort((a, b) => a - b));
  });

  it.each([999, 5_000_001, 1000.5, Number.NaN])('refuses %d subscribers', (nSubscribers) => {
    expect(() => crmBytes({ seed: 1, nSubscribers })).toThrow('nSubscribers must be 1000 to 5000000');
  });

  it('refuses a seed that is no 32-bit integer', () => {
    expect(() => crmBytes({ seed: 0.5, nSubscribers: 1000 })).toThrow('seed must be a 32-bit integer');
  });
});

describe('the file', () => {
  it.each([1000, DEMO_SUBSCRIBERS, 100_000])('is whole and sound at %i subscribers', async (nSubscribers) => {
    const bytes = crmBytes({ seed: DEMO_SEED, nSubscribers });
    const answers = await withDatabase(bytes, (database) =>
      [
        'PRAGMA integrity_check',
        'PRAGMA quick_check',
        'PRAGMA page_count',
        'SELECT count(*) FROM Subscribers',
      ].map((query) => database.exec(query)[0]?.values[0]?.[0]),
    );
    expect(answers).toEqual(['ok', 'ok', bytes.length / 4096, nSubscribers]);
  });

  it('has the four tables, dates and codes as text, NULL for a missing country', async () => {
    const answers = await withDatabase(crmBytes({ seed: 3, nSubscribers: 1000 }), (database) => {
      const values = (query: string) => database.exec(query)[0]?.values;
      return {
        tables: values("SELECT name FROM sqlite_master WHERE type = 'table'"),
        storage: values(
          'SELECT DISTINCT typeof(mailchimp_id), typeof(user_full_name), typeof(user_email), typeof(member_rating), typeof(optin_time) FROM Subscribers',
        ),
        countries: values('SELECT DISTINCT typeof(country_code) FROM Subscribers ORDER BY 1'),
        dates: values(
          "SELECT count(*) FROM Subscribers WHERE optin_time NOT GLOB '20[12][0-9]-[01][0-9]-[0-3][0-9]'",
        ),
        orphans: values(
          'SELECT count(*) FROM Tags WHERE mailchimp_id NOT IN (SELECT mailchimp_id FROM Subscribers)',
        ),
        prices: values('SELECT DISTINCT typeof(suggested_price) FROM Products'),
      };
    });
    expect(answers).toEqual({
      tables: [['Subscribers'], ['Tags'], ['Transactions'], ['Products']],
      storage: [['integer', 'text', 'text', 'integer', 'text']],
      countries: [['null'], ['text']],
      dates: [[0]],
      orphans: [[0]],
      prices: [['real']],
    });
  });
});

describe('other sizes', () => {
  it.each([
    { nSubscribers: 1000, tolerance: 0.3 },
    { nSubscribers: 30_000, tolerance: 0.05 },
    { nSubscribers: 100_000, tolerance: 0.05 },
  ])('keep the main rates at $nSubscribers subscribers', async ({ nSubscribers, tolerance }) => {
    const list = await readDemoList(crmBytes({ seed: 9, nSubscribers }));
    const rate = (holds: (row: number) => boolean) => {
      const { n, buyers } = cellOf(list, holds);
      return buyers / n;
    };
    const share = (holds: (row: number) => boolean) => cellOf(list, holds).n / nSubscribers;
    const near = (got: number, target: number) => expect(Math.abs(got / target - 1)).toBeLessThan(tolerance);
    expect(Math.abs(rate(() => true) - 0.0483)).toBeLessThan(0.001);
    near(
      share((row) => list.countries[row] === null),
      6547 / 19919,
    );
    near(
      rate((row) => list.countries[row] === null),
      88 / 6547,
    );
    near(
      share((row) => list.countries[row] === 'us'),
      3787 / 19919,
    );
    near(
      rate((row) => list.countries[row] === 'us'),
      406 / 3787,
    );
    near(
      share((row) => list.ratings[row] === 5),
      2335 / 19919,
    );
    near(
      rate((row) => list.ratings[row] === 5),
      335 / 2335,
    );
    near(
      rate((row) => list.ratings[row] === 2),
      435 / 15006,
    );
    near(
      share((row) => list.tags[row]!.length === 0),
      11827 / 19919,
    );
    near(
      rate((row) => list.tags[row]!.length >= 6),
      265 / 832,
    );
    near(list.tags.reduce((sum, tags) => sum + tags.length, 0) / nSubscribers, 26115 / 19919);
    near(list.transactions.length / nSubscribers, 4662 / 19919);
  });
});

describe('the people', () => {
  it('have addresses that cannot be a mailbox', async () => {
    const list = await readDemoList(crmBytes({ seed: 5, nSubscribers: 1000 }));
    for (const email of [...list.emails, ...list.transactions.map((purchase) => purchase.email)]) {
      const [local, domain] = email.split('@');
      expect(local).toMatch(/^_demo\.this-is-not-a-person\.[a-z]+\.\d{8}$/);
      expect(local!.replaceAll('.', '').length).toBeGreaterThan(32);
      expect(local!.length).toBeLessThanOrEqual(64);
      expect(domain).toMatch(/^[a-z]+(\.[a-z]+)+$/);
    }
  });

  it('are named by invented words, the same on the list and in their purchases', async () => {
    const list = await readDemoList(crmBytes({ seed: 5, nSubscribers: 1000 }));
    const nameOf = new Map(list.emails.map((email, row) => [email, list.names[row]]));
    for (const name of list.names) expect(name).toMatch(/^[A-Z][a-z]+ [A-Z][a-z]+$/);
    for (const { email, name } of list.transactions) expect(nameOf.get(email) ?? name).toBe(name);
  });
});
