const LOOK_EVERY_MS = 500;

/**
 * End this process with SIGTERM when the shell that npm started it through is gone. npm passes a signal on to that
 * shell alone, and many shells die of it without telling their child, which would then run on unseen.
 * Does nothing where npm did not start this process, nor on Windows, where a parent's id never changes.
 */
export function endWithParent() {
  if (process.env.npm_lifecycle_event === undefined || process.platform === 'win32') return;
  const parent = process.ppid;
  const watch = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(watch);
    process.kill(process.pid, 'SIGTERM');
  }, LOOK_EVERY_MS);
  watch.unref();
}
