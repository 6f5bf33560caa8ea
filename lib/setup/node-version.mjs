/** The oldest Node that every dependency runs on. */
export const OLDEST_NODE = '20.19.0';

/**
 * Say why this Node cannot run Leadbench, or give null when it can.
 *
 * @param {string} version for example `20.20.2`
 */
export function nodeFault(version) {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const isOldEnough = major > 20 || (major === 20 && minor >= 19);
  return isOldEnough
    ? null
    : {
        message: `Leadbench needs Node ${OLDEST_NODE} or newer, and this is ${version}.`,
        hint: 'Install a current Node from nodejs.org and try again.',
      };
}

/**
 * Give a note about a Node that runs Leadbench but gets no security fixes any more, or null.
 *
 * @param {string} version
 */
export function nodeNote(version) {
  const major = Number(version.split('.')[0]);
  return major < 22
    ? `Note: Node ${major} gets no security fixes since 2026-04-30. Leadbench runs on it, but Node 24 is the safer choice.`
    : null;
}
