import { join, resolve } from 'node:path';
import { z } from 'zod';
import { modelIdSchema, studyIdSchema } from '@/lib/tuning/study/study-events';
import { makeFolderDurably, removeDeadTemporaries } from './durable-write';

const digestSchema = z.string().regex(/^[0-9a-f]{64}$/);

/**
 * Where everything lies that the server keeps. Ids and digests are parsed again on their way into a path, so a text
 * that is neither cannot name a file; that is a bug of the caller and throws.
 */
export interface Home {
  readonly root: string;
  /** `data/`, with the test rows of the newest model. */
  readonly dataFolder: string;
  readonly modelsFolder: string;
  readonly datasetsFolder: string;
  readonly studiesFolder: string;
  /** `.leadbench/registry/journal.log`: which model is in use. */
  readonly registryPath: string;
  /** `models/<id>` */
  modelFolder(modelId: string): string;
  /** `checkpoints/<study>` */
  checkpointFolder(studyId: string): string;
  /** `.leadbench/studies/<id>` */
  studyFolder(studyId: string): string;
  /** `.leadbench/datasets/<digest>.arrow` */
  datasetPath(digest: string): string;
}

/** Name the places under a root folder. Touches no file. */
export function homeAt(root: string): Home {
  const base = resolve(root);
  const own = join(base, '.leadbench');
  return {
    root: base,
    dataFolder: join(base, 'data'),
    modelsFolder: join(base, 'models'),
    datasetsFolder: join(own, 'datasets'),
    studiesFolder: join(own, 'studies'),
    registryPath: join(own, 'registry', 'journal.log'),
    modelFolder: (modelId) => join(base, 'models', modelIdSchema.parse(modelId)),
    checkpointFolder: (studyId) => join(base, 'checkpoints', studyIdSchema.parse(studyId)),
    studyFolder: (studyId) => join(own, 'studies', studyIdSchema.parse(studyId)),
    datasetPath: (digest) => join(own, 'datasets', `${digestSchema.parse(digest)}.arrow`),
  };
}

/**
 * Choose the root folder: `LEADBENCH_HOME` where it is set, else the folder given (the project's).
 *
 * @param env as `process.env`
 */
export function homeFromEnvironment(
  env: Readonly<Record<string, string | undefined>>,
  projectFolder: string,
): Home {
  const root = env.LEADBENCH_HOME;
  return homeAt(root === undefined || root === '' ? projectFolder : root);
}

/** Make the folders that are missing and remove temporaries that dead processes left. Run once before serving. */
export async function prepareHome(home: Home): Promise<void> {
  for (const folder of [home.datasetsFolder, home.studiesFolder, home.modelsFolder, home.dataFolder]) {
    await makeFolderDurably(folder);
    await removeDeadTemporaries(folder);
  }
}
