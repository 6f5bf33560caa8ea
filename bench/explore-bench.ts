import { readFile } from 'node:fs/promises';
import initSqlJs from 'sql.js';
import { parseDay } from '@/lib/core/day';
import { joinSubscribers } from '@/lib/crm/join';
import { closeCrm, openCrm } from '@/lib/crm/open-crm';
import { readCrm } from '@/lib/crm/read-crm';
import type { RowFilter } from '@/lib/explore/segments/row-filter';
import { createExploreReader } from '@/lib/workers/explore-reader';
import { NO_CHECKS } from '@/lib/workers/failing-rows-reader';
import { type BenchContext, repeated, timedMs } from './bench-context';
import type { BenchRow, BenchTable } from './bench-table';
import { unwrapped } from './prepared-demo';
import { spreadOf } from './spread';

const PAIR = { along: 'tag_count', up: 'member_rating' } as const;
/** Later than any date of a generated list. */
const NEWEST_DAY = parseDay('2021-01-01');
const CONTEXT = { onProgress: () => undefined, transfer: () => undefined };

/** Measure what the page's worker answers while somebody explores a list, in Node, without page and browser. */
export async function exploreBench(context: BenchContext): Promise<BenchTable[]> {
  const rows: BenchRow[] = [];
  for (const size of [100_000, context.options.sizes.large]) rows.push(...(await listRows(context, size)));
  return [
    {
      title: 'Exploration in Node: what the page’s worker answers',
      columns: [{ key: 'time', label: 'time', unit: 'ms' }],
      rows,
      notes: [
        'Aim: a cross-filter at 100,000 rows answered within 100 ms; all figures of 1,000,000 subscribers within 10 s of the join.',
        'First: nothing is known of the table yet. A filter: counts and all four figures for the subscribers of a country not looked at before.',
      ],
    },
  ];
}

async function listRows(context: BenchContext, size: number): Promise<BenchRow[]> {
  const crm = unwrapped(openCrm(await initSqlJs(), await readFile(await context.crmPath(size))));
  const raw = unwrapped(readCrm(crm));
  const { table } = unwrapped(joinSubscribers(raw));
  closeCrm(crm);
  const name = size.toLocaleString('en');
  const measured = await repeated(
    context,
    { what: `exploration of ${name}`, nRuns: context.options.nRuns },
    async () => {
      const reader = createExploreReader(() => ({
        sqlFile: () => {
          throw new Error('Nobody asks for SQL here');
        },
        table,
        transactions: raw.transactions,
        checks: NO_CHECKS,
        newestDay: () => NEWEST_DAY,
        fileName: 'bench.sqlite',
        compared: null,
      }));
      const figures = async (filters: readonly RowFilter[]) => {
        await reader.filtered({ filters }, CONTEXT);
        await reader.segments({ dimension: 'country', filters }, CONTEXT);
        await reader.rating({ filters }, CONTEXT);
        await reader.tags({ filters }, CONTEXT);
        await reader.interaction({ ...PAIR, filters }, CONTEXT);
      };
      const firstMs = await timedMs(() => figures([]));
      const rankingMs = await timedMs(() => reader.ranking({ filters: [] }, CONTEXT));
      const filterMs = await timedMs(() => figures([{ dimension: 'country', levels: ['us'] }]));
      const productMs = await timedMs(() => reader.segments({ dimension: 'product', filters: [] }, CONTEXT));
      const domainMs = await timedMs(() =>
        reader.segments({ dimension: 'email_domain', filters: [] }, CONTEXT),
      );
      return { firstMs, rankingMs, filterMs, productMs, domainMs };
    },
  );
  const row = (label: string, of: (run: (typeof measured)[number]) => number): BenchRow => ({
    label: `${label}, ${name}`,
    figures: { time: spreadOf(measured.map(of)) },
  });
  return [
    row('all figures, first', ({ firstMs }) => firstMs),
    row('all pairs ranked', ({ rankingMs }) => rankingMs),
    row('a filter: counts and all figures', ({ filterMs }) => filterMs),
    row('by product, first', ({ productMs }) => productMs),
    row('by e-mail domain, first', ({ domainMs }) => domainMs),
  ];
}
