import { describe, expect, it } from 'vitest';
import { continued, RIG_MODEL, rigEvents, rigStudy } from '@/lib/testing/mlflow-rig';
import { completed, created, ended, failed, started, studyConfig } from '@/lib/testing/study-fixture';
import type { StudyChange, StudyEvent } from '@/lib/tuning/study/study-events';
import type { StudyImage } from './run-image';
import { createStudyStory } from './study-story';

const STUDY = rigStudy(1);

function imageOf(events: readonly StudyEvent[]): StudyImage {
  const story = createStudyStory('1.2.3');
  story.add(events);
  return story.image();
}

const launched = (): StudyChange =>
  ({ ...created(studyConfig({ nTrials: 4 })), studyId: STUDY }) as StudyChange;
const promoted: StudyChange = {
  ...{ type: 'trial_promoted', trialNumber: 1, step: 2, rung: 1, attempt: 1, toRounds: 100 },
};
const resumed: StudyChange = { type: 'study_resumed', nProcesses: 2, engineVersion: '3.4.1' };
const tuned = (reason: 'completed' | 'stopped' | 'failed'): StudyChange => ({
  ...{ type: 'tuning_ended', reason, message: null },
});

/** Each change a second after the one before, the first at 1,000 ms. */
function journal(...changes: readonly StudyChange[]): readonly StudyEvent[] {
  return continued([], [launched(), ...changes]);
}

const tagOf = ({ tags }: StudyImage['study'], key: string) => tags.find((tag) => tag.key === key)?.value;
const trialsOf = (image: StudyImage) =>
  image.trials.map(({ key, status, endedAtMs, ...trial }) => [
    key.slice(STUDY.length),
    status,
    tagOf({ key, status, endedAtMs, ...trial }, 'leadbench.trial_state'),
    endedAtMs,
  ]);

