import { type Result, succeed } from '@/lib/core/result';
import type { Home } from '@/lib/server/storage/home';
import type { StudyEvent } from '@/lib/tuning/study/study-events';
import type { StudySummary } from '@/lib/tuning/study/study-summary';
import { isInterrupted, type StudyView } from '@/lib/tuning/study/study-view';
import {
  engineChanged,
  evaluateTask,
  extensionFault,
  gridFault,
  resumeTask,
  sameLaunch,
} from './study-commands';
import type { ModelMaker, TrainingEngine } from './study-engine';
import type { StudyEntry, StudyWatcher } from './study-entry';
import type { StudyListing } from './study-index';
import {
  createStudyFolder,
  launchFault,
  readStudySpec,
  type StudyLaunch,
  studyIdForKey,
} from './study-launch';
import { observersTogether, type StudyObserver } from './study-observer';
import { createStudyQueue, recordedOpen, type StudyQueue } from './study-queue';
import { createStudyShelf, notWritable } from './study-shelf';

/** What the service is composed of. */
export interface StudyServiceOptions {
  readonly home: Home;
  /** Find the library; asked before each launch, so one installed meanwhile is found. */
  readonly engine: () => Promise<Result<TrainingEngine>>;
  readonly makeModel: ModelMaker;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Milliseconds of a clock that does not go backwards; `now` when left out. */
  readonly elapsed?: () => number;
  readonly observers?: readonly StudyObserver[];
  /** How often a study that is held asks whether the disk is back. */
  readonly storageRetryMs?: number;
}

/**
 * Launches studies, runs them one after the other, and shows them. Everything shown is on disk before. One a process.
 * Every call with an id fails with `study_unknown` for one that does not exist.
 */
export interface StudyService {
  /**
   * Create a study and run it as soon as those before it are done. The same key again gives the same study.
   *
   * Failures: as the engine's and `launchFault`'s; `launch_conflict` where the key was used for something else.
   */
  launch(launch: StudyLaunch): Promise<Result<StudyView>>;
  /** Launch a study's config again with another seed. Failures: as `launch`. */
  rerun(
    studyId: string,
    again: { readonly seed: number; readonly idempotencyKey: string },
  ): Promise<Result<StudyView>>;
  /** End a study's trials or evaluation; what is finished is kept. `study_not_running` where there is nothing to end. */
  stop(studyId: string): Promise<Result<StudyView>>;
  /** Begin no more trials until the study is resumed; those that run are finished. `study_not_running` where none is to begin. */
  pause(studyId: string): Promise<Result<StudyView>>;
  /**
   * Go on with a study that was interrupted, paused, stopped or failed. Trials cut short run again from their beginning.
   *
   * Failures: as the engine's; `study_not_resumable`; `engine_changed` where another version of XGBoost began it.
   */
  resume(studyId: string): Promise<Result<StudyView>>;
  /**
   * Give a study more trials, and go on with it where it is over.
   *
   * @param nTrials the new total
   * Failures: as `resume`; `study_not_extendable`, `extension_too_small`
   */
  extend(studyId: string, nTrials: number): Promise<Result<StudyView>>;
  /** Make the model of the best trial so far. Failures: as `resume`; `study_without_result`. */
  evaluate(studyId: string): Promise<Result<StudyView>>;
  get(studyId: string): Promise<Result<StudyView>>;
  /** A study's events from the first on. */
  history(studyId: string): Promise<Result<readonly StudyEvent[]>>;
  list(): Promise<StudyListing>;
  /** The newest study of a dataset and feature specification, or null. */
  latest(datasetDigest: string, featureSpecDigest: string): Promise<StudySummary | null>;
  /** Follow a study: every event after the given sequence number (0 for all), then the new ones. */
  subscribe(studyId: string, afterSequence: number, watcher: StudyWatcher): Promise<Result<() => void>>;
  /** Go on with every study that was at work when the process before this one ended. Gives the ids of those that do. */
  resumeInterrupted(): Promise<readonly string[]>;
  /** Cut the running study short so that it can be resumed, and end all training processes. */
  close(): Promise<void>;
}

