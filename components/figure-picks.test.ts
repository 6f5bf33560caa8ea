import { describe, expect, it } from 'vitest';
import { boxOfRange, draggedHeight, levelsOfPoints, trialsOfPoints } from './figure-picks';

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

describe('levelsOfPoints', () => {
  it('reads the levels of one dimension, each once', () => {
    const points = [
      { customdata: ['country', 'us', '12'], data: {} },
      { customdata: ['country', 'de'], data: {} },
      { customdata: ['country', 'us'], data: {} },
      { data: {} },
    ];
    expect(levelsOfPoints(points)).toEqual([{ dimension: 'country', levels: ['us', 'de'] }]);
  });

  it('reads both sides of cells', () => {
    const data = { meta: { nLevels: 2 } };
    const points = [
      { customdata: ['tag_count', '4', 'tag_a', 'with', '9'], data },
      { customdata: ['tag_count', '5', 'tag_a', 'with', '7'], data },
    ];
    expect(levelsOfPoints(points)).toEqual([
      { dimension: 'tag_count', levels: ['4', '5'] },
      { dimension: 'tag_a', levels: ['with'] },
    ]);
  });

  it('is null where no point stands for a level', () => {
    expect(levelsOfPoints([{ customdata: [7, 'us'], data: { meta: 3 } }, { data: {} }])).toBeNull();
    expect(levelsOfPoints([])).toBeNull();
  });
});

describe('draggedHeight', () => {
  it('reads either end of the first line, and nothing from other changes', () => {
    expect(draggedHeight({ 'shapes[0].y0': 0.7, 'shapes[0].y1': 0.7 })).toBe(0.7);
    expect(draggedHeight({ 'shapes[0].y1': 0.4 })).toBe(0.4);
    expect(draggedHeight({ 'shapes[1].y0': 0.7, 'xaxis.range[0]': 1 })).toBeNull();
  });
});
