import { rm } from 'node:fs/promises';

/** Remove what the server under test kept, after the last test. */
export default async function removeHome(): Promise<void> {
  const home = process.env.LEADBENCH_E2E_HOME;
  if (home !== undefined) await rm(home, { recursive: true, force: true, maxRetries: 5 });
}
