import { requireTrustedController } from '@/lib/server/boundary/control-caller';
import { parseStudyId } from '@/lib/server/boundary/parsed-ids';
import { parsedInput } from '@/lib/server/boundary/parsed-input';
import { failureResponse } from '@/lib/server/boundary/refusal';
import { smallJson } from '@/lib/server/control/small-json';
import { orderedStudy, studyOrderSchema } from '@/lib/server/control/study-orders';
import { studyFailureResponse, studyResponse } from '@/lib/server/control/study-responses';
import { trainingServer } from '@/lib/server/training-server';

type Params = { params: Promise<{ id: string }> };

/** A command and two numbers. */
const CAP_BYTES = 1024;

/** Tell of one study: to the page, or to the command line on this machine. */
export async function GET(request: Request, { params }: Params): Promise<Response> {
  const caller = requireTrustedController(request);
  if (!caller.ok) return failureResponse(caller.error);
  const id = parseStudyId((await params).id);
  if (!id.ok) return failureResponse(id.error, 404);
  return studyResponse(await trainingServer().studies.get(id.value));
}

/** Stop, pause, resume, evaluate, extend a study or run it again. */
export async function POST(request: Request, { params }: Params): Promise<Response> {
  const caller = requireTrustedController(request);
  if (!caller.ok) return failureResponse(caller.error);
  const id = parseStudyId((await params).id);
  if (!id.ok) return failureResponse(id.error, 404);
  const body = await smallJson(request.body, CAP_BYTES);
  if (!body.ok) return studyFailureResponse(body.error);
  const order = parsedInput(studyOrderSchema, body.value);
  if (!order.ok) return studyFailureResponse(order.error);
  return studyResponse(await orderedStudy(trainingServer().studies, id.value, order.value));
}
