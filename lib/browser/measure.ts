import { ExpectedFailure, type Result } from '@/lib/core/result';
import type {
  MeasurementOrder,
  MeasurementProgress,
  MeasurementResult,
  MeasurementView,
} from '@/lib/evaluation/probe/measurement-order';
import { reached } from './reached';

/** The server actions of measurements. Each takes the page's token first. */
export interface MeasurementActions {
  startMeasurement(token: string, order: MeasurementOrder): Promise<Result<string>>;
  measurement(token: string, id: string): Promise<Result<MeasurementView>>;
  stopMeasurement(token: string, id: string): Promise<Result<MeasurementView>>;
}

/** How the server is reached, and how long one waits before asking again. */
export interface MeasuringPage {
  readonly actions: MeasurementActions;
  readonly token: string;
  readonly wait: () => Promise<void>;
}

/**
 * Order a measurement and ask after it until it is over.
 *
 * @throws ExpectedFailure for every failure that the server words, and `measurement_stopped`; the signal's reason
 */
export async function measure(
  { actions, token, wait }: MeasuringPage,
  order: MeasurementOrder,
  options: { readonly onProgress: (progress: MeasurementProgress) => void; readonly signal: AbortSignal },
): Promise<MeasurementResult> {
  const { onProgress, signal } = options;
  const id = unwrapped(await reached(actions.startMeasurement(token, order)));
  for (;;) {
    if (signal.aborted) {
      unwrapped(await reached(actions.stopMeasurement(token, id)));
      throw signal.reason;
    }
    const view = unwrapped(await reached(actions.measurement(token, id)));
    switch (view.state) {
      case 'running':
        onProgress(view.progress);
        await wait();
        break;
      case 'done':
        return view.result;
      case 'failed':
        throw new ExpectedFailure(view.failure);
      case 'stopped':
        throw new ExpectedFailure({
          code: 'measurement_stopped',
          message: 'The measurement was stopped, here or in another window.',
          hint: 'Measure again.',
        });
      default:
        return view satisfies never;
    }
  }
}

function unwrapped<T>(result: Result<T>): T {
  if (result.ok) return result.value;
  throw new ExpectedFailure(result.error);
}
