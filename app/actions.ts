'use server';

import { headers } from 'next/headers';
import { z } from 'zod';
import { type Result, succeed } from '@/lib/core/result';
import type { ModelTests } from '@/lib/evaluation/model-tests/test-results';
import {
  type MeasurementView,
  measurementIdSchema,
  measurementOrderSchema,
} from '@/lib/evaluation/probe/measurement-order';
import type { ModelListing } from '@/lib/scoring/listed-models';
import { overrideReasonSchema } from '@/lib/scoring/model-registry';
import { parseModelId, parseStudyId } from '@/lib/server/boundary/parsed-ids';
import { parsedInput } from '@/lib/server/boundary/parsed-input';
import { requireTrustedCaller } from '@/lib/server/boundary/trusted-caller';
import { readModelTests } from '@/lib/server/models/model-tests-file';
import { hasDataset } from '@/lib/server/storage/dataset-store';
import type { StudyListing } from '@/lib/server/studies/study-index';
import { gateFault, studyLaunchSchema } from '@/lib/server/studies/study-launch';
import { trainingServer } from '@/lib/server/training-server';
import type { EngineStatus } from '@/lib/store/services';
import { MAX_TRIALS } from '@/lib/tuning/study/study-config';
import { modelIdSchema } from '@/lib/tuning/study/study-events';

const digestSchema = z.string().regex(/^[0-9a-f]{64}$/);

/** Every action's first step; nothing before the page is known to be ours and the token to be this process's. */
async function trusted(token: unknown): Promise<Result<void>> {
  return requireTrustedCaller({ headers: await headers(), token: typeof token === 'string' ? token : null });
}

/** Which XGBoost this server has, and how many processes it runs at once. */
export async function engineStatus(token: string): Promise<Result<EngineStatus>> {
  const caller = await trusted(token);
  if (!caller.ok) return caller;
  const engine = await trainingServer().engine();
  if (!engine.ok) return succeed({ kind: 'missing', message: engine.error.message, hint: engine.error.hint });
  const { version, source } = engine.value.info;
  return succeed({
    kind: 'ready',
    version,
    source,
    nProcesses: engine.value.processesFor(Number.MAX_SAFE_INTEGER),
  });
}

/** Start a study on a dataset that was uploaded; the same key again gives the same study. */
export async function launchStudy(token: string, input: unknown): Promise<Result<string>> {
  const caller = await trusted(token);
  if (!caller.ok) return caller;
  const launch = parsedInput(studyLaunchSchema, input);
  if (!launch.ok) return launch;
  const gate = gateFault(launch.value);
  if (!gate.ok) return gate;
  const view = await trainingServer().studies.launch(launch.value);
  return view.ok ? succeed(view.value.state.studyId) : view;
}

/** End a study's trials; what is finished is kept. */
export async function stopStudy(token: string, studyId: string): Promise<Result<null>> {
  return onStudy(token, studyId, (id) => trainingServer().studies.stop(id));
}

/** Go on with a study that was interrupted, stopped or failed. */
export async function resumeStudy(token: string, studyId: string): Promise<Result<null>> {
  return onStudy(token, studyId, (id) => trainingServer().studies.resume(id));
}

/** Begin no more trials until the study is resumed; those that run are finished. */
export async function pauseStudy(token: string, studyId: string): Promise<Result<null>> {
  return onStudy(token, studyId, (id) => trainingServer().studies.pause(id));
}

/** Give a study more trials, a new total of them, and go on with it. */
export async function extendStudy(token: string, studyId: string, nTrials: number): Promise<Result<null>> {
  return onStudy(token, studyId, async (id) => {
    const total = parsedInput(z.int().min(1).max(MAX_TRIALS), nTrials);
    return total.ok ? trainingServer().studies.extend(id, total.value) : total;
  });
}

const againSchema = z.strictObject({ seed: z.int32(), idempotencyKey: z.string().min(8).max(200) });

/** Run a study's config again with another seed; gives the new study's id. */
export async function rerunStudy(token: string, studyId: string, again: unknown): Promise<Result<string>> {
  const caller = await trusted(token);
  if (!caller.ok) return caller;
  const id = parseStudyId(studyId);
  if (!id.ok) return id;
  const parsed = parsedInput(againSchema, again);
  if (!parsed.ok) return parsed;
  const view = await trainingServer().studies.rerun(id.value, parsed.value);
  return view.ok ? succeed(view.value.state.studyId) : view;
}

/** List all studies of this server, newest first. */
export async function listStudies(token: string): Promise<Result<StudyListing>> {
  const caller = await trusted(token);
  if (!caller.ok) return caller;
  return succeed(await trainingServer().studies.list());
}

