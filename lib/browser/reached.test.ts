import { describe, expect, it } from 'vitest';
import { ExpectedFailure } from '@/lib/core/result';
import { reached } from './reached';

const codeOf = (cause: unknown) =>
  reached(Promise.reject(cause)).catch((error: unknown) =>
    error instanceof ExpectedFailure ? error.failure.code : error,
  );

describe('reached', () => {
  it('hands an answer on', async () => {
    expect(await reached(Promise.resolve(7))).toBe(7);
  });

  it('tells a server that is gone from one that failed', async () => {
    expect(await codeOf(new TypeError('Failed to fetch'))).toBe('server_unreachable');
    expect(await codeOf(new Error('An unexpected response was received from the server.'))).toBe(
      'server_error',
    );
  });

  it('leaves a failure that has its words alone', async () => {
    const failure = { code: 'no_demo', message: 'None.', hint: 'Make one.' };
    expect(await codeOf(new ExpectedFailure(failure))).toBe('no_demo');
  });
});
