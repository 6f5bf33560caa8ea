import type { StoreApi } from 'zustand/vanilla';
import type { AskedFigure } from '@/lib/explore/figure-sql/figure-sql';
import type { CheckPlace } from '@/lib/quality/run-suites';
import type { AnomalyRowTexts, FailingRowTexts } from '@/lib/workers/crm-api';
import { type CellRuns, failureOf } from './cell-runs';
import { type CellId, cellDefinition } from './cells';
import { addressOf, type ExploreView, exploreViewOf } from './explore-view';
import type { CrmFile, CrmService, Filters, PageAddress } from './services';
import type { WorkbenchState } from './workbench-state';

/** Cells that look at the subscribers who pass the filters. */
export const FILTERED_CELLS = [
  'pareto',
  'rating',
  'tags',
  'interactions',
  'drift',
] as const satisfies readonly CellId[];
type FilteredCell = (typeof FILTERED_CELLS)[number];

interface Parts {
  readonly store: StoreApi<WorkbenchState>;
  readonly runs: CellRuns;
  readonly crm: CrmService;
  readonly address: PageAddress;
  readonly now: () => number;
}

/** Looks at parts of the list: what the filters are, what the figures show, and the address that holds it all. */
export class ExploreDesk {
  readonly #parts: Parts;
  readonly #leave: () => void;
  /** The filters that pairs are being ranked under. */
  #ranked: Filters | null = null;

  constructor(parts: Parts) {
    this.#parts = parts;
    parts.store.setState({ view: exploreViewOf(parts.address.read()) });
    this.#leave = parts.address.onMove(() => void this.#show(exploreViewOf(parts.address.read())));
  }

  /** Look at something else: a step that Back takes away. */
  async look(change: Partial<ExploreView>): Promise<void> {
    const { store, address } = this.#parts;
    const view = { ...store.getState().view, ...change };
    const text = addressOf(view);
    if (text !== addressOf(store.getState().view)) address.push(text);
    await this.#show(view);
  }

  /** What a cell shows of the subscribers who pass the filters. */
  async outputs(id: FilteredCell): Promise<Partial<WorkbenchState>> {
    const { crm } = this.#parts;
    const { view } = this.#parts.store.getState();
    const { filters } = view;
    switch (id) {
      case 'pareto':
        return { segments: await crm.segments(view.dimension, filters) };
      case 'rating':
        return { rating: await crm.rating(filters) };
      case 'tags':
        return { tags: await crm.tags(filters) };
      case 'interactions':
        return this.#interactionAndThenRanking(view);
      case 'drift': {
        const isOfFile = this.#parts.store.getState().compared !== null;
        const byDate = { by: 'dates', ranges: view.driftRanges } as const;
        return { drift: await crm.drift(isOfFile ? { by: 'file' } : byDate, filters) };
      }
      default:
        return id satisfies never;
    }
  }

  /** How many pass the filters; null where there is none. */
  async filtered(filters: Filters): Promise<WorkbenchState['filtered']> {
    return filters.length === 0 ? null : this.#parts.crm.filtered(filters);
  }

  /** Rows that a check finds not as expected. */
  failingRows(place: CheckPlace): Promise<FailingRowTexts | null> {
    return this.#parts.crm.failingRows(place);
  }

  /** All of them, as CSV. */
  failingRowsCsv(place: CheckPlace): Promise<Blob> {
    return this.#parts.crm.failingRowsCsv(place);
  }

  /** Compare the list with a second file, or by opt-in date again where null. */
  async compareWith(file: CrmFile | null): Promise<void> {
    const { store, crm } = this.#parts;
    const { source } = store.getState();
    // What is asked meanwhile must not rest on a file that is being put away.
    if (file === null) store.setState({ compared: null });
    try {
      const compared = await crm.compareWith(file);
      if (store.getState().source !== source) return;
      store.setState({ compared, comparedFailure: null });
      await this.#refresh('drift');
    } catch (error) {
      if (store.getState().source !== source) return;
      store.setState({ comparedFailure: failureOf(error, cellDefinition('drift').title) });
    }
  }

