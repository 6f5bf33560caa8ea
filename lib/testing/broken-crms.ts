import { formatDay } from '@/lib/core/day';
import { castText, normalEmail } from '@/lib/crm/casts';
import { joinSubscribers } from '@/lib/crm/join';
import type { JoinedTable } from '@/lib/crm/joined-table';
import { type RawColumn, type RawCrm, type RawTable, type RawValue, rawValue } from '@/lib/crm/raw-crm';
import type { CrmColumnName, CrmTableName } from '@/lib/crm/schema';
import type { CrmTables } from '@/lib/quality/crm-batches';
import type { ExpectationType } from '@/lib/quality/expectations/expectation';

/** A list that breaks one rule in one place. */
export interface BrokenCrm {
  readonly what: string;
  /** The check that must find it: suite, type and column. */
  readonly check: readonly [suite: string, type: ExpectationType, column?: string];
  readonly isCritical: boolean;
  /** Break a sound list. */
  readonly breaks: (sound: CrmTables) => CrmTables;
  /** Rows that the check must find besides those it found before; null where no single row is to blame. */
  readonly planted: ((sound: CrmTables) => readonly number[]) | null;
}

/** Where most things are broken: far from either end. */
const ROW = 417;
const OTHER_ROW = 803;

/** The newest plausible day of these lists. */
export const NEWEST_DAY = 20_000;

const values = (expected: string) => `expect_column_values_to_${expected}` as ExpectationType;

/** Every way in which one cell of a stored table is broken: what is written, and which check must tell. */
const CELLS: readonly (readonly [
  table: CrmTableName,
  column: CrmColumnName,
  value: RawValue,
  expected: string,
  severity: 'critical' | 'warning' | 'info',
])[] = [
  ['Subscribers', 'mailchimp_id', null, 'not_be_null', 'critical'],
  ['Subscribers', 'mailchimp_id', 3.5, 'be_of_type', 'critical'],
  ['Subscribers', 'mailchimp_id', '9007199254740993', 'be_between', 'critical'],
  ['Subscribers', 'user_email', null, 'not_be_null', 'critical'],
  ['Subscribers', 'user_email', '  ', 'not_be_null', 'critical'],
  ['Subscribers', 'user_email', 'ann(at)example.com', 'match_regex', 'critical'],
  ['Subscribers', 'user_email', 'a@b@example.com', 'match_regex', 'critical'],
  ['Subscribers', 'member_rating', 6, 'be_between', 'critical'],
  ['Subscribers', 'member_rating', 0, 'be_between', 'critical'],
  ['Subscribers', 'member_rating', 2.5, 'be_of_type', 'critical'],
  ['Subscribers', 'member_rating', null, 'not_be_null', 'warning'],
  ['Subscribers', 'optin_time', '2019-02-29', 'be_iso_dates', 'critical'],
  ['Subscribers', 'optin_time', 1_580_428_800, 'be_iso_dates', 'critical'],
  ['Subscribers', 'optin_time', '2024-10-05', 'be_between', 'warning'],
  ['Subscribers', 'optin_time', null, 'not_be_null', 'warning'],
  ['Subscribers', 'user_full_name', 5, 'be_of_type', 'info'],
  ['Tags', 'mailchimp_id', null, 'not_be_null', 'critical'],
  ['Tags', 'mailchimp_id', 'x', 'be_of_type', 'critical'],
  ['Tags', 'mailchimp_id', 99_999_999, 'exist_in_other_table', 'warning'],
  ['Tags', 'tag', null, 'not_be_null', 'critical'],
  ['Tags', 'tag', 5, 'be_of_type', 'critical'],
  ['Tags', 'tag', 'friend of ann@example.com', 'match_regex', 'critical'],
  ['Transactions', 'purchased_at', '31.12.2019', 'be_iso_dates', 'critical'],
  ['Transactions', 'purchased_at', '2024-10-05', 'be_between', 'warning'],
  ['Transactions', 'purchased_at', null, 'not_be_null', 'warning'],
  ['Transactions', 'user_email', null, 'not_be_null', 'critical'],
  ['Transactions', 'user_email', 5, 'be_of_type', 'critical'],
  ['Transactions', 'user_email', 'no address', 'match_regex', 'warning'],
  ['Transactions', 'user_email', 'nobody@nowhere.example', 'exist_in_other_table', 'warning'],
  ['Transactions', 'transaction_id', null, 'not_be_null', 'warning'],
  ['Transactions', 'product_id', 'seven', 'be_of_type', 'info'],
];

const SUITE_OF = { Subscribers: 'subscribers', Tags: 'tags', Transactions: 'transactions' } as const;

