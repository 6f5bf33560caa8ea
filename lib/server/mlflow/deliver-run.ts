import { batchesWithin, halves } from './entity-limits';
import { MlflowAway, MlflowRefused } from './mlflow-failures';
import type { Batch, KeyValue, MetricPoint, RunImage } from './run-image';
import { KEY_TAG, PARENT_TAG } from './study-run-image';
import type { StudySession } from './study-session';

/** Whether a run has changed since its receipt. */
export function isPending({ outbox }: Pick<StudySession, 'outbox'>, image: RunImage): boolean {
  return (outbox.receipt(image.key)?.throughSequence ?? 0) < image.throughSequence;
}

/**
 * Make sure that a run is there, without making a second one: it is looked for by its key first wherever an earlier
 * request for it may have had no answer.
 *
 * @returns the server's id for it
 */
export async function ensuredRun(
  session: StudySession,
  image: RunImage,
  tags: readonly KeyValue[],
): Promise<string> {
  const { api, outbox, memory, experimentId } = session;
  const known = outbox.receipt(image.key)?.runId ?? memory.runIds.get(image.key);
  if (known !== undefined) return known;
  if (memory.isDoubtful || memory.askedFor.has(image.key)) {
    const { runs } = await api.runsTagged(experimentId, { key: KEY_TAG, value: image.key });
    const found = runs[0];
    if (found !== undefined) return remembered(session, image.key, found);
  }
  try {
    const { name, startedAtMs } = image;
    const created = await api.createRun({ experimentId, name, startedAtMs, tags });
    memory.sure.add(image.key);
    return remembered(session, image.key, created);
  } catch (error) {
    if (error instanceof MlflowAway && error.mayHaveArrived) memory.askedFor.add(image.key);
    throw error;
  }
}

function remembered(
  { memory, onProgress }: StudySession,
  key: string,
  run: { readonly runId: string; readonly artifactUri: string },
): string {
  memory.runIds.set(key, run.runId);
  memory.artifactUris.set(run.runId, run.artifactUri);
  onProgress();
  return run.runId;
}

/**
 * Bring a run to what it has to be, and write the receipt. Parameters and tags bear repeating; metric values do not on
 * every server, so those that are there already are left out wherever this process cannot be sure.
 *
 * @param parentRunId null for the study's own run
 */
export async function deliverRun(
  session: StudySession,
  image: RunImage,
  parentRunId: string | null,
): Promise<void> {
  const { api, outbox, memory } = session;
  const { key, status, endedAtMs, throughSequence } = image;
  const nPoints = image.metrics.length;
  const tags = parentRunId === null ? image.tags : [...image.tags, { key: PARENT_TAG, value: parentRunId }];
  const isNew = outbox.receipt(key) === undefined && !memory.runIds.has(key);
  const runId = await ensuredRun(session, image, tags);
  const isJustMade = isNew && memory.sure.has(key);
  if (memory.logged.get(key)?.throughSequence !== throughSequence) {
    await logImage(session, { runId, image, tags: isJustMade ? [] : tags });
    memory.logged.set(key, { throughSequence, nPoints });
    session.onProgress();
  }
  if (!isJustMade || status !== 'RUNNING') await api.updateRun(runId, status, endedAtMs);
  await outbox.write({ type: 'run', key, runId, throughSequence, nPoints });
  memory.logged.delete(key);
}

async function logImage(
  session: StudySession,
  { runId, image, tags }: { readonly runId: string; readonly image: RunImage; readonly tags: Batch['tags'] },
): Promise<void> {
  const { outbox, memory } = session;
  const { key } = image;
  const receipt = outbox.receipt(key);
  const nLogged = memory.logged.get(key)?.nPoints ?? receipt?.nPoints ?? 0;
  const params = receipt === undefined ? image.params : [];
  try {
    const points = image.metrics.slice(nLogged);
    const metrics = memory.sure.has(key) ? points : await missingPoints(session, runId, points);
    await deliverBatch(session, runId, { params, metrics, tags });
    memory.sure.add(key);
  } catch (error) {
    memory.sure.delete(key);
    throw error;
  }
}

/**
 * List those of a run's metric values that the server does not have. The values of a metric are sent in the order of
 * their steps, one request after the other, so the server has all up to the last one that it has.
 */
export async function missingPoints(
  { api }: Pick<StudySession, 'api'>,
  runId: string,
  points: readonly MetricPoint[],
): Promise<readonly MetricPoint[]> {
  if (points.length === 0) return points;
  const { lastSteps } = await api.getRun(runId);
  return points.filter(({ key, step }) => step > (lastSteps.get(key) ?? Number.NEGATIVE_INFINITY));
}

/** Send a batch in as few requests as the server takes. */
export async function deliverBatch(
  session: Pick<StudySession, 'api'>,
  runId: string,
  batch: Batch,
): Promise<void> {
  for (const part of batchesWithin(batch)) {
    try {
      await session.api.logBatch(runId, part);
    } catch (error) {
      const smaller = error instanceof MlflowRefused && error.status === 413 ? halves(part) : null;
      if (smaller === null) throw error;
      for (const half of smaller) await deliverBatch(session, runId, half);
    }
  }
}
