import { execFile } from 'node:child_process';

/**
 * Run a program without a shell and say how it went.
 *
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ timeoutMs: number, env?: Readonly<Record<string, string | undefined>> }} options `env` is laid over the environment of this process
 * @returns {Promise<{ ok: boolean, found: boolean, stdout: string, stderr: string }>} `found` is false when there is no such program
 */
export function ran(command, args, { timeoutMs, env }) {
  return new Promise((resolve) => {
    execFile(
      command,
      [...args],
      { timeout: timeoutMs, killSignal: 'SIGKILL', env: { ...process.env, ...env }, windowsHide: true },
      (error, stdout, stderr) => {
        const found = error === null || error.code !== 'ENOENT';
        const killed = error?.killed === true ? `stopped after ${timeoutMs / 1000} s` : '';
        const crashed = error?.signal ? `ended by ${error.signal}` : '';
        resolve({ ok: error === null, found, stdout, stderr: stderr.trim() || killed || crashed });
      },
    );
  });
}
