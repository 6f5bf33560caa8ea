import { requireMonitor } from '@/lib/server/boundary/monitor-caller';
import { failureResponse } from '@/lib/server/boundary/refusal';
import { trainingServer } from '@/lib/server/training-server';

/** Say whether work can be saved now: 200, or 503 with what is wrong and what to do. */
export async function GET(request: Request): Promise<Response> {
  const caller = requireMonitor(request);
  if (!caller.ok) return failureResponse(caller.error);
  const ready = await trainingServer().operations.readiness();
  if (!ready.ok) return failureResponse(ready.error, 503);
  return Response.json({ status: 'ready' }, { headers: { 'cache-control': 'no-store' } });
}
