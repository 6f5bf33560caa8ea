import { beforeEach, describe, expect, it } from 'vitest';
import { fileNamed, kinds, OPEN_GATE, SHUT_GATE, settled, smallServices } from '@/lib/testing/small-services';
import type { StudyChange, StudyEvent } from '@/lib/tuning/study-events';
import { Workbench } from './workbench';
import { DEFAULT_PARAMS } from './workbench-state';

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

  it('finds the reason again after a reload, for the same file only and while the gate is shut', async () => {
    parts.knobs.validation = SHUT_GATE;
    await workbench.start();
    await workbench.overrideGate('the conversion is known to be low');
    const reloaded = new Workbench(parts.services, DEFAULT_PARAMS);
    await reloaded.start();
    expect(reloaded.store.getState().gateOverrideReason).toBe('the conversion is known to be low');
    expect(kinds(reloaded.store.getState())).toMatchObject({ features: 'done' });
    await reloaded.openFile(fileNamed('mine'));
    expect(kinds(reloaded.store.getState())).toMatchObject({ features: 'blocked' });
    parts.knobs.validation = OPEN_GATE;
    await workbench.rerun('quality');
    expect(state().gateOverrideReason).toBeNull();
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

    it('turns model and leads stale when a study that was evaluated early goes on', async () => {
      tell(created(2));
      tell({ type: 'trial_started', trialNumber: 1, params, attempt: 1 });
      tell({ type: 'trial_completed', trialNumber: 1, params, metrics, durationMs: 5 });
      tell({ type: 'study_stop_requested' });
      tell({ type: 'tuning_ended', reason: 'stopped', message: null });
      tell({ type: 'evaluation_started' });
      tell({ type: 'evaluation_completed', modelId: 'model-1' });
      await settled();
      expect(kinds(state())).toMatchObject({ evaluation: 'done', leads: 'done' });
      tell({ type: 'study_resumed', nProcesses: 1, engineVersion: '3' });
      expect(kinds(state())).toMatchObject({
        tuning: 'running',
        evaluation: 'stale',
        scoring: 'stale',
        leads: 'stale',
      });
      expect(state().study?.state.modelId).toBeNull();
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
