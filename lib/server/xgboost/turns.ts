/** A counter of places, given out in the order in which they were asked for. */
export interface Turns {
  /** Wait for a place. @throws the signal's reason when it is aborted first */
  take(signal: AbortSignal): Promise<void>;
  /** Hand a place back. */
  give(): void;
}

/** Create `nPlaces` places. */
export function createTurns(nPlaces: number): Turns {
  let nFree = nPlaces;
  const waiting = new Set<() => void>();
  return {
    take: async (signal) => {
      signal.throwIfAborted();
      if (nFree > 0) {
        nFree--;
        return;
      }
      await new Promise<void>((resolve, reject) => {
        const handleAbort = () => {
          waiting.delete(handleTurn);
          reject(signal.reason);
        };
        const handleTurn = () => {
          signal.removeEventListener('abort', handleAbort);
          resolve();
        };
        signal.addEventListener('abort', handleAbort, { once: true });
        waiting.add(handleTurn);
      });
    },
    give: () => {
      const [next] = waiting;
      if (next === undefined) {
        nFree++;
        return;
      }
      waiting.delete(next);
      next();
    },
  };
}
