import { strFromU8, unzipSync } from 'fflate';
import { parquetMetadata, parquetReadObjects } from 'hyparquet';
import Papa from 'papaparse';
import readXlsxFile from 'read-excel-file/universal';
import { describe, expect, it } from 'vitest';
import { joinedTableOf } from '@/lib/testing/joined-table-of';
import type { ScoredTable } from '../lead-list';
import { LEAD_LIST_COLUMNS, type LeadListColumn, leadCells } from './lead-columns';
import { LEAD_FORMATS, type LeadFormat, leadFilePieces } from './lead-formats';
import { leadAbout, leadManifest } from './lead-manifest';
import { xlsxBytes } from './xlsx';

const table = joinedTableOf([
  {
    id: 7,
    name: '=SUM(A1:A9)',
    email: 'evil@example.com',
    rating: 2,
    optin: '2020-01-03',
    country: 'us',
    tagCount: 1,
  },
  { id: 8, name: 'Zoë "Z", <b>&', email: '+49@example.com', tagCount: 0, bought: true },
  { id: 9, name: '  @cmd\u0000\u0007\nline', email: '', rating: 5, optin: '2020-02-29', tagCount: 43 },
]);
const list: ScoredTable = {
  table,
  scores: Float32Array.of(0.1, 0.75, 0.3333),
  percentiles: Float64Array.of(100 / 6, 500 / 6, 50),
  cutoffs: { A: 0.7, B: 0.3, C: 0.2 },
  topReasons: (rows) => Array.from(rows, (row) => [`For: -${row} tags`, '=1+1']),
};
const rows = Uint32Array.of(1, 2, 0);
const about = { leadbench_manifest: 1, model_id: 'model-0', n_rows_out: 3 };

async function bytesOf(format: LeadFormat, columns: readonly LeadListColumn[] = LEAD_LIST_COLUMNS) {
  const pieces = await leadFilePieces(format, { list, rows, columns }, about);
  if (!pieces.ok) throw new Error(pieces.error.message);
  return new Uint8Array(await new Blob([...pieces.value] as BlobPart[]).arrayBuffer());
}
const textOf = async (format: LeadFormat) => new TextDecoder().decode(await bytesOf(format));
const cellsOf = async (format: LeadFormat) => Papa.parse<string[]>((await textOf(format)).trimEnd()).data;

