import { parameterImportances } from '@/lib/tuning/insight/parameter-importances';
import { serveWorker, type WorkerScope } from './serve-worker';
import type { StudyApi } from './study-api';

serveWorker<StudyApi>(globalThis as unknown as WorkerScope, {
  importances: ({ config, trials, seed }) => parameterImportances({ config, trials }, { seed }),
});
