import { z } from 'zod';
import { assertNever, type Result } from '@/lib/core/result';
import type { StudyService } from '@/lib/server/studies/study-service';
import { MAX_TRIALS } from '@/lib/tuning/study/study-config';
import type { StudyView } from '@/lib/tuning/study/study-view';

const MAX_SEED = 2_147_483_647;

/** What may be asked of a study from outside of the page. */
export const studyOrderSchema = z.discriminatedUnion('command', [
  z.strictObject({ command: z.literal('stop') }),
  z.strictObject({ command: z.literal('pause') }),
  z.strictObject({ command: z.literal('resume') }),
  z.strictObject({ command: z.literal('evaluate') }),
  /** `nTrials` is the new total. */
  z.strictObject({ command: z.literal('extend'), nTrials: z.int().min(1).max(MAX_TRIALS) }),
  /** The same study with another seed. The same order again finds the same new study. */
  z.strictObject({ command: z.literal('rerun'), seed: z.int().min(0).max(MAX_SEED) }),
]);

export type StudyOrder = z.infer<typeof studyOrderSchema>;

/**
 * Do what was asked of a study. Resolves when it is recorded or begun, `stop` when it has ended.
 *
 * @returns the study as it is then, for `rerun` the new one; failures as the service's
 */
export async function orderedStudy(
  studies: StudyService,
  studyId: string,
  order: StudyOrder,
): Promise<Result<StudyView>> {
  switch (order.command) {
    case 'stop':
      return studies.stop(studyId);
    case 'pause':
      return studies.pause(studyId);
    case 'resume':
      return studies.resume(studyId);
    case 'evaluate':
      return studies.evaluate(studyId);
    case 'extend':
      return studies.extend(studyId, order.nTrials);
    case 'rerun':
      return ranAgain(studies, studyId, order.seed);
    default:
      return assertNever(order);
  }
}

/** Run again, or go on with the run of that seed that was cut short. */
async function ranAgain(studies: StudyService, studyId: string, seed: number): Promise<Result<StudyView>> {
  const original = await studies.get(studyId);
  if (!original.ok) return original;
  const { nTrials } = original.value.state.config;
  const again = await studies.rerun(studyId, { seed, idempotencyKey: `rerun ${studyId} ${nTrials} ${seed}` });
  if (!again.ok || again.value.activity.kind !== 'idle') return again;
  const resumed = await studies.resume(again.value.state.studyId);
  // One that is done stays as it is.
  return !resumed.ok && resumed.error.code === 'study_not_resumable' ? again : resumed;
}