/** Create the service. Nothing runs until something is launched or resumed; see `StudyService`. */
export function createStudyService(options: StudyServiceOptions): StudyService {
  const { home, now, elapsed = now } = options;
  const observer = observersTogether(options.observers ?? []);
  const shelf = createStudyShelf({ home, now, elapsed, observer });
  const queue = createStudyQueue({ ...options, elapsed, observer });
  const launching = new Map<string, Promise<unknown>>();

  const withEntry = async <T>(
    studyId: string,
    use: (entry: StudyEntry) => Result<T> | Promise<Result<T>>,
  ): Promise<Result<T>> => {
    const ready = await shelf.prepared();
    if (!ready.ok) return ready;
    const entry = await shelf.entry(studyId);
    return entry.ok ? use(entry.value) : entry;
  };

  const launched = async (studyId: string, launch: StudyLaunch): Promise<Result<StudyView>> => {
    const existing = await withEntry(studyId, (entry) => sameLaunch(entry, launch));
    if (existing.ok || existing.error.code !== 'study_unknown') return existing;
    const engine = await options.engine();
    if (!engine.ok) return engine;
    const created = await createdStudy(options, studyId, launch, engine.value);
    if (!created.ok) return created;
    return withEntry(studyId, (entry) => {
      const [created] = entry.log.events();
      if (created !== undefined) observer.onEvent(created, entry.log.state());
      return succeed(queue.add(entry, 'launch', engine.value));
    });
  };

  const launch = (order: StudyLaunch): Promise<Result<StudyView>> => {
    const studyId = studyIdForKey(order.idempotencyKey);
    // A second click waits for the first, then finds its study.
    const before = launching.get(studyId) ?? Promise.resolve();
    const launchedNow = before.then(() => launched(studyId, order));
    const settled = launchedNow.then(noop, noop);
    launching.set(studyId, settled);
    settled.then(() => launching.get(studyId) === settled && launching.delete(studyId));
    return launchedNow;
  };

  const goOn = async (entry: StudyEntry, taskFor: TaskChoice): Promise<Result<StudyView>> => {
    const engine = await options.engine();
    if (!engine.ok) return engine;
    const { engineVersion } = entry.log.state();
    if (engine.value.info.version !== engineVersion) return engineChanged(engineVersion, engine.value);
    const task = taskFor(entry.view());
    return task.ok ? succeed(queue.add(entry, task.value, engine.value)) : task;
  };

  return {
    launch,
    rerun: async (studyId, { seed, idempotencyKey }) => {
      const found = await withEntry(studyId, (entry) => succeed(entry.log.state()));
      if (!found.ok) return found;
      const spec = await readStudySpec(home, studyId);
      if (!spec.ok) return spec;
      const { config, gateOverrideReason } = found.value;
      return launch({
        idempotencyKey,
        config: { ...config, seed },
        spec: spec.value,
        gateOverrideReason,
      });
    },
    stop: (studyId) => withEntry(studyId, (entry) => queue.stop(entry)),
    pause: (studyId) => withEntry(studyId, (entry) => queue.pause(entry)),
    resume: (studyId) => withEntry(studyId, (entry) => goOn(entry, resumeTask)),
    extend: (studyId, nTrials) =>
      withEntry(studyId, async (entry) => {
        const possible = extensionFault(entry.view(), nTrials);
        if (!possible.ok) return possible;
        const extended = await recordedOpen(entry, { type: 'study_extended', nTrials });
        if (!extended.ok || entry.view().activity.kind !== 'idle') return extended;
        const going = await goOn(entry, resumeTask);
        // Somebody else may have taken it up meanwhile, as a server does at its start.
        return going.ok || entry.view().activity.kind === 'idle' ? going : succeed(entry.view());
      }),
    evaluate: (studyId) => withEntry(studyId, (entry) => goOn(entry, evaluateTask)),
    get: (studyId) => withEntry(studyId, (entry) => succeed(entry.view())),
    history: (studyId) => withEntry(studyId, (entry) => succeed(entry.log.events())),
    list: () => shelf.list(),
    latest: async (datasetDigest, featureSpecDigest) => {
      const { studies } = await shelf.list();
      const isOfBoth = (study: StudySummary) =>
        study.datasetDigest === datasetDigest && study.featureSpecDigest === featureSpecDigest;
      return studies.find(isOfBoth) ?? null;
    },
    subscribe: (studyId, afterSequence, watcher) =>
      withEntry(studyId, (entry) => succeed(entry.watch(afterSequence, watcher))),
    resumeInterrupted: async () => {
      const { studies } = await shelf.list();
      const resumed: string[] = [];
      // Oldest first, as they were asked for.
      for (const { studyId } of [...studies].reverse()) {
        const going = await withEntry(studyId, (entry) =>
          takenUp(entry, queue, (it) => goOn(it, resumeTask)),
        );
        if (going.ok && going.value) resumed.push(studyId);
      }
      return resumed;
    },
    close: () => queue.close(),
  };
}

type TaskChoice = (view: StudyView) => Result<'tune' | 'evaluate'>;

const noop = () => undefined;

/** What the process before was told to end is ended, what it worked on goes on. Gives whether it goes on. */
async function takenUp(
  entry: StudyEntry,
  queue: StudyQueue,
  goOn: (entry: StudyEntry) => Promise<Result<StudyView>>,
): Promise<Result<boolean>> {
  const view = entry.view();
  if (!isInterrupted(view)) return succeed(false);
  const { phase } = view.state;
  if (phase === 'stopping') {
    await queue.stop(entry);
    return succeed(false);
  }
  if (phase === 'pausing') {
    const paused = await recordedOpen(entry, { type: 'study_paused' });
    return paused.ok ? succeed(false) : paused;
  }
  const going = await goOn(entry);
  if (going.ok || entry.view().activity.kind !== 'idle') return succeed(true);
  entry.setActivity('idle', going.error);
  return succeed(false);
}

async function createdStudy(
  { home, now }: StudyServiceOptions,
  studyId: string,
  launch: StudyLaunch,
  engine: TrainingEngine,
): Promise<Result<void>> {
  const grid = gridFault(launch.config);
  if (grid !== null) return { ok: false, error: grid };
  const fits = await launchFault(home, launch);
  if (!fits.ok) return fits;
  const { config, spec, gateOverrideReason, validation = null } = launch;
  const created = {
    type: 'study_created',
    studyId,
    config,
    engineVersion: engine.info.version,
    nProcesses: engine.processesFor(config.workers),
    gateOverrideReason,
  } as const;
  try {
    await createStudyFolder(home, { created, spec, atMs: now(), validation });
    return succeed(undefined);
  } catch (error) {
    return notWritable(error);
  }
}
