/** Figures are drawn one after the other, each in a task of its own, so that the page answers in between. */
let lastDraw: Promise<unknown> = Promise.resolve();

/**
 * Draw when it is this figure's turn.
 *
 * @param isRedraw whether there is something to look at already: then it waits for the page to have nothing better to do
 */
export function drawnInTurn<T>(isRedraw: boolean, draw: () => Promise<T>): Promise<T> {
  const drawn = lastDraw.then(isRedraw ? idleTask : nextTask).then(draw);
  // The figure that drew shows the failure; the next one only waits for its turn.
  lastDraw = drawn.catch(() => undefined);
  return drawn;
}

function nextTask(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve));
}

const LONGEST_WAIT_MS = 250;

function idleTask(): Promise<void> {
  // Safari has no idle time to ask for.
  if (!('requestIdleCallback' in window)) return nextTask();
  return new Promise((resolve) => requestIdleCallback(() => resolve(), { timeout: LONGEST_WAIT_MS }));
}
