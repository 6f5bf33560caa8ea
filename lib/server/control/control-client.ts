import { z } from 'zod';
import { fail, type Result, succeed } from '@/lib/core/result';
import { TOKEN_HEADER } from '@/lib/server/boundary/trusted-caller';
import type { ControlFile } from './control-file';
import {
  failureSchema,
  type StudyAnswer,
  type StudyListAnswer,
  studyAnswerSchema,
  studyListAnswerSchema,
} from './study-answers';
import type { StudyOrder } from './study-orders';

/** Stopping waits for the trials that run to be cut short; nothing takes longer than this. */
const ANSWER_LIMIT_MS = 30_000;

/** What a running server is asked by another process on its machine. Failures as the server gives them, or `server_unreachable`. */
export interface ControlClient {
  list(): Promise<Result<StudyListAnswer>>;
  show(studyId: string): Promise<Result<StudyAnswer>>;
  order(studyId: string, order: StudyOrder): Promise<Result<StudyAnswer>>;
}

/** Speak with the server that left a control file. */
export function createControlClient(server: Pick<ControlFile, 'address' | 'token'>): ControlClient {
  const asked = <T>(path: string, schema: z.ZodType<T>, order?: StudyOrder) =>
    answered(server, { path, order: order ?? null }, schema);
  return {
    list: () => asked('/api/studies', studyListAnswerSchema),
    show: (studyId) => asked(`/api/studies/${studyId}`, studyAnswerSchema),
    order: (studyId, order) => asked(`/api/studies/${studyId}`, studyAnswerSchema, order),
  };
}

async function answered<T>(
  { address, token }: Pick<ControlFile, 'address' | 'token'>,
  { path, order }: { readonly path: string; readonly order: StudyOrder | null },
  schema: z.ZodType<T>,
): Promise<Result<T>> {
  try {
    const response = await fetch(`${address}${path}`, {
      method: order === null ? 'GET' : 'POST',
      // What acts must say where it comes from, and this comes from nowhere else.
      headers: { [TOKEN_HEADER]: token, ...(order === null ? {} : { origin: address }) },
      ...(order === null ? {} : { body: JSON.stringify(order) }),
      redirect: 'error',
      signal: AbortSignal.timeout(ANSWER_LIMIT_MS),
    });
    const answer: unknown = await response.json();
    return response.ok ? succeed(schema.parse(answer)) : { ok: false, error: failureSchema.parse(answer) };
  } catch (error) {
    return unreachable(address, error);
  }
}

/** @throws what is no matter of the network or of an answer that cannot be read */
function unreachable(address: string, error: unknown) {
  const isAnswer = error instanceof SyntaxError || error instanceof z.ZodError;
  const isNetwork = error instanceof TypeError || error instanceof DOMException;
  if (!isAnswer && !isNetwork) throw error;
  const what = isAnswer ? 'gave an answer that cannot be read' : 'does not answer';
  return fail(
    'server_unreachable',
    `The Leadbench at ${address} holds this folder but ${what}.`,
    'Try again, or end that server; its studies can be resumed.',
  );
}
