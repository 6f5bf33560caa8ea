import { sha256Hex } from '@/lib/core/digest';
import { encodeDataset } from '@/lib/features/dataset-arrow';
import type { FeatureSpec } from '@/lib/features/spec';
import { specDigest } from '@/lib/features/spec-json';
import { DEFAULT_TUNING_PLAN } from '@/lib/tuning/study/pipeline-params';

/** An HTTP request to be written by hand: headers in order, names as sent. */
export interface HandmadeRequest {
  readonly method: string;
  readonly target: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: string | Buffer;
}

/** Something on the server that does something, or hands something out. */
export interface Endpoint {
  readonly name: string;
  /** False for what only reads: browsers send no Origin with a same-origin GET. */
  readonly acts: boolean;
  /**
   * How a token is refused: an action answers inside a stream, whose status is always 200. What a monitoring system reads
   * asks for none on this machine, and on an exposed server for the login or a token of its own.
   */
  readonly refusesTokenBy: 'status' | 'stream' | 'no_need';
  /** The honest request but for Host and Origin; without a token where it is null. */
  readonly request: (token: string | null) => HandmadeRequest;
  /** What an honest request gets, as text in its answer: proof that the inside was reached. */
  readonly reached: RegExp;
}

const STUDY_ID = `study-${'0'.repeat(20)}`;
const MODEL_ID = `model-${'0'.repeat(20)}`;

const SPEC: FeatureSpec = {
  version: 1,
  target: 'made_purchase',
  missingValue: -999,
  referenceDay: '2023-06-30',
  countryLevels: ['us', 'other'],
  paretoShare: 0.8,
  freeEmailDomains: ['example.com'],
  features: [{ name: 'tag_count', kind: 'numeric', source: { type: 'tag_count' } }],
  split: { seed: 42, train: 0.6, validation: 0.2, test: 0.2 },
};

const N_ROWS = 60;
const rows = Array.from({ length: N_ROWS }, (_, row) => row);
const DATASET = encodeDataset({
  matrix: { values: Float32Array.from(rows), nRows: N_ROWS, featureNames: ['tag_count'] },
  labels: Uint8Array.from(rows, (row) => row % 2),
  split: Uint8Array.from(rows, (row) => Math.max(0, (row % 5) - 2)),
});
const DATASET_TARGET = `/api/datasets?sha256=${sha256Hex(DATASET)}`;

const LAUNCH = {
  idempotencyKey: 'boundary-walk',
  config: {
    datasetDigest: sha256Hex(DATASET),
    featureSpecDigest: specDigest(SPEC),
    // Enough that the study still runs when the server is stopped.
    nTrials: 1000,
    workers: 2,
    sampler: 'random',
    seed: 42,
    ...DEFAULT_TUNING_PLAN,
  },
  spec: SPEC,
  gateOverrideReason: null,
  validation: { gate: { open: true, n_critical: 0, n_warning: 0, n_info: 0 }, suites: [] },
};

/** The arguments after the token, and the proof of execution, of every server action by name. */
export const ACTIONS: Readonly<
  Record<string, { readonly args: readonly unknown[]; readonly reached: RegExp }>
