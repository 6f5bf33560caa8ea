import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { failureResponse } from '@/lib/server/boundary/refusal';
import { requireTrustedRequest } from '@/lib/server/boundary/trusted-caller';
import { demoCrmPath } from '@/lib/server/training-server';

/** Hand out the demo CRM: invented people only, the same for everyone. */
export async function GET(request: Request): Promise<Response> {
  const caller = requireTrustedRequest(request);
  if (!caller.ok) return failureResponse(caller.error);
  const path = demoCrmPath();
  const size = await stat(path).then(
    (found) => found.size,
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return null;
      throw error;
    },
  );
  if (size === null) {
    return failureResponse(
      {
        code: 'no_demo',
        message: 'The demo CRM has not been made.',
        hint: 'Run npm run setup, then reload the page.',
      },
      404,
    );
  }
  return new Response(Readable.toWeb(createReadStream(path)) as ReadableStream, {
    headers: {
      'content-type': 'application/vnd.sqlite3',
      'content-length': String(size),
      'content-disposition': 'attachment; filename="crm_database.sqlite"',
      'cache-control': 'no-store',
    },
  });
}
