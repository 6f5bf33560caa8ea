import { z } from 'zod';

/** A key and value in a request. */
export const pair = z.object({ key: z.string(), value: z.string() });
/** A key and value in a request. */
export type Pair = z.infer<typeof pair>;
const point = z.object({ key: z.string(), value: z.number(), timestamp: z.int(), step: z.int() });

/** A run as the stub keeps it. */
export interface StoredRun {
  readonly runId: string;
  readonly name: string;
  readonly startTime: number;
  status: string;
  endTime: number;
  isDeleted: boolean;
  readonly params: Map<string, string>;
  readonly tags: Map<string, string>;
  readonly metrics: z.infer<typeof point>[];
  readonly inputs: Map<string, unknown>;
  readonly files: Map<string, string>;
}

/** A version of a registered model as the stub keeps it. */
export interface StoredVersion {
  readonly version: string;
  readonly runId: string;
  readonly source: string;
  readonly tags: readonly Pair[];
}

/** A run as a test compares it: without what only the server chooses. */
export interface StubRun {
  readonly key: string;
  readonly name: string;
  readonly parent: string | null;
  readonly status: string;
  readonly startTime: number;
  readonly endTime: number;
  readonly params: Readonly<Record<string, string>>;
  readonly tags: Readonly<Record<string, string>>;
  /** `key step value timestamp`, sorted; what is there twice is twice. */
  readonly metrics: readonly string[];
  readonly inputs: readonly string[];
  /** Path to content, in base64. */
  readonly files: Readonly<Record<string, string>>;
}

/** An error as MLflow words it. */
export class Refusal extends Error {
  constructor(
    readonly status: number,
    readonly errorCode: string,
    message: string,
  ) {
    super(message);
  }
}

/** Refuse a request that breaks a rule. */
export function invalid(message: string): Refusal {
  return new Refusal(400, 'INVALID_PARAMETER_VALUE', message);
}

const NAME = /^[/\w.\- :]*$/;
const key = z.string().min(1).max(250).regex(NAME);
/** Body of `runs/create`. */
export const createdRun = z.object({
  experiment_id: z.string(),
  run_name: z.string(),
  start_time: z.int(),
  tags: z.array(z.object({ key, value: z.string().max(5000) })),
});
/** Body of `runs/search`. */
export const searchedRuns = z.object({
  experiment_ids: z.array(z.string()).length(1),
  filter: z.string(),
  max_results: z.int().max(50_000),
  page_token: z.string().optional(),
});
/** Body of `runs/log-batch`, within its limits. */
export const loggedBatch = z.object({
  run_id: z.string(),
  metrics: z.array(point.extend({ key })).max(1000),
  params: z.array(z.object({ key, value: z.string().max(6000) })).max(100),
  tags: z.array(z.object({ key, value: z.string().max(5000) })).max(100),
});
/** Body of `runs/update`. */
export const updatedRun = z.object({
  run_id: z.string(),
  status: z.enum(['RUNNING', 'SCHEDULED', 'FINISHED', 'FAILED', 'KILLED']),
  end_time: z.int(),
});
/** Body of requests that name a run and no more. */
export const runIdOnly = z.object({ run_id: z.string() });
/** Body of `runs/log-inputs`, within its limits. */
export const loggedInputs = z.object({
  run_id: z.string(),
  datasets: z.array(
    z.object({
      tags: z.array(pair),
      dataset: z.object({
        name: z.string().max(500),
        digest: z.string().max(36),
        source_type: z.string(),
        source: z.string(),
        schema: z.string().max(1_048_575).optional(),
        profile: z.string().optional(),
      }),
    }),
  ),
});
/** Body of `model-versions/create`. */
export const createdVersion = z.object({
  name: z.string(),
  run_id: z.string(),
  source: z.string(),
  tags: z.array(pair),
});
/** Body of `registered-models/alias`. */
export const setAlias = z.object({ name: z.string(), alias: z.string(), version: z.string() });

/** Begin a run. */
export function newRun(runId: string, created: z.infer<typeof createdRun>): StoredRun {
  return {
    runId,
    name: created.run_name,
    startTime: created.start_time,
    status: 'RUNNING',
    endTime: 0,
    isDeleted: false,
    params: new Map(),
    tags: new Map(created.tags.map((tag) => [tag.key, tag.value])),
    metrics: [],
    inputs: new Map(),
    files: new Map(),
  };
}

/** Write a batch into a run. @throws Refusal for a parameter that would change, or too much at once */
export function logBatch(run: StoredRun, { metrics, params, tags }: z.infer<typeof loggedBatch>): void {
  if (metrics.length + params.length + tags.length > 1000) throw invalid('at most 1000 entities');
  for (const param of params) {
    const known = run.params.get(param.key);
    if (known !== undefined && known !== param.value) {
      throw invalid(`Changing param values is not allowed. Params were already logged='${param.key}'`);
    }
    run.params.set(param.key, param.value);
  }
  run.metrics.push(...metrics);
  for (const tag of tags) run.tags.set(tag.key, tag.value);
}

/** Write a run as MLflow answers it. */
export function runJson(run: StoredRun, experimentId: string, artifactBase: string) {
  const pairs = (map: ReadonlyMap<string, string>) => [...map].map(([key, value]) => ({ key, value }));
  const latest = new Map(run.metrics.map((metric) => [metric.key, metric]));
  return {
    info: {
      run_id: run.runId,
      experiment_id: experimentId,
      status: run.status,
      artifact_uri: `${artifactBase}/${experimentId}/${run.runId}/artifacts`,
    },
    data: { metrics: [...latest.values()], params: pairs(run.params), tags: pairs(run.tags) },
    inputs: {},
  };
}

/** Write a run as a test compares it. */
export function comparable(run: StoredRun, all: readonly StoredRun[]): StubRun {
  const { 'mlflow.parentRunId': parentId, ...given } = Object.fromEntries([...run.tags].sort());
  const tags = Object.fromEntries(
    Object.entries(given).map(([key, value]) => [key, value.replaceAll(run.runId, 'RUN')]),
  );
  const parent = all.find(({ runId }) => runId === parentId);
  return {
    key: run.tags.get('leadbench.key') ?? '',
    name: run.name,
    parent: parentId === undefined ? null : (parent?.tags.get('leadbench.key') ?? 'unknown'),
    status: run.status,
    startTime: run.startTime,
    endTime: run.endTime,
    params: Object.fromEntries([...run.params].sort()),
    tags,
    metrics: run.metrics
      .map(({ key, step, value, timestamp }) => `${key} ${step} ${value} ${timestamp}`)
      .sort(),
    inputs: [...run.inputs.keys()].sort(),
    files: Object.fromEntries([...run.files].sort()),
  };
}
