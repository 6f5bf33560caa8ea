import { plainCsvChunks, spreadsheetSafeCsvChunks } from '@/lib/core/csv';
import { type Result, succeed } from '@/lib/core/result';
import { LEAD_COLUMN_KINDS, type LeadListColumn, type LeadRows, leadCells, typedCell } from './lead-columns';

/** Formats that the lead list is written in. */
export const LEAD_FORMATS = ['csv', 'csv_machine', 'xlsx', 'parquet', 'json'] as const;

export type LeadFormat = (typeof LEAD_FORMATS)[number];

/** Name of the file after that of the list, and its content type. */
export const LEAD_FILES: Readonly<
  Record<LeadFormat, { readonly ending: string; readonly contentType: string }>
> = {
  csv: { ending: '.csv', contentType: 'text/csv;charset=utf-8' },
  csv_machine: { ending: '_machine.csv', contentType: 'text/csv;charset=utf-8' },
  xlsx: {
    ending: '.xlsx',
    contentType: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  },
  parquet: { ending: '.parquet', contentType: 'application/vnd.apache.parquet' },
  json: { ending: '.json', contentType: 'application/json' },
};

/**
 * Write leads in a format, in pieces as they are made. The same leads give the same bytes in every format. Writers that weigh
 * something are loaded when they are asked for.
 *
 * @param about what is said of the file; a second sheet of XLSX, the metadata of Parquet
 * @returns a failure of `xlsxBytes`
 */
export async function leadFilePieces(
  format: LeadFormat,
  leads: LeadRows,
  about: Readonly<Record<string, unknown>>,
): Promise<Result<Iterable<string | Uint8Array>>> {
  const { columns } = leads;
  switch (format) {
    case 'csv':
      return succeed(spreadsheetSafeCsvChunks(columns, leadCells(leads)));
    case 'csv_machine':
      return succeed(plainCsvChunks(columns, leadCells(leads)));
    case 'json':
      return succeed(jsonPieces(leads));
    case 'xlsx':
      return xlsxPieces(leads, about);
    case 'parquet':
      return succeed(await parquetPieces(leads, about));
    default:
      return format satisfies never;
  }
}

function* typedRows(leads: LeadRows): Generator<(string | number | null)[]> {
  for (const cells of leadCells(leads))
    yield cells.map((cell, place) => typedCell(cell, leads.columns[place]!));
}

/** An array of objects, one a line. */
function* jsonPieces(leads: LeadRows): Generator<string> {
  const { columns } = leads;
  let isFirst = true;
  yield '[';
  for (const row of typedRows(leads)) {
    const lead = Object.fromEntries(columns.map((column, place) => [column, row[place] ?? null]));
    yield `${isFirst ? '\n' : ',\n'}${JSON.stringify(lead)}`;
    isFirst = false;
  }
  yield '\n]\n';
}

async function xlsxPieces(
  leads: LeadRows,
  about: Readonly<Record<string, unknown>>,
): Promise<Result<Iterable<Uint8Array>>> {
  const { xlsxBytes } = await import('./xlsx');
  const said = Object.entries(about).map(([name, value]): [string, string | number | null] => [
    name,
    typeof value === 'number' || typeof value === 'string' ? value : JSON.stringify(value),
  ]);
  const bytes = xlsxBytes([
    { name: 'Leads', header: leads.columns, rows: typedRows(leads) },
    { name: 'Manifest', header: ['what', 'value'], rows: said },
  ]);
  return bytes.ok ? succeed([bytes.value]) : bytes;
}

const PARQUET_TYPES = { whole: 'INT64', float32: 'FLOAT', percent: 'DOUBLE', text: 'STRING' } as const;

async function parquetPieces(
  leads: LeadRows,
  about: Readonly<Record<string, unknown>>,
): Promise<Iterable<Uint8Array>> {
  const { parquetWriteBuffer } = await import('hyparquet-writer');
  const columns = leads.columns.map((column) => ({
    column,
    data: [] as (string | number | bigint | null)[],
  }));
  for (const row of typedRows(leads)) {
    for (const [place, { column, data }] of columns.entries())
      data.push(parquetCell(row[place] ?? null, column));
  }
  const buffer = parquetWriteBuffer({
    columnData: columns.map(({ column, data }) => ({
      name: column,
      data,
      type: PARQUET_TYPES[LEAD_COLUMN_KINDS[column]],
      nullable: true,
    })),
    kvMetadata: [{ key: 'leadbench', value: JSON.stringify(about) }],
    createdBy: 'Leadbench',
  });
  return [new Uint8Array(buffer)];
}

function parquetCell(cell: string | number | null, column: LeadListColumn): string | number | bigint | null {
  return typeof cell === 'number' && LEAD_COLUMN_KINDS[column] === 'whole' ? BigInt(cell) : cell;
}
