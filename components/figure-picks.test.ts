import { describe, expect, it } from 'vitest';
import { trialsOfPoints } from './figure-picks';

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
