import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { isDeepStrictEqual, promisify } from 'node:util';
import { z } from 'zod';
import { modelArtifacts } from '@/lib/server/mlflow/model-artifacts';
import type { RunImage } from '@/lib/server/mlflow/run-image';
import { createStudyStory } from '@/lib/server/mlflow/study-story';
import type { StudyEvent } from '@/lib/tuning/study/study-events';
import packageInfo from '@/package.json';
import { unwrapped } from '../prepared-demo';
import type { RealServer } from './real-server';

const run = promisify(execFile);

const runSchema = z.object({
  key: z.string(),
  name: z.string(),
  parent: z.string().nullable(),
  status: z.string(),
  start: z.number(),
  end: z.number(),
  params: z.record(z.string(), z.string()),
  tags: z.record(z.string(), z.string()),
  metrics: z.array(z.tuple([z.string(), z.number(), z.number(), z.number()])),
  inputs: z.array(z.looseObject({ name: z.string(), digest: z.string() })),
  /** That MLflow's page shows with the run. */
  models: z.array(z.string()),
});
const contentSchema = z.object({
  version: z.string(),
  runs: z.array(runSchema),
  files: z.record(z.string(), z.string()).nullable(),
  versions: z.array(z.object({ key: z.string(), source: z.string() })),
  champion: z.string().nullable(),
  score: z.number().optional(),
});

/** What MLflow's own client reads back of a study. */
export type ReadContent = z.infer<typeof contentSchema>;

/** Read a study back through MLflow's Python client. */
export async function readBack(options: {
  readonly python: string;
  readonly root: string;
  readonly server: Pick<RealServer, 'url' | 'store'>;
  readonly experiment: string;
  readonly studyId: string;
  readonly isLoaded?: boolean;
}): Promise<ReadContent> {
  const { python, root, server, experiment, studyId, isLoaded = false } = options;
  const script = join(root, 'bench', 'mlflow', 'read_mlflow.py');
  const words = [script, server.url, server.store, experiment, studyId, ...(isLoaded ? ['load'] : [])];
  const { stdout } = await run(python, words, { maxBuffer: 1 << 28 });
  return contentSchema.parse(JSON.parse(stdout));
}

/** What a study's journal and its model's files say that MLflow holds. */
export interface ExpectedContent {
  readonly events: readonly StudyEvent[];
  readonly files: Readonly<Record<string, Uint8Array>>;
}

/**
 * Compare what was read back with what has to be there, to the last digit of every value.
 *
 * @returns what differs, one line each; nothing where all is as it has to be
 */
export function differences(read: ReadContent, { events, files }: ExpectedContent): readonly string[] {
  const story = createStudyStory(packageInfo.version);
  story.add(events);
  const { study, trials, models, datasetDigest } = story.image();
  const expectedRuns = [study, ...trials];
  const found: string[] = [];
  const seen = new Map<string, number>();
  for (const { key } of read.runs) seen.set(key, (seen.get(key) ?? 0) + 1);
  for (const [key, n] of seen) if (n > 1) found.push(`${key} is there ${n} times`);
  for (const image of expectedRuns) {
    const there = read.runs.find(({ key }) => key === image.key);
    if (there === undefined) found.push(`${image.key} is not there`);
    else {
      found.push(...runDifferences(there, image, image === study ? null : study.key));
      const shown = image === study ? models.map(({ modelId }) => modelId) : [];
      if (!isDeepStrictEqual(there.models, shown)) found.push(`${image.key}: models differ`);
      const digests = image === study ? [datasetDigest.slice(0, 36)] : [];
      if (
        !isDeepStrictEqual(
          there.inputs.map(({ digest }) => digest),
          digests,
        )
      )
        found.push(`${image.key}: inputs differ`);
    }
  }
  if (read.runs.length !== expectedRuns.length) {
    found.push(`${read.runs.length} runs are there, not ${expectedRuns.length}`);
  }
  const sent = models.flatMap(({ modelId }) => unwrapped(modelArtifacts(modelId, files)));
  const digests = Object.fromEntries(
    sent.map(({ path, bytes }) => [path, createHash('sha256').update(bytes).digest('hex')]),
  );
  if (!isDeepStrictEqual(read.files, digests)) found.push('the files are not those of the model');
  const versions = models.map(({ modelId }) => ({
    key: `${study.key}/${modelId}`,
    source: `runs:/RUN/${modelId}`,
  }));
  if (!isDeepStrictEqual(read.versions, versions)) found.push('the model versions are not as they should be');
  return found;
}

function runDifferences(
  there: ReadContent['runs'][number],
  image: RunImage,
  parent: string | null,
): readonly string[] {
  const record = (list: readonly { readonly key: string; readonly value: string }[]) =>
    Object.fromEntries(list.map(({ key, value }) => [key, value]));
  const expected = {
    name: image.name,
    parent,
    status: image.status,
    start: Math.round(image.startedAtMs),
    end: Math.round(image.endedAtMs ?? 0),
    params: record(image.params),
    tags: record(image.tags),
    metrics: image.metrics
      .map(({ key, step, value, timestamp }) => [key, step, value, timestamp])
      .sort(byKeyAndStep),
  };
  const actual = {
    ...there,
    // What the evaluation report says comes from the model's files, not from the journal.
    metrics: there.metrics.filter(([key]) => !key.startsWith('evaluation/')).sort(byKeyAndStep),
  };
  return Object.entries(expected).flatMap(([what, value]) =>
    isDeepStrictEqual(actual[what as keyof typeof actual], value) ? [] : [`${image.key}: ${what} differ`],
  );
}

function byKeyAndStep(a: readonly (string | number)[], b: readonly (string | number)[]): number {
  const [keyA = '', stepA = 0] = a;
  const [keyB = '', stepB = 0] = b;
  return keyA === keyB ? Number(stepA) - Number(stepB) : keyA < keyB ? -1 : 1;
}
