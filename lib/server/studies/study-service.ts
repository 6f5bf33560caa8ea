import { fail, type Result, succeed } from '@/lib/core/result';
import type { Home } from '@/lib/server/storage/home';
import { studyConfigSchema } from '@/lib/tuning/study-events';
import { bestTrial } from '@/lib/tuning/study-state';
import { resumption, type StudyView } from '@/lib/tuning/study-view';
import type { ModelMaker, TrainingEngine } from './study-engine';
import type { StudyEntry, StudyWatcher } from './study-entry';
import { createStudyFolder, launchFault, type StudyLaunch, studyIdForKey } from './study-launch';
import { createStudyQueue } from './study-queue';
import { createStudyShelf, notWritable, type StudyList } from './study-shelf';

/** What the service is composed of. */
export interface StudyServiceOptions {
  readonly home: Home;
  /** Find the library; asked before each launch, so one installed meanwhile is found. */
  readonly engine: () => Promise<Result<TrainingEngine>>;
  readonly makeModel: ModelMaker;
  /** Milliseconds since 1970. */
  readonly now: () => number;
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
  /** End a study's trials or evaluation; what is finished is kept. `study_not_running` where there is nothing to end. */
  stop(studyId: string): Promise<Result<StudyView>>;
  /**
   * Go on with a study that was interrupted, stopped or failed. Trials cut short run again from their beginning.
   *
   * Failures: as the engine's; `study_not_resumable`; `engine_changed` where another version of XGBoost began it.
   */
  resume(studyId: string): Promise<Result<StudyView>>;
  /** Make the model of the best trial so far. Failures: as `resume`; `study_without_result`. */
  evaluate(studyId: string): Promise<Result<StudyView>>;
  get(studyId: string): Promise<Result<StudyView>>;
  list(): Promise<StudyList>;
  /** The newest study of a dataset and feature specification, or null. */
  latest(datasetDigest: string, featureSpecDigest: string): Promise<StudyView | null>;
  /** Follow a study: every event after the given sequence number (0 for all), then the new ones. */
  subscribe(studyId: string, afterSequence: number, watcher: StudyWatcher): Promise<Result<() => void>>;
  /** Cut the running study short so that it can be resumed, and end all training processes. */
  close(): Promise<void>;
}

/** Create the service. Nothing runs until something is launched or resumed; see `StudyService`. */
export function createStudyService(options: StudyServiceOptions): StudyService {
  const shelf = createStudyShelf(options.home, options.now);
  const queue = createStudyQueue(options);
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
    return withEntry(studyId, (entry) => succeed(queue.add(entry, 'launch', engine.value)));
  };

  const goOn = (studyId: string, taskFor: TaskChoice): Promise<Result<StudyView>> =>
    withEntry(studyId, async (entry) => {
      const engine = await options.engine();
      if (!engine.ok) return engine;
      const { engineVersion } = entry.log.state();
      if (engine.value.info.version !== engineVersion) return engineChanged(engineVersion, engine.value);
      const task = taskFor(entry.view());
      return task.ok ? succeed(queue.add(entry, task.value, engine.value)) : task;
    });

  return {
    launch(launch) {
      const studyId = studyIdForKey(launch.idempotencyKey);
      // A second click waits for the first, then finds its study.
      const before = launching.get(studyId) ?? Promise.resolve();
      const launchedNow = before.then(() => launched(studyId, launch));
      const settled = launchedNow.then(noop, noop);
      launching.set(studyId, settled);
      settled.then(() => launching.get(studyId) === settled && launching.delete(studyId));
      return launchedNow;
    },
    stop: (studyId) => withEntry(studyId, (entry) => queue.stop(entry)),
    resume: (studyId) => goOn(studyId, resumeTask),
    evaluate: (studyId) => goOn(studyId, evaluateTask),
    get: (studyId) => withEntry(studyId, (entry) => succeed(entry.view())),
    list: () => shelf.list(),
    latest: (datasetDigest, featureSpecDigest) => shelf.latest(datasetDigest, featureSpecDigest),
    subscribe: (studyId, afterSequence, watcher) =>
      withEntry(studyId, (entry) => succeed(entry.watch(afterSequence, watcher))),
    close: () => queue.close(),
  };
}

type TaskChoice = (view: StudyView) => Result<'tune' | 'evaluate'>;

const noop = () => undefined;

async function createdStudy(
  { home, now }: StudyServiceOptions,
  studyId: string,
  launch: StudyLaunch,
  engine: TrainingEngine,
): Promise<Result<void>> {
  const fits = await launchFault(home, launch);
  if (!fits.ok) return fits;
  const { config, spec, gateOverrideReason } = launch;
  const created = {
    type: 'study_created',
    studyId,
    config,
    engineVersion: engine.info.version,
    nProcesses: engine.processesFor(config.workers),
    gateOverrideReason,
  } as const;
  try {
    await createStudyFolder(home, { created, spec, atMs: now() });
    return succeed(undefined);
  } catch (error) {
    return notWritable(error);
  }
}

function sameLaunch(entry: StudyEntry, launch: StudyLaunch): Result<StudyView> {
  const { config, gateOverrideReason } = entry.log.state();
  const asJson = (value: Pick<StudyLaunch, 'config' | 'gateOverrideReason'>) =>
    JSON.stringify([studyConfigSchema.parse(value.config), value.gateOverrideReason]);
  if (asJson({ config, gateOverrideReason }) === asJson(launch)) return succeed(entry.view());
  return fail(
    'launch_conflict',
    'This launch was made before with other settings.',
    'Reload the page, then launch the study again.',
  );
}

function resumeTask(view: StudyView): Result<'tune' | 'evaluate'> {
  const task = resumption(view);
  if (task !== null) return succeed(task);
  return fail('study_not_resumable', 'This study runs or is done.', 'Launch a new study for more trials.');
}

function evaluateTask({ state, activity }: StudyView): Result<'evaluate'> {
  if (bestTrial(state) === null) {
    return fail('study_without_result', 'No trial of this study has completed.', 'Resume the study first.');
  }
  if (activity.kind === 'idle' && state.phase !== 'evaluated') return succeed('evaluate');
  return fail(
    'study_not_resumable',
    'This study runs or is evaluated already.',
    'Wait for it, or open its model.',
  );
}

function engineChanged(began: string, engine: TrainingEngine) {
  return fail(
    'engine_changed',
    `This study began with XGBoost ${began}, and ${engine.info.version} is in use now; its trials would not be comparable.`,
    'Launch the study again, or go back to that version.',
  );
}
