import { keptParamsOf } from '@/lib/store/kept-params';
import { type KeptParams, NOTHING_KEPT } from '@/lib/store/workbench-state';

const KEY = 'leadbench.params';

/**
 * Read what is kept from the last visit; the defaults when there is nothing. What an older version kept is taken over as far
 * as it makes sense today.
 */
export function keptParams(): KeptParams {
  const text = localStorage.getItem(KEY);
  if (text === null) return NOTHING_KEPT;
  const { kept, putBack } = keptParamsOf(text);
  if (putBack.length > 0) {
    console.warn(`Kept parameters that make no sense were put back to the defaults: ${putBack.join(', ')}.`);
  }
  return kept;
}

/** Keep the parameters for the next visit. */
export function keepParams(kept: KeptParams): void {
  localStorage.setItem(KEY, JSON.stringify(kept));
}
