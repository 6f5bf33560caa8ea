import { readFile } from 'node:fs/promises';
import Papa from 'papaparse';
import initSqlJs from 'sql.js';
import { sha256Hex } from '@/lib/core/digest';
import { randomSource } from '@/lib/core/random';
import { joinSubscribers } from '@/lib/crm/join';
import type { JoinedTable } from '@/lib/crm/joined-table';
import { closeCrm, openCrm } from '@/lib/crm/open-crm';
import { readCrm } from '@/lib/crm/read-crm';
import { encodeDataset } from '@/lib/features/dataset-arrow';
import { encodeFeatures } from '@/lib/features/encode';
import { type PreparedDataset, prepareDataset } from '@/lib/features/prepare-dataset';
import { LEAD_LIST_COLUMNS } from '@/lib/scoring/export/lead-columns';
import { leadListCsvChunks, leadOrder, type ScoredTable } from '@/lib/scoring/lead-list';
import { percentilesInOrder } from '@/lib/scoring/percentiles';
import { DEFAULT_PIPELINE_PARAMS } from '@/lib/tuning/study/pipeline-params';
import { BENCH_SEED, type BenchContext, repeated, timedMs } from './bench-context';
import type { BenchRow, BenchTable } from './bench-table';
import { unwrapped } from './prepared-demo';
import { spreadOf } from './spread';
import { pivotedBySql } from './sql-pivot';

/** Rows that are written to one text at a time, as the lead list does it. */
const ROWS_PER_PIECE = 10_000;

/** Measure what the page's worker does with a list, in Node, without page and browser: join, features, CSV. */
export async function tablesBench(context: BenchContext): Promise<BenchTable[]> {
  const { small, large } = context.options.sizes;
  const rows = [
    ...(await joinRows(context, small, context.options.nRuns)),
    // The pivot of the large list takes half a minute and gigabytes.
    ...(await joinRows(context, large, 1)),
    ...(await largeListRows(context, large)),
  ];
  return [
    {
      title: 'Tables in Node: what the page’s worker does, without page and browser',
      columns: [
        { key: 'time', label: 'time', unit: 'ms' },
        { key: 'speed', label: 'rows', unit: 'a second' },
        { key: 'ratio', label: 'peer / ours', unit: '×' },
      ],
      rows,
      notes: [
        'Read and join: three scans, pivoted in TypeScript. Its peer: one SQL query with a max(tag = …) for every tag.',
        'The peer of the CSV is papaparse over the same cells, formulas escaped; that of encoding, writing one constant.',
      ],
    },
  ];
}

async function joinRows(context: BenchContext, size: number, nPeerRuns: number): Promise<BenchRow[]> {
  const bytes = await readFile(await context.crmPath(size));
  const sql = await initSqlJs();
  const name = size.toLocaleString('en');
  const ours = await repeated(
    context,
    { what: `join of ${name}`, nRuns: context.options.nRuns },
    async () => {
      const opened = performance.now();
      const crm = unwrapped(openCrm(sql, bytes));
      const openMs = performance.now() - opened;
      const startedAtMs = performance.now();
      const { report } = unwrapped(joinSubscribers(unwrapped(readCrm(crm))));
      const joinMs = performance.now() - startedAtMs;
      closeCrm(crm);
      return { openMs, joinMs, report };
    },
  );
  const peers = await repeated(context, { what: `pivot of ${name} in SQL`, nRuns: nPeerRuns }, async () => {
    const database = new sql.Database(bytes);
    const startedAtMs = performance.now();
    const pivoted = pivotedBySql(database);
    const elapsedMs = performance.now() - startedAtMs;
    database.close();
    return { elapsedMs, pivoted };
  });
  const report = ours[0]?.report;
  const pivoted = peers[0]?.pivoted;
  if (report?.nSubscribers !== pivoted?.nRows || report?.nBuyers !== pivoted?.nBuyers) {
    throw new Error(`Expected the same table, got ${JSON.stringify([report, pivoted])}`);
  }
  const join = spreadOf(ours.map(({ joinMs }) => joinMs));
  const peer = spreadOf(peers.map(({ elapsedMs }) => elapsedMs));
  return [
    row(`open and check, ${name}`, spreadOf(ours.map(({ openMs }) => openMs)).values, size),
    { ...row(`read and join, ${name}`, join.values, size, peer.median) },
    row(`peer: pivot in SQL, ${name}`, peer.values, size),
  ];
}

