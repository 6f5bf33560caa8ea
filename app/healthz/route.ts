import { requireMonitor } from '@/lib/server/boundary/monitor-caller';
import { failureResponse } from '@/lib/server/boundary/refusal';

/** Say that the process answers, and no more. */
export async function GET(request: Request): Promise<Response> {
  const caller = requireMonitor(request);
  if (!caller.ok) return failureResponse(caller.error);
  return Response.json({ status: 'alive' }, { headers: { 'cache-control': 'no-store' } });
}
