import { z } from 'zod';
import type { TrialReport } from '@/lib/store/services';
import { type StudyEvent, studyEventSchema } from '@/lib/tuning/study/study-events';
import type { StudyActivity } from '@/lib/tuning/study/study-view';

/** One message of a study's stream, understood. */
export type StudyMessage =
  | { readonly kind: 'event'; readonly event: StudyEvent }
  | { readonly kind: 'activity'; readonly activity: StudyActivity }
  | { readonly kind: 'report'; readonly report: TrialReport };

/** One message as it came: the name and data of a server-sent event. */
export interface RawMessage {
  readonly event?: string | undefined;
  readonly data: string;
}

const activitySchema = z.strictObject({
  kind: z.enum(['queued', 'running', 'held', 'idle']),
  problem: z.strictObject({ code: z.string(), message: z.string(), hint: z.string() }).nullable(),
});

// What a later server adds to a passing remark must not end the following.
const reportSchema = z.object({
  trialNumber: z.int().min(1),
  rounds: z.int().min(1),
  value: z.number(),
});

/** Parse a message; null for a kind that this page does not know. @throws where the data are not of the kind */
export function studyMessage({ event, data }: RawMessage): StudyMessage | null {
  switch (event) {
    case 'study':
      return { kind: 'event', event: studyEventSchema.parse(JSON.parse(data)) };
    case 'activity':
      return { kind: 'activity', activity: activitySchema.parse(JSON.parse(data)) };
    case 'report':
      return { kind: 'report', report: reportSchema.parse(JSON.parse(data)) };
    default:
      return null;
  }
}
