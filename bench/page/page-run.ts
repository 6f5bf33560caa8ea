import { setTimeout as delay } from 'node:timers/promises';
import type { CDPSession } from '@playwright/test';
import type { FreshPage } from './bench-browser';
import { type MainThreadTasks, mainThreadTasks, startTrace } from './main-thread-trace';
import type { PageReadings } from './page-meter';
import { type ResidentMemory, resetPeak, residentMemory } from './renderer-memory';

/** One stretch of a page's life, from its beginning or from a file to readiness. */
export interface PageStretch {
  readonly readings: PageReadings;
  readonly tasks: MainThreadTasks;
  /** Of the process that holds the page and its workers. */
  readonly memory: ResidentMemory | null;
  /** JavaScript heap of the page itself, without its workers. */
  readonly heapMiB: number;
}

/** The page's start with the demo CRM, and then another file. */
export interface PageRun {
  readonly start: PageStretch;
  readonly file: PageStretch;
}

const FILE_INPUT = 'CRM file (SQLite)';
const KEY_INTERVAL_MS = 40;
const MIB = 1024 * 1024;

/** Open the page, wait until the demo is ready, then hand it a file and wait again. */
export async function pageRun({ page, session }: FreshPage, url: string, crmPath: string): Promise<PageRun> {
  const start = await stretch({ page, session }, async () => {
    await page.goto(url);
  });
  await page.evaluate(() => window.leadbenchMeter.arm());
  await resetPeak(start.tasks.pid);
  const file = await stretch({ page, session }, () => page.getByLabel(FILE_INPUT).setInputFiles(crmPath));
  return { start, file };
}

async function stretch({ page, session }: FreshPage, begin: () => Promise<void>): Promise<PageStretch> {
  const endTrace = await startTrace(session);
  await begin();
  const keys = pressKeys(session);
  const readings = await page.evaluate(() => window.leadbenchMeter.ready()).finally(() => keys.stop());
  const tasks = mainThreadTasks(await endTrace());
  const { usedSize } = await session.send('Runtime.getHeapUsage');
  return { readings, tasks, memory: await residentMemory(tasks.pid), heapMiB: usedSize / MIB };
}

/** Press a key that does nothing, again and again, as a user who does not want to wait. */
function pressKeys(session: CDPSession): { stop(): Promise<void> } {
  let isStopped = false;
  const key = { key: 'Shift', code: 'ShiftLeft', windowsVirtualKeyCode: 16 };
  const pressing = (async () => {
    while (!isStopped) {
      await session.send('Input.dispatchKeyEvent', { type: 'rawKeyDown', ...key });
      await session.send('Input.dispatchKeyEvent', { type: 'keyUp', ...key });
      await delay(KEY_INTERVAL_MS);
    }
  })();
  return {
    async stop() {
      isStopped = true;
      await pressing;
    },
  };
}
