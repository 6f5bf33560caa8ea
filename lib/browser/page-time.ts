import type { PageTime } from './study-slices';

/** The clock and the turns of the browser's page. */
export const pageTime: PageTime = {
  now: () => performance.now(),
  breathe: () => {
    // Chromium and Firefox: come back before other work of the page, but after what the user did.
    const { scheduler } = globalThis as { scheduler?: { yield?: () => Promise<void> } };
    if (scheduler?.yield) return scheduler.yield();
    return new Promise((resolve) => setTimeout(resolve));
  },
  later: (run, delayMs) => {
    const timer = setTimeout(run, delayMs);
    return () => clearTimeout(timer);
  },
};
