import { homeAt } from '@/lib/server/storage/home';

/** The home folder of the server under test. */
export function e2eHome(): string {
  const root = process.env.LEADBENCH_E2E_HOME;
  if (root === undefined) throw new Error('The configuration names no home folder');
  return root;
}

/** Where the server under test keeps a model. */
export function modelFolder(modelId: string): string {
  return homeAt(e2eHome()).modelFolder(modelId);
}
