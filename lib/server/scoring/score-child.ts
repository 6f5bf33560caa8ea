import { type BatchScorer, openBatchScorer, scoredBatch } from './batch-scorer';
import { type ScoreReply, type ScoreRequest, scoreRequestSchema } from './score-messages';

/**
 * A disposable process around onnxruntime. Leads come as they were sent, are scored and forgotten: nothing of them is written
 * anywhere.
 */

/** Models kept open: the one in use, and the one before while requests change over. */
const MAX_OPEN = 2;

const open = new Map<string, BatchScorer>();

async function scorerOf({ modelFolder, modelId }: ScoreRequest) {
  const known = open.get(modelId);
  if (known !== undefined) {
    // Put last: the first is the one that goes.
    open.delete(modelId);
    open.set(modelId, known);
    return { ok: true, value: known } as const;
  }
  const opened = await openBatchScorer(modelFolder, modelId);
  if (!opened.ok) return opened;
  open.set(modelId, opened.value);
  const [oldest] = open.keys();
  if (open.size > MAX_OPEN && oldest !== undefined) {
    await open.get(oldest)?.close();
    open.delete(oldest);
  }
  return opened;
}

async function answerTo(request: ScoreRequest): Promise<ScoreReply> {
  const scorer = await scorerOf(request);
  const result = scorer.ok ? await scoredBatch(scorer.value, request) : scorer;
  return { id: request.id, result };
}

let last: Promise<void> = Promise.resolve();

process.on('disconnect', () => process.exit(0));
process.on('message', (message) => {
  // One after the other: a session of onnxruntime does one thing at a time. A bug ends the process, and its parent says so.
  last = last.then(async () => {
    const reply = await answerTo(scoreRequestSchema.parse(message));
    process.send?.(reply);
  });
});
