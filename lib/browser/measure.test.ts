import { describe, expect, it } from 'vitest';
import { fail, type Result, succeed } from '@/lib/core/result';
import type {
  MeasurementOrder,
  MeasurementResult,
  MeasurementView,
} from '@/lib/evaluation/probe/measurement-order';
import { type MeasurementActions, measure } from './measure';

const ORDER: MeasurementOrder = {
  kind: 'learning_curve',
  datasetDigest: '0'.repeat(64),
  seed: 1,
  nTrainingRows: 100,
  nTrainingBuyers: 50,
};
const progress = (done: number): MeasurementView => ({
  state: 'running',
  progress: { done, total: 3, elapsedMs: done },
});
const RESULT = { kind: 'leakage', value: {}, elapsedMs: 9 } as unknown as MeasurementResult;

/** A server that answers with these views in turn. */
function serverOf(views: readonly Result<MeasurementView>[]) {
  const asked: string[] = [];
  const left = [...views];
  const actions: MeasurementActions = {
    startMeasurement: async (token) => {
      asked.push(`start ${token}`);
      return succeed('m');
    },
    measurement: async (_, id) => {
      asked.push(`view ${id}`);
      const view = left.shift();
      if (view === undefined) throw new Error('Nobody was to ask again');
      return view;
    },
    stopMeasurement: async (_, id) => {
      asked.push(`stop ${id}`);
      return succeed({ state: 'stopped' });
    },
  };
  return { page: { actions, token: 't', wait: async () => undefined }, asked };
}

describe('measure', () => {
  it('asks until the measurement is done, and tells how far it is', async () => {
    const { page, asked } = serverOf([
      succeed(progress(1)),
      succeed(progress(2)),
      succeed({ state: 'done', result: RESULT }),
    ]);
    const told: number[] = [];
    const options = { onProgress: ({ done }: { done: number }) => told.push(done), signal: signal() };
    expect(await measure(page, ORDER, options)).toBe(RESULT);
    expect(told).toEqual([1, 2]);
    expect(asked).toEqual(['start t', 'view m', 'view m', 'view m']);
  });

  it('ends the measurement on the server when the signal is aborted', async () => {
    const { page, asked } = serverOf([succeed(progress(1))]);
    const stopping = new AbortController();
    const options = { onProgress: () => stopping.abort(new Error('Enough.')), signal: stopping.signal };
    await expect(measure(page, ORDER, options)).rejects.toThrow('Enough.');
    expect(asked).toEqual(['start t', 'view m', 'stop m']);
  });

  it.each([
    [
      succeed<MeasurementView>({ state: 'failed', failure: fail('x', 'It broke.', 'Mend it.').error }),
      'It broke.',
    ],
    [succeed<MeasurementView>({ state: 'stopped' }), 'was stopped'],
    [fail('measurement_unknown', 'Not known.', 'Again.'), 'Not known.'],
  ])('fails with the server’s words', async (view, words) => {
    const { page } = serverOf([view]);
    await expect(measure(page, ORDER, { onProgress: () => undefined, signal: signal() })).rejects.toThrow(
      words,
    );
  });
});

function signal(): AbortSignal {
  return new AbortController().signal;
}
