import type { CDPSession, Page } from '@playwright/test';
import { type MainThreadTasks, mainThreadTasks, startTrace } from '@/bench/page/main-thread-trace';
import { PAGE_MARKS } from '@/bench/page/page-meter';

/** Figures are drawn again in idle time, after a pause of a second at most. */
const SETTLED_MS = 1500;

/** Measures the tasks of a page's main thread while things are done to it, in one trace of the browser. */
export class TaskMeter {
  readonly #page: Page;
  readonly #session: CDPSession;
  readonly #endTrace: Awaited<ReturnType<typeof startTrace>>;
  readonly #what: string[] = [];

  private constructor(page: Page, session: CDPSession, endTrace: Awaited<ReturnType<typeof startTrace>>) {
    this.#page = page;
    this.#session = session;
    this.#endTrace = endTrace;
  }

  static async of(page: Page): Promise<TaskMeter> {
    const session = await page.context().newCDPSession(page);
    return new TaskMeter(page, session, await startTrace(session));
  }

  /** Do something and wait until the page has settled. */
  async during(what: string, work: () => Promise<void>): Promise<void> {
    this.#what.push(what);
    await this.#page.evaluate((name) => void performance.mark(name), PAGE_MARKS.began);
    await work();
    await this.#page.evaluate(
      ({ name, settledMs }) =>
        new Promise<void>((resolve) =>
          setTimeout(() => {
            performance.mark(name);
            resolve();
          }, settledMs),
        ),
      { name: PAGE_MARKS.ready, settledMs: SETTLED_MS },
    );
  }

  /** JavaScript heap of the page after what is garbage was collected, in MiB. */
  async heapMiB(): Promise<number> {
    await this.#session.send('HeapProfiler.collectGarbage');
    const { usedSize } = await this.#session.send('Runtime.getHeapUsage');
    return usedSize / (1024 * 1024);
  }

  /** End measuring; gives the tasks of everything that was done, by what it was. */
  async end(): Promise<ReadonlyMap<string, MainThreadTasks>> {
    const events = await this.#endTrace();
    const ends = events.filter(({ name }) => name === PAGE_MARKS.ready).map(({ ts }) => ts);
    ends.sort((a, b) => a - b);
    return new Map(
      this.#what.map((what, i) => {
        const [from = 0, to = 0] = [ends[i - 1], ends[i]];
        return [what, mainThreadTasks(events.filter(({ ts }) => ts > from && ts <= to))];
      }),
    );
  }
}