describe('leadFilePieces', () => {
  it('gives the same bytes for the same leads, in every format', async () => {
    for (const format of LEAD_FORMATS) expect(await bytesOf(format)).toEqual(await bytesOf(format));
  });

  it('puts an apostrophe before what could be a formula in the spreadsheet CSV, and nowhere else', async () => {
    const [safe, machine] = [await cellsOf('csv'), await cellsOf('csv_machine')];
    expect(safe[3]?.[1]).toBe("'=SUM(A1:A9)");
    expect(machine[3]?.[1]).toBe('=SUM(A1:A9)');
    expect(machine[1]?.slice(1, 7)).toEqual(['Zoë "Z", <b>&', '+49@example.com', '0.75', '83.33', 'A', '']);
    expect(safe.map((cells) => cells.length)).toEqual([14, 14, 14, 14]);
  });

  it('writes JSON with numbers as numbers and null where a value is missing', async () => {
    const [first, second] = JSON.parse(await textOf('json'));
    expect(first).toMatchObject({ mailchimp_id: 8, score: 0.75, member_rating: null, made_purchase: 1 });
    expect(second).toMatchObject({
      score: 0.3333,
      user_email: null,
      optin_time: '2020-02-29',
      tag_count: 43,
    });
  });

  it('writes XLSX that another library reads, without a formula in any cell', async () => {
    const bytes = await bytesOf('xlsx');
    const sheets = await readXlsxFile(new Blob([bytes as BlobPart]), { trim: false });
    const leads = sheets.find(({ sheet }) => sheet === 'Leads')?.data ?? [];
    expect(leads[0]).toEqual([...LEAD_LIST_COLUMNS]);
    expect(leads.map((cells) => cells[1])).toEqual([
      'user_full_name',
      'Zoë "Z", <b>&',
      '  @cmd\ufffd\ufffd\nline',
      '=SUM(A1:A9)',
    ]);
    expect(leads.map((cells) => cells[3])).toEqual(['score', 0.75, 0.3333, 0.1]);
    expect(leads[1]?.[6]).toBeNull();
    expect(sheets.find(({ sheet }) => sheet === 'Manifest')?.data).toContainEqual(['model_id', 'model-0']);
    const xml = strFromU8(unzipSync(bytes)['xl/worksheets/sheet1.xml']!);
    expect(xml).not.toContain('<f');
    // Marked as quoted, so that it stays a text when somebody edits it.
    expect(xml).toMatch(/<c r="B4" s="2" t="inlineStr"><is><t xml:space="preserve">=SUM/);
  });

  it('writes Parquet that another library reads, with types', async () => {
    const file = (await bytesOf('parquet')).buffer;
    const found = await parquetReadObjects({ file });
    expect(found.map(({ user_full_name }) => user_full_name)).toEqual(
      Array.from(rows, (row) => table.userFullName[row]),
    );
    expect(found[0]).toMatchObject({
      mailchimp_id: 8n,
      member_rating: null,
      made_purchase: 1n,
      percentile: 83.33,
    });
    expect(found.map(({ score }) => Math.fround(score as number))).toEqual(
      Array.from(rows, (row) => list.scores[row]),
    );
    const { key_value_metadata: metadata } = parquetMetadata(file);
    expect(metadata).toContainEqual({ key: 'leadbench', value: JSON.stringify(about) });
  });

  it('writes the columns that are wanted, and works no reasons out for others', () => {
    const silent = { ...list, topReasons: () => expect.unreachable('No reason was asked for') };
    const columns = ['user_email', 'tier'] as const;
    expect([...leadCells({ list: silent, rows, columns })]).toEqual([
      ['+49@example.com', 'A'],
      ['', 'B'],
      ['evil@example.com', 'D'],
    ]);
  });

  it('writes a list of nobody', async () => {
    for (const format of LEAD_FORMATS) {
      const pieces = await leadFilePieces(
        format,
        { list, rows: new Uint32Array(), columns: ['score'] },
        about,
      );
      expect(pieces.ok && (await new Blob([...pieces.value] as BlobPart[]).text()).length).toBeGreaterThan(0);
    }
  });
});

describe('xlsxBytes', () => {
  it('refuses what the format cannot hold', () => {
    const sheet = { name: 'Leads', header: ['a'], rows: [['x'.repeat(32_768)]] };
    expect(xlsxBytes([sheet])).toMatchObject({ error: { code: 'too_long_for_xlsx' } });
    const rows = [['x'], ['x'], ['x']];
    expect(xlsxBytes([{ ...sheet, rows }], 3)).toMatchObject({ error: { code: 'too_many_for_xlsx' } });
    expect(xlsxBytes([{ ...sheet, rows }], 4).ok).toBe(true);
  });
});

describe('leadManifest', () => {
  it('says what a list was made from, without a time', () => {
    const said = leadAbout(
      { modelId: 'model-0', dataSha256: 'd', specSha256: 's', leadbenchVersion: '1' },
      { format: 'csv', columns: ['score'], query: null, nRowsIn: 5, nSuppressed: 2, nRowsOut: 3 },
    );
    expect(JSON.parse(leadManifest(said, { name: 'leads.csv', nBytes: 9, sha256: 'f' }))).toEqual({
      leadbench_manifest: 1,
      leadbench_version: '1',
      model_id: 'model-0',
      data_sha256: 'd',
      feature_spec_sha256: 's',
      format: 'csv',
      columns: ['score'],
      filters: null,
      n_rows_in: 5,
      n_suppressed: 2,
      n_rows_out: 3,
      file: 'leads.csv',
      n_bytes: 9,
      sha256: 'f',
    });
  });
});
