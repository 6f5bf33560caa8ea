import type { StudyExecutor } from '@/lib/server/studies/study-engine';
import { TrialFailure, type TrialJob, type TrialOutcome } from '@/lib/server/xgboost/trial-executor';
import type { TrialParams } from '@/lib/tuning/space/search-space';

/** How a fake executor behaves. */
export interface FakeExecutorOptions {
  readonly nProcesses: number;
  /** Chooses which running trial ends next, by its index; the one started first if left out. */
  readonly pick?: (running: readonly TrialJob[]) => number;
  /** Makes an attempt fail; null lets it complete. `attempt` counts from 1. */
  readonly failureOf?: (job: TrialJob, attempt: number) => TrialFailure | null;
  /** Called before a trial ends; throw nothing here. */
  readonly onEnd?: (job: TrialJob) => void;
}

/** An executor that trains nothing, with a record of what it was asked. */
export interface FakeExecutor extends StudyExecutor {
  /** Every attempt, in the order of asking. */
  readonly jobs: readonly TrialJob[];
  /** The most trials that ran at once. */
  readonly nAtOnce: number;
  readonly isClosed: boolean;
  /** Let no trial end until `release` is called. */
  hold(): void;
  release(): void;
}

/** Metrics that follow from parameters alone, with a best point inside the design's space. */
export function fakeRocAuc({ learning_rate = 0.3, max_depth = 6, subsample = 1 }: TrialParams): number {
  return (
    0.82 - Math.log(learning_rate / 0.06) ** 2 / 100 - Math.abs(max_depth - 5) / 200 - (1 - subsample) / 50
  );
}

/** Create a fake executor whose trials end one by one, each in a later turn of the event loop, in an order of the test's choosing. */
export function createFakeExecutor(options: FakeExecutorOptions): FakeExecutor {
  const jobs: TrialJob[] = [];
  const running: { readonly job: TrialJob; readonly end: () => void }[] = [];
  let nAtOnce = 0;
  let isHeld = false;
  let isClosed = false;
  let isScheduled = false;

  const schedule = () => {
    if (isScheduled || isHeld || running.length === 0) return;
    isScheduled = true;
    setImmediate(() => {
      isScheduled = false;
      if (isHeld || running.length === 0) return;
      const index = options.pick?.(running.map(({ job }) => job)) ?? 0;
      const [chosen] = running.splice(index, 1);
      chosen?.end();
      schedule();
    });
  };

  return {
    nProcesses: options.nProcesses,
    jobs,
    get nAtOnce() {
      return nAtOnce;
    },
    get isClosed() {
      return isClosed;
    },
    hold() {
      isHeld = true;
    },
    release() {
      isHeld = false;
      schedule();
    },
    holderOf: () => 'none',
    run(job, _dataset, { signal }) {
      jobs.push(job);
      const attempt = jobs.filter(({ trialNumber }) => trialNumber === job.trialNumber).length;
      return new Promise<TrialOutcome>((resolve, reject) => {
        if (signal.aborted) return reject(signal.reason);
        const cutShort = () => {
          running.splice(running.indexOf(entry), 1);
          reject(signal.reason);
        };
        const entry = {
          job,
          end: () => {
            signal.removeEventListener('abort', cutShort);
            options.onEnd?.(job);
            const failure = options.failureOf?.(job, attempt) ?? null;
            if (failure !== null) reject(failure);
            else resolve(fakeOutcome(job));
          },
        };
        signal.addEventListener('abort', cutShort, { once: true });
        running.push(entry);
        nAtOnce = Math.max(nAtOnce, running.length);
        schedule();
      });
    },
    runFinalFit: () => Promise.reject(new TrialFailure('refused', 'A fake executor makes no final fit.')),
    runProbe: () => Promise.reject(new TrialFailure('refused', 'A fake executor makes no probe.')),
    runNativeScore: () => Promise.reject(new TrialFailure('refused', 'A fake executor scores nothing.')),
    async close() {
      isClosed = true;
    },
  };
}

/**
 * The learning curve of a fake trial rises towards its final value, faster with a larger learning rate, so that schedulers
 * have something to go by.
 */
export function fakeCurveValue(params: TrialParams, rounds: number): number {
  const { learning_rate = 0.3 } = params;
  return fakeRocAuc(params) - 0.1 * Math.exp(-rounds * (0.01 + learning_rate / 10));
}

function fakeOutcome({ params, plan, toRounds, pruneBelow }: TrialJob): TrialOutcome {
  const curve: [number, number][] = [];
  let state: TrialOutcome['state'] = toRounds >= params.n_estimators ? 'complete' : 'paused';
  for (let rounds = plan.reportEveryRounds; ; rounds += plan.reportEveryRounds) {
    const reached = Math.min(rounds, toRounds);
    const value = fakeCurveValue(params, reached);
    curve.push([reached, value]);
    const least = pruneBelow.find((threshold) => threshold.rounds === reached);
    if (least !== undefined && value < least.value) state = 'pruned';
    if (reached === toRounds || state === 'pruned') break;
  }
  const [trainedRounds, rocAuc] = curve.at(-1) ?? [0, 0];
  return {
    state,
    metrics: {
      roc_auc: rocAuc,
      average_precision: rocAuc / 4,
      logloss: 1 - rocAuc,
      f1_score: rocAuc / 3,
      recall: rocAuc / 2,
      expected_profit: rocAuc * 10,
    },
    standardError: 0.01,
    rounds: trainedRounds,
    trainedRounds,
    curve,
    durationMs: 100,
    worker: 0,
  };
}
