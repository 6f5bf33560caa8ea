import { type ChildPool, type ChildPoolOptions, createChildPool, type Preparation } from './child-pool';

/** Keeps one pool of engine processes between studies, so that the next one finds them started. */
export interface WarmPool {
  /** Take the pool, kept or new. Its `close` hands it back. */
  lease(nProcesses: number): ChildPool;
  /** Start the processes and let them read a dataset. @throws as `ChildPool.prepare` */
  warm(nProcesses: number, preparation: Preparation | null): Promise<void>;
  /** Kill the processes that nobody has leased. */
  close(): Promise<void>;
}

/**
 * Create a keeper of pools.
 *
 * @param keepMs how long processes that nobody uses are kept; 0 ends them when they are handed back. They hold about 80 MB
 * each and do not keep this process running.
 */
export function createWarmPool(options: Omit<ChildPoolOptions, 'nProcesses'>, keepMs: number): WarmPool {
  let kept: { readonly pool: ChildPool; readonly timer: NodeJS.Timeout } | null = null;

  const take = (nProcesses: number): ChildPool => {
    if (kept === null) return createChildPool({ ...options, nProcesses });
    const { pool, timer } = kept;
    clearTimeout(timer);
    kept = null;
    if (pool.nProcesses === nProcesses) return pool;
    void closed(pool);
    return createChildPool({ ...options, nProcesses });
  };
  const closed = async (pool: ChildPool) => {
    try {
      await pool.close();
    } catch (error) {
      options.onLog(
        `Training processes did not end: ${error instanceof Error ? error.message : String(error)}`,
      );
    }
  };
  const giveBack = async (pool: ChildPool) => {
    if (keepMs === 0 || kept !== null) {
      await closed(pool);
      return;
    }
    const timer = setTimeout(() => {
      kept = null;
      void closed(pool);
    }, keepMs);
    timer.unref();
    kept = { pool, timer };
  };

  return {
    lease(nProcesses) {
      const pool = take(nProcesses);
      let isBack = false;
      return {
        ...pool,
        close: async () => {
          if (isBack) return;
          isBack = true;
          await giveBack(pool);
        },
      };
    },
    async warm(nProcesses, preparation) {
      const pool = take(nProcesses);
      try {
        await pool.prepare(preparation, new AbortController().signal);
      } finally {
        await giveBack(pool);
      }
    },
    async close() {
      if (kept === null) return;
      clearTimeout(kept.timer);
      const { pool } = kept;
      kept = null;
      await closed(pool);
    },
  };
}
