import { z } from 'zod';
import {
  comparable,
  createdRun,
  createdVersion,
  invalid,
  logBatch,
  loggedBatch,
  loggedInputs,
  newRun,
  pair,
  Refusal,
  runIdOnly,
  runJson,
  type StoredRun,
  type StoredVersion,
  type StubRun,
  searchedRuns,
  setAlias,
  updatedRun,
} from './mlflow-records';

/** An answer of the stub. */
export interface StubAnswer {
  readonly status: number;
  readonly body: string;
}

/** Everything that the stub holds, runs and versions sorted by their keys, doubles and all. */
export interface StubContent {
  readonly runs: readonly StubRun[];
  readonly versions: readonly { readonly key: string; readonly source: string }[];
  readonly aliases: Readonly<Record<string, string>>;
}

/**
 * The data of an MLflow server, with the rules and words of MLflow 3.17.2 as seen there: limits of a batch, write-once
 * parameters, deleted runs, search by one tag in pages, pagination tokens, messages. Harsher in one point: a metric value
 * that is sent twice is there twice, as on servers without a database; 3.17.2 over SQLite keeps one.
 */
export interface MlflowStore {
  /** Answer a call; `path` below the server's address. */
  answer(call: {
    readonly method: string;
    readonly path: string;
    readonly query: URLSearchParams;
    readonly body: Buffer;
  }): StubAnswer;
  content(): StubContent;
  /** Forget everything, as a server whose database was thrown away. */
  empty(): void;
  deleteRun(key: string): void;
  deleteExperiment(): void;
  /** From now on runs keep their files where the server does not take them, as with `--no-serve-artifacts`. */
  keepFilesElsewhere(): void;
  /** Keys of the runs in the order in which they were made, deleted ones too. */
  inOrder(): readonly string[];
  /** Point an alias at a version, as somebody on MLflow's page; null takes it away. */
  setAlias(alias: string, version: string | null): void;
}

