import { CHAMPION, versionsOf } from './deliver-model';
import type { StudyImage } from './run-image';
import { KEY_TAG, PARENT_TAG, STUDY_TAG } from './study-run-image';
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
 * two runs with one key the one with a receipt stays, and trials are hung below the study's run that stays. Deleted runs
 * can be restored in MLflow.
 *
 * @returns how many runs and model versions were removed
 * @throws ExpectedFailure `journal_taken`, before anything is removed, where another process has written receipts
 */
export async function removeDoubles(
  session: StudySession,
  image: StudyImage,
  survey: Survey,
): Promise<number> {
  await goThrough(session, image, survey);
  const studyRunId = session.outbox.receipt(image.study.key)?.runId;
  if (studyRunId === undefined) return 0;
  // Only who writes the outbox may say which of two runs is the right one.
  await session.outbox.write({ type: 'begun' });
  const nRuns = await removeDoubleRuns(session, survey, studyRunId);
  return nRuns + (await removeDoubleVersions(session, image, studyRunId));
}

async function removeDoubleRuns(
  { api, outbox }: StudySession,
  survey: Survey,
  studyRunId: string,
): Promise<number> {
  let nRemoved = 0;
  for (let run = survey.runs.at(-1); run !== undefined; run = survey.runs.at(-1)) {
    const { runId, tags } = run;
    const receipt = outbox.receipt(tags.get(KEY_TAG) ?? '');
    const parent = tags.get(PARENT_TAG);
    if (receipt !== undefined && receipt.runId !== runId) {
      await api.deleteRun(runId);
      nRemoved += 1;
    } else if (parent !== undefined && parent !== studyRunId) {
      await api.logBatch(runId, { params: [], metrics: [], tags: [{ key: PARENT_TAG, value: studyRunId }] });
    }
    // Looked at: after a failure it goes on with the rest.
    survey.runs.pop();
  }
  return nRemoved;
}

async function removeDoubleVersions(
  session: StudySession,
  { studyId, models }: StudyImage,
  studyRunId: string,
): Promise<number> {
  const { api, registeredModelName: name } = session;
  let nRemoved = 0;
  for (const model of models) {
    const [kept, ...doubles] = await versionsOf(session, { studyId, studyRunId, model });
    if (kept === undefined || doubles.length === 0) continue;
    const champion = await api.versionOfAlias(name, CHAMPION);
    const isDouble = doubles.some(({ version }) => version === champion?.version);
    if (isDouble) await api.setAlias(name, CHAMPION, kept.version);
    for (const { version } of doubles) await api.deleteModelVersion(name, version);
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
