import { versionsOf } from './deliver-model';
import type { StudyImage } from './run-image';
import { KEY_TAG, STUDY_TAG } from './study-run-image';
import type { StudySession } from './study-session';
import type { FoundRun } from './tracking-api';

/** How far a look through a study's runs has come; kept, so that a failure costs one page and not all. */
export interface Survey {
  readonly runs: FoundRun[];
  nextPageToken: string | null;
  isDone: boolean;
}

/** Begin a survey. */
export function createSurvey(): Survey {
  return { runs: [], nextPageToken: null, isDone: false };
}

/**
 * Remove what is there twice: a request without an answer was repeated, and then the first came to pass after all. Of
 * two runs with one key the one with a receipt stays. Deleted runs can be restored in MLflow.
 *
 * @returns how many runs and model versions were removed
 */
export async function removeDoubles(
  session: StudySession,
  image: StudyImage,
  survey: Survey,
): Promise<number> {
  await goThrough(session, image, survey);
  const { api, outbox, registeredModelName } = session;
  let nRemoved = 0;
  for (let run = survey.runs.at(-1); run !== undefined; run = survey.runs.at(-1)) {
    const receipt = outbox.receipt(run.tags.get(KEY_TAG) ?? '');
    if (receipt !== undefined && receipt.runId !== run.runId) {
      await api.deleteRun(run.runId);
      nRemoved += 1;
    }
    // Looked at: after a failure it goes on with the rest.
    survey.runs.pop();
  }
  const studyRunId = outbox.receipt(image.study.key)?.runId;
  if (studyRunId === undefined) return nRemoved;
  for (const model of image.models) {
    const [, ...doubles] = await versionsOf(session, { studyId: image.studyId, studyRunId, model });
    for (const { version } of doubles) await api.deleteModelVersion(registeredModelName, version);
    nRemoved += doubles.length;
  }
  return nRemoved;
}

async function goThrough(
  { api, experimentId }: StudySession,
  { studyId }: StudyImage,
  survey: Survey,
): Promise<void> {
  while (!survey.isDone) {
    const tag = { key: STUDY_TAG, value: studyId };
    const page = await api.runsTagged(experimentId, tag, survey.nextPageToken ?? undefined);
    survey.runs.push(...page.runs);
    survey.nextPageToken = page.nextPageToken;
    survey.isDone = page.nextPageToken === null;
  }
}