async function largeListRows(context: BenchContext, size: number): Promise<BenchRow[]> {
  const { nRuns } = context.options;
  const name = size.toLocaleString('en');
  const timed = async (what: string, work: () => unknown) =>
    (await repeated(context, { what: `${what} of ${name}`, nRuns }, () =>
      timedMs(work),
    )) as readonly number[];
  const table = await joinedOf(context, size);
  const { paretoShare, seed } = DEFAULT_PIPELINE_PARAMS;
  const prepared = unwrapped(prepareDataset({ table, paretoShare, seed }));
  const preparing = await timed('preparation', () => prepareDataset({ table, paretoShare, seed }));
  const encoding = await timed('features', () => encodeFeatures(prepared.spec, table));
  const filling = await timed('peer of features', () => filledMatrix(prepared));
  const writing = await timed('Arrow', () => encodeDataset(prepared.dataset));
  const bytes = encodeDataset(prepared.dataset);
  const hashing = await timed('SHA-256', () => sha256Hex(bytes));
  const list = scoredList(table);
  const order = leadOrder(list.scores, list.scores);
  const csv = await timed('CSV', () => textLength(leadListCsvChunks(list, order)));
  const papa = await timed('CSV by papaparse', () => textLength(papaPieces(list, order)));
  return [
    row(`prepare (split, fit, encode, sum up), ${name}`, preparing, size),
    row(
      `encode features, ${name} × ${prepared.spec.features.length}`,
      encoding,
      size,
      spreadOf(filling).median,
    ),
    row('peer: the same cells, one constant', filling, size),
    row(`dataset to Arrow, ${name}`, writing, size),
    row(`SHA-256 of the dataset, ${Math.round(bytes.length / 2 ** 20)} MiB`, hashing, size),
    row(`lead list to CSV, ${name}`, csv, size, spreadOf(papa).median),
    row('peer: papaparse', papa, size),
  ];
}

function row(label: string, timesMs: readonly number[], nRows: number, peerMs?: number): BenchRow {
  const time = spreadOf(timesMs);
  return {
    label,
    figures: {
      time,
      speed: nRows / (time.median / 1000),
      ratio: peerMs === undefined ? null : peerMs / time.median,
    },
  };
}

const REASON_TEXTS = ['For', 'Against', 'For'].map(
  (side) => `${side}: member rating 5; of 2,310 like this 11.2 % bought, of all 4.8 %`,
);

async function joinedOf(context: BenchContext, size: number): Promise<JoinedTable> {
  const crm = unwrapped(openCrm(await initSqlJs(), await readFile(await context.crmPath(size))));
  const { table } = unwrapped(joinSubscribers(unwrapped(readCrm(crm))));
  closeCrm(crm);
  return table;
}

function filledMatrix({ spec, dataset }: PreparedDataset): Float32Array {
  return new Float32Array(dataset.matrix.nRows * spec.features.length).fill(1);
}

function scoredList(table: JoinedTable): ScoredTable {
  const random = randomSource(BENCH_SEED);
  const scores = Float32Array.from({ length: table.nRows }, random);
  return {
    table,
    scores,
    percentiles: percentilesInOrder(scores, leadOrder(scores, scores)),
    cutoffs: { A: 0.95, B: 0.8, C: 0.5 },
    // Reasons have a benchmark of their own; here their texts are written.
    topReasons: (rows) => Array.from(rows, () => REASON_TEXTS),
  };
}

function* papaPieces({ table, scores, percentiles }: ScoredTable, order: Uint32Array): Generator<string> {
  for (let from = 0; from < order.length; from += ROWS_PER_PIECE) {
    const rows = Array.from(order.subarray(from, from + ROWS_PER_PIECE), (row) => [
      table.mailchimpId[row],
      table.userFullName[row],
      table.userEmail[row],
      scores[row],
      percentiles[row]?.toFixed(2),
      'A',
      table.memberRating[row],
      table.countryCodes[table.countryIndex[row] ?? -1],
      table.optinDay[row],
      table.tagCount[row],
      table.madePurchase[row],
      ...REASON_TEXTS,
    ]);
    yield Papa.unparse(
      { fields: [...LEAD_LIST_COLUMNS], data: rows },
      { escapeFormulae: true, header: from === 0 },
    );
  }
}

function textLength(pieces: Iterable<string>): number {
  let length = 0;
  for (const piece of pieces) length += piece.length;
  return length;
}
