import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, type Locator, type Page, test } from '@playwright/test';
import { startBenchServer } from '@/bench/page/bench-server';
import { residentMemory } from '@/bench/page/renderer-memory';
import { writeFileDurably } from '@/lib/server/storage/durable-write';
import { homeAt } from '@/lib/server/storage/home';
import { journalStart, readJournal } from '@/lib/server/storage/journal';
import { studyJournalPath } from '@/lib/server/studies/study-launch';
import { syntheticEvents } from '@/lib/testing/synthetic-study';
import { type StudyEvent, studyEventSchema } from '@/lib/tuning/study/study-events';
import { CockpitPage } from './cockpit-page';
import { inventedFile } from './crm-files';
import { drawnPlot } from './drawn-figure';
import { TaskMeter } from './task-meter';
import { WorkbenchPage } from './workbench-page';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
// High enough for the whole cell, so that nothing scrolls and every place stays where it was looked up.
test.use({ viewport: { width: 1440, height: 2000 } });

const N_TRIALS = 1000;
const CRM_FILE = inventedFile(47);

/** Processor time that a task of the page may take: the aim is 50 ms, on a machine that does nothing else. */
const LONGEST_TASK_CPU_MS = 120;
const MOST_HEAP_MIB = 200;

async function withServer(home: string, page: Page, use: (workbench: WorkbenchPage) => Promise<void>) {
  const server = await startBenchServer(ROOT, home);
  try {
    await page.goto(server.url);
    const workbench = new WorkbenchPage(page);
    await workbench.expectPrepared();
    await use(workbench);
  } finally {
    await page.goto('about:blank');
    await server.stop();
  }
}

/** Put a study of a thousand trials in the place of one that has run: same data, same model. */
async function enlarge(home: string, studyId: string): Promise<void> {
  const path = studyJournalPath(homeAt(home), studyId);
  const journal = await readJournal(path, studyEventSchema);
  if (!journal.ok) throw new Error(journal.error.message);
  const { records } = journal.value;
  const created = records[0];
  if (created?.type !== 'study_created') throw new Error('A study begins with its creation');
  const events = syntheticEvents({
    studyId,
    config: { ...created.config, nTrials: N_TRIALS },
    nProcesses: 2,
    failEvery: 50,
    crashEvery: 40,
  });
  const evaluation = records
    .filter(({ type }) => type.startsWith('evaluation_'))
    .map((event, i): StudyEvent => ({ ...event, sequence: events.length + i + 1 }));
  await writeFileDurably(path, journalStart([...events, ...evaluation]));
}

test('a study of a thousand trials stays fluid', async ({ page }, testInfo) => {
  test.slow();
  const home = mkdtempSync(join(tmpdir(), 'leadbench-thousand-'));
  try {
    let studyId = '';
    await withServer(home, page, async (workbench) => {
      await workbench.workThrough(CRM_FILE, 2);
      studyId = await workbench.studyId();
    });
    await enlarge(home, studyId);
    await withServer(home, page, async (workbench) => {
      const measured = await measure(workbench);
      const lines = [...measured.tasks].map(
        ([what, { longestCpuMs, longestMs }]) =>
          `${what}: longest task ${longestCpuMs.toFixed(0)} ms of processor time, ${longestMs.toFixed(0)} ms in all`,
      );
      const { heapMiB, residentMiB } = measured;
      lines.push(`heap ${heapMiB.toFixed(0)} MiB, resident ${residentMiB?.toFixed(0) ?? '–'} MiB`);
      writeFileSync(testInfo.outputPath('thousand-trials.txt'), `${lines.join('\n')}\n`);
      for (const [what, { longestCpuMs }] of measured.tasks)
        expect.soft(longestCpuMs, what).toBeLessThan(LONGEST_TASK_CPU_MS);
      expect(heapMiB).toBeLessThan(MOST_HEAP_MIB);
    });
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
});

const TABS = [
  ...['History', 'Best so far', 'Importances', 'Parallel coordinates', 'Slice', 'Contour'],
  ...['Learning curves', 'EDF', 'Workers'],
];

async function measure(workbench: WorkbenchPage) {
  const { page } = workbench;
  const cockpit = new CockpitPage(workbench);
  // What draws is there before anything is measured.
  await drawnPlot(workbench.cell('pareto').getByRole('figure'));
  const meter = await TaskMeter.of(page);
  await meter.during('open the file and its study', async () => {
    await workbench.drop(CRM_FILE);
    await page.waitForFunction(isStudyShown, N_TRIALS);
  });
  await cockpit.expectTrials(N_TRIALS);
  await workbench.expectLeads();
  // To find things by role and name takes the page's own time: all places are looked up before anything is measured.
  await meter.during('scroll to the study', async () => {
    await page.evaluate(() => document.querySelector('[data-cell=tuning]')?.scrollIntoView());
    await page.waitForFunction(
      () => document.querySelector('[data-cell=tuning] [data-figure=drawn]') !== null,
    );
  });
  const tabs = new Map<string, Place>();
  for (const name of TABS) tabs.set(name, await placeOf(cockpit.tab(name)));
  const clickAt = ({ x, y }: Place) => page.mouse.click(x, y);

  const header = await placeOf(cockpit.sortButton('roc_auc'));
  await meter.during('sort', () => clickAt(header));
  await cockpit.filter.focus();
  await meter.during('filter', () => page.keyboard.type('roc_auc > 0.7', { delay: 60 }));
  const grid = await placeOf(cockpit.grid);
  await page.mouse.move(grid.x, grid.y);
  await meter.during('scroll', async () => {
    for (let i = 0; i < 20; i++) await page.mouse.wheel(0, 400);
  });
  await cockpit.filter.fill('trial_number <= 30');
  for (const [name, place] of tabs) {
    await meter.during(`open ${name}`, () => clickAt(place));
    await expect(cockpit.tab(name)).toHaveAttribute('aria-selected', 'true');
    const box = await placeOf(cockpit.grid.getByLabel('Select all trials shown'));
    await meter.during(`pick 30 in ${name}`, () => clickAt(box));
    await expect(cockpit.cell.getByText('30 trials selected')).toBeVisible();
    await meter.during(`clear ${name}`, () => page.keyboard.press('Escape'));
  }
  const heapMiB = await meter.heapMiB();
  const tasks = await meter.end();
  const [{ pid = 0 } = {}] = [...tasks.values()];
  return { tasks, heapMiB, residentMiB: (await residentMemory(pid))?.nowMiB };
}

interface Place {
  readonly x: number;
  readonly y: number;
}

/** The middle of an element. */
async function placeOf(locator: Locator): Promise<Place> {
  const box = await locator.boundingBox();
  if (box === null) throw new Error('The element is not to be seen');
  return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
}

/** Runs in the page: whether the whole study is in the table, and the leads are there. */
function isStudyShown(nTrials: number): boolean {
  const cell = document.querySelector('[data-cell=tuning]');
  const nRows = cell?.querySelector('[role=grid]')?.getAttribute('aria-rowcount');
  const areLeadsThere = document.querySelector('[data-cell=leads]')?.getAttribute('data-status') === 'done';
  return nRows === String(nTrials + 1) && areLeadsThere;
}
