import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Redundancy } from '@/lib/features/redundancy';
import type { LeadQuery, LeadRow } from '@/lib/scoring/lead-query';
import { CellOutputs, runsByItself } from './cell-outputs';
import { CellRuns, failureOf } from './cell-runs';
import { CELLS, type CellDefinition, type CellId, dependentsOf } from './cells';
import { ExploreDesk } from './explore-desk';
import type { LeadAnswers } from './lead-answers';
import { MeasurementDesk } from './measurement-desk';
import { ModelDesk } from './model-desk';
import { isSameJson } from './plan-of-config';
import { RepairDesk } from './repair-desk';
import type { CrmFile, WorkbenchServices } from './services';
import { SourceDesk } from './source-desk';
import { draftedSpace, type SpaceDraft } from './space-draft';
import { StrategyDesk } from './strategy-desk';
import { StudyDesk } from './study-desk';
import { SuiteDesk } from './suite-desk';
import {
  BEST_FIRST,
  initialState,
  isGateOpen,
  isTuningUnderWay,
  type KeptParams,
  type WorkbenchParams,
  type WorkbenchState,
} from './workbench-state';

/** What a study's plan is made of, beside its data and seed. */
const CHOSEN = ['nTrials', 'workers', 'sampler', 'plan'] as const;

/** The notebook's life: what runs when a file is opened, a parameter changes or a button is pressed. */
export class Workbench {
  readonly store: StoreApi<WorkbenchState>;
  /** Launches studies and commands them. */
  readonly studies: StudyDesk;
  /** Looks at parts of the list. */
  readonly explore: ExploreDesk;
  /** Mends the file and leaves rows out. */
  readonly repair: RepairDesk;
  /** Exchanges the suites that lists are judged by. */
  readonly suites: SuiteDesk;
  /** Says what writing and calling cost and earn. */
  readonly strategy: StrategyDesk;
  /** Measures the prepared dataset on the server. */
  readonly measurements: MeasurementDesk;
  /** Tests models, compares them, and puts them to use. */
  readonly models: ModelDesk;
  readonly #services: WorkbenchServices;
  readonly #runs: CellRuns;
  readonly #outputs: CellOutputs;
  readonly #sources: SourceDesk;
  /** Grows with each chain of cells, so that an older chain stops when a newer one begins. */
  #chain = 0;
  /** Cells that some chain has yet to run; a newer chain takes over what an older one left. */
  readonly #due = new Set<CellId>();
  /** A query of leads that is not answered yet, on which the next change builds. */
  #askedQuery: LeadQuery | null = null;

  /** @param kept what was set on the last visit, or the defaults */
  constructor(services: WorkbenchServices, kept: KeptParams) {
    this.store = createStore<WorkbenchState>(() => initialState(kept));
    this.#services = services;
    this.#runs = new CellRuns(this.store, services.now);
    this.explore = new ExploreDesk({ ...services, store: this.store, runs: this.#runs });
    this.#outputs = new CellOutputs({ store: this.store, services, explore: this.explore });
    this.repair = new RepairDesk({
      store: this.store,
      crm: services.crm,
      keeper: services.repairSteps,
      explore: this.explore,
      onChanged: () => this.#runFrom('ingest'),
    });
    this.suites = new SuiteDesk({
      store: this.store,
      crm: services.crm,
      keeper: services.suites,
      explore: this.explore,
      onChanged: () => this.#runFrom('quality'),
    });
    this.strategy = new StrategyDesk({
      store: this.store,
      services,
      onChanged: () => this.#runFrom('strategy'),
    });
    this.measurements = new MeasurementDesk({ store: this.store, services });
    this.models = new ModelDesk({ store: this.store, services, measurements: this.measurements });
    this.studies = new StudyDesk({
      store: this.store,
      runs: this.#runs,
      services,
      onEvaluated: (modelId) => void this.#loadModel(modelId),
    });
    this.#sources = new SourceDesk({
      store: this.store,
      runs: this.#runs,
      services,
      onReplaced: () => {
        this.studies.leave();
        this.measurements.leave();
        this.#chain += 1;
        this.#due.clear();
        this.#askedQuery = null;
        this.#runs.resetAll();
      },
      onOpened: () => {
        this.repair.takeUp();
        return this.#runBelow('source');
      },
    });
  }

