/**
 * Print one line for the person at the terminal.
 *
 * @param {string} line
 */
export function say(line) {
  process.stdout.write(`${line}\n`);
}

/**
 * Print why a command cannot go on, to standard error.
 *
 * @param {{ message: string, hint: string }} failure
 */
export function complain({ message, hint }) {
  process.stderr.write(`${message} ${hint}\n`);
}
