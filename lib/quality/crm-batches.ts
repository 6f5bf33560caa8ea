import { formatDay } from '@/lib/core/day';
import { emailDomain } from '@/lib/crm/email-domain';
import { joinedColumns } from '@/lib/crm/joined-csv';
import type { JoinedTable, JoinReport } from '@/lib/crm/joined-table';
import type { RawColumn, RawCrm, RawTable } from '@/lib/crm/raw-crm';
import { CRM_SCHEMA, type CrmTableName, foldedName } from '@/lib/crm/schema';
import {
  type Batch,
  type BatchColumn,
  type CountedRows,
  codedColumn,
  countKey,
  numericColumn,
  plainColumn,
} from './expectations/batch';
import {
  type PurchaseDays,
  purchasesBeforeOptin,
  rowsInSeveralCases,
  tagRowsOfNobody,
  transactionRowsOfNobody,
} from './relations';
import type { SuiteTable } from './suites/suite-file';

/** What is validated: the tables as read, their join, and what the join counted. */
export interface CrmTables {
  readonly raw: RawCrm;
  readonly table: JoinedTable;
  readonly report: JoinReport;
}

/** Every table as suites judge it. */
export function crmBatches({ raw, table, report }: CrmTables): Readonly<Record<SuiteTable, Batch>> {
  const rowCounts = new Map(
    [raw.subscribers, raw.tags, raw.transactions].map(({ name, nRows }) => [name, nRows]),
  );
  return {
    Subscribers: subscribersBatch(raw, report, rowCounts),
    Tags: tagsBatch(raw, report, rowCounts),
    Transactions: transactionsBatch(raw, report, rowCounts),
    subscribers_joined: joinedBatch(table, raw.subscribers, rowCounts),
  };
}

type RowCounts = ReadonlyMap<string, number>;

function subscribersBatch(raw: RawCrm, report: JoinReport, rowCounts: RowCounts): Batch {
  const { country_code } = raw.subscribers.columns;
  const counted = new Map<string, CountedRows>([
    [
      countKey('expect_column_values_to_be_spelled_in_one_case', 'country_code'),
      {
        elementCount: nCodes(country_code),
        unexpectedCount: report.nCountryCodesFolded,
        failingRows: () => rowsInSeveralCases(country_code, raw.subscribers.nRows),
      },
    ],
  ]);
  return rawBatch(raw.subscribers, counted, rowCounts);
}

function tagsBatch(raw: RawCrm, report: JoinReport, rowCounts: RowCounts): Batch {
  const elementCount = report.nTagRows;
  const counted = new Map<string, CountedRows>([
    [
      countKey('expect_column_values_to_exist_in_other_table', 'mailchimp_id'),
      { elementCount, unexpectedCount: report.nTagRowsUnmatched, failingRows: () => tagRowsOfNobody(raw) },
    ],
  ]);
  return rawBatch(raw.tags, counted, rowCounts);
}

function transactionsBatch(raw: RawCrm, report: JoinReport, rowCounts: RowCounts): Batch {
  const counted = new Map<string, CountedRows>([
    [
      countKey('expect_column_values_to_exist_in_other_table', 'user_email'),
      {
        elementCount: report.nTransactions,
        unexpectedCount: report.nTransactionsUnmatched,
        failingRows: () => transactionRowsOfNobody(raw),
      },
    ],
    [
      countKey('expect_column_days_to_not_precede_other_table', 'purchased_at', 'Subscribers.optin_time'),
      countedWhenAsked(() => purchasesBeforeOptin(raw)),
    ],
  ]);
  return rawBatch(raw.transactions, counted, rowCounts);
}

function countedWhenAsked(find: () => PurchaseDays): CountedRows {
  let found: PurchaseDays | null = null;
  const days = () => {
    found ??= find();
    return found;
  };
  return {
    get elementCount() {
      return days().nCompared;
    },
    get unexpectedCount() {
      return days().early.length;
    },
    failingRows: () => days().early,
  };
}

function nCodes(column: RawColumn): number {
  const values = column.kind === 'coded' ? column.levels : column.values;
  return new Set(values.filter((value) => value !== null).map((value) => String(value).trim().toLowerCase()))
    .size;
}

function rawBatch<T extends CrmTableName>(
  table: RawTable<T>,
  counted: Map<string, CountedRows>,
  rowCounts: RowCounts,
): Batch {
  const columns = new Map<string, BatchColumn>();
  for (const [name, column] of Object.entries<RawColumn>(table.columns)) {
    columns.set(name, batchColumnOf(column, table.nRows));
    counted.set(countKey('expect_column_values_to_be_representable', name), {
      elementCount: table.nRows,
      unexpectedCount: column.nBlobs,
    });
  }
  const canonical = new Map<string, string>(CRM_SCHEMA[table.name].map((name) => [name, name]));
  const allColumnNames = table.fileColumns.map((name) => canonical.get(foldedName(name)) ?? name);
  return {
    table: table.name,
    nRows: table.nRows,
    ...fileRowsOf(table),
    columnNames: allColumnNames.filter((name) => columns.has(name)),
    allColumnNames,
    columns,
    rowCounts,
    counted,
  };
}

function batchColumnOf(column: RawColumn, nRows: number): BatchColumn {
  if (column.kind === 'coded') return codedColumn(column.levels, column.codes);
  return plainColumn(nRows, (row) => column.values[row] ?? null);
}

function fileRowsOf({ fileRows }: Pick<RawTable, 'fileRows'>): Pick<Batch, 'fileRows'> {
  return fileRows === undefined ? {} : { fileRows };
}

function joinedBatch(table: JoinedTable, subscribers: RawTable<'Subscribers'>, rowCounts: RowCounts): Batch {
  const { nRows } = table;
  const texts = (values: readonly string[]) => plainColumn(nRows, (row) => values[row] ?? null);
  const columns = new Map<string, BatchColumn>([
    ['mailchimp_id', numericColumn(table.mailchimpId)],
    ['user_full_name', texts(table.userFullName)],
    ['user_email', texts(table.userEmail)],
    ['member_rating', numericColumn(table.memberRating)],
    ['optin_time', plainColumn(nRows, (row) => formatDay(table.optinDay[row]!))],
    ['country_code', codedColumn(table.countryCodes, table.countryIndex)],
    ['tag_count', numericColumn(table.tagCount)],
    ['made_purchase', numericColumn(table.madePurchase)],
    ...table.tagColumns.map((name, i): [string, BatchColumn] => [
      name,
      numericColumn(table.tagIndicators[i] ?? new Uint8Array(0)),
    ]),
    ['email_provider', plainColumn(nRows, (row) => emailDomain(table.userEmail[row] ?? ''))],
  ]);
  const columnNames = joinedColumns(table);
  return {
    table: 'subscribers_joined',
    nRows,
    ...fileRowsOf(subscribers),
    columnNames,
    allColumnNames: columnNames,
    columns,
    rowCounts,
    counted: new Map(),
  };
}