  /** Open what was kept from the last visit, or the demo; and ask which engine the server has. */
  async start(): Promise<void> {
    void this.#askForEngine();
    await this.strategy.takeUp();
    await this.#sources.start();
  }

  /** Open a file the user dropped or picked. The newest request wins. */
  openFile(file: CrmFile): Promise<void> {
    return this.#sources.openFile(file);
  }

  /** Close the file, remove the copy kept in the browser, and go back to the demo. */
  forgetFile(): Promise<void> {
    return this.#sources.forgetFile();
  }

  /** Change parameters and rerun what is cheap; what is dear goes stale and waits. */
  async setParams(change: Partial<WorkbenchParams>): Promise<void> {
    const before = this.store.getState().params;
    const params = { ...before, ...change };
    const isPlanEdited = CHOSEN.some((key) => params[key] !== before[key]);
    this.store.setState((state) => ({ params, isPlanEdited: state.isPlanEdited || isPlanEdited }));
    // Written anew from outside, the space is no longer the one that the draft says.
    if (params.plan.searchSpace !== before.plan.searchSpace) this.store.setState({ spaceDraft: null });
    if (params.paretoShare !== before.paretoShare) await this.#runFrom('pareto');
    else if (params.seed !== before.seed || params.featureChoices !== before.featureChoices) {
      await this.#runFrom('features');
    } else if (isPlanEdited) this.#outdateStudy();
  }

  /** Let the stages behind a shut gate run, for a reason that travels with the model. */
  async overrideGate(reason: string): Promise<void> {
    this.store.setState({ gateOverrideReason: reason });
    const { source } = this.store.getState();
    if (source) this.#services.gateReasons.keep(source.crm, reason);
    await this.#runBelow('quality');
  }

  /** Run a cheap cell again, with everything cheap below it. */
  async rerun(id: CellId): Promise<void> {
    if (id === 'source') await this.start();
    else if (id === 'evaluation') await this.#reloadModel();
    else await this.#runFrom(id);
  }

  /**
   * Write on the search space. It counts as soon as it is a sound one, and until then no study starts; null puts the draft
   * away.
   */
  async setSpaceDraft(spaceDraft: SpaceDraft | null): Promise<void> {
    const { plan } = this.store.getState().params;
    const drafted = spaceDraft === null ? null : draftedSpace(spaceDraft);
    const isNew = drafted?.ok === true && !isSameJson(drafted.space, plan.searchSpace);
    const changed = isNew ? this.setParams({ plan: { ...plan, searchSpace: drafted.space } }) : null;
    const isUnsound = drafted?.ok === false;
    this.store.setState((state) => ({ spaceDraft, isPlanEdited: state.isPlanEdited || isUnsound }));
    await changed;
  }

  /** Start a study on the prepared dataset with the plan as it stands. Does nothing where `canLaunchStudy` is false. */
  launchStudy(): Promise<void> {
    return this.studies.launch();
  }

  /** Read studies for comparison into `comparedStudies`, in the order given; none clears it. */
  compareStudies(studyIds: readonly string[]): Promise<void> {
    return this.studies.shelf.compare(studyIds);
  }

