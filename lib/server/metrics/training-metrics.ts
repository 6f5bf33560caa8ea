import { Registry } from 'prom-client';
import type { StudyObserver } from '@/lib/server/studies/study-observer';
import type { StudySummary } from '@/lib/tuning/study/study-summary';
import { createBestFollower } from './best-follower';
import { countEvent } from './count-event';
import { instrumentsOf } from './instruments';
import { addProcessMetrics } from './process-metrics';
import { createStorageMetrics, type StorageMetrics } from './storage-metrics';
import type { StorageReport } from './storage-probe';
import { busyWorkers, haltedTally, restingTally, type StudyTally, tallyAfter } from './study-tally';
import { createTuningMetrics, STUDY_PHASES, type TuningMetrics } from './tuning-metrics';

/** What is known of MLflow; a part of its synchronisation's status. */
export interface MlflowReport {
  readonly configured: boolean;
  /** Whether the last request had an answer; null before the first. */
  readonly reachable: boolean | null;
  /** Runs, files and models that it does not have. */
  readonly nPending: number;
  /** Of these, parts that it refuses. */
  readonly nRefused: number;
  /** Taken by it since the start. */
  readonly nDelivered: number;
}

/** What is looked up when somebody reads the metrics. */
export interface MetricsSources {
  readonly storage: () => Promise<StorageReport>;
  readonly mlflow: () => MlflowReport;
}

/** What the metrics are made for. */
export interface TrainingMetricsOptions {
  /** Of Leadbench. */
  readonly version: string;
  readonly sources: MetricsSources;
}

/**
 * Counts what a training server does; it hears of its studies as their observer. All labels have values from fixed lists:
 * no study, trial, feature, person or text of an error ever becomes one, so the number of series does not grow.
 */
export interface TrainingMetrics extends Required<StudyObserver> {
  /** Know of a study that lies on disk, so that its phase is shown. Nothing is counted; one that is known already is left alone. */
  know(study: Pick<StudySummary, 'studyId' | 'phase'>): void;
  /** A study is no longer on disk. */
  forget(studyId: string): void;
  /** A checkpoint of a best model is on disk. */
  onCheckpoint(nBytes: number): void;
  /** Content type of the exposition. */
  readonly contentType: string;
  /** Write everything in Prometheus' text format, version 0.0.4. */
  exposition(): Promise<string>;
}

/** Create the metrics of one training server, in a registry of their own; see `TrainingMetrics`. */
export function createTrainingMetrics({ version, sources }: TrainingMetricsOptions): TrainingMetrics {
  const registry = new Registry();
  const make = instrumentsOf(registry);
  make.info(
    { name: 'leadbench_build_info', help: 'Version of Leadbench and of the Node that it runs on.' },
    { version, node_version: process.versions.node },
  );
  const tuning = createTuningMetrics(make);
  const storage = createStorageMetrics(make);
  addProcessMetrics(registry);
  const studies = createStudyMetrics(tuning);

  return {
    ...studies.hears,
    onSuggested: (sampler, durationMs) => tuning.samplerDuration.observe(sampler, durationMs / 1000),
    onSaved(durationMs, isSaved) {
      if (isSaved) storage.appendDuration.observe(durationMs / 1000);
      else storage.journalFailures.inc();
    },
    onCheckpoint(nBytes) {
      tuning.checkpoints.inc();
      tuning.checkpointSize.set(nBytes);
    },
    contentType: registry.contentType,
    async exposition() {
      setStudyGauges(tuning, studies.tallies());
      setStorageGauges(storage, await sources.storage());
      setMlflowMetrics(storage, sources.mlflow());
      return registry.metrics();
    },
  };
}

/** Follows all studies of the process. */
function createStudyMetrics(tuning: TuningMetrics) {
  const tallies = new Map<string, StudyTally>();
  const best = createBestFollower(tuning.best);
  const hears: Pick<TrainingMetrics, 'know' | 'forget' | 'onEvent' | 'onActivity'> = {
    know(study) {
      if (!tallies.has(study.studyId)) tallies.set(study.studyId, restingTally(study));
    },
    forget: (studyId) => void tallies.delete(studyId),
    onEvent(event, state) {
      const before = tallies.get(state.studyId) ?? restingTally(state);
      countEvent(tuning, event, { before, state });
      tallies.set(state.studyId, tallyAfter(before, event, state));
      best.follow(event, state);
    },
    onActivity(studyId, { kind, problem }) {
      const before = tallies.get(studyId);
      if (before === undefined) return;
      if (before.isAtWork && kind !== 'running' && problem !== null) tuning.studyInterruptions.inc();
      tallies.set(studyId, kind === 'running' ? { ...before, isAtWork: true } : haltedTally(before));
    },
  };
  return { hears, tallies: () => [...tallies.values()] };
}

function setStudyGauges(tuning: TuningMetrics, tallies: readonly StudyTally[]): void {
  const sum = (countOf: (tally: StudyTally) => number) =>
    tallies.reduce((total, tally) => total + countOf(tally), 0);
  tuning.trialsRunning.set(sum(({ training, retrying }) => training.size + retrying.size));
  tuning.workers.set(sum(({ isAtWork, nProcesses }) => (isAtWork ? nProcesses : 0)));
  tuning.workersBusy.set(sum(busyWorkers));
  for (const phase of STUDY_PHASES) {
    tuning.studies.set(phase, tallies.filter((tally) => tally.phase === phase).length);
  }
}

function setStorageGauges(storage: StorageMetrics, { failure, freeBytes, datasets }: StorageReport): void {
  storage.writable.set(Number(failure === null));
  storage.freeBytes.set(freeBytes);
  storage.datasets.set(datasets?.n ?? null);
  storage.datasetsSize.set(datasets?.nBytes ?? null);
}

function setMlflowMetrics(storage: StorageMetrics, report: MlflowReport): void {
  const { configured, reachable, nPending, nRefused, nDelivered } = report;
  storage.outboxPending.set(configured ? nPending : null);
  storage.outboxRefused.set(configured ? nRefused : null);
  storage.mlflowReachable.set(configured && reachable !== null ? Number(reachable) : null);
  // The synchronisation counts by itself, from the start of this process on as a counter must.
  storage.deliveries.reset();
  storage.deliveries.inc(nDelivered);
}
