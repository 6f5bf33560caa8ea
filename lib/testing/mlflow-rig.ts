import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { randomSource } from '@/lib/core/random';
import { createMlflowSync, type MlflowSync, type MlflowSyncOptions } from '@/lib/server/mlflow/mlflow-sync';
import type { StudyChange, StudyEvent } from '@/lib/tuning/study/study-events';
import { studyEventSchema } from '@/lib/tuning/study/study-events';
import type { MlflowStub } from './mlflow-stub';
import { studyConfig } from './study-fixture';
import { syntheticEvents } from './synthetic-study';

/** Studies and a home folder for tests of the synchronisation with MLflow. */
export interface MlflowRig {
  readonly home: { readonly root: string };
  /** Study to its events; a test adds to them. */
  readonly journals: Map<string, readonly StudyEvent[]>;
  readonly warnings: string[];
  /** Waits that were asked for, in milliseconds; none took any time. */
  readonly waits: number[];
  now(): number;
  /** A synchronisation as a process of its own would have it, over the same home and journals. */
  sync(changes?: Partial<MlflowSyncOptions>): MlflowSync;
  close(): void;
}

/** The model whose files every rig has. */
export const RIG_MODEL = `model-${'1'.repeat(20)}`;

const text = (value: unknown) => new TextEncoder().encode(JSON.stringify(value));

/** Files of a model as they are published, each small. */
export const RIG_FILES: Readonly<Record<string, Uint8Array>> = {
  'model.ubj': Uint8Array.of(1, 2, 3, 0, 255),
  'model.onnx': Uint8Array.of(9, 8, 7),
  'metadata.json': text({ model_id: RIG_MODEL, gate_override_reason: null }),
  'feature_spec.json': text({ version: 1 }),
  'evaluation_report.json': text({
    model_id: RIG_MODEL,
    roc_auc: 0.81,
    n_test: 3983,
    roc_curve: { x: [0, 1] },
  }),
};

/** Open a rig. Its clock stands still but for the waits. */
export function openMlflowRig(stub: Pick<MlflowStub, 'url'>): MlflowRig {
  const root = mkdtempSync(join(tmpdir(), 'leadbench-mlflow-'));
  const journals = new Map<string, readonly StudyEvent[]>();
  const warnings: string[] = [];
  const waits: number[] = [];
  let nowMs = Date.UTC(2026, 10, 24);
  return {
    home: { root },
    journals,
    warnings,
    waits,
    now: () => nowMs,
    sync: (changes = {}) =>
      createMlflowSync({
        home: { root },
        env: { MLFLOW_TRACKING_URI: stub.url },
        leadbenchVersion: '1.2.3',
        now: () => nowMs,
        random: randomSource(7),
        warn: (line) => warnings.push(line),
        listStudies: async () =>
          [...journals].map(([studyId, events]) => ({ studyId, lastSequence: events.length })),
        readStudy: async (studyId) => {
          const events = journals.get(studyId);
          return events === undefined ? null : { events };
        },
        readModelFiles: async (modelId) => (modelId === RIG_MODEL ? RIG_FILES : null),
        readDatasetFacts: async () => ({ nRows: 19_919, featureNames: ['member_rating', 'tag_count'] }),
        limits: { timeLimitMs: 10_000 },
        async pause(ms) {
          waits.push(ms);
          nowMs += ms;
          await new Promise((resolve) => setImmediate(resolve));
        },
        ...changes,
      }),
    close: () => rmSync(root, { recursive: true, force: true }),
  };
}

/** Name a study by a digit. */
export function rigStudy(digit: number): string {
  return `study-${String(digit).repeat(20)}`;
}

/**
 * Give a whole study from its launch to its model: rungs of successive halving, crashes that are tried again, trials that
 * fail for good.
 */
export function rigEvents(studyId: string, { nTrials = 12, seed = 42 } = {}): readonly StudyEvent[] {
  const config = studyConfig({
    nTrials,
    seed,
    scheduler: { type: 'asha', minRounds: 20, reductionFactor: 3 },
    monotoneConstraints: { member_rating: 1 },
  });
  const events = syntheticEvents({ studyId, config, nProcesses: 2, failEvery: 5, crashEvery: 4 });
  return continued(events, [
    { type: 'evaluation_started' },
    { type: 'evaluation_completed', modelId: RIG_MODEL },
  ]);
}

/** Write more changes behind a journal, a second apart. */
export function continued(
  events: readonly StudyEvent[],
  changes: readonly StudyChange[],
): readonly StudyEvent[] {
  const lastMs = events.at(-1)?.atMs ?? 0;
  return [
    ...events,
    ...changes.map((change, i) =>
      studyEventSchema.parse({ ...change, sequence: events.length + i + 1, atMs: lastMs + 1000 * (i + 1) }),
    ),
  ];
}