  /** Choose and order the leads. */
  async queryLeads(change: Partial<LeadQuery>): Promise<void> {
    const { leads, statuses } = this.store.getState();
    const query = { ...(this.#askedQuery ?? leads?.query ?? BEST_FIRST), ...change };
    this.#askedQuery = query;
    const isAnswered = await this.#runs.run('leads', () => this.#outputs.leads(query));
    if (this.#askedQuery === query) this.#askedQuery = null;
    // Another order of old scores does not make them new.
    if (isAnswered && statuses.leads.kind === 'stale') {
      this.#runs.outdateOne('leads', statuses.leads.reason);
    }
  }

  /** `subscribers_joined.csv`. */
  joinedCsv(): Promise<Blob> {
    return this.#services.crm.joinedCsv();
  }

  /** Which of the prepared features say the same as others. */
  featureRedundancy(): Promise<Redundancy> {
    return this.#services.crm.redundancy();
  }

  /** The slices and pairs of slices where the page's model is worse than elsewhere. */
  searchSlices(): ReturnType<WorkbenchServices['crm']['searchSlices']> {
    const threshold = this.store.getState().model?.metadata.threshold;
    if (threshold === undefined) throw new Error('Asked for slices before there is a model');
    return this.#services.crm.searchSlices(threshold);
  }

  /** Answers about single leads. */
  get reasons(): LeadAnswers {
    return this.#services.crm;
  }

  /** Rows of the last query of leads. */
  leadRows(from: number, to: number): Promise<readonly LeadRow[]> {
    return this.#services.crm.leadRows(from, to);
  }

  /** Stop following the server and end the file's worker. */
  close(): void {
    this.#chain += 1;
    this.#sources.leave();
    this.studies.leave();
    this.measurements.leave();
    this.explore.close();
    this.#services.crm.close();
  }

  /** What was made by another plan is stale; a study that is not over goes on by its own. */
  #outdateStudy(): void {
    const { study } = this.store.getState();
    if (!study || isTuningUnderWay(study.state)) return;
    for (const id of ['tuning', ...dependentsOf('tuning')] as const) {
      this.#runs.outdateOne(id, 'The study’s parameters changed.');
    }
  }

  async #askForEngine(): Promise<void> {
    try {
      this.store.setState({ engine: await this.#services.training.engine() });
    } catch (error) {
      const { message, hint } = failureOf(error, 'Tuning study');
      this.store.setState({ engine: { kind: 'missing', message, hint } });
    }
  }

  async #runFrom(id: CellId): Promise<void> {
    const below = dependentsOf(id);
    if (below.includes('tuning')) this.studies.leave();
    this.#runs.outdate(id);
    await this.#runChain([id, ...below]);
  }

  async #runBelow(id: CellId): Promise<void> {
    await this.#runChain(dependentsOf(id));
  }

  /** Run the cheap cells among these, and those that an older chain left, in order, as far as their needs are met and the gate is open. */
  async #runChain(ids: readonly CellId[]): Promise<void> {
    this.#chain += 1;
    const chain = this.#chain;
    for (const id of ids) this.#due.add(id);
    for (const cell of CELLS) {
      if (!this.#due.has(cell.id)) continue;
      await this.#runDue(cell, () => this.#chain === chain);
      // What ran last is still due: the newer chain runs it again, since this run may be of what was before.
      if (this.#chain !== chain) return;
      this.#due.delete(cell.id);
    }
  }

  async #runDue(cell: CellDefinition, isWanted: () => boolean): Promise<void> {
    const state = this.store.getState();
    if (cell.isGated && state.quality && !isGateOpen(state)) {
      this.#runs.tell(cell.id, { type: 'blocked', reason: 'The quality gate is shut.' });
      return;
    }
    if (!cell.needs.every((need) => state.statuses[need].kind === 'done')) return;
    if (cell.cost === 'dear') await this.studies.attachLatest(isWanted);
    else if (runsByItself(cell.id)) {
      const { id } = cell;
      await this.#runs.run(id, (onProgress) => this.#outputs.of(id, onProgress));
    }
  }

  async #reloadModel(): Promise<void> {
    const modelId = this.store.getState().study?.state.modelId;
    if (!modelId) return;
    this.#runs.outdate('evaluation');
    await this.#loadModel(modelId);
  }

  async #loadModel(modelId: string): Promise<void> {
    const isLoaded = await this.#runs.run('evaluation', async () => ({
      model: await this.#services.training.model(modelId),
    }));
    if (!isLoaded) return;
    this.studies.showEvaluated();
    await this.#runBelow('evaluation');
  }
}
