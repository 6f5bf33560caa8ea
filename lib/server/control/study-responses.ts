import type { Failure, Result } from '@/lib/core/result';
import { failureResponse } from '@/lib/server/boundary/refusal';
import type { StudyView } from '@/lib/tuning/study/study-view';
import { studyAnswer } from './study-answers';

/** HTTP status of what can go wrong with a study; 409 for what is not named: the study, or the server, is not in the state for it. */
const STATUSES: Readonly<Record<string, number>> = {
  bad_input: 400,
  payload_too_large: 413,
  study_unknown: 404,
  home_not_writable: 507,
};

/** Answer with a study, or with why there is none to tell of. */
export function studyResponse(view: Result<StudyView>): Response {
  return view.ok ? toldResponse(studyAnswer(view.value)) : studyFailureResponse(view.error);
}

/** Answer with something that no cache keeps. */
export function toldResponse(answer: unknown): Response {
  return Response.json(answer, { headers: { 'cache-control': 'no-store' } });
}

/** Answer with what went wrong. */
export function studyFailureResponse(failure: Failure): Response {
  return failureResponse(failure, STATUSES[failure.code] ?? 409);
}
