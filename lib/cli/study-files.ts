import { createReadStream } from 'node:fs';
import { link } from 'node:fs/promises';
import { dirname } from 'node:path';
import { ExpectedFailure, fail } from '@/lib/core/result';
import { decodeDataset } from '@/lib/features/dataset-arrow';
import type { FeatureSpec } from '@/lib/features/spec';
import { parseFeatureSpec, specDigest } from '@/lib/features/spec-json';
import { hasDataset } from '@/lib/server/storage/dataset-store';
import {
  commitTemporary,
  isMissing,
  makeFolderDurably,
  removeDeadTemporaries,
  syncFolder,
  writeTemporary,
} from '@/lib/server/storage/durable-write';
import { homeAt } from '@/lib/server/storage/home';
import type { TrainingEngine } from '@/lib/server/studies/study-engine';
import { createStudyFolder, studyIdForKey, studyJournalPath } from '@/lib/server/studies/study-launch';
import { loadStudyLog, type StoredStudyLog } from '@/lib/server/studies/study-log';
import type { DatasetFile } from '@/lib/server/xgboost/trial-executor';
import type { StudyConfig } from '@/lib/tuning/study/study-events';
import { isTuningOver } from '@/lib/tuning/study/study-plan';
import packageInfo from '@/package.json';
import { unwrapped } from './crm-file';
import { withFileWords } from './file-failure';
import type { RunFolder } from './run-folder';
import { type RunRecord, readRunRecord } from './run-record';
import type { HeldDataset, StageContext } from './stage';

/** What training reads, known to belong together: the record's dataset, its digest and its specification. */
export interface PreparedFiles {
  readonly spec: FeatureSpec;
  readonly specSha256: string;
  readonly datasetSha256: string;
  /** The `subscribers_joined.csv` that they were prepared from. */
  readonly preparedFrom: string;
}

/** Check what `prepare` left. Fails with `missing_input` or `prepared_outdated`. */
export async function preparedFiles({ folder, held }: StageContext): Promise<PreparedFiles> {
  const record = await readRunRecord(folder);
  const datasetSha256 = held.prepared?.sha256 ?? (await folder.digestOf('dataset.arrow'));
  const spec = held.prepared?.spec ?? unwrapped(parseFeatureSpec(await folder.readText('feature_spec.json')));
  const { prepared_from_sha256: preparedFrom } = record;
  if (preparedFrom === null || record.dataset_sha256 !== datasetSha256) {
    throw preparedOutdated(folder, 'dataset.arrow is not the one that prepare left there');
  }
  return { spec, specSha256: specDigest(spec), datasetSha256, preparedFrom };
}

/** Give the prepared dataset: the one of this process, or `dataset.arrow`, checked to have the specification's columns. */
export async function heldDataset(
  { folder, held }: StageContext,
  { spec, datasetSha256 }: PreparedFiles,
): Promise<HeldDataset> {
  if (held.prepared !== null) return held.prepared;
  const dataset = unwrapped(decodeDataset(await folder.read('dataset.arrow')));
  const expected = spec.features.map(({ name }) => name);
  if (expected.join('\n') !== dataset.matrix.featureNames.join('\n')) {
    throw preparedOutdated(folder, 'feature_spec.json names other features than dataset.arrow has');
  }
  held.prepared = { spec, dataset, sha256: datasetSha256 };
  return held.prepared;
}

function preparedOutdated(folder: RunFolder, what: string): ExpectedFailure {
  return folder.runFirst('prepare', 'prepared_outdated', `In ${folder.path}, ${what}.`);
}

/**
 * Keep the dataset under its digest beside the studies, as a server does, so that a study can go on in a server on this
 * folder or by its own command, whatever `prepare` writes meanwhile.
 */
export async function keptDataset(
  { folder }: StageContext,
  { datasetSha256: digest }: PreparedFiles,
): Promise<DatasetFile> {
  const home = homeAt(folder.path);
  const path = home.datasetPath(digest);
  await withFileWords(home.datasetsFolder, async () => {
    await makeFolderDurably(home.datasetsFolder);
    await removeDeadTemporaries(home.datasetsFolder);
    if (!(await hasDataset(home, digest))) await sharedFile(folder.file('dataset.arrow'), path);
  });
  return { path, digest };
}

