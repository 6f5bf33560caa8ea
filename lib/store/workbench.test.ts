import { beforeEach, describe, expect, it } from 'vitest';
import { ExpectedFailure } from '@/lib/core/result';
import type { ValidationResults } from '@/lib/quality/suite-result';
import type { StudyChange, StudyEvent } from '@/lib/tuning/study-events';
import type { CrmFile, CrmService, TrainingService, WorkbenchServices } from './services';
import { Workbench } from './workbench';
import { DEFAULT_PARAMS, type WorkbenchState } from './workbench-state';

const failureOf = (code: string) => new ExpectedFailure({ code, message: `${code}.`, hint: 'Mend it.' });
const fileNamed = (name: string): CrmFile => ({ name, bytes: new ArrayBuffer(0) });
const OPEN_GATE: ValidationResults = {
  gate: { open: true, n_critical: 0, n_warning: 0, n_info: 0, reasons: [] },
  suites: [],
};
const SHUT_GATE: ValidationResults = {
  gate: { ...OPEN_GATE.gate, open: false, n_critical: 1, reasons: ['Bad.'] },
  suites: [],
};

/** Small services that answer at once and note what was asked of them. */
function smallServices() {
  const asked: string[] = [];
  const knobs = {
    badFiles: new Set<string>(),
    validation: OPEN_GATE,
    kept: null as CrmFile | null,
    latestStudy: null as string | null,
    prepareFails: false,
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
    ingest: () => note('ingest', { report: {} }),
    validate: () => note('validate', knobs.validation),
    pareto: (share: number) => note(`pareto ${share}`, { rows: [], kept: [], share, sentence: '' }),
    rating: () => note('rating', { rows: [] }),
    prepare: ({ paretoShare, seed }: { paretoShare: number; seed: number }) =>
      knobs.prepareFails
        ? Promise.reject(failureOf('too_few_buyers'))
        : note(`prepare ${paretoShare} ${seed}`, {
            datasetDigest: `d${paretoShare}-${seed}`,
            specDigest: 's',
            spec: {},
          }),
    dataset: () => note('dataset', new ArrayBuffer(0)),
    score: () => note('score', { nScored: 5 }),
    queryLeads: () => note('queryLeads', { nLeads: 5, countryCodes: [] }),
  } as unknown as CrmService;
  const study = { listener: null as Parameters<TrainingService['follow']>[1] | null, nLeft: 0 };
  const training = {
    engine: () => note('engine', { kind: 'ready', version: '3', source: 'test', nProcesses: 2 }),
    putDataset: (digest: string) => note(`put ${digest}`, undefined),
    launch: ({ idempotencyKey }: { idempotencyKey: string }) => note(`launch ${idempotencyKey}`, 'study-1'),
    stop: () => note('stop', undefined),
    latest: (dataset: string) => note(`latest ${dataset}`, knobs.latestStudy),
    follow: (_: string, listener: Parameters<TrainingService['follow']>[1]) => {
      study.listener = listener;
      return () => {
        study.nLeft += 1;
      };
    },
    model: () => note('model', { metadata: { model_id: 'm', tier_cutoffs: {} }, report: {} }),
    modelOnnx: () => note('onnx', new ArrayBuffer(0)),
    nativeTestMargins: () => note('margins', new Float32Array()),
  } as unknown as TrainingService;
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
    newKey: () => 'key',
  };
  return { services, asked, knobs, study };
}

const kinds = (state: WorkbenchState) =>
  Object.fromEntries(Object.entries(state.statuses).map(([id, status]) => [id, status.kind]));

/** Let every promise that is ready settle. */
const settled = () => new Promise((resolve) => setImmediate(resolve));

