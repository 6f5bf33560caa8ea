import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const MODULE = new URL('./parent.mjs', import.meta.url).href;
const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** Starts a shell that starts a Node process as npm does; gives the shell, and the words of the Node process. */
function startThroughShell(script: string) {
  // The colon after it keeps the shell from becoming the process.
  const shell = spawn('sh', ['-c', `"${process.execPath}" --input-type=module -e '${script}'; :`], {
    cwd: ROOT,
    env: { ...process.env, npm_lifecycle_event: 'start' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const words: string[] = [];
  const said = (word: string) =>
    new Promise<void>((resolve) => {
      shell.stdout.on('data', (chunk: Buffer) => {
        words.push(chunk.toString('utf8'));
        if (words.join('').includes(word)) resolve();
      });
    });
  return { shell, said };
}

describe.skipIf(process.platform === 'win32')('endWithParent', () => {
  it('sends SIGTERM to its own process when the shell between is killed', async () => {
    const script = `
      import { endWithParent } from "${MODULE}";
      endWithParent();
      process.on("SIGTERM", () => { console.info("ended"); process.exit(); });
      setInterval(() => {}, 1000);
      console.info("runs");
    `;
    const { shell, said } = startThroughShell(script);
    await said('runs');
    const ended = said('ended');
    shell.kill('SIGTERM');
    await expect(ended).resolves.toBeUndefined();
  });
});