/** Give a file a second name, or copy it where the file system has no such thing. Files here are replaced, never changed. */
async function sharedFile(from: string, to: string): Promise<void> {
  try {
    await link(from, to);
    await syncFolder(dirname(to));
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    if (!['EPERM', 'EXDEV', 'ENOTSUP', 'ENOSYS', 'EMLINK', 'EINVAL'].includes(code)) throw error;
    const temporary = await writeTemporary(to, async (file) => {
      for await (const piece of createReadStream(from)) await file.writeFile(piece);
    });
    await commitTemporary(temporary, to);
  }
}

/** What a study is made of. */
export interface StudyOrder {
  readonly config: StudyConfig;
  readonly spec: FeatureSpec;
  readonly gateOverrideReason: string | null;
  readonly engine: TrainingEngine;
}

/**
 * Open a study under `.leadbench/studies/`: the one of the same order that was cut short, or that has fewer trials than
 * ordered and is to be extended, or else a new one. Ids follow from all that decides the trials but their number, and from
 * a counter, so the same command finds its study again; finished ones are kept.
 */
export async function openedStudy({ folder, now }: StageContext, order: StudyOrder): Promise<StoredStudyLog> {
  const home = homeAt(folder.path);
  return withFileWords(home.studiesFolder, async () => {
    await makeFolderDurably(home.studiesFolder);
    await removeDeadTemporaries(home.studiesFolder);
    for (let number = 1; ; number++) {
      const studyId = studyIdOf(order, number);
      const path = studyJournalPath(home, studyId);
      const known = await loadedOrNull(path, now);
      if (known !== null && goesOn(known, order)) return known;
      if (known !== null) continue;
      await createStudyFolder(home, { created: creation(order, studyId), spec: order.spec, atMs: now() });
      return unwrapped(await loadStudyLog(path, now));
    }
  });
}

/** Whether an earlier study is the one ordered: it has fewer trials, or as many and some left. */
function goesOn(known: StoredStudyLog, { config }: StudyOrder): boolean {
  const { nTrials } = known.state().config;
  return nTrials < config.nTrials || (nTrials === config.nTrials && !isTuningOver(known.state()));
}

function studyIdOf({ config, gateOverrideReason, engine }: StudyOrder, number: number): string {
  const versions = [packageInfo.version, engine.info.version];
  const withoutTrials = { ...config, nTrials: undefined };
  return studyIdForKey(JSON.stringify(['command line', versions, withoutTrials, gateOverrideReason, number]));
}

function creation({ config, gateOverrideReason, engine }: StudyOrder, studyId: string) {
  return {
    type: 'study_created',
    studyId,
    config,
    engineVersion: engine.info.version,
    nProcesses: engine.processesFor(config.workers),
    gateOverrideReason,
  } as const;
}

/** Read the study that tuned last. Fails with `missing_input`. */
export async function lastStudy({ folder, now }: StageContext, record: RunRecord): Promise<StoredStudyLog> {
  if (record.study_id === null) throw folder.missing('trials.csv');
  const path = studyJournalPath(homeAt(folder.path), record.study_id);
  const log = await withFileWords(path, () => loadedOrNull(path, now));
  if (log === null) throw folder.runFirst('tune', 'missing_input', `${path} is missing.`);
  return log;
}

async function loadedOrNull(path: string, now: () => number): Promise<StoredStudyLog | null> {
  try {
    return unwrapped(await loadStudyLog(path, now));
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
}

/** The failure of a study whose trials did not succeed. */
export function studyFailure(message: string): ExpectedFailure {
  return new ExpectedFailure(
    fail(
      'study_failed',
      `The tuning study failed: ${message}.`.replace(/\.\.$/, '.'),
      'Run the command again with --verbose to see what the training processes say.',
    ).error,
  );
}
