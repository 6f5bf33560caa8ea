import { describe, expect, it } from 'vitest';
import { boxOfRange, trialsOfPoints } from './figure-picks';

describe('trialsOfPoints', () => {
  it('reads a point’s trial, each once and in order', () => {
    const data = {};
    const points = [
      { customdata: 7, data },
      { customdata: [3, 'depth 5'], data },
      { customdata: 7, data },
    ];
    expect(trialsOfPoints(points)).toEqual([3, 7]);
  });

  it('reads the trial of the whole trace where a point has none of its own', () => {
    expect(trialsOfPoints([{ data: { meta: 12 } }, { customdata: 'text', data: { meta: 11 } }])).toEqual([
      11, 12,
    ]);
  });

  it('passes over points of no trial', () => {
    const points = [
      { data: {} },
      { customdata: '7', data: {} },
      { customdata: 0.5, data: { meta: null } },
      { customdata: [0], data: { meta: -1 } },
    ];
    expect(trialsOfPoints(points)).toEqual([]);
    expect(trialsOfPoints([])).toEqual([]);
  });
});

describe('boxOfRange', () => {
  it('reads the ends of a box', () => {
    expect(boxOfRange({ x: [0.5, 2], y: [-1, 3] })).toEqual({ x: [0.5, 2], y: [-1, 3] });
  });

  it('reads no box from a lasso, a second pair of axes or days', () => {
    for (const range of [
      undefined,
      null,
      { x2: [0, 1], y2: [0, 1] },
      { x: ['2026-01-01', '2026-02-01'], y: [0, 1] },
    ])
      expect(boxOfRange(range)).toBeNull();
  });
});