  /** The statement that gives a figure's table, under the filters as they are now. */
  figureSql(figure: AskedFigure): Promise<string> {
    const { crm, store } = this.#parts;
    return crm.figureSql(figure, store.getState().view.filters);
  }

  /** Subscribers of a group of those who look wrong. */
  anomalyRows(level: string): Promise<AnomalyRowTexts | null> {
    return this.#parts.crm.anomalyRows(level);
  }

  /** All of them, as CSV. */
  anomalyRowsCsv(level: string): Promise<Blob> {
    return this.#parts.crm.anomalyRowsCsv(level);
  }

  /** Stop listening to the address. */
  close(): void {
    this.#leave();
  }

  async #interactionAndThenRanking(view: ExploreView): Promise<Partial<WorkbenchState>> {
    const { store } = this.#parts;
    const interaction = await this.#interaction(view);
    // What is looked at comes first: the ranking takes ten times as long, and shows when it is there.
    if (store.getState().ranking === null && this.#ranked !== view.filters) void this.#rank(view.filters);
    return { interaction };
  }

  async #rank(filters: Filters): Promise<void> {
    const { store, runs, crm, now } = this.#parts;
    const { ingest } = store.getState();
    const isWanted = () => store.getState().view.filters === filters && store.getState().ingest === ingest;
    this.#ranked = filters;
    try {
      const ranking = await crm.ranking(filters);
      if (isWanted()) store.setState({ ranking });
    } catch (error) {
      if (!isWanted()) return;
      const failure = failureOf(error, 'Ranking pairs');
      runs.tell('interactions', { type: 'failed', atMs: now(), failure });
    } finally {
      if (this.#ranked === filters) this.#ranked = null;
    }
  }

  async #interaction({ pair, filters }: ExploreView) {
    const { crm, store } = this.#parts;
    const axes = store.getState().axes ?? (await crm.axes());
    store.setState({ axes });
    // An address may name a tag that this file lacks.
    const [first = pair.along, second = pair.up] = axes;
    const along = axes.includes(pair.along) ? pair.along : first;
    const up = axes.includes(pair.up) && pair.up !== along ? pair.up : along === second ? first : second;
    return crm.interaction({ along, up }, filters);
  }

  async #show(view: ExploreView): Promise<void> {
    const { store } = this.#parts;
    const before = store.getState().view;
    const isRefiltered = view.filters !== before.filters;
    store.setState({ view, ...(isRefiltered ? { ranking: null } : {}) });
    const changed = FILTERED_CELLS.filter(
      (id) =>
        isRefiltered ||
        (id === 'pareto' && view.dimension !== before.dimension) ||
        (id === 'interactions' && view.pair !== before.pair) ||
        (id === 'drift' && view.driftRanges !== before.driftRanges),
    );
    // A cell that has not run yet shows the view when it does.
    const shown = changed.filter((id) => store.getState().statuses[id].kind === 'done');
    if (isRefiltered) await this.#count(view.filters);
    await Promise.all(shown.map((id) => this.#refresh(id)));
  }

  /** Show a cell's figures of the view as it is now. Its status stays: what reads the cell does not depend on the view. */
  async #refresh(id: FilteredCell): Promise<void> {
    const { store, runs, now } = this.#parts;
    const { view } = store.getState();
    try {
      const outputs = await this.outputs(id);
      if (store.getState().view === view) store.setState(outputs);
    } catch (error) {
      if (store.getState().view !== view) return;
      runs.tell(id, { type: 'failed', atMs: now(), failure: failureOf(error, cellDefinition(id).title) });
    }
  }

  async #count(filters: Filters): Promise<void> {
    const filtered = await this.filtered(filters);
    if (this.#parts.store.getState().view.filters === filters) this.#parts.store.setState({ filtered });
  }
}
