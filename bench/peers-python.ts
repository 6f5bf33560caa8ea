import type { Result } from '@/lib/core/result';
import type { BenchContext } from './bench-context';
import { pythonOf } from './python-peer';

/** Give a Python that has Ray Tune, Optuna and XGBoost (about 500 MB); as `pythonOf`, with the failure `peers_missing`. */
export function peersPython(context: Pick<BenchContext, 'root' | 'say'>): Promise<Result<string>> {
  const peer = {
    name: 'peers',
    variable: 'LEADBENCH_PEERS_PYTHON',
    packages: ['ray[tune]', 'optuna', 'scikit-learn'],
    what: 'Ray, Optuna and XGBoost',
    code: 'peers_missing',
  };
  return pythonOf(peer, context);
}