/** Build and judge the model of the best trial so far. */
export async function evaluateStudy(token: string, studyId: string): Promise<Result<null>> {
  return onStudy(token, studyId, (id) => trainingServer().studies.evaluate(id));
}

/** Find the newest study of a dataset and feature specification. */
export async function latestStudy(
  token: string,
  datasetDigest: string,
  specDigest: string,
): Promise<Result<string | null>> {
  const caller = await trusted(token);
  if (!caller.ok) return caller;
  const digests = parsedInput(z.tuple([digestSchema, digestSchema]), [datasetDigest, specDigest]);
  if (!digests.ok) return digests;
  void warmedFor(digests.value[0]);
  const summary = await trainingServer().studies.latest(...digests.value);
  return succeed(summary?.studyId ?? null);
}

/** A page that has prepared its features is about to train: processes that are started by then need not be waited for. */
async function warmedFor(datasetDigest: string): Promise<void> {
  const { engine, home } = trainingServer();
  const [opened, ready] = await Promise.all([engine(), home()]);
  if (!opened.ok || !ready.ok) return;
  const isHere = await hasDataset(ready.value, datasetDigest);
  const dataset = { digest: datasetDigest, path: ready.value.datasetPath(datasetDigest) };
  await opened.value.warm(isHere ? { dataset, validation: { type: 'split' }, seed: 0 } : null);
}

/** Begin to measure a dataset that was uploaded; the same order again is the same measurement. Gives its id. */
export async function startMeasurement(token: string, order: unknown): Promise<Result<string>> {
  const caller = await trusted(token);
  if (!caller.ok) return caller;
  const parsed = parsedInput(measurementOrderSchema, order);
  return parsed.ok ? trainingServer().measurements.start(parsed.value) : parsed;
}

/** Tell how a measurement stands. */
export async function measurement(token: string, id: string): Promise<Result<MeasurementView>> {
  const caller = await trusted(token);
  if (!caller.ok) return caller;
  const parsed = parsedInput(measurementIdSchema, id);
  return parsed.ok ? trainingServer().measurements.view(parsed.value) : parsed;
}

/** End a measurement. */
export async function stopMeasurement(token: string, id: string): Promise<Result<MeasurementView>> {
  const caller = await trusted(token);
  if (!caller.ok) return caller;
  const parsed = parsedInput(measurementIdSchema, id);
  return parsed.ok ? trainingServer().measurements.stop(parsed.value) : parsed;
}

/** List the published models, the one in use first. */
export async function listModels(token: string): Promise<Result<ModelListing>> {
  const caller = await trusted(token);
  if (!caller.ok) return caller;
  return trainingServer().registry.list();
}

/** Tell what the newest tests of a model came to; null where none were run. */
export async function modelTests(token: string, modelId: string): Promise<Result<ModelTests | null>> {
  const caller = await trusted(token);
  if (!caller.ok) return caller;
  const id = parseModelId(modelId);
  if (!id.ok) return id;
  const home = await trainingServer().home();
  return home.ok ? readModelTests(home.value, id.value) : home;
}

const promotionSchema = z.strictObject({
  modelId: modelIdSchema,
  overrideReason: overrideReasonSchema.nullable(),
});

/** Put a model to use; refused while its tests say no, unless a reason is given. */
export async function promoteModel(token: string, order: unknown): Promise<Result<null>> {
  const caller = await trusted(token);
  if (!caller.ok) return caller;
  const parsed = parsedInput(promotionSchema, order);
  if (!parsed.ok) return parsed;
  const done = await trainingServer().registry.promote(parsed.value);
  return done.ok ? succeed(null) : done;
}

const revertSchema = z.strictObject({ fromModelId: modelIdSchema, reason: overrideReasonSchema.nullable() });

/** Go back to the model that was in use before the one that is. */
export async function revertModel(token: string, order: unknown): Promise<Result<null>> {
  const caller = await trusted(token);
  if (!caller.ok) return caller;
  const parsed = parsedInput(revertSchema, order);
  if (!parsed.ok) return parsed;
  const done = await trainingServer().registry.revert(parsed.value);
  return done.ok ? succeed(null) : done;
}

async function onStudy(
  token: string,
  studyId: string,
  command: (studyId: string) => Promise<Result<unknown>>,
): Promise<Result<null>> {
  const caller = await trusted(token);
  if (!caller.ok) return caller;
  const id = parseStudyId(studyId);
  if (!id.ok) return id;
  const done = await command(id.value);
  return done.ok ? succeed(null) : done;
}
