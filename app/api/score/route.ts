import { requireTrustedController } from '@/lib/server/boundary/control-caller';
import { failureResponse, statusOfFailure } from '@/lib/server/boundary/refusal';
import { parsedScoreRequest, SCORE_STATUS } from '@/lib/server/scoring/score-request';
import { trainingServer } from '@/lib/server/training-server';

/** Score leads that are sent as JSON or CSV: for whoever holds the token of the command line, or the page. */
export async function POST(request: Request): Promise<Response> {
  const caller = requireTrustedController(request);
  if (!caller.ok) return failureResponse(caller.error);
  const { home: openHome, scoring } = trainingServer();
  const home = await openHome();
  if (!home.ok) return failureResponse(home.error, 507);
  const asked = await parsedScoreRequest(request, home.value);
  const scored = asked.ok ? await scoring.score(asked.value) : asked;
  if (!scored.ok) {
    return failureResponse(scored.error, SCORE_STATUS[scored.error.code] ?? statusOfFailure(scored.error));
  }
  return new Response(scored.value, {
    headers: { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store' },
  });
}
