import { requireMonitor } from '@/lib/server/boundary/monitor-caller';
import { failureResponse } from '@/lib/server/boundary/refusal';
import { trainingServer } from '@/lib/server/training-server';

/** Everything that is counted, in Prometheus' text format. */
export async function GET(request: Request): Promise<Response> {
  const caller = requireMonitor(request);
  if (!caller.ok) return failureResponse(caller.error);
  const { metrics } = trainingServer().operations;
  return new Response(await metrics.exposition(), {
    headers: { 'content-type': metrics.contentType, 'cache-control': 'no-store' },
  });
}
