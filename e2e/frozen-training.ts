import { homeHolder } from '@/lib/server/storage/home-lock';
import { e2eHome } from './home-folder';
import { childrenOf } from './running-server';

/** Do something while the server under test trains nothing: its processes stand still, and go on afterwards where they were. */
export async function whileTrainingIsFrozen(work: () => Promise<void>): Promise<void> {
  const server = (await homeHolder(e2eHome()))?.pid;
  if (server === undefined || server === null)
    throw new Error('The server under test does not say who it is');
  const trainers = childrenOf(server);
  if (trainers.length === 0) throw new Error('No training runs');
  for (const pid of trainers) process.kill(pid, 'SIGSTOP');
  try {
    await work();
  } finally {
    for (const pid of trainers) process.kill(pid, 'SIGCONT');
  }
}
