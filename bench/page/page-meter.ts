/** What the meter in the page has seen since it was last set to zero; all times in ms since the page's time origin. */
export interface PageReadings {
  /** When the file was handed over, or 0 for the start of the page. */
  readonly beganAt: number;
  /** When the joined table was shown. */
  readonly joinedAt: number;
  /** When the features were prepared and all figures drawn, and the frame with them was on its way. */
  readonly readyAt: number;
  /** Every change of a cell's state. */
  readonly changes: readonly { readonly at: number; readonly cell: string; readonly status: string }[];
  /** Tasks of 50 ms and more, as the browser reports them. */
  readonly longTasksMs: readonly number[];
  /** Longest time between two animation frames. */
  readonly longestFrameMs: number;
  /** From a key's being pressed to the page's being told, for each. */
  readonly inputDelaysMs: readonly number[];
}

/** What the page offers to the benchmark. */
export interface PageMeter {
  /** Forget everything and wait for the next file. */
  arm(): void;
  /** Resolves when the page is ready; rejects when a cell fails or is blocked. */
  ready(): Promise<PageReadings>;
}

/** Name of the mark at which a file was handed over, and of the one at which all was ready, in a trace. */
export const PAGE_MARKS = { began: 'leadbench-bench-began', ready: 'leadbench-bench-ready' } as const;

declare global {
  interface Window {
    leadbenchMeter: PageMeter;
  }
}

/**
 * Put the meter into a page, before the page's own scripts run. It is sent to the browser as text, so that it may use
 * nothing from outside itself, and stands here in one piece.
 *
 * @param marks `PAGE_MARKS`
 */
export function installPageMeter(marks: { readonly began: string; readonly ready: string }): void {
  const FIGURE_CELLS = ['pareto', 'rating'];
  let readings = emptyReadings();
  let isWaiting = false;
  let settle: { done: (readings: PageReadings) => void; failed: (error: Error) => void } | null = null;
  let outcome: { readings: PageReadings } | { error: Error } | null = null;
  const statuses = new Map<string, string>();

  function emptyReadings() {
    const changes: { at: number; cell: string; status: string }[] = [];
    const longTasksMs: number[] = [];
    const inputDelaysMs: number[] = [];
    return { beganAt: 0, joinedAt: 0, readyAt: 0, changes, longTasksMs, longestFrameMs: 0, inputDelaysMs };
  }

  function tell(what: NonNullable<typeof outcome>): void {
    if (outcome !== null) return;
    outcome = what;
    if ('error' in what) settle?.failed(what.error);
    else settle?.done(what.readings);
  }

  function look(): void {
    const at = performance.now();
    for (const cell of document.querySelectorAll<HTMLElement>('[data-cell]')) {
      const { cell: name = '', status = '' } = cell.dataset;
      if (statuses.get(name) === status) continue;
      statuses.set(name, status);
      readings.changes.push({ at, cell: name, status });
      // The cells of the file before are done until the new file is open.
      if (name === 'features' && status !== 'done') isWaiting = false;
      if (name === 'ingest' && status === 'done' && !isWaiting && readings.joinedAt === 0)
        readings.joinedAt = at;
      if ((status === 'failed' || status === 'blocked') && !isWaiting) {
        tell({ error: new Error(`${name} is ${status}: ${cell.textContent.slice(0, 300)}`) });
      }
    }
    if (!isWaiting && outcome === null && readings.readyAt === 0 && isReady()) finish();
  }

  function isReady(): boolean {
    const isDrawn = (cell: string) =>
      document.querySelector(`[data-cell="${cell}"] [data-figure="drawn"]`) !== null;
    return statuses.get('features') === 'done' && FIGURE_CELLS.every(isDrawn);
  }

  function finish(): void {
    readings.readyAt = performance.now();
    requestAnimationFrame(() =>
      setTimeout(() => {
        readings.readyAt = performance.now();
        performance.mark(marks.ready);
        tell({ readings });
      }),
    );
  }

  window.leadbenchMeter = {
    arm() {
      readings = emptyReadings();
      outcome = null;
      settle = null;
      isWaiting = true;
    },
    ready: () =>
      new Promise((done, failed) => {
        settle = { done, failed };
        if (outcome === null) return;
        if ('error' in outcome) failed(outcome.error);
        else done(outcome.readings);
      }),
  };

  // Captured on its way down, before the page hears of it.
  addEventListener(
    'change',
    () => {
      readings.beganAt = performance.now();
      performance.mark(marks.began);
    },
    true,
  );
  addEventListener(
    'keydown',
    (event) => readings.inputDelaysMs.push(performance.now() - event.timeStamp),
    true,
  );
  new PerformanceObserver((list) => {
    for (const { startTime, duration } of list.getEntries()) {
      if (startTime + duration >= readings.beganAt) readings.longTasksMs.push(duration);
    }
  }).observe({ type: 'longtask', buffered: true });
  new MutationObserver(look).observe(document, {
    subtree: true,
    childList: true,
    attributes: true,
    attributeFilter: ['data-status', 'data-figure'],
  });
  let lastFrameAt = performance.now();
  const onFrame = (at: number) => {
    const sinceLast = at - lastFrameAt;
    lastFrameAt = at;
    if (readings.readyAt === 0 && sinceLast > readings.longestFrameMs) readings.longestFrameMs = sinceLast;
    requestAnimationFrame(onFrame);
  };
  requestAnimationFrame(onFrame);
}
