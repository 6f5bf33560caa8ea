import { createStore, type StoreApi } from 'zustand/vanilla';
import type { LeadQuery, LeadRow } from '@/lib/scoring/lead-query';
import { CellRuns, failureOf } from './cell-runs';
import { CELLS, type CellId, dependentsOf } from './cells';
import type { CrmFile, WorkbenchServices } from './services';
import { StudyDesk } from './study-desk';
import {
  BEST_FIRST,
  initialState,
  isGateOpen,
  NO_OUTPUTS,
  type WorkbenchParams,
  type WorkbenchState,
} from './workbench-state';

/** The notebook's life: what runs when a file is opened, a parameter changes or a button is pressed. */
export class Workbench {
  readonly store: StoreApi<WorkbenchState>;
  readonly #services: WorkbenchServices;
  readonly #runs: CellRuns;
  readonly #studies: StudyDesk;
  /** Grows with each chain of cells, so that an older chain stops when a newer one begins. */
  #chain = 0;

  constructor(services: WorkbenchServices, params: WorkbenchParams) {
    this.store = createStore<WorkbenchState>(() => initialState(params));
    this.#services = services;
    this.#runs = new CellRuns(this.store, services.now);
    this.#studies = new StudyDesk({
      store: this.store,
      runs: this.#runs,
      services,
      onEvaluated: (modelId) => void this.#loadModel(modelId),
    });
  }

  /** Open what was kept from the last visit, or the demo; and ask which engine the server has. */
  async start(): Promise<void> {
    void this.#askForEngine();
    const kept = await this.#services.files.kept();
    if (kept && (await this.#open(kept, { isDemo: false, isKept: true }))) return;
    await this.openDemo();
  }

  /** Open a file the user dropped or picked. */
  async openFile(file: CrmFile): Promise<void> {
    await this.#open(file, { isDemo: false, isKept: false });
  }

  /** Open the demo CRM. */
  async openDemo(): Promise<void> {
    try {
      await this.#open(await this.#services.files.demo(), { isDemo: true, isKept: true });
    } catch (error) {
      const failure = failureOf(error, 'CRM file');
      this.store.setState({ sourceFailure: { fileName: 'demo CRM', failure } });
    }
  }

  /** Close the file, remove the copy kept in the browser, and go back to the demo. */
  async forgetFile(): Promise<void> {
    await this.#services.files.forget();
    await this.openDemo();
  }

  /** Change parameters and rerun what is cheap; what is dear goes stale and waits. */
  async setParams(change: Partial<WorkbenchParams>): Promise<void> {
    const before = this.store.getState().params;
    const params = { ...before, ...change };
    this.store.setState({ params });
    if (params.paretoShare !== before.paretoShare) await this.#runFrom('pareto');
    else if (params.seed !== before.seed) await this.#runFrom('features');
    else if (this.store.getState().study) {
      for (const id of ['tuning', ...dependentsOf('tuning')] as const) {
        this.#runs.outdateOne(id, 'The study’s parameters changed.');
      }
    }
  }

  /** Let the stages behind a shut gate run, for a reason that travels with the model. */
  async overrideGate(reason: string): Promise<void> {
    this.store.setState({ gateOverrideReason: reason });
    await this.#runBelow('quality');
  }

  /** Run a cheap cell again, with everything cheap below it. */
  async rerun(id: CellId): Promise<void> {
    if (id === 'source') await this.start();
    else await this.#runFrom(id);
  }

  /** Start a study on the prepared dataset with the parameters as they stand. */
  launchStudy(): Promise<void> {
    return this.#studies.launch();
  }

  /** Stop the running study; what it finished stays. */
  stopStudy(): Promise<void> {
    return this.#studies.command('stop');
  }

  /** Go on with an interrupted or stopped study. */
  resumeStudy(): Promise<void> {
    return this.#studies.command('resume');
  }

  /** Build and judge the model of a study that was stopped early. */
  evaluateStudy(): Promise<void> {
    return this.#studies.command('evaluate');
  }

  /** Choose and order the leads. */
  async queryLeads(change: Partial<LeadQuery>): Promise<void> {
    const { leads } = this.store.getState();
    await this.#runs.run('leads', () => this.#leadsOf({ ...(leads?.query ?? BEST_FIRST), ...change }));
  }

  /** `subscribers_joined.csv`. */
  joinedCsv(): Promise<Blob> {
    return this.#services.crm.joinedCsv();
  }

  /** The lead list as CSV: all of it, or the rows of the last query. */
  leadsCsv(which: 'all' | 'query'): Promise<Blob> {
    return this.#services.crm.leadsCsv(which);
  }

  /** Rows of the last query of leads. */
  leadRows(from: number, to: number): Promise<readonly LeadRow[]> {
    return this.#services.crm.leadRows(from, to);
  }

  /** Stop following the server. */
  close(): void {
    this.#chain += 1;
    this.#studies.leave();
  }

  async #askForEngine(): Promise<void> {
    try {
      this.store.setState({ engine: await this.#services.training.engine() });
    } catch (error) {
      const { message, hint } = failureOf(error, 'Tuning study');
      this.store.setState({ engine: { kind: 'missing', message, hint } });
    }
  }

  async #open(file: CrmFile, how: { isDemo: boolean; isKept: boolean }): Promise<boolean> {
    const before = this.store.getState();
    const hadFile = before.source !== null;
    this.#runs.tell('source', { type: 'started', atMs: this.#services.now() });
    try {
      const startedAtMs = this.#services.now();
      const crm = await this.#services.crm.open(file);
      this.#studies.leave();
      this.#chain += 1;
      this.#runs.resetAll();
      this.#runs.tell('source', { type: 'started', atMs: startedAtMs });
      this.store.setState({ ...NO_OUTPUTS, source: { crm, isDemo: how.isDemo }, sourceFailure: null });
      this.#runs.tell('source', { type: 'finished', atMs: this.#services.now() });
    } catch (error) {
      const failure = failureOf(error, 'CRM file');
      this.store.setState({ sourceFailure: { fileName: file.name, failure } });
      if (hadFile)
        this.store.setState(({ statuses }) => ({
          statuses: { ...statuses, source: before.statuses.source },
        }));
      else this.#runs.tell('source', { type: 'failed', atMs: this.#services.now(), failure });
      return false;
    }
    if (!how.isKept) await this.#keep(file);
    if (how.isDemo) await this.#services.files.forget();
    await this.#runBelow('source');
    return true;
  }

  async #keep(file: CrmFile): Promise<void> {
    try {
      await this.#services.files.keep(file);
    } catch (error) {
      const { message } = failureOf(error, 'CRM file');
      this.store.setState({
        sourceFailure: {
          fileName: file.name,
          failure: {
            code: 'not_kept',
            message: `The file is open but could not be kept for the next visit: ${message}`,
            hint: 'Free some space for this site, or open the file again after a reload.',
          },
        },
      });
    }
  }

  async #runFrom(id: CellId): Promise<void> {
    this.#studies.leave();
    this.#runs.outdate(id);
    const chain = ++this.#chain;
    if (await this.#runOne(id)) await this.#runChain(dependentsOf(id), chain);
  }

  async #runBelow(id: CellId): Promise<void> {
    await this.#runChain(dependentsOf(id), ++this.#chain);
  }

  /** Run the cheap cells among these in order, as far as their needs are met and the gate is open. */
  async #runChain(ids: readonly CellId[], chain: number): Promise<void> {
    for (const cell of CELLS) {
      if (this.#chain !== chain) return;
      if (!ids.includes(cell.id)) continue;
      const state = this.store.getState();
      if (cell.isGated && state.quality && !isGateOpen(state)) {
        this.#runs.tell(cell.id, { type: 'blocked', reason: 'The quality gate is shut.' });
        continue;
      }
      if (!cell.needs.every((need) => state.statuses[need].kind === 'done')) continue;
      if (cell.cost === 'dear') await this.#studies.attachLatest(() => this.#chain === chain);
      else if (cell.id !== 'evaluation') await this.#runOne(cell.id);
    }
  }

  async #runOne(id: CellId): Promise<boolean> {
    const { crm } = this.#services;
    const { params } = this.store.getState();
    switch (id) {
      case 'ingest':
        return this.#runs.run(id, async () => ({ ingest: await crm.ingest() }));
      case 'quality':
        return this.#runs.run(id, async () => ({ quality: await crm.validate(), gateOverrideReason: null }));
      case 'pareto':
        return this.#runs.run(id, async () => ({ pareto: await crm.pareto(params.paretoShare) }));
      case 'rating':
        return this.#runs.run(id, async () => ({ rating: await crm.rating() }));
      case 'features':
        return this.#runs.run(id, async () => ({ features: await crm.prepare(params) }));
      case 'scoring':
        return this.#runs.run(id, (onProgress) => this.#scoresOfModel(onProgress));
      case 'leads':
        return this.#runs.run(id, () => this.#leadsOf(this.store.getState().leads?.query ?? BEST_FIRST));
      case 'evaluation': {
        const modelId = this.store.getState().study?.state.modelId;
        if (modelId) await this.#loadModel(modelId);
        return false;
      }
      case 'source':
      case 'tuning':
        throw new Error(`The cell ${id} does not run by itself`);
    }
  }

  async #loadModel(modelId: string): Promise<void> {
    const chain = this.#chain;
    const isLoaded = await this.#runs.run('evaluation', async () => ({
      model: await this.#services.training.model(modelId),
    }));
    if (isLoaded) this.#studies.showEvaluated();
    if (isLoaded && this.#chain === chain) await this.#runChain(dependentsOf('evaluation'), chain);
  }

  async #scoresOfModel(
    onProgress: Parameters<Parameters<CellRuns['run']>[1]>[0],
  ): Promise<Partial<WorkbenchState>> {
    const { model } = this.store.getState();
    if (!model) throw new Error('Scoring needs a model');
    const { training, crm } = this.#services;
    const [modelOnnx, nativeTestMargins] = await Promise.all([
      training.modelOnnx(model.metadata.model_id),
      training.nativeTestMargins(model.metadata.model_id),
    ]);
    const scores = await crm.score(
      { modelOnnx, nativeTestMargins, cutoffs: model.metadata.tier_cutoffs },
      onProgress,
    );
    return { scores };
  }

  async #leadsOf(query: LeadQuery): Promise<Partial<WorkbenchState>> {
    const { nLeads, countryCodes } = await this.#services.crm.queryLeads(query);
    const revision = (this.store.getState().leads?.revision ?? 0) + 1;
    return { leads: { query, nLeads, countryCodes, revision } };
  }
}