> = {
  engineStatus: { args: [], reached: /"ok":true,"value":\{"kind":"ready"/ },
  launchStudy: { args: [LAUNCH], reached: /"ok":true,"value":"study-[0-9a-f]{20}"/ },
  listStudies: { args: [], reached: /"ok":true,"value":\{"studies":\[/ },
  rerunStudy: {
    args: [STUDY_ID, { seed: 7, idempotencyKey: 'boundary-walk-again' }],
    reached: /"code":"study_unknown"/,
  },
  extendStudy: { args: [STUDY_ID, 48], reached: /"code":"study_unknown"/ },
  pauseStudy: { args: [STUDY_ID], reached: /"code":"study_unknown"/ },
  stopStudy: { args: [STUDY_ID], reached: /"code":"study_unknown"/ },
  resumeStudy: { args: [STUDY_ID], reached: /"code":"study_unknown"/ },
  evaluateStudy: { args: [STUDY_ID], reached: /"code":"study_unknown"/ },
  startMeasurement: {
    args: [
      {
        kind: 'leakage',
        datasetDigest: '0'.repeat(64),
        seed: 42,
        suspects: [{ id: 'tag_count', features: ['tag_count'] }],
        daysFeature: null,
        missingValue: -999,
      },
    ],
    reached: /"code":"dataset_missing"/,
  },
  measurement: { args: [`measurement-${'0'.repeat(20)}`], reached: /"code":"measurement_unknown"/ },
  stopMeasurement: { args: [`measurement-${'0'.repeat(20)}`], reached: /"code":"measurement_unknown"/ },
  listModels: { args: [], reached: /"ok":true,"value":\{"models":\[/ },
  modelTests: { args: [MODEL_ID], reached: /"ok":true,"value":null/ },
  promoteModel: { args: [{ modelId: MODEL_ID, overrideReason: null }], reached: /"code":"model_unknown"/ },
  revertModel: { args: [{ fromModelId: MODEL_ID, reason: null }], reached: /"code":"champion_changed"/ },
  latestStudy: { args: ['0'.repeat(64), '0'.repeat(64)], reached: /"ok":true,"value":null/ },
};

const TOKEN_HEADER = 'X-Leadbench-Token';

function route(method: string, target: string, reached: RegExp, body: string | Buffer = ''): Endpoint {
  return {
    name: `${method} ${target.split('?')[0]}`,
    acts: method !== 'GET',
    refusesTokenBy: 'status',
    request: (token) => ({ method, target, headers: token === null ? [] : [[TOKEN_HEADER, token]], body }),
    reached,
  };
}

function monitored(target: string, reached: RegExp): Endpoint {
  return { ...route('GET', target, reached), refusesTokenBy: 'no_need' };
}

/** Every route by its name in the build manifest, with each of its methods. */
export const ROUTES: Readonly<Record<string, readonly Endpoint[]>> = {
  '/api/datasets/route': [
    route('GET', DATASET_TARGET, /"present":(?:true|false)/),
    route('PUT', DATASET_TARGET, /"nRows":60/, Buffer.from(DATASET)),
  ],
  '/api/demo/route': [route('GET', '/api/demo', /^SQLite format 3/)],
  '/api/models/[id]/[file]/route': [
    route('GET', `/api/models/${MODEL_ID}/model.onnx`, /"code":"model_unknown"/),
  ],
  '/api/openapi.json/route': [route('GET', '/api/openapi.json', /"openapi":"3\.1\.0"/)],
  // Without a Content-Type, which is asked for inside.
  '/api/score/route': [route('POST', '/api/score', /"code":"unsupported_format"/, '{"leads":[]}')],
  '/api/studies/route': [route('GET', '/api/studies', /"studies":\[/)],
  '/api/studies/[id]/route': [
    route('GET', `/api/studies/${STUDY_ID}`, /"code":"study_unknown"/),
    route('POST', `/api/studies/${STUDY_ID}`, /"code":"study_unknown"/, '{"command":"stop"}'),
  ],
  '/api/studies/[id]/events/route': [
    route('GET', `/api/studies/${STUDY_ID}/events`, /"code":"study_unknown"/),
  ],
  '/healthz/route': [monitored('/healthz', /"status":"alive"/)],
  '/metrics/route': [monitored('/metrics', /^leadbench_build_info\{/m)],
  '/readyz/route': [monitored('/readyz', /"status":"ready"/)],
};

/** Pages and pictures in the build manifest: served to whoever passes the front door, and doing nothing. */
export const PAGES = ['/_global-error/page', '/_not-found/page', '/icon.svg/route', '/page'] as const;

// The wire marks its own values with a dollar sign, so a text that starts with one carries a second.
const actionBody = (args: readonly unknown[]) =>
  JSON.stringify(args, (_, value: unknown) =>
    typeof value === 'string' && value.startsWith('$') ? `$${value}` : value,
  );

/** Describe a server action as the page calls it. `id` comes from the build manifest. */
export function actionEndpoint(
  name: string,
  id: string,
  { args, reached } = ACTIONS[name] ?? { args: [], reached: /$^/ },
): Endpoint {
  return {
    name: `action ${name}`,
    acts: true,
    refusesTokenBy: 'stream',
    request: (token) => ({
      method: 'POST',
      target: '/',
      headers: [
        ['Accept', 'text/x-component'],
        ['Content-Type', 'text/plain;charset=UTF-8'],
        ['Next-Action', id],
      ],
      body: actionBody([token, ...args]),
    }),
    reached,
  };
}

/** Routes and actions that take an id: the raw address or the arguments with `form` in the id's place. */
export const ID_TARGETS: readonly ((form: string) => string)[] = [
  (form) => `/api/studies/${form}`,
  (form) => `/api/studies/${form}/events`,
  (form) => `/api/models/${form}/model.onnx`,
  (form) => `/api/models/${MODEL_ID}/${form}`,
];
export const ID_ACTIONS = ['stopStudy', 'pauseStudy', 'resumeStudy', 'evaluateStudy', 'modelTests'] as const;
