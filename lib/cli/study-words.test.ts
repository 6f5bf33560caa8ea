import { describe, expect, it } from 'vitest';
import type { StudyAnswer } from '@/lib/server/control/study-answers';
import { studyConfig } from '@/lib/testing/study-fixture';
import { stateWord, studyFacts, studyLines, studySentence, studyTable } from './study-words';

const { datasetDigest, featureSpecDigest } = studyConfig();
const STUDY: StudyAnswer['study'] = {
  studyId: `study-${'1'.repeat(20)}`,
  createdAtMs: Date.UTC(2026, 10, 25, 22, 51, 39),
  updatedAtMs: Date.UTC(2026, 10, 25, 23, 0, 0),
  phase: 'tuning',
  datasetDigest,
  featureSpecDigest,
  sampler: 'tpe',
  scheduler: 'asha',
  objective: 'roc_auc',
  seed: 42,
  workers: 6,
  nTrials: 48,
  nComplete: 10,
  nPruned: 12,
  nFailed: 1,
  nUnderWay: 3,
  bestValue: 0.81234,
  bestStandardError: 0.00412,
  bestTrialNumber: 7,
  modelId: null,
  lastSequence: 99,
};
const IDLE = { kind: 'idle', problem: null } as const;

describe('stateWord', () => {
  it.each([
    ['tuning', 'running', 'running'],
    ['tuning', 'queued', 'queued'],
    ['tuning', 'held', 'held'],
    ['tuning', 'idle', 'interrupted'],
    ['evaluating', 'running', 'evaluating'],
    ['evaluating', 'idle', 'interrupted'],
    ['pausing', 'running', 'pausing'],
    ['paused', 'idle', 'paused'],
    ['tuned', 'idle', 'stopped'],
    ['evaluated', 'idle', 'done'],
    ['failed', 'idle', 'failed'],
  ] as const)('calls %s and %s %s', (phase, kind, word) => {
    expect(stateWord({ study: { ...STUDY, phase }, activity: { kind, problem: null } })).toBe(word);
  });

  it('tells a study without a model from one that was stopped', () => {
    const study = { ...STUDY, phase: 'tuned', nTrials: 23 } as const;
    expect(stateWord({ study, activity: IDLE })).toBe('tuned');
  });
});

describe('studyTable', () => {
  it('writes a line a study, in columns', () => {
    const other = {
      ...STUDY,
      studyId: `study-${'2'.repeat(20)}`,
      bestValue: null,
      bestStandardError: null,
      nTrials: 1_200,
    };
    const answers = [
      { study: STUDY, activity: IDLE },
      { study: other, activity: { kind: 'running', problem: null } } as const,
    ];
    expect(studyTable(answers)).toEqual([
      'STUDY                       STATE        BEST                     TRIALS    SAMPLER  SEED  CREATED (UTC)',
      'study-11111111111111111111  interrupted  roc_auc 0.8123 ± 0.0041  23/48     tpe      42    2026-11-25 22:51',
      'study-22222222222222222222  running      –                        23/1,200  tpe      42    2026-11-25 22:51',
    ]);
  });

  it('writes the header alone for none', () => {
    expect(studyTable([])).toHaveLength(1);
  });
});

describe('a study', () => {
  const problem = { code: 'disk_full', message: 'The disk is full.', hint: 'Free some space.' };

  it('is told in a sentence', () => {
    expect(studySentence({ study: { ...STUDY, modelId: `model-${'3'.repeat(20)}` }, activity: IDLE })).toBe(
      `${STUDY.studyId} is interrupted: 23/48 trials, best roc_auc 0.8123 ± 0.0041; model-33333333333333333333`,
    );
  });

  it('is told in lines, with its problem', () => {
    expect(studyLines({ study: STUDY, activity: { kind: 'held', problem } })).toEqual([
      'study     study-11111111111111111111',
      'state     held',
      'best      roc_auc 0.8123 ± 0.0041, trial 7',
      'trials    23/48: 10 complete, 12 pruned, 1 failed, 3 under way',
      'sampler   tpe, scheduler asha, 6 workers',
      'seed      42',
      'created   2026-11-25 22:51 UTC',
      'changed   2026-11-25 23:00 UTC',
      `dataset   ${datasetDigest}`,
      'model     –',
      'problem   The disk is full. Free some space.',
    ]);
  });

  it('is told to programs with numbers in full', () => {
    expect(studyFacts({ study: STUDY, activity: IDLE })).toMatchObject({
      study_id: STUDY.studyId,
      state: 'interrupted',
      best_value: 0.81234,
      best_standard_error: 0.00412,
      n_trials: 48,
      n_pruned: 12,
      created_at: '2026-11-25T22:51:39.000Z',
      model_id: null,
    });
  });
});
