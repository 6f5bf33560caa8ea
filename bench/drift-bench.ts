import { readFile } from 'node:fs/promises';
import initSqlJs from 'sql.js';
import { parseDay } from '@/lib/core/day';
import { joinSubscribers } from '@/lib/crm/join';
import { closeCrm, openCrm } from '@/lib/crm/open-crm';
import { readCrm } from '@/lib/crm/read-crm';
import { ANOMALY_SEED, anomaliesOf } from '@/lib/explore/anomalies/anomalies';
import { segmenterOfTable } from '@/lib/explore/drift/drift-columns';
import { DRIFT_SEED, driftBetweenFiles, driftByDate } from '@/lib/explore/drift/drift-report';
import { type BenchContext, repeated, timedMs } from './bench-context';
import type { BenchRow, BenchTable } from './bench-table';
import { unwrapped } from './prepared-demo';
import { spreadOf } from './spread';

/** Later than any date of a generated list. */
const NEWEST_DAY = parseDay('2021-01-01');

/** Measure what has changed and what looks wrong, in Node, without page and browser. */
export async function driftBench(context: BenchContext): Promise<BenchTable[]> {
  const rows: BenchRow[] = [];
  for (const size of [100_000, context.options.sizes.large]) rows.push(...(await listRows(context, size)));
  return [
    {
      title: 'What has changed and what looks wrong, in Node',
      columns: [{ key: 'time', label: 'time', unit: 'ms' }],
      rows,
      notes: [
        'Aim: both within about 1 s for 100,000 subscribers. Nothing is known of the table before.',
        'By date: all columns of the older half against the newest quarter, and along the months. Two files: the list with itself.',
      ],
    },
  ];
}

async function listRows(context: BenchContext, size: number): Promise<BenchRow[]> {
  const crm = unwrapped(openCrm(await initSqlJs(), await readFile(await context.crmPath(size))));
  const { table } = unwrapped(joinSubscribers(unwrapped(readCrm(crm))));
  closeCrm(crm);
  const name = size.toLocaleString('en');
  const list = () => ({ table, segmenter: segmenterOfTable(table) });
  const measured = await repeated(
    context,
    { what: `drift and anomalies of ${name}`, nRuns: context.options.nRuns },
    async () => {
      const byDateMs = await timedMs(() => driftByDate(list(), { ranges: null, seed: DRIFT_SEED }));
      const filesMs = await timedMs(() =>
        driftBetweenFiles(
          { ...list(), fileName: 'a.sqlite' },
          { ...list(), fileName: 'b.sqlite' },
          { seed: DRIFT_SEED },
        ),
      );
      const anomaliesMs = await timedMs(() =>
        anomaliesOf(list(), { newestDay: NEWEST_DAY, seed: ANOMALY_SEED }),
      );
      return { byDateMs, filesMs, anomaliesMs, bothMs: byDateMs + anomaliesMs };
    },
  );
  const row = (label: string, of: (run: (typeof measured)[number]) => number): BenchRow => ({
    label: `${label}, ${name}`,
    figures: { time: spreadOf(measured.map(of)) },
  });
  return [
    row('what has changed, by date', ({ byDateMs }) => byDateMs),
    row('what has changed, two files', ({ filesMs }) => filesMs),
    row('what looks wrong', ({ anomaliesMs }) => anomaliesMs),
    row('by date and what looks wrong', ({ bothMs }) => bothMs),
  ];
}
