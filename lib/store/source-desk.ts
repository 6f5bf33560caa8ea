import type { StoreApi } from 'zustand/vanilla';
import type { Failure } from '@/lib/core/result';
import { type CellRuns, failureOf } from './cell-runs';
import type { CellStatus } from './cells';
import type { CrmFile, WorkbenchServices } from './services';
import { NO_OUTPUTS, type WorkbenchState } from './workbench-state';

/** A request to open something. Only the newest one may change what the page shows. */
interface Opening {
  readonly isNewest: () => boolean;
}

/** Opens files: the one kept from the last visit, the demo, or the user's; the newest request wins. */
export class SourceDesk {
  readonly #store: StoreApi<WorkbenchState>;
  readonly #runs: CellRuns;
  readonly #services: WorkbenchServices;
  readonly #onReplaced: () => void;
  readonly #onOpened: () => Promise<void>;
  #nOpenings = 0;
  /** Copies are written one after another, beside the cells that run: two at once would mix in one file. */
  #keeping: Promise<void> = Promise.resolve();
  /** Status of the cell when a file was opened last, to go back to when another one is refused. */
  #opened: CellStatus | null = null;

  constructor(parts: {
    store: StoreApi<WorkbenchState>;
    runs: CellRuns;
    services: WorkbenchServices;
    /** Another file took the place of the one before: whatever still runs on that one ends here. */
    onReplaced: () => void;
    /** Run what reads the file. */
    onOpened: () => Promise<void>;
  }) {
    this.#store = parts.store;
    this.#runs = parts.runs;
    this.#services = parts.services;
    this.#onReplaced = parts.onReplaced;
    this.#onOpened = parts.onOpened;
  }

  /** Open what was kept from the last visit, or the demo; why the kept file did not open stays on the page. */
  async start(): Promise<void> {
    const opening = this.#newOpening();
    const kept = await this.#kept();
    if (!opening.isNewest()) return;
    if (kept.file && (await this.#open(kept.file, { isDemo: false, isKept: true }, opening))) return;
    const failed = kept.failed ?? this.#store.getState().sourceFailure;
    await this.#openDemo(opening, failed);
  }

  /** Open a file the user dropped or picked, and keep a copy for the next visit. */
  async openFile(file: CrmFile): Promise<void> {
    await this.#open(file, { isDemo: false, isKept: false }, this.#newOpening());
  }

  /** Remove the copy kept in the browser, then close the file by opening the demo in its place. */
  async forgetFile(): Promise<void> {
    const opening = this.#newOpening();
    try {
      await this.#keeping;
      await this.#services.files.forget();
    } catch (error) {
      const { message } = failureOf(error, 'CRM file');
      this.#fail('the kept file', {
        code: 'not_forgotten',
        message: `The copy kept in this browser could not be removed: ${message}`,
        hint: 'Try again, or clear this site’s data in the browser’s settings.',
      });
      return;
    }
    await this.#openDemo(opening, null);
  }

  /** Let no opening that is under way change anything any more. */
  leave(): void {
    this.#newOpening();
  }

  #newOpening(): Opening {
    this.#nOpenings += 1;
    const number = this.#nOpenings;
    return { isNewest: () => this.#nOpenings === number };
  }

  async #kept(): Promise<{
    readonly file: CrmFile | null;
    readonly failed: WorkbenchState['sourceFailure'];
  }> {
    try {
      return { file: await this.#services.files.kept(), failed: null };
    } catch (error) {
      const failure = failureOf(error, 'CRM file');
      return { file: null, failed: { fileName: 'The file of the last visit', failure } };
    }
  }

  /** @param earlier why something else did not open, still to be read beside the demo */
  async #openDemo(opening: Opening, earlier: WorkbenchState['sourceFailure']): Promise<void> {
    let demo: CrmFile;
    try {
      demo = await this.#services.files.demo();
    } catch (error) {
      if (opening.isNewest()) this.#refuse('demo CRM', failureOf(error, 'CRM file'));
      return;
    }
    if (opening.isNewest()) await this.#open(demo, { isDemo: true, isKept: true, earlier }, opening);
  }

  async #open(
    file: CrmFile,
    how: {
      readonly isDemo: boolean;
      readonly isKept: boolean;
      readonly earlier?: WorkbenchState['sourceFailure'];
    },
    opening: Opening,
  ): Promise<boolean> {
    const startedAtMs = this.#services.now();
    this.#runs.tell('source', { type: 'started', atMs: startedAtMs });
    try {
      const crm = await this.#services.crm.open(file);
      if (!opening.isNewest()) return false;
      this.#onReplaced();
      this.#runs.tell('source', { type: 'started', atMs: startedAtMs });
      const source = { crm, isDemo: how.isDemo };
      this.#store.setState({ ...NO_OUTPUTS, source, sourceFailure: how.earlier ?? null });
      this.#runs.tell('source', { type: 'finished', atMs: this.#services.now() });
      this.#opened = this.#store.getState().statuses.source;
    } catch (error) {
      if (opening.isNewest()) this.#refuse(file.name, failureOf(error, 'CRM file'));
      return false;
    }
    if (!how.isKept) this.#keeping = this.#keeping.then(() => this.#keep(file, opening));
    if (opening.isNewest()) await this.#onOpened();
    await this.#keeping;
    return true;
  }

  /** Say why something did not open; what was open before stays. */
  #refuse(fileName: string, failure: Failure): void {
    this.#fail(fileName, failure);
    const opened = this.#opened;
    if (opened) this.#store.setState(({ statuses }) => ({ statuses: { ...statuses, source: opened } }));
    else this.#runs.tell('source', { type: 'failed', atMs: this.#services.now(), failure });
  }

  async #keep(file: CrmFile, opening: Opening): Promise<void> {
    if (!opening.isNewest()) return;
    try {
      await this.#services.files.keep(file);
    } catch (error) {
      if (!opening.isNewest()) return;
      const { message } = failureOf(error, 'CRM file');
      this.#fail(file.name, {
        code: 'not_kept',
        message: `The file is open but could not be kept for the next visit: ${message}`,
        hint: 'Free some space for this site, or open the file again after a reload.',
      });
    }
  }

  #fail(fileName: string, failure: Failure): void {
    this.#store.setState({ sourceFailure: { fileName, failure } });
  }
}
