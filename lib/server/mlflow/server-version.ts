/** Oldest version of MLflow that has fixes for what was known when this was written (November 2026). */
const FLOOR = [3, 17, 0] as const;
const ADVISORY = 'CVE-2026-116692 (GHSA-26p8-2jq9-3vq9)';

/** Read the text that `/version` answers. Null where it is no version, for example the page of another program. */
export function parsedVersion(text: string): string | null {
  return /^\d{1,4}\.\d{1,4}\.\d{1,4}[\w.+-]{0,30}$/.exec(text.trim())?.[0] ?? null;
}

/**
 * Say what is to be feared of a server's version; null where nothing is known.
 *
 * @example versionWarning('3.17.2') // null
 */
export function versionWarning(version: string | null): string | null {
  if (version === null) {
    return `The MLflow server does not tell its version. Versions before ${FLOOR.join('.')} have known holes, among them ${ADVISORY}, by which whoever reaches the server runs code on it; check that it is newer.`;
  }
  if (!isBelowFloor(version)) return null;
  return `MLflow ${version} is older than ${FLOOR.join('.')} and has known holes, among them ${ADVISORY}, by which whoever reaches the server runs code on it; update it.`;
}

function isBelowFloor(version: string): boolean {
  const parts = version.split('.').map((part) => Number.parseInt(part, 10));
  for (const [i, floor] of FLOOR.entries()) {
    const part = parts[i] ?? 0;
    if (part !== floor) return part < floor;
  }
  // A release candidate of the floor itself comes before it.
  return /^\d+\.\d+\.\d+\.?(?:rc|dev|a|b)\d*/.test(version);
}