/** Create the data of an empty server. Long because it is a list: one short entry a call. */
export function createMlflowStore(): MlflowStore {
  let nExperiments = 0;
  let experiment: { id: string; name: string; isDeleted: boolean } | null = null;
  let runs: StoredRun[] = [];
  let models = new Map<string, StoredVersion[]>();
  let aliases = new Map<string, string>();
  let nRuns = 0;
  let artifactBase = 'mlflow-artifacts:';

  const runOf = (runId: unknown): StoredRun => {
    const run = runs.find((each) => each.runId === runId);
    if (run === undefined)
      throw new Refusal(404, 'RESOURCE_DOES_NOT_EXIST', `Run with id=${runId} not found`);
    return run;
  };
  const activeRun = (runId: unknown): StoredRun => {
    const run = runOf(runId);
    if (!run.isDeleted) return run;
    throw invalid(`The run ${run.runId} must be in the 'active' state. Current state is deleted.`);
  };
  const versionsOf = (name: string): StoredVersion[] => {
    const versions = models.get(name);
    if (versions !== undefined) return versions;
    throw new Refusal(404, 'RESOURCE_DOES_NOT_EXIST', `Registered Model with name=${name} not found`);
  };

  const calls: Readonly<Record<string, (input: Input) => unknown>> = {
    'GET /experiments/get-by-name': ({ query }) => {
      if (experiment?.name !== query.get('experiment_name')) {
        throw new Refusal(404, 'RESOURCE_DOES_NOT_EXIST', 'Could not find experiment');
      }
      const lifecycle_stage = experiment?.isDeleted ? 'deleted' : 'active';
      return { experiment: { experiment_id: experiment?.id, name: experiment?.name, lifecycle_stage } };
    },
    'POST /experiments/create': ({ json }) => {
      const { name } = z.object({ name: z.string(), tags: z.array(pair) }).parse(json);
      if (experiment !== null) throw new Refusal(400, 'RESOURCE_ALREADY_EXISTS', `${name} already exists.`);
      nExperiments += 1;
      experiment = { id: String(nExperiments), name, isDeleted: false };
      return { experiment_id: experiment.id };
    },
    'POST /runs/create': ({ json }) => {
      const created = createdRun.parse(json);
      if (experiment?.id !== created.experiment_id) {
        throw new Refusal(404, 'RESOURCE_DOES_NOT_EXIST', 'No Experiment with that id exists');
      }
      if (experiment.isDeleted) throw invalid('The experiment must be in the active state.');
      nRuns += 1;
      const run = newRun(`run${String(nRuns).padStart(6, '0')}`, created);
      runs.push(run);
      return { run: runJson(run, experiment.id, artifactBase) };
    },
    'GET /runs/get': ({ query }) => ({
      run: runJson(runOf(query.get('run_id')), experiment?.id ?? '', artifactBase),
    }),
    'POST /runs/search': ({ json }) => {
      const search = searchedRuns.parse(json);
      const [, key = '', value = ''] = /^tags\."([\w.]+)" = '([^']*)'$/.exec(search.filter) ?? [];
      const found = runs.filter((run) => !run.isDeleted && run.tags.get(key) === value);
      const from = Number(search.page_token ?? 0);
      const to = from + search.max_results;
      return {
        runs: found.slice(from, to).map((run) => runJson(run, experiment?.id ?? '', artifactBase)),
        ...(to < found.length && { next_page_token: String(to) }),
      };
    },
    'POST /runs/log-batch': ({ json }) => {
      const batch = loggedBatch.parse(json);
      const run = activeRun(batch.run_id);
      logBatch(run, batch);
      return {};
    },
    'GET /metrics/get-history': ({ query }) => {
      const key = query.get('metric_key');
      return { metrics: activeRun(query.get('run_id')).metrics.filter((metric) => metric.key === key) };
    },
    'POST /runs/update': ({ json }) => {
      const { run_id, status, end_time } = updatedRun.parse(json);
      const run = activeRun(run_id);
      run.status = status;
      run.endTime = end_time;
      return { run_info: { run_id, status } };
    },
    'POST /runs/delete': ({ json }) => {
      activeRun(runIdOnly.parse(json).run_id).isDeleted = true;
      return {};
    },
    'POST /runs/log-inputs': ({ json }) => {
      const { run_id, datasets } = loggedInputs.parse(json);
      const run = activeRun(run_id);
      for (const input of datasets) run.inputs.set(`${input.dataset.name} ${input.dataset.digest}`, input);
      return {};
    },
    'POST /registered-models/create': ({ json }) => {
      const { name } = z.object({ name: z.string() }).parse(json);
      if (models.has(name)) throw new Refusal(400, 'RESOURCE_ALREADY_EXISTS', `${name} already exists.`);
      models.set(name, []);
      return { registered_model: { name } };
    },
    'POST /model-versions/create': ({ json }) => {
      const { name, run_id, source, tags } = createdVersion.parse(json);
      const versions = versionsOf(name);
      if (!source.startsWith(`runs:/${activeRun(run_id).runId}/`))
        throw invalid('Invalid model version source');
      const last = Number(versions.at(-1)?.version ?? 0);
      const version = { version: String(last + 1), runId: run_id, source, tags };
      versions.push(version);
      return { model_version: version };
    },
    'GET /model-versions/search': ({ query }) => {
      const [, name = '', runId = ''] =
        /^name='([^']*)' and run_id='([^']*)'$/.exec(query.get('filter') ?? '') ?? [];
      return { model_versions: (models.get(name) ?? []).filter((version) => version.runId === runId) };
    },
    'DELETE /model-versions/delete': ({ json }) => {
      const { name, version } = z.object({ name: z.string(), version: z.string() }).parse(json);
      models.set(
        name,
        versionsOf(name).filter((each) => each.version !== version),
      );
      return {};
    },
    'GET /registered-models/alias': ({ query }) => {
      const versions = versionsOf(query.get('name') ?? '');
      const alias = query.get('alias') ?? '';
      const version = versions.find((each) => each.version === aliases.get(alias));
      if (version === undefined) throw invalid(`Registered model alias ${alias} not found.`);
      return { model_version: version };
    },
    'POST /registered-models/alias': ({ json }) => {
      const { name, alias, version } = setAlias.parse(json);
      versionsOf(name);
      aliases.set(alias, version);
      return {};
    },
  };

  return {
    answer({ method, path, query, body }) {
      const file = /^\/api\/2\.0\/mlflow-artifacts\/artifacts\/(\d+)\/(\w+)\/artifacts\/(.+)$/.exec(path);
      try {
        if (method === 'PUT' && file !== null) {
          activeRun(file[2]).files.set(decodeURIComponent(file[3] ?? ''), body.toString('base64'));
          return { status: 200, body: '' };
        }
        const call = calls[`${method} ${path.replace('/api/2.0/mlflow', '')}`];
        if (call === undefined) return { status: 404, body: '<!doctype html><h1>Not Found</h1>' };
        const json: unknown = method === 'GET' ? null : JSON.parse(body.toString('utf8'));
        return { status: 200, body: JSON.stringify(call({ query, json })) };
      } catch (error) {
        if (!(error instanceof Refusal)) throw error;
        return {
          status: error.status,
          body: JSON.stringify({ error_code: error.errorCode, message: error.message }),
        };
      }
    },
    content: () => ({
      runs: runs
        .filter((run) => !run.isDeleted)
        .map((run) => comparable(run, runs))
        .sort((a, b) => (a.key < b.key ? -1 : 1)),
      versions: [...models.values()].flat().map(({ tags, source }) => ({
        key: tags.find(({ key }) => key === 'leadbench.key')?.value ?? '',
        source: source.replace(/run\d+/, 'RUN'),
      })),
      aliases: Object.fromEntries(
        [...aliases].map(([alias, version]) => [
          alias,
          [...models.values()]
            .flat()
            .find((each) => each.version === version)
            ?.source.split('/')
            .at(-1) ?? '',
        ]),
      ),
    }),
    empty() {
      experiment = null;
      runs = [];
      models = new Map();
      aliases = new Map();
    },
    deleteRun(key) {
      for (const run of runs) if (run.tags.get('leadbench.key') === key) run.isDeleted = true;
    },
    keepFilesElsewhere() {
      artifactBase = '/tmp/mlruns';
    },
    inOrder: () => runs.map((run) => run.tags.get('leadbench.key') ?? ''),
    setAlias(alias, version) {
      if (version === null) aliases.delete(alias);
      else aliases.set(alias, version);
    },
    deleteExperiment() {
      if (experiment !== null) experiment.isDeleted = true;
    },
  };
}

interface Input {
  readonly query: URLSearchParams;
  readonly json: unknown;
}
