import { z } from 'zod';
import { MlflowRefused } from './mlflow-failures';
import { DONE, pageOf, type RestClient, unreadable } from './rest-client';
import type { Batch, KeyValue, RunStatus } from './run-image';

/** A run that the server has. */
export interface FoundRun {
  readonly runId: string;
  readonly artifactUri: string;
  readonly tags: ReadonlyMap<string, string>;
  /** Metric to the largest step that there is a value of. */
  readonly lastSteps: ReadonlyMap<string, number>;
}

/** A dataset as an input of a run; `schema`, `profile` and `source` are JSON texts as MLflow shows them. */
export interface DatasetInput {
  readonly tags: readonly KeyValue[];
  readonly dataset: {
    readonly name: string;
    readonly digest: string;
    readonly source_type: string;
    readonly source: string;
    readonly schema?: string;
    readonly profile?: string;
  };
}

const RUNS_PER_PAGE = 100;

/** Tags as MLflow lists them. */
export const tagsSchema = z
  .array(z.object({ key: z.string(), value: z.string().default('') }))
  .default([])
  .transform((tags) => new Map(tags.map(({ key, value }) => [key, value])));
// A 64-bit integer may come as text.
const latestSchema = z.object({ key: z.string(), step: z.coerce.number().int().default(0) });
const runSchema = z
  .object({
    info: z.object({
      run_id: z.string().regex(/^[A-Za-z0-9][\w-]{0,255}$/),
      artifact_uri: z.string().default(''),
    }),
    data: z.object({ tags: tagsSchema, metrics: z.array(latestSchema).default([]) }).prefault({}),
  })
  .transform(
    ({ info, data }): FoundRun => ({
      runId: info.run_id,
      artifactUri: info.artifact_uri,
      tags: data.tags,
      lastSteps: new Map(data.metrics.map(({ key, step }) => [key, step])),
    }),
  );
const oneRunSchema = z.object({ run: runSchema });
const runsSchema = pageOf('runs', runSchema);
const madeExperimentSchema = z.object({ experiment_id: z.string() });
const updatedRunSchema = z.object({ run_info: z.looseObject({ status: z.string() }) });
const experimentSchema = z.object({
  experiment: z.object({
    experiment_id: z.string().regex(/^[A-Za-z0-9][\w-]{0,63}$/),
    lifecycle_stage: z.string().default('active'),
  }),
});
/** The calls about experiments, runs and their files. */
export function trackingCalls({ get, send, put }: RestClient) {
  return {
    /** Null where there is none of that name. */
    async experimentByName(
      name: string,
    ): Promise<{ readonly id: string; readonly isDeleted: boolean } | null> {
      try {
        const { experiment } = await get(
          '/experiments/get-by-name',
          { experiment_name: name },
          experimentSchema,
        );
        return { id: experiment.experiment_id, isDeleted: experiment.lifecycle_stage !== 'active' };
      } catch (error) {
        if (error instanceof MlflowRefused && error.isMissing) return null;
        throw error;
      }
    },
    /** Refused as `RESOURCE_ALREADY_EXISTS` where another was faster. */
    async createExperiment(name: string, tags: readonly KeyValue[]): Promise<void> {
      await send('/experiments/create', { name, tags }, madeExperimentSchema);
    },
    async createRun(run: {
      readonly experimentId: string;
      readonly name: string;
      readonly startedAtMs: number;
      readonly tags: readonly KeyValue[];
    }): Promise<FoundRun> {
      const { experimentId: experiment_id, name: run_name, tags } = run;
      const body = { experiment_id, run_name, start_time: Math.round(run.startedAtMs), tags };
      return (await send('/runs/create', body, oneRunSchema)).run;
    },
    async getRun(runId: string): Promise<FoundRun> {
      const { run } = await get('/runs/get', { run_id: runId }, oneRunSchema);
      if (run.runId !== runId) throw unreadable();
      return run;
    },
    /** A page of the runs of an experiment that have a tag, deleted ones aside. */
    async runsTagged(
      experimentId: string,
      tag: KeyValue,
      pageToken?: string,
    ): Promise<{ readonly runs: readonly FoundRun[]; readonly nextPageToken: string | null }> {
      const body = {
        experiment_ids: [experimentId],
        filter: `tags."${tag.key}" = '${tag.value}'`,
        run_view_type: 'ACTIVE_ONLY',
        max_results: RUNS_PER_PAGE,
        page_token: pageToken,
      };
      const { items: runs, nextPageToken } = await send('/runs/search', body, runsSchema);
      return { runs, nextPageToken };
    },
    async logBatch(runId: string, batch: Batch): Promise<void> {
      await send('/runs/log-batch', { run_id: runId, ...batch }, DONE);
    },
    /** `endedAtMs` null takes an end back that was told before. */
    async updateRun(runId: string, status: RunStatus, endedAtMs: number | null): Promise<void> {
      const end_time = endedAtMs === null ? 0 : Math.round(endedAtMs);
      const said = await send('/runs/update', { run_id: runId, status, end_time }, updatedRunSchema);
      if (said.run_info.status !== status) throw unreadable();
    },
    async deleteRun(runId: string): Promise<void> {
      await send('/runs/delete', { run_id: runId }, DONE);
    },
    async logInputs(runId: string, datasets: readonly DatasetInput[]): Promise<void> {
      await send('/runs/log-inputs', { run_id: runId, datasets }, DONE);
    },
    /** Store a file through the server; `path` as `artifactRoot` begins it. */
    putArtifact: (path: string, bytes: Uint8Array): Promise<void> =>
      put(`/api/2.0/mlflow-artifacts/artifacts/${path}`, bytes),
  };
}
