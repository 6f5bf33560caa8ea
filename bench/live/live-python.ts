import type { Result } from '@/lib/core/result';
import type { BenchContext } from '../bench-context';
import { pythonOf } from '../python-peer';

/** Give a Python that has FastAPI and XGBoost (about 250 MB); as `pythonOf`, with the failure `live_peer_missing`. */
export function livePython(context: Pick<BenchContext, 'root' | 'say'>): Promise<Result<string>> {
  const peer = {
    name: 'live',
    variable: 'LEADBENCH_LIVE_PYTHON',
    packages: ['fastapi', 'uvicorn[standard]', 'numpy', 'scipy'],
    what: 'FastAPI and XGBoost',
    code: 'live_peer_missing',
  };
  return pythonOf(peer, context);
}
