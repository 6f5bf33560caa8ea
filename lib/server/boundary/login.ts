import type { LoginState } from './boundary-state';
import { type Refusal, refusal } from './refusal';
import { isSameSecret } from './secret-token';

/** What a request to the login link gets. */
export type LoginAnswer =
  | { readonly kind: 'refused'; readonly refusal: Refusal; readonly waitMs: number }
  | { readonly kind: 'welcome'; readonly setCookie: string; readonly page: string };

/** Path of the login link. */
export const LOGIN_PATH = '/login';

/** Write the login link for an address such as `http://192.0.2.7:3000`. */
export function loginLink(address: string, login: LoginState): string {
  return `${address}${LOGIN_PATH}?token=${login.linkToken}`;
}

// A page that moves on by itself, not a redirect: after a redirect from another site's page the browser would
// withhold the strict cookie once, and the person would see a refusal although the login worked.
const WELCOME_PAGE = `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Leadbench</title><meta http-equiv="refresh" content="0;url=/"></head>
<body><p>You are logged in. <a href="/">Open Leadbench</a></p></body></html>
`;

/**
 * Answer a GET of the login link. `caller` is the network address it came from: ten wrong tokens a minute are borne
 * from one, then even the right one has to wait.
 * Gives null when the request is for another path.
 */
export function answerLogin(target: string, caller: string, login: LoginState): LoginAnswer | null {
  const [path, query = ''] = target.split('?', 2);
  if (path !== LOGIN_PATH) return null;
  const waitMs = login.wrongLinks.waitMs(caller);
  if (waitMs > 0) return { kind: 'refused', refusal: refusal('too_many_attempts'), waitMs };
  if (!isSameSecret(new URLSearchParams(query).get('token') ?? '', login.linkToken)) {
    login.wrongLinks.recordWrong(caller);
    return { kind: 'refused', refusal: refusal('login_required'), waitMs: 0 };
  }
  const setCookie = `${login.cookieName}=${login.sessionSecret}; Path=/; HttpOnly; SameSite=Strict`;
  return { kind: 'welcome', setCookie, page: WELCOME_PAGE };
}
