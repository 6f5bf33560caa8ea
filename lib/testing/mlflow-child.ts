import { readFile } from 'node:fs/promises';
import { createMlflowSync } from '@/lib/server/mlflow/mlflow-sync';
import { type StudyEvent, studyEventSchema } from '@/lib/tuning/study/study-events';

/**
 * A process that delivers one study and ends: `node mlflow-child.mjs HOME URL JOURNAL FILES SETTLE_MS`. JOURNAL holds the
 * study's events as a JSON list, FILES a model's files by name in base64. Prints its status once all is delivered.
 */
const [root = '', url = '', journalPath = '', filesPath = '', settleMs = '0'] = process.argv.slice(2);

const json = async (path: string): Promise<unknown> => JSON.parse(await readFile(path, 'utf8'));
const events: readonly StudyEvent[] = studyEventSchema.array().parse(await json(journalPath));
const studyId = events[0]?.type === 'study_created' ? events[0].studyId : '';
const files = Object.entries((await json(filesPath)) as Record<string, string>);

const sync = createMlflowSync({
  home: { root },
  env: { ...process.env, MLFLOW_TRACKING_URI: url },
  leadbenchVersion: process.env.LEADBENCH_VERSION ?? '1.2.3',
  now: () => Date.now(),
  random: Math.random,
  warn: (line) => process.stderr.write(`${line}\n`),
  listStudies: async () => [{ studyId, lastSequence: events.length }],
  readStudy: async () => ({ events }),
  readModelFiles: async () =>
    Object.fromEntries(
      files.map(([name, content]) => [name, new Uint8Array(Buffer.from(content, 'base64'))]),
    ),
  readDatasetFacts: async () => ({ nRows: 19_919, featureNames: ['member_rating', 'tag_count'] }),
  limits: { settleMs: Number(settleMs), backoff: { firstMs: 20, lastMs: 200 } },
});

/** Waits for the doubts of an earlier process to be settled as well, which `drained` does not. */
async function settled(): Promise<void> {
  await sync.drained();
  while (sync.status().nPending > 0 || sync.status().nUnsettled > 0) {
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

await sync.resumeAll();
await settled();
process.stdout.write(`${JSON.stringify(sync.status())}\n`);
await sync.close(1000);
