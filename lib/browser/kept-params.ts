import { DEFAULT_PARAMS, type WorkbenchParams, workbenchParamsSchema } from '@/lib/store/workbench-state';

const KEY = 'leadbench.params';

/** Read the parameters kept from the last visit; the defaults when there are none or they do not parse. */
export function keptParams(): WorkbenchParams {
  const text = localStorage.getItem(KEY);
  if (text === null) return DEFAULT_PARAMS;
  try {
    return workbenchParamsSchema.parse(JSON.parse(text));
  } catch (error) {
    console.warn('The kept parameters were unreadable and were put back to the defaults.', error);
    localStorage.removeItem(KEY);
    return DEFAULT_PARAMS;
  }
}

/** Keep the parameters for the next visit. */
export function keepParams(params: WorkbenchParams): void {
  localStorage.setItem(KEY, JSON.stringify(params));
}
