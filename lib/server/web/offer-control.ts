import { type BoundaryState, hostValue } from '@/lib/server/boundary/boundary-state';
import { removeControlFile, writeControlFile } from '@/lib/server/control/control-file';
import type { Home } from '@/lib/server/storage/home';
import type { HomeLock } from '@/lib/server/storage/home-lock';
import { hostInUrl } from './server-options';
import { onShutdown } from './shutdown';

/** A server that has begun to listen. */
export interface ListeningServer {
  readonly home: Home;
  readonly lock: HomeLock;
  readonly state: BoundaryState;
  /** As it was bound. */
  readonly host: string;
  readonly port: number;
}

/**
 * Tell the command line and other servers on this machine where this one is, and let the command line in, until the
 * server stops. On a disk that takes nothing, it is left at telling.
 */
export async function offerControl({ home, lock, state, host, port }: ListeningServer): Promise<void> {
  const address = localAddress(host, port);
  lock.announce(address);
  onShutdown('control file', () => removeControlFile(home));
  try {
    await writeControlFile(home, { pid: process.pid, address, token: state.controlToken });
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) throw error;
    console.warn(
      `The control file could not be written (${String(error.code)}): "leadbench study" cannot reach this server.`,
    );
  }
}

/**
 * Give the address by which this machine reaches a server.
 *
 * @param host as it was bound; an unspecified address listens on the loopback one too
 * @example localAddress('0.0.0.0', 3000) // 'http://127.0.0.1:3000'
 */
export function localAddress(host: string, port: number): string {
  const reachable = host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '::1' : host;
  return `http://${hostValue(hostInUrl(reachable), port)}`;
}
