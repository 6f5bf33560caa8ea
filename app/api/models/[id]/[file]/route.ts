import { parseModelMetadata, TEST_LOOKS_HEADER } from '@/lib/scoring/model-metadata';
import { parseModelId, parseNameOf } from '@/lib/server/boundary/parsed-ids';
import { failureResponse } from '@/lib/server/boundary/refusal';
import { requireTrustedRequest } from '@/lib/server/boundary/trusted-caller';
import { MODEL_FILES, readModelFile } from '@/lib/server/models/model-files';
import { testLooks } from '@/lib/server/models/test-looks';
import type { Home } from '@/lib/server/storage/home';
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
      ...(name.value === 'metadata.json' && (await looksHeader(home.value, found.value.bytes))),
      'content-type': found.value.contentType,
      'content-disposition': `attachment; filename="${name.value}"`,
      'cache-control': 'no-store',
    },
  });
}

/** How often the model's test rows have been looked at. It changes with other models, so it is no part of the file. */
async function looksHeader(home: Home, metadataJson: Uint8Array): Promise<Record<string, string>> {
  const metadata = parseModelMetadata(new TextDecoder().decode(metadataJson));
  if (!metadata.ok) return {};
  return { [TEST_LOOKS_HEADER]: String(await testLooks(home, metadata.value.test_rows_sha256)) };
}
