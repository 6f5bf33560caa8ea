/**
 * Give the domain of an e-mail address: what follows its last @, trimmed and in lower case; '' without one.
 *
 * @example emailDomain('Ann.B@Gmail.COM ') // 'gmail.com'
 */
export function emailDomain(email: string): string {
  const at = email.lastIndexOf('@');
  return at < 0
    ? ''
    : email
        .slice(at + 1)
        .trim()
        .toLowerCase();
}