describe('createStudyStory', () => {
  it('tells each state of a trial in the words of MLflow', () => {
    const image = imageOf(
      journal(
        started(1),
        started(2),
        started(3),
        started(4),
        completed(1, 0.8),
        ended('trial_pruned', 2, { rocAuc: 0.8 }),
        ended('trial_paused', 3, { rocAuc: 0.8 }),
      ),
    );
    expect(trialsOf(image)).toEqual([
      ['/trial-1', 'FINISHED', 'complete', 6000],
      ['/trial-2', 'FINISHED', 'pruned', 7000],
      ['/trial-3', 'SCHEDULED', 'paused', null],
      ['/trial-4', 'RUNNING', 'running', null],
    ]);
    expect(image.study).toMatchObject({ status: 'RUNNING', endedAtMs: null, startedAtMs: 1000 });
    expect(image.isLive).toBe(true);
  });

  it('gives the learning curve by rounds, then the metrics at the rounds trained', () => {
    const [trial] = imageOf(
      journal(started(1), ended('trial_completed', 1, { rocAuc: 0.75, rounds: 40 })),
    ).trials;
    expect(trial?.metrics).toEqual([
      { key: 'learning_curve/roc_auc', value: 0.75, step: 40, timestamp: 3000 },
      { key: 'roc_auc', value: 0.75, step: 40, timestamp: 3000 },
      { key: 'average_precision', value: 0.2, step: 40, timestamp: 3000 },
      { key: 'logloss', value: 0.2, step: 40, timestamp: 3000 },
      { key: 'f1_score', value: 0.1, step: 40, timestamp: 3000 },
      { key: 'recall', value: 0.05, step: 40, timestamp: 3000 },
      { key: 'expected_profit', value: 12, step: 40, timestamp: 3000 },
      { key: 'standard_error', value: 0.01, step: 40, timestamp: 3000 },
      { key: 'rounds', value: 40, step: 40, timestamp: 3000 },
      { key: 'trained_rounds', value: 40, step: 40, timestamp: 3000 },
      { key: 'duration_seconds', value: 0.12, step: 40, timestamp: 3000 },
    ]);
    expect(trial?.params).toEqual([
      { key: 'n_estimators', value: '50' },
      { key: 'max_depth', value: '3' },
      { key: 'learning_rate', value: '0.1' },
      { key: 'subsample', value: '1' },
      { key: 'colsample_bytree', value: '0.7' },
    ]);
  });

  it('adds the second rung behind the first and never a key and step twice', () => {
    const image = imageOf(
      journal(
        started(1),
        ended('trial_paused', 1, { rocAuc: 0.8, rounds: 50 }),
        promoted,
        ended('trial_completed', 1, { rocAuc: 0.9, rounds: 100 }),
      ),
    );
    const points = image.trials[0]?.metrics ?? [];
    expect(points.filter(({ key }) => key === 'roc_auc')).toEqual([
      { key: 'roc_auc', value: 0.8, step: 50, timestamp: 3000 },
      { key: 'roc_auc', value: 0.9, step: 100, timestamp: 5000 },
    ]);
    expect(points.filter(({ key }) => key === 'duration_seconds').at(-1)?.value).toBe(0.24);
    expect(new Set(points.map(({ key, step }) => `${key} ${step}`)).size).toBe(points.length);
  });

  it('lets trials that are cut short wait, and gives them up at the end', () => {
    const stopped = journal(
      started(1),
      started(2),
      completed(1, 0.8),
      { type: 'study_pause_requested' },
      { type: 'study_paused' },
    );
    expect(imageOf(stopped).study.status).toBe('SCHEDULED');
    expect(trialsOf(imageOf(stopped))[1]).toEqual(['/trial-2', 'SCHEDULED', 'waiting', null]);
    const ended = continued(stopped, [resumed, { type: 'study_stop_requested' }, tuned('stopped')]);
    expect(trialsOf(imageOf(ended))[1]).toEqual(['/trial-2', 'KILLED', 'lost', 9000]);
    expect(imageOf(ended).study).toMatchObject({ status: 'KILLED', endedAtMs: 9000 });
  });

  it('gives a trial that begins again with the same parameters no second run', () => {
    const image = imageOf(
      journal(started(1), failed(1, true), started(1, { attempt: 2 }), completed(1, 0.8)),
    );
    expect(trialsOf(image)).toEqual([['/trial-1', 'FINISHED', 'complete', 5000]]);
    expect(image.trials[0]?.startedAtMs).toBe(2000);
  });

  it('gives a trial that begins again with other parameters a run of its own, because MLflow keeps parameters', () => {
    const again = { ...started(1), params: { n_estimators: 77 } } as StudyChange;
    const image = imageOf(
      journal(started(1), failed(1, false), tuned('failed'), resumed, again, completed(1, 0.8)),
    );
    expect(trialsOf(image)).toEqual([
      ['/trial-1', 'KILLED', 'superseded', 6000],
      ['/trial-1/take-2', 'FINISHED', 'complete', 7000],
    ]);
    expect(image.trials[1]?.params).toEqual([{ key: 'n_estimators', value: '77' }]);
  });

  it('tells of a failed trial how, and nothing that its message says', () => {
    const [trial] = imageOf(
      journal(started(1), {
        ...failed(1, false),
        kind: 'hung',
        message: '/home/ada/leadbench',
      } as StudyChange),
    ).trials;
    expect(trial?.status).toBe('FAILED');
    expect(trial?.tags).toContainEqual({ key: 'leadbench.failure', value: 'hung' });
    expect(JSON.stringify(trial)).not.toContain('ada');
  });

  it('follows the best so far by the trials that are complete, and counts them at the end', () => {
    const image = imageOf(
      journal(
        started(1),
        started(2),
        started(3),
        completed(2, 0.7),
        completed(1, 0.6),
        completed(3, 0.9),
        tuned('completed'),
      ),
    );
    const points = image.study.metrics.map(({ key, step, value }) => [key, step, value]);
    expect(points).toEqual([
      ['best/roc_auc', 1, 0.7],
      ['best/roc_auc', 2, 0.7],
      ['best/roc_auc', 3, 0.9],
      ['trials/complete', 1, 3],
      ['trials/pruned', 1, 0],
      ['trials/failed', 1, 0],
      ['rounds_trained', 1, 150],
      ['tuning_elapsed_seconds', 1, 7],
    ]);
    expect(tagOf(image.study, 'leadbench.best_trial')).toBe('3');
  });

  it('lists every model that was published, also those of fewer trials', () => {
    const other = `model-${'2'.repeat(20)}`;
    const events = continued(rigEvents(STUDY), [
      { type: 'study_extended', nTrials: 13 },
      resumed,
      tuned('completed'),
      { type: 'evaluation_started' },
      { type: 'evaluation_completed', modelId: other },
    ]);
    const image = imageOf(events);
    const nComplete = events.filter(({ type }) => type === 'trial_completed').length;
    expect(image.models.map(({ modelId, nComplete }) => [modelId, nComplete])).toEqual([
      [RIG_MODEL, nComplete],
      [other, nComplete],
    ]);
    expect(tagOf(image.study, 'leadbench.n_trials')).toBe('13');
    expect(image.study.params).toContainEqual({ key: 'n_trials_at_launch', value: '12' });
  });

  it('says that a gate was overridden and not why', () => {
    const created = {
      ...launched(),
      gateOverrideReason: 'Ada Lovelace allowed it',
    } as StudyChange;
    const image = imageOf(continued([], [created]));
    expect(tagOf(image.study, 'leadbench.gate_overridden')).toBe('true');
    expect(JSON.stringify(image)).not.toContain('Ada');
  });

  it('comes to the same image whenever it is asked in between', () => {
    const events = rigEvents(STUDY, { nTrials: 30 });
    const story = createStudyStory('1.2.3');
    for (let n = 1; n <= events.length; n++) {
      story.add(events.slice(0, n));
      const { study, trials } = story.image();
      for (const { metrics } of [study, ...trials]) {
        expect(new Set(metrics.map(({ key, step }) => `${key} ${step}`)).size).toBe(metrics.length);
      }
    }
    expect(story.image()).toEqual(imageOf(events));
  });

  it('only ever adds metrics at the end, and keeps parameters and the keys of tags', () => {
    const events = rigEvents(STUDY, { nTrials: 30 });
    const story = createStudyStory('1.2.3');
    let before = new Map<string, StudyImage['study']>();
    for (let n = 1; n <= events.length; n++) {
      story.add(events.slice(0, n));
      const { study, trials } = story.image();
      const after = new Map([study, ...trials].map((run) => [run.key, run]));
      for (const [key, { metrics, params, tags, throughSequence }] of before) {
        expect(after.get(key)?.metrics.slice(0, metrics.length)).toEqual(metrics);
        expect(after.get(key)?.params).toEqual(params);
        expect(after.get(key)?.tags.map((tag) => tag.key)).toEqual(tags.map((tag) => tag.key));
        const isSame = after.get(key)?.throughSequence === throughSequence;
        if (isSame) expect(after.get(key)).toEqual(before.get(key));
      }
      before = after;
    }
  });

  it('has no image before the first event', () => {
    expect(() => createStudyStory('1.2.3').image()).toThrow('without an event');
  });
});
