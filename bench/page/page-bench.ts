import { mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import { type BenchContext, repeated } from '../bench-context';
import type { BenchColumn, BenchRow, BenchTable } from '../bench-table';
import { spreadOf } from '../spread';
import { withFreshPage } from './bench-browser';
import { startBenchServer } from './bench-server';
import { type PageRun, type PageStretch, pageRun } from './page-run';

const STAGES = [
  { cell: 'source', label: 'open' },
  { cell: 'ingest', label: 'join' },
  { cell: 'quality', label: 'validate' },
  { cell: 'pareto', label: 'countries' },
  { cell: 'rating', label: 'ratings' },
  { cell: 'features', label: 'features' },
] as const;

const TIME_COLUMNS: readonly BenchColumn[] = [
  { key: 'joined', label: 'joined', unit: 'ms' },
  { key: 'ready', label: 'all drawn, features ready', unit: 'ms' },
  { key: 'longest', label: 'longest task', unit: 'ms' },
  { key: 'longestCpu', label: 'its processor time', unit: 'ms' },
  { key: 'nOver50', label: 'tasks > 50 ms', unit: 'count' },
  { key: 'nOver50Cpu', label: '> 50 ms processor', unit: 'count' },
  { key: 'cpu', label: 'main thread in all', unit: 'ms' },
  { key: 'frame', label: 'longest frame', unit: 'ms' },
  { key: 'input', label: 'largest input delay', unit: 'ms' },
];

const MEMORY_COLUMNS: readonly BenchColumn[] = [
  { key: 'before', label: 'before', unit: 'MiB' },
  { key: 'peak', label: 'peak', unit: 'MiB' },
  { key: 'after', label: 'when ready', unit: 'MiB' },
  { key: 'heap', label: 'heap of the page', unit: 'MiB' },
];

/** Measure the page from its start, and from a dropped file, to all figures drawn and features prepared. */
export async function pageBench(context: BenchContext, chromiumPath: string): Promise<BenchTable[]> {
  const { options, scratch, root } = context;
  const server = await startBenchServer(root, await mkdtemp(join(scratch, 'home-')));
  try {
    const runs = new Map<number, PageRun[]>();
    for (const size of [options.sizes.small, options.sizes.large]) {
      const crmPath = await context.crmPath(size);
      const what = `page with ${size.toLocaleString('en')} subscribers`;
      const measured = await repeated(context, { what, nRuns: options.nRuns }, () =>
        withFreshPage({ chromiumPath, scratch }, (fresh) => pageRun(fresh, server.url, crmPath)),
      );
      runs.set(size, measured);
    }
    return [timeTable(runs), stageTable(runs), memoryTable(runs)];
  } finally {
    await server.stop();
  }
}

type Runs = ReadonlyMap<number, readonly PageRun[]>;

const fileLabel = (size: number) => `file of ${size.toLocaleString('en')}`;
const startsOf = (runs: Runs) => [...runs.values()].flat().map(({ start }) => start);

function timeTable(runs: Runs): BenchTable {
  const files = [...runs].map(([size, measured]) =>
    timeRow(
      fileLabel(size),
      measured.map(({ file }) => file),
    ),
  );
  return {
    title: 'Page in Chromium: from the beginning of the navigation, or from the drop of a file, until …',
    columns: TIME_COLUMNS,
    rows: [timeRow('start with the demo (empty cache)', startsOf(runs)), ...files],
    notes: [
      'Aims: 20,000 ready within 1,500 ms, no task over 50 ms. Tasks are those of the page’s main thread, from a trace;',
      'processor time is that of the task which used most. Input: a key pressed every 40 ms, until the page is told.',
    ],
  };
}

function timeRow(label: string, stretches: readonly PageStretch[]): BenchRow {
  const figure = (value: (stretch: PageStretch) => number) => spreadOf(stretches.map(value));
  return {
    label,
    figures: {
      joined: figure(({ readings }) => readings.joinedAt - readings.beganAt),
      ready: figure(({ readings }) => readings.readyAt - readings.beganAt),
      longest: figure(({ tasks }) => tasks.longestMs),
      longestCpu: figure(({ tasks }) => tasks.longestCpuMs),
      nOver50: figure(({ tasks }) => tasks.nOver50Ms),
      nOver50Cpu: figure(({ tasks }) => tasks.nOver50CpuMs),
      cpu: figure(({ tasks }) => tasks.cpuMs),
      frame: figure(({ readings }) => readings.longestFrameMs),
      input: figure(({ readings }) => Math.max(0, ...readings.inputDelaysMs)),
    },
  };
}

function stageTable(runs: Runs): BenchTable {
  const rows = [...runs].map(([size, measured]) => ({
    label: fileLabel(size),
    figures: Object.fromEntries(
      STAGES.map(({ cell }) => [cell, spreadOf(measured.map(({ file }) => stageMs(file, cell)))]),
    ),
  }));
  return {
    title: 'Page in Chromium: the stages, as their cells show them',
    columns: STAGES.map(({ cell, label }) => ({ key: cell, label, unit: 'ms' as const })),
    rows,
    notes: ['From a cell’s “running” to its “done”: the worker’s time, and the wait for the main thread.'],
  };
}

function stageMs({ readings }: PageStretch, cell: string): number {
  const at = (status: string) =>
    readings.changes.findLast((change) => change.cell === cell && change.status === status)?.at ?? Number.NaN;
  return at('done') - at('running');
}

function memoryTable(runs: Runs): BenchTable {
  const rows = [...runs].map(([size, measured]) => {
    const figure = (value: (run: PageRun) => number | undefined) => {
      const values = measured.map(value).filter((each) => each !== undefined);
      return values.length === 0 ? null : spreadOf(values);
    };
    return {
      label: fileLabel(size),
      figures: {
        before: figure(({ start }) => start.memory?.nowMiB),
        peak: figure(({ file }) => file.memory?.peakMiB),
        after: figure(({ file }) => file.memory?.nowMiB),
        heap: figure(({ file }) => file.heapMiB),
      },
    };
  });
  return {
    title: 'Page in Chromium: resident memory of the process that holds the page and its workers',
    columns: MEMORY_COLUMNS,
    rows,
    notes: [
      'Before: with the demo open. The program code of Chromium is part of each figure (about 100 MiB).',
    ],
  };
}
