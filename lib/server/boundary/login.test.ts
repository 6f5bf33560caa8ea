import { describe, expect, it } from 'vitest';
import { createBoundaryState, type LoginState } from './boundary-state';
import { answerLogin, loginLink } from './login';

function loginAt(clock: { ms: number }): LoginState {
  const { login } = createBoundaryState({
    port: 3000,
    extraNames: [],
    needsLogin: true,
    now: () => clock.ms,
  });
  if (login === null) throw new Error('expected a login');
  return login;
}

const target = (login: LoginState) => loginLink('', login);

describe('answerLogin', () => {
  it('sets a cookie that scripts cannot read and other sites cannot send', () => {
    const login = loginAt({ ms: 0 });
    const answer = answerLogin(target(login), '192.0.2.1', login);
    expect(answer).toEqual({
      kind: 'welcome',
      setCookie: `leadbench_session_3000=${login.sessionSecret}; Path=/; HttpOnly; SameSite=Strict`,
      page: expect.stringContaining('You are logged in.'),
    });
    expect(JSON.stringify(answer)).not.toContain(login.linkToken);
  });

  it('leaves other paths alone', () => {
    const login = loginAt({ ms: 0 });
    expect(answerLogin('/', 'a', login)).toBeNull();
    expect(answerLogin(`/login2?token=${login.linkToken}`, 'a', login)).toBeNull();
    expect(answerLogin(`//login?token=${login.linkToken}`, 'a', login)).toBeNull();
  });

  it.each(['/login', '/login?token=', '/login?token=wrong', '/login?Token=x'])('refuses %s', (link) => {
    expect(answerLogin(link, 'a', loginAt({ ms: 0 }))).toMatchObject({
      kind: 'refused',
      refusal: { code: 'login_required' },
    });
  });

  it('makes an address wait after ten wrong tokens, the right one included, and others not', () => {
    const clock = { ms: 0 };
    const login = loginAt(clock);
    for (let i = 0; i < 10; i += 1) {
      clock.ms = i * 1000;
      expect(answerLogin('/login?token=wrong', 'a', login)).toMatchObject({
        refusal: { code: 'login_required' },
      });
    }
    expect(answerLogin(target(login), 'a', login)).toEqual({
      kind: 'refused',
      refusal: expect.objectContaining({ code: 'too_many_attempts' }),
      waitMs: 51_000,
    });
    expect(answerLogin(target(login), 'b', login)?.kind).toBe('welcome');
    clock.ms = 60_000;
    expect(answerLogin(target(login), 'a', login)?.kind).toBe('welcome');
  });
});
