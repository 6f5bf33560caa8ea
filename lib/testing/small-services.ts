import { ExpectedFailure } from '@/lib/core/result';
import type { AskedFigure } from '@/lib/explore/figure-sql/figure-sql';
import type { RepairStep } from '@/lib/quality/repair/repair-step';
import type { ValidationResults } from '@/lib/quality/suite-result';
import { DEFAULT_SUITES } from '@/lib/quality/suites/default-suites';
import type { Suite } from '@/lib/quality/suites/suite-file';
import { DEFAULT_STRATEGY_PLAN } from '@/lib/scoring/strategy/strategy-plan';
import type {
  AxisPair,
  CrmFile,
  CrmService,
  Filters,
  StudyListener,
  StudyListing,
  TrainingService,
  WorkbenchServices,
} from '@/lib/store/services';
import type { WorkbenchState } from '@/lib/store/workbench-state';
import type { DriftChoice, Validation } from '@/lib/workers/crm-api';

/** A failure of a code. */
export const failureOf = (code: string) =>
  new ExpectedFailure({ code, message: `${code}.`, hint: 'Mend it.' });
/** An empty file. */
export const fileNamed = (name: string): CrmFile => ({ name, bytes: new ArrayBuffer(0) });
/** A digest that carries a name, so that a test can read it. */
export const digestNamed = (name: string) => Buffer.from(name).toString('hex').padEnd(64, '0');
const nameOfDigest = (digest: string) => Buffer.from(digest, 'hex').toString().replaceAll('\0', '');
/** Results that open the gate. */
export const OPEN_GATE: ValidationResults = {
  gate: { open: true, n_critical: 0, n_warning: 0, n_info: 0, reasons: [] },
  suites: [],
};
/** Results that shut it. */
export const SHUT_GATE: ValidationResults = {
  gate: { ...OPEN_GATE.gate, open: false, n_critical: 1, reasons: ['Bad.'] },
  suites: [],
};

const filterText = (filters: Filters) =>
  filters.map(({ dimension, levels }) => ` ${dimension}=${levels.join('+')}`).join('');