const brokenCells = CELLS.map(([table, column, value, expected, severity]): BrokenCrm => {
  const row = table === 'Transactions' ? (sound: CrmTables) => matchedPurchase(sound) : () => ROW;
  return {
    what: `${table}.${column} ${value === null ? 'missing' : JSON.stringify(value)}`,
    check: [SUITE_OF[table], values(expected), column],
    isCritical: severity === 'critical',
    breaks: (sound) => rejoined(withCell(sound.raw, { table, column, row: row(sound), value })),
    planted: (sound) => [row(sound)],
  };
});

const unique = values('be_unique');

const repeats: readonly BrokenCrm[] = [
  {
    what: 'a mailchimp_id twice',
    check: ['subscribers', unique, 'mailchimp_id'],
    isCritical: true,
    breaks: ({ raw }) => rejoined(copiedCell(raw, 'Subscribers', 'mailchimp_id', (id) => `0${id}`)),
    planted: () => [ROW, OTHER_ROW],
  },
  {
    what: 'an e-mail address twice',
    check: ['subscribers', unique, 'user_email'],
    isCritical: false,
    breaks: ({ raw }) =>
      rejoined(copiedCell(raw, 'Subscribers', 'user_email', (email) => ` ${email.toUpperCase()}`)),
    planted: () => [ROW, OTHER_ROW],
  },
  {
    what: 'a transaction_id twice',
    check: ['transactions', unique, 'transaction_id'],
    isCritical: false,
    breaks: ({ raw }) => rejoined(copiedCell(raw, 'Transactions', 'transaction_id', (id) => id, [3, 5])),
    planted: () => [3, 5],
  },
  {
    what: 'a tag twice',
    check: ['tags', 'expect_compound_columns_to_be_unique'],
    isCritical: false,
    breaks: ({ raw }) => {
      const once = copiedCell(raw, 'Tags', 'tag', (tag) => tag);
      return rejoined(copiedCell(once, 'Tags', 'mailchimp_id', Number));
    },
    planted: () => [ROW, OTHER_ROW],
  },
  {
    what: 'a purchase before the opt-in',
    check: ['transactions', 'expect_column_days_to_not_precede_other_table', 'purchased_at'],
    isCritical: false,
    breaks: (sound) =>
      rejoined(
        withCell(sound.raw, {
          table: 'Transactions',
          column: 'purchased_at',
          row: matchedPurchase(sound),
          value: formatDay(0),
        }),
      ),
    planted: (sound) => [matchedPurchase(sound)],
  },
];

const orders = (['Subscribers', 'Tags', 'Transactions'] as const).map(
  (name): BrokenCrm => ({
    what: `${name} with its columns in another order`,
    check: [SUITE_OF[name], 'expect_table_columns_to_match_ordered_list'],
    isCritical: true,
    breaks: ({ raw }) =>
      rejoined(withTable(raw, name, (table) => ({ ...table, fileColumns: table.fileColumns.toReversed() }))),
    planted: null,
  }),
);

const blobs = (['member_rating', 'country_code'] as const).map(
  (column): BrokenCrm => ({
    what: `a blob in ${column}`,
    check: ['subscribers', values('be_representable'), column],
    isCritical: true,
    breaks: ({ raw }) => {
      const without = withCell(raw, { table: 'Subscribers', column, row: ROW, value: null });
      const { subscribers } = without;
      const columns = { ...subscribers.columns, [column]: { ...subscribers.columns[column], nBlobs: 1 } };
      return rejoined({ ...without, subscribers: { ...subscribers, columns } });
    },
    planted: null,
  }),
);

