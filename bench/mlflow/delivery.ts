import { createMlflowSync, type MlflowSync } from '@/lib/server/mlflow/mlflow-sync';
import type { StudyEvent } from '@/lib/tuning/study/study-events';
import packageInfo from '@/package.json';

/** A study to be delivered, and where to. */
export interface Delivery {
  /** Folder of the outbox. */
  readonly folder: string;
  readonly url: string;
  readonly experiment: string;
  readonly studyId: string;
  readonly readEvents: () => Promise<readonly StudyEvent[]>;
  readonly readFiles: (modelId: string) => Promise<Readonly<Record<string, Uint8Array>> | null>;
  readonly settleMs?: number;
}

/** Times of a delivery, all in milliseconds of the real clock. */
const FAST_BACKOFF = { firstMs: 100, lastMs: 2000 };

/** Open the synchronisation as the server has it, for one study. */
export function openDelivery(delivery: Delivery): MlflowSync {
  const { folder, url, experiment, studyId, readEvents, readFiles, settleMs = 3000 } = delivery;
  return createMlflowSync({
    home: { root: folder },
    env: { MLFLOW_TRACKING_URI: url, MLFLOW_EXPERIMENT_NAME: experiment },
    leadbenchVersion: packageInfo.version,
    now: () => Date.now(),
    random: () => Math.random(),
    warn: (line) => process.stderr.write(`bench: [mlflow] ${line}\n`),
    listStudies: async () => [{ studyId, lastSequence: (await readEvents()).length }],
    readStudy: async () => ({ events: await readEvents() }),
    readModelFiles: readFiles,
    readDatasetFacts: async () => null,
    limits: { timeLimitMs: 8000, settleMs, backoff: FAST_BACKOFF },
  });
}

/** Wait until all is there, once only. @throws after a time limit, with what is missing */
export async function allDelivered(sync: MlflowSync, limitMs: number): Promise<void> {
  const until = Date.now() + limitMs;
  for (;;) {
    const { nPending, nUnsettled, nDelivered } = sync.status();
    if (nPending === 0 && nUnsettled === 0 && nDelivered > 0) return;
    if (Date.now() > until) throw new Error(`Not delivered in time: ${JSON.stringify(sync.status())}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
