import type { StoreApi } from 'zustand/vanilla';
import type { SuiteName } from '@/lib/quality/suites/default-suites';
import type { Suite } from '@/lib/quality/suites/suite-file';
import type { ExploreDesk } from './explore-desk';
import type { CrmService, SuiteKeeper } from './services';
import type { WorkbenchState } from './workbench-state';

interface Parts {
  readonly store: StoreApi<WorkbenchState>;
  readonly crm: CrmService;
  readonly keeper: SuiteKeeper;
  readonly explore: ExploreDesk;
  /** Judge the list again, and run what waits for the gate. */
  readonly onChanged: () => Promise<void>;
}

/** The suites that lists are judged by: the default ones, some of which may be exchanged. */
export class SuiteDesk {
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
    parts.store.setState({ ownSuites: parts.keeper.kept() });
  }

  /** Judge by this suite in the place of the default one of its name. */
  replace(suite: Suite): Promise<void> {
    const { ownSuites } = this.#parts.store.getState();
    return this.#judgeBy([...ownSuites.filter(({ name }) => name !== suite.name), suite]);
  }

  /** Judge by the default suite of a name again. */
  reset(name: SuiteName): Promise<void> {
    const { ownSuites } = this.#parts.store.getState();
    return this.#judgeBy(ownSuites.filter((suite) => suite.name !== name));
  }

  /** A suite made from the data at hand. */
  suggestion(name: SuiteName): Promise<Suite> {
    return this.#parts.crm.suggestSuite(name);
  }

  async #judgeBy(ownSuites: readonly Suite[]): Promise<void> {
    const { store, keeper, explore, onChanged } = this.#parts;
    store.setState({ ownSuites });
    keeper.keep(ownSuites);
    // A filter names a check by its place in a suite, which may be another one now.
    const { filters } = store.getState().view;
    const others = filters.filter(({ dimension }) => dimension !== 'failing_check');
    if (others.length < filters.length) await explore.look({ filters: others });
    await onChanged();
  }
}
