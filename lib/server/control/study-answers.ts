import { z } from 'zod';
import type { Failure } from '@/lib/core/result';
import type { StudyListing } from '@/lib/server/studies/study-index';
import { studyIdSchema } from '@/lib/tuning/study/study-events';
import { type StudySummary, studySummary, studySummarySchema } from '@/lib/tuning/study/study-summary';
import type { StudyActivity, StudyView } from '@/lib/tuning/study/study-view';

/** An expected failure as it comes over the wire. */
export const failureSchema: z.ZodType<Failure> = z.object({
  code: z.string(),
  message: z.string(),
  hint: z.string(),
});

const activitySchema = z.strictObject({
  kind: z.enum(['queued', 'running', 'held', 'idle']),
  problem: failureSchema.nullable(),
});

/** A study as it is told outside of the page: in numbers, and what is being done with it. */
export const studyAnswerSchema = z.strictObject({ study: studySummarySchema, activity: activitySchema });

/** All studies of a home, newest first. */
export const studyListAnswerSchema = z.strictObject({
  studies: z.array(studyAnswerSchema),
  unreadable: z.array(z.strictObject({ studyId: studyIdSchema, failure: failureSchema })),
});

export type StudyAnswer = z.infer<typeof studyAnswerSchema>;
export type StudyListAnswer = z.infer<typeof studyListAnswerSchema>;

const IDLE: StudyActivity = { kind: 'idle', problem: null };

/** Phases in which somebody may be working on a study. In the others nobody does, unless it waits in line. */
const UNDER_WAY: readonly StudySummary['phase'][] = ['tuning', 'stopping', 'pausing', 'evaluating'];

/** Tell of one study. */
export function studyAnswer({ state, activity }: StudyView): StudyAnswer {
  return { study: studySummary(state), activity };
}

/**
 * Tell of all studies.
 *
 * @param activityOf gives what is being done with a study; asked only for those that are under way
 */
export async function studyListAnswer(
  { studies, unreadable }: StudyListing,
  activityOf: (studyId: string) => Promise<StudyActivity>,
): Promise<StudyListAnswer> {
  const told = studies.map(async (study): Promise<StudyAnswer> => {
    const activity = UNDER_WAY.includes(study.phase) ? await activityOf(study.studyId) : IDLE;
    return { study, activity };
  });
  return {
    studies: await Promise.all(told),
    unreadable: unreadable.map(({ studyId, failure }) => ({ studyId, failure })),
  };
}
