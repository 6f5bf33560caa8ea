import { requireTrustedController } from '@/lib/server/boundary/control-caller';
import { failureResponse } from '@/lib/server/boundary/refusal';
import { openApiDocument } from '@/lib/server/scoring/openapi';
import packageInfo from '@/package.json';

/** Describe live scoring. */
export function GET(request: Request): Response {
  const caller = requireTrustedController(request);
  if (!caller.ok) return failureResponse(caller.error);
  return Response.json(openApiDocument(packageInfo.version), { headers: { 'cache-control': 'no-store' } });
}
