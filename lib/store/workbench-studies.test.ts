import { beforeEach, describe, expect, it } from 'vitest';
import { failureOf, fileNamed, kinds, settled, smallServices } from '@/lib/testing/small-services';
import { created, ended, StudyTeller, started } from '@/lib/testing/told-study';
import { WIDE_SEARCH_SPACE } from '@/lib/tuning/space/search-space';
import { DEFAULT_TUNING_PLAN } from '@/lib/tuning/study/pipeline-params';
import { Workbench } from './workbench';
import { NOTHING_KEPT } from './workbench-state';

describe('a Workbench with a study', () => {
  let parts: ReturnType<typeof smallServices>;
  let workbench: Workbench;
  let study: StudyTeller;
  const state = () => workbench.store.getState();
  const commands = () =>
    parts.asked.filter((what) => /^(stop|pause|resume|extend|rerun|evaluate) /.test(what));

  beforeEach(async () => {
    parts = smallServices();
    workbench = new Workbench(parts.services, NOTHING_KEPT);
    study = new StudyTeller(() => parts.study.listener);
    await workbench.start();
    await workbench.launchStudy();
  });

  it('sends the dataset, launches once and shows trials as they finish', () => {
    expect(parts.asked).toContain('put d0.85-42');
    expect(parts.asked).toContain('launch key');
    study.tell(created(), started(1), ended(1));
    expect(state().statuses.tuning).toEqual({
      kind: 'running',
      startedAtMs: 1001,
      progress: { label: 'Trials', done: 1, total: 2 },
    });
  });

  it('draws many events in one go', () => {
    let nDrawn = 0;
    workbench.store.subscribe((now, before) => {
      if (now.study !== before.study) nDrawn += 1;
    });
    study.tell(
      created({ nTrials: 50 }),
      ...Array.from({ length: 50 }, (_, i) => [started(i + 1), ended(i + 1)]).flat(),
    );
    expect(nDrawn).toBe(1);
    expect(state().study?.state.trials).toHaveLength(50);
  });

  it('goes on to scores and leads when the model is there', async () => {
    study.tell(created({ nTrials: 1 }), started(1), ended(1));
    study.tell({ type: 'tuning_ended', reason: 'completed', message: null }, { type: 'evaluation_started' });
    expect(kinds(state())).toMatchObject({ tuning: 'done', evaluation: 'running' });
    study.tell({ type: 'evaluation_completed', modelId: 'model-1' });
    await settled();
    expect(kinds(state())).toMatchObject({ evaluation: 'done', scoring: 'done', leads: 'done' });
    expect(state().leads).toMatchObject({ nLeads: 5 });
  });

  it('fetches the model once where a whole story comes in one go', async () => {
    study.tell(
      created({ nTrials: 1 }),
      started(1),
      ended(1),
      { type: 'tuning_ended', reason: 'completed', message: null },
      { type: 'evaluation_started' },
      { type: 'evaluation_completed', modelId: 'model-1' },
    );
    await settled();
    study.activity('idle');
    await settled();
    expect(parts.asked.filter((what) => what === 'model')).toEqual(['model']);
    expect(state().statuses.evaluation).toEqual({ kind: 'done', elapsedMs: 1 });
  });

  it('turns model and leads stale when a study that was evaluated early goes on', async () => {
    study.tell(created(), started(1), ended(1), { type: 'study_stop_requested' });
    study.tell({ type: 'tuning_ended', reason: 'stopped', message: null }, { type: 'evaluation_started' });
    study.tell({ type: 'evaluation_completed', modelId: 'model-1' });
    await settled();
    expect(kinds(state())).toMatchObject({ evaluation: 'done', leads: 'done' });
    study.tell({ type: 'study_resumed', nProcesses: 1, engineVersion: '3' });
    expect(kinds(state())).toMatchObject({
      tuning: 'running',
      evaluation: 'stale',
      scoring: 'stale',
      leads: 'stale',
    });
    expect(state().study?.state.modelId).toBeNull();
  });

  it('says that a study was interrupted only when nobody works on it', () => {
    study.tell(created({ nTrials: 3 }), started(1), ended(1));
    study.activity('idle');
    expect(state().statuses.tuning).toEqual({
      kind: 'stale',
      reason: 'Interrupted when the server stopped: 1 of 3 trials are kept. Resume it to go on.',
    });
    study.activity('running');
    expect(state().statuses.tuning).toMatchObject({ kind: 'running', progress: { done: 1, total: 3 } });
  });

  it('goes on by itself after the disk was full', () => {
    study.tell(created());
    const { failure } = failureOf('disk_full');
    study.activity('held', failure);
    expect(state().statuses.tuning).toMatchObject({
      kind: 'running',
      progress: { label: 'Waiting for the disk; trials' },
    });
    expect(state().study?.activity).toEqual({ kind: 'held', problem: failure });
    study.activity('running');
    expect(state().statuses.tuning).toMatchObject({ kind: 'running', progress: { label: 'Trials' } });
  });

  it('pauses, says what is kept, and goes on', async () => {
    study.tell(created({ nTrials: 3 }), started(1), { type: 'study_pause_requested' });
    expect(state().statuses.tuning).toMatchObject({ progress: { label: 'Pausing; trials' } });
    study.tell(ended(1), { type: 'study_paused' });
    study.activity('idle');
    expect(state().statuses.tuning).toEqual({
      kind: 'paused',
      reason: '1 of 3 trials have a result. Resume it to go on.',
    });
    await workbench.studies.resume();
    expect(commands()).toEqual(['resume study-1']);
    study.activity('running');
    study.tell({ type: 'study_resumed', nProcesses: 1, engineVersion: '3' });
    expect(state().statuses.tuning.kind).toBe('running');
  });

  it('leaves a paused study paused when the plan of the next one is written', async () => {
    study.tell(created(), { type: 'study_pause_requested' }, { type: 'study_paused' });
    study.activity('idle');
    await workbench.setParams({ nTrials: 9 });
    expect(state().statuses.tuning.kind).toBe('paused');
  });

  it('extends by more trials and shows the new total in the plan', async () => {
    study.tell(created({ nTrials: 2 }));
    await workbench.studies.extend(3);
    expect(commands()).toEqual(['extend study-1 5']);
    study.tell({ type: 'study_extended', nTrials: 5 });
    expect(state().params.nTrials).toBe(5);
    expect(state().statuses.tuning).toMatchObject({ progress: { total: 5 } });
  });

  it('runs again with another seed as a new study, which takes the place of the first', async () => {
    study.tell(created({ nTrials: 1 }), started(1), ended(1));
    study.tell({ type: 'tuning_ended', reason: 'completed', message: null });
    await workbench.studies.rerun(43);
    expect(commands()).toEqual(['rerun study-1 43']);
    expect(parts.study.nLeft).toBe(1);
    expect(state().study).toBeNull();
    expect(state().statuses.tuning.kind).toBe('running');
    new StudyTeller(() => parts.study.listeners.get('study-again')).tell(
      created({ seed: 43 }, 'study-again'),
    );
    expect(state().study?.state.config.seed).toBe(43);
    expect(state().params.seed).toBe(42);
  });

  it('says why a command was refused and leaves the study as it was', async () => {
    study.tell(created());
    const before = state().statuses;
    parts.knobs.refusal = failureOf('study_not_running');
    await workbench.studies.pause();
    expect(state().commandFailure).toMatchObject({ code: 'study_not_running' });
    expect(state().statuses).toEqual(before);
    parts.knobs.refusal = null;
    await workbench.studies.pause();
    expect(state().commandFailure).toBeNull();
  });

  it('keeps what a trial reports while it runs, and drops it when it ends', () => {
    study.tell(created(), started(1));
    study.report(1, 10, 0.7);
    study.report(1, 20, 0.75);
    study.report(2, 10, 0.6);
    expect(state().study?.liveReports).toEqual(
      new Map([
        [
          1,
          [
            { trialNumber: 1, rounds: 10, value: 0.7 },
            { trialNumber: 1, rounds: 20, value: 0.75 },
          ],
        ],
      ]),
    );
    const folded = state().study?.state;
    study.report(1, 30, 0.76);
    expect(state().study?.state).toBe(folded);
    study.tell(ended(1));
    expect(state().study?.liveReports).toEqual(new Map());
  });

  it('starts the reports of a trial anew at its next attempt', () => {
    study.tell(created(), started(1));
    study.report(1, 40, 0.7);
    study.tell(
      { type: 'trial_failed', trialNumber: 1, kind: 'crashed', message: 'died', willRetry: true },
      started(1, 2),
    );
    study.report(1, 10, 0.6);
    expect(state().study?.liveReports.get(1)).toEqual([{ trialNumber: 1, rounds: 10, value: 0.6 }]);
  });

  it('says so where the story of a study makes no sense, and listens no more', () => {
    study.tell(created());
    parts.study.listener?.onEvents([{ type: 'study_paused', sequence: 5, atMs: 1 }]);
    expect(state().statuses.tuning).toMatchObject({ kind: 'failed', failure: { code: 'bug' } });
    expect(parts.study.nLeft).toBe(1);
  });

  it('turns the study stale when its plan changes, and leaves it for another dataset', async () => {
    study.tell(created({ nTrials: 1 }), started(1), ended(1));
    study.tell({ type: 'tuning_ended', reason: 'completed', message: null });
    await workbench.setParams({ nTrials: 5 });
    expect(state().statuses.tuning.kind).toBe('stale');
    await workbench.setParams({ seed: 9 });
    expect(parts.study.nLeft).toBe(1);
    expect(state().statuses.tuning).toEqual({
      kind: 'stale',
      reason: 'The features changed since this study ran.',
    });
  });

  it('is fresh again when the plan of the study is taken back', async () => {
    study.tell(created({ nTrials: 1 }), started(1), ended(1));
    study.tell({ type: 'tuning_ended', reason: 'stopped', message: null });
    await workbench.setParams({ sampler: 'gp' });
    expect(state().statuses.tuning.kind).toBe('stale');
    workbench.studies.takePlan();
    new StudyTeller(() => parts.study.listener).tell(created({ nTrials: 1 }), started(1), ended(1), {
      type: 'tuning_ended',
      reason: 'stopped',
      message: null,
    });
    expect(state().statuses.tuning.kind).toBe('done');
    expect(state().params).toMatchObject({ sampler: 'random', nTrials: 1 });
    expect(state().isPlanEdited).toBe(false);
  });

  it('takes a study found on the server back up, with the plan it was started with', async () => {
    parts.knobs.latestStudy = 'study-1';
    await workbench.setParams({ seed: 11 });
    const plan = { ...DEFAULT_TUNING_PLAN, objective: 'recall', searchSpace: WIDE_SEARCH_SPACE } as const;
    new StudyTeller(() => parts.study.listener).tell(created({ nTrials: 7, ...plan }));
    expect(state().params).toEqual({
      ...NOTHING_KEPT.params,
      nTrials: 7,
      workers: 1,
      sampler: 'random',
      seed: 11,
      plan,
    });
  });

  it('does not write over a plan that is being written when a study is found', async () => {
    const kept = { params: { ...NOTHING_KEPT.params, nTrials: 99 }, isPlanEdited: true };
    parts.knobs.latestStudy = 'study-1';
    const reloaded = new Workbench(parts.services, kept);
    await reloaded.start();
    new StudyTeller(() => parts.study.listener).tell(created({ nTrials: 7 }));
    expect(reloaded.store.getState().params.nTrials).toBe(99);
    expect(reloaded.store.getState().study?.state.config.nTrials).toBe(7);
  });

  it('forgets a study when another file takes the place of its own', async () => {
    study.tell(created());
    await workbench.openFile(fileNamed('mine'));
    expect(parts.study.nLeft).toBe(1);
    expect(state().study).toBeNull();
  });
});
