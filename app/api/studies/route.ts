import { requireTrustedController } from '@/lib/server/boundary/control-caller';
import { failureResponse } from '@/lib/server/boundary/refusal';
import { studyListAnswer } from '@/lib/server/control/study-answers';
import { toldResponse } from '@/lib/server/control/study-responses';
import { trainingServer } from '@/lib/server/training-server';

/** Tell of all studies, newest first: to the page, or to the command line on this machine. */
export async function GET(request: Request): Promise<Response> {
  const caller = requireTrustedController(request);
  if (!caller.ok) return failureResponse(caller.error);
  const { studies } = trainingServer();
  const answer = await studyListAnswer(await studies.list(), async (studyId) => {
    const view = await studies.get(studyId);
    return view.ok ? view.value.activity : { kind: 'idle', problem: view.error };
  });
  return toldResponse(answer);
}
