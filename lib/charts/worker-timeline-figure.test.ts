import { describe, expect, it } from 'vitest';
import { figureInput } from '@/lib/testing/figure-input';
import { trialOf } from '@/lib/testing/trial-of';
import type { TrialStretch } from '@/lib/tuning/study/trial-record';
import { DARK_CHART_THEME, LIGHT_CHART_THEME } from './chart-theme';
import { workerTimelineFigure } from './worker-timeline-figure';

const stretch = (
  startedAtMs: number,
  endedAtMs: number | null,
  worker: number | null,
  outcome: TrialStretch['outcome'] = 'complete',
  rung = 0,
): TrialStretch => ({ startedAtMs, endedAtMs, worker, rung, outcome });

function inputOf(stretches: readonly (readonly TrialStretch[])[], selected: readonly number[] = []) {
  const trials = stretches.map((own, i) => trialOf(i + 1, { stretches: own }));
  const input = figureInput(trials, { selected });
  return { ...input, state: { ...input.state, nProcesses: 2, createdAtMs: 1000 }, nowMs: 5000 };
}

const STRETCHES = [
  [stretch(1000, 3000, 0, 'paused'), stretch(3000, 4000, 0, 'complete', 1)],
  [stretch(1000, 1500, null, 'failed'), stretch(1500, 2500, 1, 'pruned')],
  [stretch(2500, null, null, 'running')],
];

describe('workerTimelineFigure', () => {
  it('draws a bar for each stretch in the lane of its worker', () => {
    const { title, data, layout, heightPx } = workerTimelineFigure(inputOf(STRETCHES), LIGHT_CHART_THEME);
    // 2 + 1 + 0.5 + 1 + 2.5 s of 2 × 4 s
    expect(title).toBe(
      '2 workers were busy 88 % of 4.0 s with 5 stretches of training, of them 1 failed, 1 running.',
    );
    expect(data).toMatchObject([
      {
        type: 'bar',
        name: 'Complete',
        y: ['Worker 1'],
        base: [2],
        x: [1],
        width: 0.86,
        customdata: [[1, 1, '1.00 s', '2.00 s', '']],
      },
      {
        name: 'Paused',
        y: ['Worker 1'],
        base: [0],
        x: [2],
        width: 0.64,
        marker: { pattern: { shape: '.' } },
      },
      {
        name: 'Pruned',
        y: ['Worker 2'],
        base: [0.5],
        x: [1],
        width: 0.46,
        marker: { pattern: { shape: '/' } },
      },
      {
        name: 'Failed',
        y: ['Worker 2'],
        base: [0],
        x: [0.5],
        width: 0.28,
        customdata: [[2, 0, '0.50 s', '0.00 s', '<br>its process is not on record']],
      },
      { name: 'Running', y: ['Worker 2'], base: [1.5], x: [2.5] },
    ]);
    expect(layout).toMatchObject({
      xaxis: { title: { text: 'Time since the study began (s)' }, range: [0, 4.08] },
      yaxis: { categoryarray: ['Worker 1', 'Worker 2'], range: [1.5, -0.5] },
      shapes: [],
    });
    expect(heightPx).toBe(198);
  });

  it('lists every stretch', () => {
    expect(workerTimelineFigure(inputOf(STRETCHES), LIGHT_CHART_THEME).table.rows).toEqual([
      { trial: 1, rung: 0, outcome: 'paused', worker: 1, worker_known: 'yes', start_ms: 0, length_ms: 2000 },
      { trial: 2, rung: 0, outcome: 'failed', worker: 2, worker_known: 'no', start_ms: 0, length_ms: 500 },
      {
        trial: 2,
        rung: 0,
        outcome: 'pruned',
        worker: 2,
        worker_known: 'yes',
        start_ms: 500,
        length_ms: 1000,
      },
      {
        trial: 3,
        rung: 0,
        outcome: 'running',
        worker: 2,
        worker_known: 'no',
        start_ms: 1500,
        length_ms: 2500,
      },
      {
        trial: 1,
        rung: 1,
        outcome: 'complete',
        worker: 1,
        worker_known: 'yes',
        start_ms: 2000,
        length_ms: 1000,
      },
    ]);
  });

  it('marks breaks that are cut out, and shows what was lost in them', () => {
    const dayMs = 86_400_000;
    const input = inputOf([
      [
        stretch(1000, 3000, 0, 'paused'),
        stretch(3000, dayMs, null, 'lost', 1),
        stretch(dayMs, dayMs + 1000, 0, 'complete', 1),
      ],
    ]);
    const { title, data, layout } = workerTimelineFigure(input, LIGHT_CHART_THEME);
    expect(title).toBe(
      '2 workers were busy 50 % of 3.0 s with 3 stretches of training, of them 1 lost, 1 break cut out.',
    );
    expect(layout).toMatchObject({
      xaxis: { title: { text: 'Time since the study began (s, 1 break cut out)' } },
      shapes: [{ type: 'line', x0: 2, x1: 2, line: { dash: 'dash' } }],
    });
    // No sign of life after its start: a sliver, so that it is seen.
    expect(data[2]).toMatchObject({ name: 'Lost', base: [2], x: [expect.closeTo(0.012, 9)] });
  });

  it('emphasises what is selected and leaves the axes alone', () => {
    const { data, layout } = workerTimelineFigure(inputOf(STRETCHES, [2]), LIGHT_CHART_THEME);
    expect(data[0]).toMatchObject({ marker: { color: ['#6c727a'], line: { width: [0] } } });
    expect(data[2]).toMatchObject({ marker: { color: ['#1b1d21'], line: { color: '#1b1d21', width: [2] } } });
    expect(layout).toEqual(workerTimelineFigure(inputOf(STRETCHES), LIGHT_CHART_THEME).layout);
  });

  it('counts in minutes and hours where a study is long', () => {
    const axisOf = (lengthMs: number) =>
      workerTimelineFigure(inputOf([[stretch(1000, 1000 + lengthMs, 0)]]), DARK_CHART_THEME).layout.xaxis
        ?.title;
    expect(axisOf(599_999)).toMatchObject({ text: 'Time since the study began (s)' });
    expect(axisOf(600_000)).toMatchObject({ text: 'Time since the study began (min)' });
    expect(axisOf(36_000_000)).toMatchObject({ text: 'Time since the study began (h)' });
  });

  it('leaves patterns out where bars are too narrow for them', () => {
    const many = Array.from({ length: 301 }, (_, i) => [stretch(1000 + i, 1001 + i, 0, 'pruned')]);
    const { data } = workerTimelineFigure(inputOf(many), LIGHT_CHART_THEME);
    expect(data[0]).toMatchObject({ width: 0.46, x: { length: 301 } });
    expect(data[0]).not.toHaveProperty('marker.pattern');
  });

  it('says so before anything runs', () => {
    const figure = workerTimelineFigure(inputOf([]), LIGHT_CHART_THEME);
    expect(figure).toMatchObject({
      title: 'No worker has begun a trial yet.',
      data: [],
      table: { rows: [] },
    });
    expect(figure.layout.annotations).toMatchObject([{ text: 'Nothing has run yet.' }]);
  });

  it('has an axis for a stretch without length', () => {
    const { layout } = workerTimelineFigure(inputOf([[stretch(1000, 1000, 0)]]), LIGHT_CHART_THEME);
    expect(layout.xaxis?.range).toEqual([0, expect.closeTo(0.00102, 9)]);
  });
});
