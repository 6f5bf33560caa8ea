import { ExpectedFailure, type Failure } from '@/lib/core/result';

/**
 * Wait for an answer of the server.
 *
 * @throws ExpectedFailure `server_unreachable` where nobody answered, `server_error` where the server failed over it;
 * an `ExpectedFailure` as it came
 */
export async function reached<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (cause) {
    if (cause instanceof ExpectedFailure) throw cause;
    // What `fetch` rejects with when there is no connection; all else came from the server.
    throw new ExpectedFailure(cause instanceof TypeError ? UNREACHABLE : FAILED, { cause });
  }
}

const UNREACHABLE = {
  code: 'server_unreachable',
  message: 'The Leadbench server did not answer.',
  hint: 'Check that npm start is still running, then reload the page: a restarted server needs a fresh page.',
};

const FAILED = {
  code: 'server_error',
  message: 'The Leadbench server met an error that it had no words for.',
  hint: 'Reload the page. If it happens again, the terminal in which npm start runs says more.',
};

/** Whether the body of an answer is a failure in the server's own words. */
export function isFailure(body: unknown): body is Failure {
  return typeof body === 'object' && body !== null && 'code' in body && 'message' in body && 'hint' in body;
}