/** Small services that answer at once and note what was asked of them. */
export function smallServices() {
  const asked: string[] = [];
  const knobs = {
    badFiles: new Set<string>(),
    validation: OPEN_GATE,
    kept: null as CrmFile | null,
    latestStudy: null as string | null,
    /** Steps of null are kept, and cannot be read. */
    repairSteps: null as {
      readonly fileName: string;
      readonly steps: readonly RepairStep[] | null;
    } | null,
    suites: [] as readonly Suite[],
    gateReason: null as { readonly fileName: string; readonly reason: string } | null,
    prepareFails: false,
    listing: { studies: [], unreadable: [] } as StudyListing,
    /** What every command on a study is refused with. */
    refusal: null as ExpectedFailure | null,
  };
  const note = <T>(what: string, value: T) => {
    asked.push(what);
    return Promise.resolve(value);
  };
  const crm = {
    open: (file: CrmFile) =>
      knobs.badFiles.has(file.name)
        ? Promise.reject(failureOf('not_a_database'))
        : note(`open ${file.name}`, { fileName: file.name }),
    ingest: (steps: readonly RepairStep[]) =>
      note(`ingest${steps.map(({ type }) => ` ${type}`).join('')}`, { report: {}, outcomes: [] }),
    validate: ({ suites }: Validation) => {
      const own = suites.filter((suite) => !DEFAULT_SUITES.includes(suite));
      return note(`validate${own.map(({ name }) => ` ${name}`).join('')}`, knobs.validation);
    },
    filtered: () => note('filtered', { n: 1, buyers: 1, nAll: 5 }),
    segments: (dimension: string, filters: Filters) =>
      note(`segments ${dimension}${filterText(filters)}`, { dimension, filterText: filterText(filters) }),
    rating: (filters: Filters) => note(`rating${filterText(filters)}`, { rows: [] }),
    tags: (filters: Filters) => note(`tags${filterText(filters)}`, {}),
    interaction: ({ along, up }: AxisPair, filters: Filters) =>
      note(`interaction ${along} ${up}${filterText(filters)}`, {}),
    axes: () => note('axes', ['country', 'member_rating', 'tag_count']),
    ranking: (filters: Filters) => note(`ranking${filterText(filters)}`, []),
    figureSql: ({ kind }: AskedFigure, filters: Filters) =>
      note(`figureSql ${kind}${filterText(filters)}`, 'SELECT 1;'),
    sufficiency: () => note('sufficiency', {}),
    compareWith: (file: CrmFile | null) =>
      file !== null && knobs.badFiles.has(file.name)
        ? Promise.reject(failureOf('not_a_database'))
        : note(`compare with ${file?.name ?? 'nothing'}`, file && { fileName: file.name, nSubscribers: 1 }),
    anomalies: () => note('anomalies', {}),
    drift: ({ by }: DriftChoice, filters: Filters) => note(`drift ${by}${filterText(filters)}`, { by }),
    prepare: ({ paretoShare, seed }: { paretoShare: number; seed: number }) =>
      knobs.prepareFails
        ? Promise.reject(failureOf('too_few_buyers'))
        : note(`prepare ${paretoShare} ${seed}`, {
            datasetDigest: digestNamed(`d${paretoShare}-${seed}`),
            specDigest: digestNamed('s'),
            spec: { features: [{ name: 'tag_count', kind: 'numeric', source: { type: 'tag_count' } }] },
          }),
    suspects: () => note('suspects', { suspects: [], nRows: 0, nBuyers: 0, nFeatures: 1, nNotListed: 0 }),
    close: () => void asked.push('close'),
    dataset: () => note('dataset', new ArrayBuffer(0)),
    score: () => note('score', { nScored: 5 }),
    slices: () => note('slices', {}),
    strategy: () => note('strategy', {}),
    queryLeads: () => note('queryLeads', { nLeads: 5, countryCodes: [] }),
  } as unknown as CrmService;
  /** `listener` is the newest follower's, `listeners` everyone's by study. */
  const study = {
    listener: null as StudyListener | null,
    listeners: new Map<string, StudyListener>(),
    nLeft: 0,
  };
  const command = (what: string) =>
    knobs.refusal === null ? note(what, undefined) : Promise.reject(knobs.refusal);
  const training = {
    engine: () => note('engine', { kind: 'ready', version: '3', source: 'test', nProcesses: 2 }),
    putDataset: (digest: string) => note(`put ${nameOfDigest(digest)}`, undefined),
    launch: ({ idempotencyKey }: { idempotencyKey: string }) => note(`launch ${idempotencyKey}`, 'study-1'),
    stop: (id: string) => command(`stop ${id}`),
    pause: (id: string) => command(`pause ${id}`),
    resume: (id: string) => command(`resume ${id}`),
    evaluate: (id: string) => command(`evaluate ${id}`),
    extend: (id: string, nTrials: number) => command(`extend ${id} ${nTrials}`),
    rerun: (id: string, { seed }: { seed: number }) => note(`rerun ${id} ${seed}`, 'study-again'),
    studies: () => note('studies', knobs.listing),
    latest: (dataset: string) => note(`latest ${nameOfDigest(dataset)}`, knobs.latestStudy),
    follow: (id: string, listener: StudyListener) => {
      study.listener = listener;
      study.listeners.set(id, listener);
      return () => {
        study.nLeft += 1;
      };
    },
    models: () =>
      note('models', { models: [], unreadable: [], championId: null, predecessorId: null, events: [] }),
    modelTests: () => note('modelTests', null),
    model: () =>
      note('model', { metadata: { model_id: 'm', tier_cutoffs: {}, calibration: {} }, report: {} }),
    modelOnnx: () => note('onnx', new ArrayBuffer(0)),
    explainerFiles: () => note('explainer', { modelUbj: new Uint8Array(), reasonGroups: '' }),
    nativeTestMargins: () => note('margins', new Float32Array()),
  } as unknown as TrainingService;
  const address = { text: '', history: [] as string[], tell: () => {} };
  const services: WorkbenchServices = {
    crm,
    training,
    files: {
      kept: () => Promise.resolve(knobs.kept),
      keep: (file) => note(`keep ${file.name}`, undefined),
      forget: () => note('forget', undefined),
      demo: () => Promise.resolve(fileNamed('demo')),
    },
    now: () => 1000,
    gateReasons: {
      kept: ({ fileName }) => (knobs.gateReason?.fileName === fileName ? knobs.gateReason.reason : null),
      keep: ({ fileName }, reason) => {
        knobs.gateReason = { fileName, reason };
      },
    },
    repairSteps: {
      kept: ({ fileName }) => {
        if (knobs.repairSteps?.fileName !== fileName) return { ok: true, value: [] };
        const { steps } = knobs.repairSteps;
        return steps === null
          ? { ok: false, error: failureOf('kept_steps_unreadable').failure }
          : { ok: true, value: steps };
      },
      keep: ({ fileName }, steps) => {
        knobs.repairSteps = { fileName, steps };
      },
    },
    suites: {
      kept: () => knobs.suites,
      keep: (suites) => {
        knobs.suites = suites;
      },
    },
    testSuites: { kept: () => null, keep: () => undefined },
    suppression: { kept: () => Promise.resolve([]), keep: () => Promise.resolve() },
    strategyPlan: { kept: () => DEFAULT_STRATEGY_PLAN, keep: () => undefined },
    newKey: () => 'key',
    address: {
      read: () => address.text,
      push: (text) => {
        address.history.push(address.text);
        address.text = text;
      },
      onMove: (tell) => {
        address.tell = tell;
        return () => undefined;
      },
    },
  };
  return { services, asked, knobs, study, address };
}

/** The kind of every cell's status. */
export const kinds = (state: WorkbenchState) =>
  Object.fromEntries(Object.entries(state.statuses).map(([id, status]) => [id, status.kind]));

/** Let every promise that is ready settle. */
export const settled = () => new Promise((resolve) => setImmediate(resolve));