describe('Workbench', () => {
  let parts: ReturnType<typeof smallServices>;
  let workbench: Workbench;
  const state = () => workbench.store.getState();

  beforeEach(() => {
    parts = smallServices();
    workbench = new Workbench(parts.services, DEFAULT_PARAMS);
  });

  it('opens the demo and runs everything cheap, but no study', async () => {
    await workbench.start();
    expect(kinds(state())).toEqual({
      source: 'done',
      ingest: 'done',
      quality: 'done',
      pareto: 'done',
      rating: 'done',
      features: 'done',
      tuning: 'idle',
      evaluation: 'idle',
      scoring: 'idle',
      leads: 'idle',
    });
    expect(parts.asked.filter((what) => what.startsWith('launch'))).toEqual([]);
  });

  it('opens the kept file rather than the demo, and the demo when the kept one no longer opens', async () => {
    parts.knobs.kept = fileNamed('mine');
    await workbench.start();
    expect(state().source).toMatchObject({ isDemo: false, crm: { fileName: 'mine' } });
    parts.knobs.badFiles.add('mine');
    await workbench.start();
    expect(state().source).toMatchObject({ isDemo: true, crm: { fileName: 'demo' } });
  });

  it('keeps what was open when a file is refused, and says why', async () => {
    await workbench.start();
    const before = state();
    parts.knobs.badFiles.add('broken');
    await workbench.openFile(fileNamed('broken'));
    expect(state().sourceFailure).toEqual({
      fileName: 'broken',
      failure: { code: 'not_a_database', message: 'not_a_database.', hint: 'Mend it.' },
    });
    expect(state().source).toBe(before.source);
    expect(state().statuses).toEqual(before.statuses);
    expect(parts.asked).not.toContain('keep broken');
  });

  it('forgets the outputs of the file before when another one opens', async () => {
    parts.knobs.validation = SHUT_GATE;
    await workbench.start();
    await workbench.overrideGate('because');
    expect(state().features).not.toBeNull();
    await workbench.openFile(fileNamed('mine'));
    expect(state().gateOverrideReason).toBeNull();
    expect(state().features).toBeNull();
  });

  it('blocks everything behind a shut gate until a reason is given', async () => {
    parts.knobs.validation = SHUT_GATE;
    await workbench.start();
    expect(kinds(state())).toMatchObject({
      quality: 'done',
      pareto: 'blocked',
      features: 'blocked',
      tuning: 'blocked',
      leads: 'blocked',
    });
    expect(parts.asked.some((what) => what.startsWith('prepare'))).toBe(false);
    await workbench.overrideGate('the conversion is known to be low');
    expect(kinds(state())).toMatchObject({ pareto: 'done', features: 'done', tuning: 'idle' });
  });

  it('reruns what is cheap when a parameter changes and leaves what is above alone', async () => {
    await workbench.start();
    parts.asked.length = 0;
    await workbench.setParams({ paretoShare: 0.5 });
    expect(parts.asked).toEqual(['pareto 0.5', 'prepare 0.5 42', 'latest d0.5-42']);
    parts.asked.length = 0;
    await workbench.setParams({ seed: 7 });
    expect(parts.asked).toEqual(['prepare 0.5 7', 'latest d0.5-7']);
  });

  it('stops a chain at the first cell that fails', async () => {
    parts.knobs.prepareFails = true;
    await workbench.start();
    expect(state().statuses.features).toMatchObject({ kind: 'failed', failure: { code: 'too_few_buyers' } });
    expect(kinds(state()).tuning).toBe('idle');
    expect(parts.asked.some((what) => what.startsWith('latest'))).toBe(false);
  });

  describe('with a study', () => {
    let sequence: number;
    const tell = (change: StudyChange) => {
      sequence += 1;
      parts.study.listener?.onEvent({ ...change, sequence, atMs: 1000 + sequence } as StudyEvent);
    };
    const params = { max_depth: 3, learning_rate: 0.1, n_estimators: 50, subsample: 1, colsample_bytree: 1 };
    const metrics = { roc_auc: 0.8, average_precision: 0.2, f1_score: 0.1, recall: 0.1 };
    const created = (nTrials: number): StudyChange => ({
      type: 'study_created',
      studyId: 'study-1',
      config: { nTrials, workers: 1, sampler: 'random', seed: 42, objective: 'roc_auc' } as never,
      engineVersion: '3',
      nProcesses: 1,
      gateOverrideReason: null,
    });

    beforeEach(async () => {
      sequence = 0;
      await workbench.start();
      await workbench.launchStudy();
    });

    it('sends the dataset, launches once and shows trials as they finish', () => {
      expect(parts.asked).toContain('put d0.85-42');
      expect(parts.asked).toContain('launch key');
      tell(created(2));
      tell({ type: 'trial_started', trialNumber: 1, params, attempt: 1 });
      tell({ type: 'trial_completed', trialNumber: 1, params, metrics, durationMs: 5 });
      expect(state().statuses.tuning).toEqual({
        kind: 'running',
        startedAtMs: 1001,
        progress: { label: 'Trials', done: 1, total: 2 },
      });
    });

    it('goes on to scores and leads when the model is there', async () => {
      tell(created(1));
      tell({ type: 'trial_started', trialNumber: 1, params, attempt: 1 });
      tell({ type: 'trial_completed', trialNumber: 1, params, metrics, durationMs: 5 });
      tell({ type: 'tuning_ended', reason: 'completed', message: null });
      tell({ type: 'evaluation_started' });
      expect(kinds(state())).toMatchObject({ tuning: 'done', evaluation: 'running' });
      tell({ type: 'evaluation_completed', modelId: 'model-1' });
      await settled();
      expect(kinds(state())).toMatchObject({ evaluation: 'done', scoring: 'done', leads: 'done' });
      expect(state().leads).toMatchObject({ nLeads: 5 });
    });

    it('says that a study was interrupted when nobody works on it', () => {
      tell(created(3));
      parts.study.listener?.onActivity({ kind: 'idle', problem: null });
      expect(state().statuses.tuning).toEqual({
        kind: 'stale',
        reason: 'Interrupted when the server stopped: 0 of 3 trials are kept. Resume it to go on.',
      });
    });

    it('turns the study stale when its parameters change, and leaves it for another dataset', async () => {
      tell(created(1));
      tell({ type: 'trial_started', trialNumber: 1, params, attempt: 1 });
      tell({ type: 'trial_completed', trialNumber: 1, params, metrics, durationMs: 5 });
      tell({ type: 'tuning_ended', reason: 'completed', message: null });
      await workbench.setParams({ nTrials: 5 });
      expect(state().statuses.tuning.kind).toBe('stale');
      await workbench.setParams({ seed: 9 });
      expect(parts.study.nLeft).toBe(1);
      expect(state().statuses.tuning).toEqual({
        kind: 'stale',
        reason: 'The features changed since this study ran.',
      });
    });

    it('takes a study found on the server back up, with the parameters it was started with', async () => {
      parts.knobs.latestStudy = 'study-1';
      await workbench.setParams({ seed: 11 });
      sequence = 0;
      tell(created(7));
      expect(state().params).toMatchObject({ nTrials: 7, workers: 1, sampler: 'random', seed: 11 });
    });
  });
});
