import { realpath, stat } from 'node:fs/promises';
import { spreadsheetSafeCsv } from '@/lib/core/csv';
import { ExpectedFailure, fail } from '@/lib/core/result';
import type { LiveAnswer } from '@/lib/scoring/live/live-answer';
import { leadBatchesOfCsv } from '@/lib/scoring/live/parse-leads';
import { openBatchScorer } from '@/lib/server/scoring/batch-scorer';
import { isMissing, withTemporary } from '@/lib/server/storage/durable-write';
import { unwrapped } from './crm-file';
import { withFileWords } from './file-failure';
import { count, type Reporter } from './reporter';
import { piecesOf } from './run-folder';

/** What `score --leads` was asked to do. */
export interface ScoreLeadsOptions {
  readonly leadsPath: string;
  readonly modelPath: string;
  readonly outPath: string;
}

const COMMAND = 'score';
const BATCH_LEADS = 5_000;
const N_REASONS = 3;
const HEADER = ['id', 'score', 'tier', 'reason_1', 'reason_2', 'reason_3'] as const;

/**
 * Score a CSV of raw leads as they come, in the order of the file: what live scoring answers, a line a lead. Holds one batch of
 * leads at a time, so that a file may have any length.
 *
 * @throws ExpectedFailure where the file, the model or the output cannot be used; then nothing is written
 */
export async function scoreLeadsFile(
  { leadsPath, modelPath, outPath }: ScoreLeadsOptions,
  { reporter, elapsed }: { readonly reporter: Reporter; readonly elapsed: () => number },
): Promise<void> {
  const startedAtMs = elapsed();
  reporter.started(COMMAND);
  const { size } = await withFileWords(leadsPath, () => stat(leadsPath));
  await refuseSameFile(leadsPath, outPath);
  const scorer = unwrapped(await openBatchScorer(modelPath, null));
  let nScored = 0;
  let nBytesRead = 0;
  try {
    await withFileWords(outPath, () =>
      withTemporary(outPath, async (file) => {
        await file.writeFile(spreadsheetSafeCsv(HEADER, []));
        const pieces = piecesOf(leadsPath, ({ byteLength }) => {
          nBytesRead += byteLength;
        });
        for (const batch of leadBatchesOfCsv(pieces, scorer.schema, BATCH_LEADS)) {
          const answer = await scorer.score(unwrapped(batch), N_REASONS);
          await file.writeFile(linesOf(answer));
          nScored += answer.leads.length;
          reporter.progress(COMMAND, { label: 'bytes', done: nBytesRead, total: size });
        }
      }),
    );
  } finally {
    await scorer.close();
  }
  reporter.finished(COMMAND, elapsed() - startedAtMs, {
    sentence: `${count(nScored)} leads scored with ${scorer.metadata.model_id}: ${outPath}`,
    facts: {
      model_id: scorer.metadata.model_id,
      n_scored: nScored,
      files: { scored_leads: outPath },
    },
  });
}

function linesOf({ leads }: LiveAnswer): string {
  const rows = leads.map(({ id, score, tier, reasons }) => [
    id ?? null,
    score,
    tier,
    ...Array.from({ length: N_REASONS }, (_, place) => reasons[place] ?? null),
  ]);
  // The header stands at the file's top already.
  const text = spreadsheetSafeCsv(HEADER, rows);
  return text.slice(text.indexOf('\n') + 1);
}

async function refuseSameFile(leadsPath: string, outPath: string): Promise<void> {
  const source = await realpath(leadsPath);
  if (source !== (await realpathOrNull(outPath))) return;
  throw new ExpectedFailure(
    fail('would_overwrite', `${outPath} is the file of leads itself.`, 'Give --out another name.').error,
  );
}

async function realpathOrNull(path: string): Promise<string | null> {
  try {
    return await realpath(path);
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
}
