import { join } from 'node:path';
import { type Result, succeed } from '@/lib/core/result';
import packageInfo from '@/package.json';
import { createMeasurementService, type MeasurementService } from './measurements/measurement-service';
import { createOperations, type Operations } from './metrics/operations';
import { createMlflowSync, type MlflowSync } from './mlflow/mlflow-sync';
import { createModelMaker } from './models/make-model';
import { createModelRegistry, type ModelRegistry } from './models/model-registry';
import { publishedFiles } from './published-files';
import { createScoreService, type ScoreService } from './scoring/score-service';
import { datasetFacts } from './storage/dataset-store';
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
  /** Models that are trained to learn about a dataset, and thrown away. */
  readonly measurements: MeasurementService;
  /** Which of the published models is in use. */
  readonly registry: ModelRegistry;
  /** Scores of leads that programs send. */
  readonly scoring: ScoreService;
  /** The library in use, or why there is none; found again on each call, so that one installed meanwhile counts. */
  readonly engine: EngineOpener;
  /** Metrics, and whether work can be saved. */
  readonly operations: Operations;
  /** What MLflow has of the studies; does nothing where none is set. */
  readonly mlflow: MlflowSync;
}

// Next bundles actions and routes apart, within one process: this symbol is where they meet.
const SERVER_KEY = Symbol.for('leadbench.training-server');

/** Idle training processes are kept so long for the next study. */
const KEEP_WARM_MS = 10 * 60_000;
/** At the end MLflow is given so long to take what it lacks; the rest waits for the next start. */
const MLFLOW_CLOSE_MS = 3_000;

/** The one training server of this process, made on first use. */
export function trainingServer(): TrainingServer {
  const known: TrainingServer | undefined = Reflect.get(globalThis, SERVER_KEY);
  if (known !== undefined) return known;
  const created = createTrainingServer(process.cwd());
  Reflect.set(globalThis, SERVER_KEY, created);
  onShutdown('studies', async () => {
    await Promise.all([created.studies.close(), created.measurements.close()]);
    await created.engine.close();
  });
  onShutdown('scoring', () => created.scoring.close());
  onShutdown('mlflow', () => created.mlflow.close(MLFLOW_CLOSE_MS));
  void startWatching(created);
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
  const mlflow = createMlflowSync({
    home,
    env: process.env,
    leadbenchVersion: packageInfo.version,
    now: () => Date.now(),
    random: () => Math.random(),
    warn: (line) => console.warn(`[mlflow] ${line}`),
    listStudies: async () => [...(await studies.list()).studies].reverse(),
    readStudy: async (studyId) => {
      const events = await studies.history(studyId);
      return events.ok ? { events: events.value } : null;
    },
    readModelFiles: async (modelId) => {
      const maker = (await studies.list()).studies.find((study) => study.modelId === modelId);
      const view = maker === undefined ? null : await studies.get(maker.studyId);
      return publishedFiles(home, modelId, view?.ok ? view.value.state : null);
    },
    readDatasetFacts: async (digest) => {
      const facts = await datasetFacts(home, digest);
      return facts.ok ? facts.value : null;
    },
  });
  const operations = createOperations({
    version: packageInfo.version,
    home: preparedHome,
    elapsed: () => performance.now(),
    mlflow: mlflow.status,
  });
  const studies = createStudyService({
    home,
    engine,
    makeModel: createModelMaker(home, packageInfo.version, operations.metrics.onCheckpoint),
    now: () => Date.now(),
    elapsed: () => performance.now(),
    observers: [operations.metrics, { onEvent: (_, { studyId }) => mlflow.noteStudy(studyId) }],
  });
  const measurements = createMeasurementService({ home, engine, elapsed: () => performance.now() });
  const registry = createModelRegistry({ home, now: () => Date.now() });
  const scoring = createScoreService({ childPath: join(root, '.build', 'score-child.mjs') });
  return { home: preparedHome, studies, measurements, registry, scoring, engine, operations, mlflow };
}

/** Let metrics and MLflow know of the studies that lie on disk. What goes wrong is told, and costs nothing else. */
async function startWatching({ studies, operations, mlflow }: TrainingServer): Promise<void> {
  try {
    for (const study of (await studies.list()).studies) operations.metrics.know(study);
    await mlflow.resumeAll();
  } catch (error) {
    console.error('The studies on disk could not be listed for metrics and MLflow:', error);
  }
}
