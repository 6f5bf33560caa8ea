import { parseModelId, parseNameOf } from '@/lib/server/boundary/parsed-ids';
import { failureResponse } from '@/lib/server/boundary/refusal';
import { requireTrustedRequest } from '@/lib/server/boundary/trusted-caller';
import { MODEL_FILES, readModelFile } from '@/lib/server/models/model-files';
import { trainingServer } from '@/lib/server/training-server';

type Params = { params: Promise<{ id: string; file: string }> };

/** Hand out a file of a model, after its digest was checked. */
export async function GET(request: Request, { params }: Params): Promise<Response> {
  const caller = requireTrustedRequest(request);
  if (!caller.ok) return failureResponse(caller.error);
  const { id, file } = await params;
  const modelId = parseModelId(id);
  if (!modelId.ok) return failureResponse(modelId.error, 404);
  const name = parseNameOf(MODEL_FILES, file);
  if (!name.ok) return failureResponse(name.error, 404);
  const home = await trainingServer().home();
  if (!home.ok) return failureResponse(home.error, 507);
  const found = await readModelFile(home.value, modelId.value, name.value);
  if (!found.ok) return failureResponse(found.error, 404);
  return new Response(found.value.bytes, {
    headers: {
      'content-type': found.value.contentType,
      'content-disposition': `attachment; filename="${name.value}"`,
      'cache-control': 'no-store',
    },
  });
}