const joined: readonly BrokenCrm[] = [
  {
    what: 'an unknown country',
    check: ['subscribers_joined', values('be_in_set'), 'country_code'],
    isCritical: true,
    breaks: ({ raw }) =>
      rejoined(withCell(raw, { table: 'Subscribers', column: 'country_code', row: ROW, value: 'zz' })),
    planted: () => [ROW],
  },
  {
    what: 'a tag count that is off by one',
    check: ['subscribers_joined', values('equal_sum_of_columns'), 'tag_count'],
    isCritical: true,
    breaks: (sound) =>
      withJoined(sound, { tagCount: sound.table.tagCount.map((n, row) => (row === ROW ? n + 1 : n)) }),
    planted: () => [ROW],
  },
  {
    what: 'an indicator of 2',
    check: ['subscribers_joined', 'expect_multicolumn_values_to_be_in_set'],
    isCritical: true,
    breaks: (sound) => {
      const { tagCount, tagIndicators } = sound.table;
      const [first, ...others] = tagIndicators;
      if (first === undefined) throw new Error('Expected a tag');
      const more = 2 - first[ROW]!;
      return withJoined(sound, {
        tagIndicators: [first.map((mark, row) => (row === ROW ? 2 : mark)), ...others],
        tagCount: tagCount.map((n, row) => (row === ROW ? n + more : n)),
      });
    },
    planted: () => [ROW],
  },
  {
    what: 'a target of 2',
    check: ['business_rules', values('be_in_set'), 'made_purchase'],
    isCritical: true,
    breaks: (sound) =>
      withJoined(sound, {
        madePurchase: sound.table.madePurchase.map((bought, row) => (row === ROW ? 2 : bought)),
      }),
    planted: () => [ROW],
  },
  {
    what: 'hardly a buyer',
    check: ['business_rules', 'expect_column_mean_to_be_between', 'made_purchase'],
    isCritical: true,
    breaks: (sound) =>
      withJoined(sound, {
        madePurchase: sound.table.madePurchase.map((bought, row) => (row < 20 ? bought : 0)),
      }),
    planted: null,
  },
  {
    what: 'mostly buyers',
    check: ['business_rules', 'expect_column_mean_to_be_between', 'made_purchase'],
    isCritical: true,
    breaks: (sound) =>
      withJoined(sound, { madePurchase: sound.table.madePurchase.map((_, row) => (row % 5 === 0 ? 0 : 1)) }),
    planted: null,
  },
];

/** Lists that break one rule in one place each. */
export const BROKEN_CRMS: readonly BrokenCrm[] = [...brokenCells, ...repeats, ...orders, ...blobs, ...joined];

/** Join tables as read. */
export function rejoined(raw: RawCrm): CrmTables {
  const result = joinSubscribers(raw);
  if (!result.ok) throw new Error(result.error.message);
  return { raw, ...result.value };
}

function withJoined(sound: CrmTables, change: Partial<JoinedTable>): CrmTables {
  return { ...sound, table: { ...sound.table, ...change } };
}

/** First purchase whose day and buyer's opt-in day are known, and that came no earlier. */
function matchedPurchase({ raw, table }: CrmTables): number {
  const optin = new Map(table.userEmail.map((email, row) => [normalEmail(email), table.optinDay[row] ?? 0]));
  const { user_email, purchased_at } = raw.transactions.columns;
  for (let row = 0; row < raw.transactions.nRows; row++) {
    const day = optin.get(normalEmail(castText(rawValue(user_email, row))));
    if (day !== undefined && castText(rawValue(purchased_at, row)) >= formatDay(day)) return row;
  }
  throw new Error('Expected a purchase of a subscriber');
}

interface Cell {
  readonly table: CrmTableName;
  readonly column: string;
  readonly row: number;
  readonly value: RawValue;
}

function withCell(raw: RawCrm, { table: name, column, row, value }: Cell): RawCrm {
  return withTable(raw, name, (table) => {
    const columns: Readonly<Record<string, RawColumn>> = table.columns;
    const old = columns[column];
    if (old === undefined) throw new Error(`Expected a column ${column} of ${name}`);
    const values = Array.from({ length: table.nRows }, (_, i) => (i === row ? value : rawValue(old, i)));
    const { nBlobs, nBigIntegers } = old;
    return {
      ...table,
      columns: { ...table.columns, [column]: { kind: 'plain', values, nBlobs, nBigIntegers } },
    };
  });
}

/** Write the cell of one row, perhaps otherwise spelled, into another row as well. */
function copiedCell(
  raw: RawCrm,
  table: CrmTableName,
  column: string,
  spelled: (text: string) => RawValue,
  [from, to]: readonly [number, number] = [ROW, OTHER_ROW],
): RawCrm {
  const { subscribers, tags, transactions } = raw;
  const stored = { Subscribers: subscribers, Tags: tags, Transactions: transactions }[table];
  const columns: Readonly<Record<string, RawColumn>> = stored.columns;
  const source = columns[column];
  if (source === undefined) throw new Error(`Expected a column ${column} of ${table}`);
  return withCell(raw, { table, column, row: to, value: spelled(String(rawValue(source, from))) });
}

function withTable(
  raw: RawCrm,
  name: CrmTableName,
  change: <T extends CrmTableName>(table: RawTable<T>) => RawTable<T>,
): RawCrm {
  if (name === 'Subscribers') return { ...raw, subscribers: change(raw.subscribers) };
  if (name === 'Tags') return { ...raw, tags: change(raw.tags) };
  return { ...raw, transactions: change(raw.transactions) };
}
