import { join } from 'node:path';
import { type Result, succeed } from '@/lib/core/result';
import packageInfo from '@/package.json';
import { createModelMaker } from './models/make-model';
import { type Home, homeFromEnvironment, prepareHome } from './storage/home';
import { type EngineOpener, trainingEngineOpener } from './studies/open-training-engine';
import { createStudyService, type StudyService } from './studies/study-service';
import { notWritable } from './studies/study-shelf';
import { onShutdown } from './web/shutdown';

/** What the server keeps for all its requests. */
export interface TrainingServer {
  /** Where files lie, made ready on first use; fails with `home_not_writable`. */
  home(): Promise<Result<Home>>;
  readonly studies: StudyService;
  /** The library in use, or why there is none; found again on each call, so that one installed meanwhile counts. */
  readonly engine: EngineOpener;
}

// Next bundles actions and routes apart, within one process: this symbol is where they meet.
const SERVER_KEY = Symbol.for('leadbench.training-server');

/** Idle training processes are kept so long for the next study. */
const KEEP_WARM_MS = 10 * 60_000;

/** The one training server of this process, made on first use. */
export function trainingServer(): TrainingServer {
  const known: TrainingServer | undefined = Reflect.get(globalThis, SERVER_KEY);
  if (known !== undefined) return known;
  const created = createTrainingServer(process.cwd());
  Reflect.set(globalThis, SERVER_KEY, created);
  onShutdown('studies', async () => {
    await created.studies.close();
    await created.engine.close();
  });
  return created;
}

/** Where setup puts the demo CRM. */
export function demoCrmPath(): string {
  return join(process.cwd(), 'data', 'crm_database.sqlite');
}

/** Compose the training server for a project folder. */
export function createTrainingServer(root: string): TrainingServer {
  const home = homeFromEnvironment(process.env, root);
  const engine = trainingEngineOpener({
    root,
    childPath: join(root, '.build', 'engine-child.mjs'),
    env: process.env,
    onLog: (line) => console.warn(`[xgboost] ${line}`),
    keepWarmMs: KEEP_WARM_MS,
  });
  const studies = createStudyService({
    home,
    engine,
    makeModel: createModelMaker(home, packageInfo.version),
    now: () => Date.now(),
    elapsed: () => performance.now(),
  });
  let preparing: Promise<void> | null = null;
  const preparedHome = async (): Promise<Result<Home>> => {
    preparing ??= prepareHome(home);
    try {
      await preparing;
      return succeed(home);
    } catch (error) {
      // Somebody may repair what was wrong, so a failure is not kept.
      preparing = null;
      return notWritable(error);
    }
  };
  return { home: preparedHome, studies, engine };
}
