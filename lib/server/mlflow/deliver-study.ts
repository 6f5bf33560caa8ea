import { ExpectedFailure, type Failure } from '@/lib/core/result';
import { datasetInput } from './dataset-input';
import { deliverModel, modelPart } from './deliver-model';
import { deliverRun, ensuredRun, isPending } from './deliver-run';
import { MlflowRefused } from './mlflow-failures';
import type { PublishedModel, RunImage, StudyImage } from './run-image';
import { STUDY_TAG } from './study-run-image';
import { attempted, isResting, type StudySession, sentTo } from './study-session';

const INPUTS = 'inputs';

type Known = Pick<StudySession, 'outbox' | 'memory'>;

/** Count the parts of a study that the server does not have: runs that changed, the dataset, models. */
export function nPendingParts(known: Known, image: StudyImage): number {
  const nInputs = image.isLive || isSent(known, image, INPUTS) ? 0 : 1;
  return pendingRuns(known, image).length + pendingModels(known, image).length + nInputs;
}

function pendingRuns(known: Known, { study, trials }: StudyImage): readonly RunImage[] {
  return [study, ...trials].filter((run) => isPending(known, run));
}

function pendingModels(known: Known, image: StudyImage): readonly PublishedModel[] {
  return image.models.filter((model) => !isSent(known, image, modelPart(model)));
}

/** Whether something went to the study's run, as far as the run is known. */
function isSent({ outbox, memory }: Known, { study }: StudyImage, what: string): boolean {
  const runId = outbox.receipt(study.key)?.runId ?? memory.runIds.get(study.key);
  return runId !== undefined && outbox.isSent(sentTo(runId, what));
}

/**
 * Deliver everything of a study that the server does not have: its run, then the trials in the order they began, then
 * models, and last what the study's run says of itself. What is refused is set aside in `session.memory.refused`.
 *
 * @throws MlflowAway where the server cannot take anything now; what was delivered has its receipts
 */
export async function deliverStudy(session: StudySession, image: StudyImage): Promise<void> {
  const { memory } = session;
  memory.broken = null;
  memory.nBrokenParts = 0;
  try {
    await deliverParts(session, image);
  } catch (error) {
    if (!(error instanceof MlflowRefused)) throw error;
    await forget(session, error);
    await deliverParts(session, image);
  }
  const isLeft = [...memory.nBroken.keys()].length > 0;
  if (memory.broken !== null && isLeft) throw memory.broken;
}

/** The server does not know a run any more that it once had: it was emptied, so the study is sent anew, once. */
async function forget({ outbox, memory, now }: StudySession, error: MlflowRefused): Promise<void> {
  memory.nForgotten += 1;
  if (memory.nForgotten > 1) throw error;
  await outbox.write({ type: 'forgotten' });
  memory.runIds.clear();
  memory.artifactUris.clear();
  memory.sure.clear();
  memory.logged.clear();
  memory.isDoubtful = true;
  memory.doubtAtMs = now();
}

async function deliverParts(session: StudySession, image: StudyImage): Promise<void> {
  await settleDoubt(session, image);
  const { study } = image;
  let studyRunId = '';
  const hasRun = await attempted(session, `${study.key}:made`, async () => {
    studyRunId = await ensuredRun(session, study, study.tags);
  });
  if (!hasRun) return;
  await deliverInputs(session, image, studyRunId);
  await deliverTrials(session, image, studyRunId);
  for (const model of pendingModels(session, image)) await deliverOneModel(session, image, model, studyRunId);
  if (isPending(session, study)) await attempted(session, study.key, () => deliverRun(session, study, null));
}

/** Where nothing of a study is on the server, nothing of it need be looked for. */
async function settleDoubt(session: StudySession, { studyId }: StudyImage): Promise<void> {
  const { api, experimentId, memory, outbox } = session;
  if (!memory.isDoubtful || memory.runIds.size > 0) return;
  const { runs } = await api.runsTagged(experimentId, { key: STUDY_TAG, value: studyId });
  if (runs.length > 0) return;
  memory.isDoubtful = false;
  // No process was there before this one, so nothing can still be under way.
  if (outbox.isNew && memory.askedFor.size === 0) memory.doubtAtMs = null;
}

/** Not while trials run: to count its rows, the dataset is read as a whole. */
async function deliverInputs(session: StudySession, image: StudyImage, studyRunId: string): Promise<void> {
  if (image.isLive || isSent(session, image, INPUTS)) return;
  await attempted(session, INPUTS, async () => {
    const facts = await session.readDatasetFacts(image.datasetDigest);
    await session.api.logInputs(studyRunId, [datasetInput(image.datasetDigest, facts)]);
    await session.outbox.write({ type: 'sent', what: sentTo(studyRunId, INPUTS) });
  });
}

/**
 * A few at a time. The first that meets a server that is away ends it, after those under way. News of the study end it
 * too: the trials that are left may look different, and the study may be over.
 */
async function deliverTrials(session: StudySession, image: StudyImage, studyRunId: string): Promise<void> {
  const waiting = image.trials.filter((run) => isPending(session, run) && !isResting(session, run.key));
  const errors: unknown[] = [];
  const lane = async () => {
    for (let run = waiting.shift(); run !== undefined && errors.length === 0; run = waiting.shift()) {
      const trial = run;
      try {
        await attempted(session, trial.key, () => deliverRun(session, trial, studyRunId));
      } catch (error) {
        errors.push(error);
      }
      if (session.isStale()) return;
    }
  };
  await Promise.all(Array.from({ length: session.nAtOnce }, lane));
  if (errors.length > 0) throw errors[0];
}

async function deliverOneModel(
  session: StudySession,
  { studyId, models }: StudyImage,
  model: PublishedModel,
  studyRunId: string,
): Promise<void> {
  const part = modelPart(model);
  try {
    await attempted(session, part, () => deliverModel(session, { studyId, studyRunId, model, models }));
  } catch (error) {
    if (!(error instanceof ExpectedFailure) || !isOfModel(error.failure)) throw error;
    session.memory.refused.set(part, { atMs: session.now(), failure: error.failure });
  }
}

function isOfModel({ code }: Failure): boolean {
  return code.startsWith('mlflow_');
}
