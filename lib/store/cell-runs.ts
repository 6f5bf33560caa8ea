import type { StoreApi } from 'zustand/vanilla';
import { ExpectedFailure, type Failure } from '@/lib/core/result';
import {
  CELLS,
  type CellId,
  type CellMessage,
  type CellProgress,
  cellDefinition,
  dependentsOf,
  freshStatuses,
  statusAfter,
} from './cells';
import type { WorkbenchState } from './workbench-state';

/** Name an error for the user: an expected failure as it is, a bug as one. */
export function failureOf(error: unknown, what: string): Failure {
  if (error instanceof ExpectedFailure) return error.failure;
  console.error(`Bug in ${what}`, error);
  return {
    code: 'bug',
    message: `A bug stopped “${what}”: ${error instanceof Error ? error.message : String(error)}.`,
    hint: 'Nothing was lost. Run the cell again; if it fails again, report the message.',
  };
}

/** Runs cells: moves their status, keeps the newest run of a cell and drops what older ones bring late. */
export class CellRuns {
  readonly #store: StoreApi<WorkbenchState>;
  readonly #now: () => number;
  readonly #newest = new Map<CellId, number>();

  constructor(store: StoreApi<WorkbenchState>, now: () => number) {
    this.#store = store;
    this.#now = now;
  }

  /** Tell a cell what happened. */
  tell(id: CellId, message: CellMessage): void {
    this.#store.setState(({ statuses }) => ({
      statuses: { ...statuses, [id]: statusAfter(statuses[id], message) },
    }));
  }

  /** Mark every cell below as stale; runs of theirs that are under way will be dropped. */
  outdate(id: CellId): void {
    for (const dependent of dependentsOf(id))
      this.outdateOne(dependent, `“${cellDefinition(id).title}” changed.`);
  }

  /** Mark one cell as stale. */
  outdateOne(id: CellId, reason: string): void {
    this.#supersede(id);
    this.tell(id, { type: 'outdated', reason });
  }

  /** Send every cell back to the start and drop all runs. */
  resetAll(): void {
    for (const { id } of CELLS) this.#supersede(id);
    this.#store.setState({ statuses: freshStatuses() });
  }

  /**
   * Run a cell.
   * @param work computes the outputs, which are stored if no newer run began meanwhile
   * @returns whether it finished and is still the newest run
   */
  async run(
    id: CellId,
    work: (onProgress: (progress: CellProgress) => void) => Promise<Partial<WorkbenchState>>,
  ): Promise<boolean> {
    const run = this.#supersede(id);
    const isNewest = () => this.#newest.get(id) === run;
    this.tell(id, { type: 'started', atMs: this.#now() });
    try {
      const outputs = await work((progress) => isNewest() && this.tell(id, { type: 'progressed', progress }));
      if (!isNewest()) return false;
      this.#store.setState(outputs);
      this.tell(id, { type: 'finished', atMs: this.#now() });
      return true;
    } catch (error) {
      if (!isNewest()) return false;
      this.tell(id, {
        type: 'failed',
        atMs: this.#now(),
        failure: failureOf(error, cellDefinition(id).title),
      });
      return false;
    }
  }

  #supersede(id: CellId): number {
    const run = (this.#newest.get(id) ?? 0) + 1;
    this.#newest.set(id, run);
    return run;
  }
}
