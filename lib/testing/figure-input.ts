import type { SearchSpace, TrialParams } from '@/lib/tuning/space/search-space';
import type { StudyConfig } from '@/lib/tuning/study/study-config';
import type { TrialRecord } from '@/lib/tuning/study/trial-record';
import type { StepRecord } from '@/lib/tuning/study/trials-after';
import { studyConfig } from './study-fixture';
import { trialWithRocAuc } from './trial-of';

/** A space with a number, a logarithmic one, a choice and one that hangs on it. */
export const SMALL_SPACE: SearchSpace = {
  n_estimators: { type: 'randint', low: 50, high: 200 },
  learning_rate: { type: 'loguniform', low: 0.01, high: 1 },
  grow_policy: { type: 'choice', values: ['depthwise', 'lossguide'] },
  max_leaves: {
    type: 'randint',
    low: 8,
    high: 24,
    when: { parameter: 'grow_policy', isIn: ['lossguide'] },
  },
};

export const DEPTHWISE: TrialParams = { n_estimators: 100, learning_rate: 0.1, grow_policy: 'depthwise' };
export const LOSSGUIDE: TrialParams = {
  n_estimators: 50,
  learning_rate: 0.01,
  grow_policy: 'lossguide',
  max_leaves: 16,
};

/** Two complete trials, a pruned one, a failed one and a running one; trial 4 has not begun. */
export const SMALL_TRIALS: readonly (TrialRecord | undefined)[] = [
  trialWithRocAuc(1, 0.79, {
    params: DEPTHWISE,
    curve: [
      [25, 0.75],
      [50, 0.79],
    ],
  }),
  trialWithRocAuc(2, 0.812, {
    params: LOSSGUIDE,
    standardError: 0.01,
    curve: [
      [25, 0.8],
      [50, 0.812],
    ],
  }),
  trialWithRocAuc(3, 0.7, {
    ...{ params: DEPTHWISE, state: 'pruned', rounds: 25, trainedRounds: 25, curve: [[25, 0.7]] },
  }),
  undefined,
  trialWithRocAuc(5, 0, {
    ...{ params: DEPTHWISE, state: 'failed', metrics: null, standardError: null, rounds: null },
    ...{ trainedRounds: 0, curve: [], durationMs: null, failure: 'used more than 512 MiB' },
  }),
  trialWithRocAuc(6, 0, {
    ...{ params: LOSSGUIDE, state: 'running', metrics: null, standardError: null, rounds: null },
    ...{ trainedRounds: 0, curve: [], durationMs: null },
  }),
];

/** Put trials into a study over `SMALL_SPACE`, nothing selected; each trial is a step of its own. */
export function figureInput(
  trials: readonly (TrialRecord | undefined)[] = SMALL_TRIALS,
  change: { readonly config?: Partial<StudyConfig>; readonly selected?: readonly number[] } = {},
) {
  const config = studyConfig({ nTrials: 8, searchSpace: SMALL_SPACE, ...change.config });
  const steps = trials.map(
    (trial): StepRecord | undefined =>
      trial && {
        trialNumber: trial.number,
        rung: 0,
        toRounds: trial.params.n_estimators,
        state: trial.state,
        value: trial.metrics?.[config.objective] ?? null,
        outlook: trial.metrics?.[config.objective] ?? null,
        trainedRounds: trial.trainedRounds,
      },
  );
  return { state: { config, trials, steps }, selected: new Set(change.selected) };
}
