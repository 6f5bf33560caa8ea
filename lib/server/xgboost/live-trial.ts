import { objectiveMetrics, objectiveStandardError, objectiveValue } from '@/lib/evaluation/objective-metrics';
import { nextRungMark } from '@/lib/tuning/study/asha';
import type { TrialMetrics } from '@/lib/tuning/study/study-events';
import { asGain } from '@/lib/tuning/study/trial-record';
import { boosterParams } from './booster-params';
import type { Booster, XgboostLibrary } from './library';
import type { TrialData } from './trial-data';
import type { TrialJob, TrialOutcome } from './trial-executor';

/** Waits between boosting rounds, so that a process stays able to hear its parent. */
export type Pause = () => Promise<void>;

/** What a stretch of training gave, but for who ran it and how long it took. */
export type Stretch = Omit<TrialOutcome, 'worker' | 'durationMs'>;

/** A trial whose boosters are alive: it can be trained on from where it stands. */
export interface LiveTrial {
  /** Train to the job's rounds, or until its rules end it. The jobs of one trial differ in `toRounds` alone. */
  advance(job: TrialJob, pause: Pause, onReport: (rounds: number, value: number) => void): Promise<Stretch>;
  free(): void;
}

/**
 * Begin a trial: one booster a fold, none of them trained yet. The folds are boosted side by side, round by round, so that
 * every report is of all of them.
 */
export function beginTrial(library: XgboostLibrary, data: TrialData, job: TrialJob): LiveTrial {
  const { params, seed, plan } = job;
  const boosters: Booster[] = [];
  const free = () => {
    for (const booster of boosters) booster.free();
  };
  try {
    for (const { train, baseScore } of data.folds) {
      const recipe = { params, seed, monotoneConstraints: plan.monotoneConstraints };
      const named = boosterParams(recipe, { baseScore, featureNames: train.featureNames });
      boosters.push(library.createBooster(train, named));
    }
  } catch (error) {
    free();
    throw error;
  }
  const curve: [number, number][] = [];
  return {
    free,
    async advance(advancing, pause, onReport) {
      let trained = curve.at(-1)?.[0] ?? 0;
      let end: Stretch['state'] | null = null;
      while (end === null) {
        const until = nextReport(trained, advancing);
        for (; trained < until; trained++) {
          for (const [i, booster] of boosters.entries()) booster.update(trained, data.folds[i]!.train);
          await pause();
        }
        const value = meanOf(reported(data, boosters, advancing));
        curve.push([trained, value]);
        onReport(trained, value);
        end = ending(curve, advancing);
      }
      return measured(data, boosters, { job: advancing, curve, state: end });
    },
  };
}

/**
 * Rungs are reported whether or not a stretch ended there: a trial begun again after a crash must have the very reports
 * of one that was paused at each.
 */
function nextReport(trained: number, { plan, toRounds }: TrialJob): number {
  return Math.min(
    toRounds,
    nextRungMark(plan.scheduler, trained) ?? toRounds,
    (Math.floor(trained / plan.reportEveryRounds) + 1) * plan.reportEveryRounds,
  );
}

function reported(data: TrialData, boosters: readonly Booster[], { plan }: TrialJob): readonly number[] {
  return boosters.map((booster, i) => {
    const { measured: rows, measuredLabels } = data.folds[i]!;
    return objectiveValue(plan.objective, measuredLabels, booster.predict(rows, 'probability'), plan);
  });
}

type Curve = readonly (readonly [number, number])[];

/** How a trial ends after a report, or null when it trains on. */
function ending(curve: Curve, job: TrialJob): Stretch['state'] | null {
  const { plan, params, toRounds, pruneBelow } = job;
  const [rounds, value] = curve.at(-1)!;
  const best = bestReport(curve, job);
  const patience = plan.earlyStoppingRounds;
  if (rounds >= params.n_estimators) return 'complete';
  if (!Number.isFinite(value)) return 'complete';
  if (patience !== null && rounds - best[0] >= patience) return 'complete';
  const least = pruneBelow.find((threshold) => threshold.rounds === rounds);
  if (least !== undefined && asGain(best[1], plan.objective) < asGain(least.value, plan.objective)) {
    return 'pruned';
  }
  return rounds >= toRounds ? 'paused' : null;
}

/** The report with the best value; of equal ones the earliest, which is the smaller model. */
function bestReport(curve: Curve, { plan }: TrialJob): readonly [number, number] {
  let best = curve[0]!;
  for (const report of curve) {
    if (asGain(report[1], plan.objective) > asGain(best[1], plan.objective)) best = report;
  }
  return best;
}

function measured(
  data: TrialData,
  boosters: readonly Booster[],
  trial: { readonly job: TrialJob; readonly curve: Curve; readonly state: Stretch['state'] },
): Stretch {
  const { job, curve, state } = trial;
  const { plan, seed } = job;
  const trainedRounds = curve.at(-1)![0];
  const rounds = plan.earlyStoppingRounds === null ? trainedRounds : bestReport(curve, job)[0];
  const scored = boosters.map((booster, i) => {
    const fold = data.folds[i]!;
    const probabilities = booster.predict(fold.measured, 'probability', rounds);
    return { labels: fold.measuredLabels, probabilities };
  });
  const metrics = scored.map(({ labels, probabilities }) => objectiveMetrics(labels, probabilities, plan));
  const [first] = scored;
  const standardError =
    scored.length > 1
      ? errorOverFolds(metrics.map((ofFold) => ofFold[plan.objective]))
      : first === undefined
        ? null
        : objectiveStandardError(plan.objective, first.labels, first.probabilities, { ...plan, seed });
  return { state, metrics: meanMetrics(metrics), standardError, rounds, trainedRounds, curve: [...curve] };
}

function meanMetrics(metrics: readonly TrialMetrics[]): TrialMetrics {
  const mean = (name: keyof TrialMetrics) => meanOf(metrics.map((ofFold) => ofFold[name]));
  return {
    roc_auc: mean('roc_auc'),
    average_precision: mean('average_precision'),
    logloss: mean('logloss'),
    f1_score: mean('f1_score'),
    recall: mean('recall'),
    expected_profit: mean('expected_profit'),
  };
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Standard error of the mean over the folds. The folds of repeats share rows, so it is on the small side. */
function errorOverFolds(values: readonly number[]): number {
  const mean = meanOf(values);
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return Math.sqrt(squares / (values.length - 1) / values.length);
}
