import { SAMPLER_NAMES } from '@/lib/tuning/study/study-config';
import type { StudyState } from '@/lib/tuning/study/study-state';
import type { Instruments } from './instruments';

/** Phases of a study, in the order that it goes through them. */
export const STUDY_PHASES = [
  'tuning',
  'stopping',
  'pausing',
  'paused',
  'tuned',
  'evaluating',
  'evaluated',
  'failed',
] as const satisfies readonly StudyState['phase'][];

/** The part of the metrics that speaks of studies and their trials. */
export type TuningMetrics = ReturnType<typeof createTuningMetrics>;

const trialSeconds = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 1800];
const studySeconds = [1, 5, 15, 60, 300, 900, 3600, 14_400, 43_200];
/** Around what each sampler may take: 0.1 ms at random, 3 ms by TPE, 20 ms by a Gaussian process. */
const samplerSeconds = [0.0001, 0.0003, 0.001, 0.003, 0.01, 0.02, 0.05, 0.1, 0.5, 2];

/** Make the metrics of studies and trials. */
export function createTuningMetrics(make: Instruments) {
  return {
    trials: make.counterBy({
      name: 'leadbench_tune_trials_total',
      help: 'Trials that came to an end in this process. A trial that a resumed study takes up again ends again.',
      label: 'status',
      values: ['complete', 'pruned', 'failed'],
    }),
    trialsRunning: make.gauge({
      name: 'leadbench_tune_trials_running',
      help: 'Trials that run now, those between two attempts among them.',
    }),
    trialDuration: make.histogram({
      name: 'leadbench_tune_trial_duration_seconds',
      help: 'Training time of a trial that is complete or pruned, all its rungs together.',
      buckets: trialSeconds,
    }),
    trialFailures: make.counterBy({
      name: 'leadbench_tune_trial_failures_total',
      help: 'Attempts of trials that failed, whether tried again or not.',
      label: 'kind',
      values: ['crashed', 'hung', 'memory', 'refused'],
    }),
    rounds: make.counter({
      name: 'leadbench_tune_rounds_total',
      help: 'Boosting rounds trained by stretches of trials that ended well.',
    }),
    samplerDuration: make.histogramBy({
      name: 'leadbench_tune_sampler_duration_seconds',
      help: 'Time to choose the parameters of one trial.',
      label: 'algorithm',
      values: SAMPLER_NAMES,
      buckets: samplerSeconds,
    }),
    workers: make.gauge({
      name: 'leadbench_tune_workers',
      help: 'Worker processes of the study that runs; 0 while none does.',
    }),
    workersBusy: make.gauge({
      name: 'leadbench_tune_workers_busy',
      help: 'Worker processes that train a trial or a final model now.',
    }),
    studies: make.gaugeBy({
      name: 'leadbench_tune_studies',
      help: 'Studies known to this process, by phase.',
      label: 'phase',
      values: STUDY_PHASES,
    }),
    studyDuration: make.histogramBy({
      name: 'leadbench_tune_study_duration_seconds',
      help: 'Time for which trials of a study ran in this process, by the reason for which its tuning ended.',
      label: 'reason',
      values: ['completed', 'stopped', 'failed'],
      buckets: studySeconds,
    }),
    studyInterruptions: make.counter({
      name: 'leadbench_tune_study_interruptions_total',
      help: 'Times that work on a study ended against expectation, such as by a full disk.',
    }),
    checkpoints: make.counter({
      name: 'leadbench_tune_checkpoints_total',
      help: 'Checkpoints of best models written.',
    }),
    checkpointSize: make.optionalGauge({
      name: 'leadbench_tune_checkpoint_size_bytes',
      help: 'Size of the checkpoint written last.',
    }),
    modelsPublished: make.counter({
      name: 'leadbench_models_published_total',
      help: 'Models made of studies, judged on the test rows and published.',
    }),
    best: createBestMetrics(make),
  };
}

/** One metric an objective: their units differ, and a sum over them would mean nothing. */
function createBestMetrics(make: Instruments) {
  const best = (quantity: string, words: string) =>
    make.optionalGauge({
      name: `leadbench_tune_best_${quantity}`,
      help: `Best ${words} among the complete trials of the study that ran last, where that is its objective.`,
    });
  return {
    roc_auc: best('roc_auc_ratio', 'area under the ROC curve'),
    average_precision: best('average_precision_ratio', 'average precision'),
    logloss: best('logloss_nats', 'mean negative log-likelihood a lead'),
    f1_score: best('f1_score_ratio', 'F1 score'),
    recall: best('recall_ratio', 'recall'),
    expected_profit: best('expected_profit_usd', 'expected profit a lead'),
  };
}
