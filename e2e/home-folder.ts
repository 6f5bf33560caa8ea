import { homeAt } from '@/lib/server/storage/home';

/** Where the server under test keeps a model. */
export function modelFolder(modelId: string): string {
  const root = process.env.LEADBENCH_E2E_HOME;
  if (root === undefined) throw new Error('The configuration names no home folder');
  return homeAt(root).modelFolder(modelId);
}
