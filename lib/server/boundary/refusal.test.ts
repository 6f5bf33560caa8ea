import { describe, expect, it } from 'vitest';
import {
  failureResponse,
  REFUSAL_STATUS,
  type RefusalCode,
  refusal,
  refusalBody,
  statusOfFailure,
} from './refusal';

describe('refusal', () => {
  it('has one sentence for what is wrong and one for what to do, for every code', () => {
    for (const code of Object.keys(REFUSAL_STATUS) as RefusalCode[]) {
      const { message, hint } = refusal(code);
      expect(message, code).toMatch(/^[A-Z][^\n]{10,}\.$/);
      expect(hint, code).toMatch(/^[A-Z][^\n]{10,}\.$/);
    }
  });
});

describe('statusOfFailure', () => {
  it('knows the codes of the boundary and leaves the others to the caller', () => {
    const failure = { message: 'm', hint: 'h' };
    expect(statusOfFailure({ ...failure, code: 'login_required' })).toBe(401);
    expect(statusOfFailure({ ...failure, code: 'body_too_large' })).toBe(413);
    expect(statusOfFailure({ ...failure, code: 'study_not_found' }, 404)).toBe(404);
    expect(statusOfFailure({ ...failure, code: 'toString' })).toBe(400);
  });
});

describe('failureResponse', () => {
  it('says the failure as JSON and nothing besides', async () => {
    const response = failureResponse({ ...refusal('bad_id'), cause: 'secret' } as never);
    expect(response.status).toBe(400);
    expect(response.headers.get('cache-control')).toBe('no-store');
    expect(await response.json()).toEqual(refusal('bad_id'));
  });
});

describe('refusalBody', () => {
  const body = (accept: string | undefined, target: string) =>
    refusalBody(refusal('wrong_token'), { accept, target });

  it('speaks plain text to people', () => {
    const { message, hint } = refusal('wrong_token');
    const plain = { contentType: 'text/plain; charset=utf-8', text: `${message} ${hint}\n` };
    expect(body('text/html,*/*', '/')).toEqual(plain);
    expect(body(undefined, '/')).toEqual(plain);
  });

  it.each([
    ['application/json', '/'],
    ['*/*', '/api/datasets'],
    [undefined, '/api/datasets'],
  ])('speaks JSON to a program that accepts %s at %s', (accept, target) => {
    expect(body(accept, target).contentType).toBe('application/json; charset=utf-8');
    expect(JSON.parse(body(accept, target).text)).toEqual(refusal('wrong_token'));
  });
});
