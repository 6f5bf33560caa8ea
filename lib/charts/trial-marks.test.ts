import { describe, expect, it } from 'vitest';
import type { TrialStatus } from '@/lib/tuning/study/trial-record';
import { DARK_CHART_THEME, LIGHT_CHART_THEME } from './chart-theme';
import { contrastRatio } from './colour-contrast';
import { trialMarkers, trialStateStyle } from './trial-marks';

const STATES: readonly TrialStatus[] = ['complete', 'pruned', 'paused', 'running', 'failed'];
const THEMES = [LIGHT_CHART_THEME, DARK_CHART_THEME];

describe('trialStateStyle', () => {
  it.each(['name', 'color', 'symbol', 'dash', 'pattern'] as const)(
    'gives each state a %s of its own',
    (part) => {
      const looks = STATES.map((state) => trialStateStyle(state, LIGHT_CHART_THEME)[part]);
      expect(new Set(looks).size).toBe(STATES.length);
    },
  );

  it('stands out from the surface', () => {
    for (const theme of THEMES) {
      for (const state of STATES) {
        const { color } = trialStateStyle(state, theme);
        expect(contrastRatio(color, theme.surface)).toBeGreaterThanOrEqual(3);
      }
    }
  });
});

describe('trialMarkers', () => {
  const points = [1, 2, 3].map((trialNumber) => ({ trialNumber, x: trialNumber * 10, y: 0, texts: ['a'] }));
  const style = { name: 'Complete', color: '#0072b2', symbol: 'circle' } as const;
  const options = { style, theme: LIGHT_CHART_THEME, hovertemplate: 'h' };

  it('carries the trial numbers', () => {
    expect(trialMarkers(points, { ...options, selected: new Set() })).toEqual({
      type: 'scatter',
      mode: 'markers',
      name: 'Complete',
      x: [10, 20, 30],
      y: [0, 0, 0],
      marker: { color: '#0072b2', symbol: 'circle', size: 8, line: { color: '#1b1d21', width: 0 } },
      customdata: [
        [1, 'a'],
        [2, 'a'],
        [3, 'a'],
      ],
      hovertemplate: 'h',
    });
  });

  it('brings the selected to the front and lets the others recede', () => {
    const { x, marker, customdata } = trialMarkers(points, { ...options, selected: new Set([1, 99]) });
    expect(x).toEqual([20, 30, 10]);
    expect(customdata).toEqual([
      [2, 'a'],
      [3, 'a'],
      [1, 'a'],
    ]);
    expect(marker).toEqual({
      color: ['#6c727a', '#6c727a', '#0072b2'],
      symbol: 'circle',
      size: [6, 6, 12],
      line: { color: '#1b1d21', width: [0, 0, 2] },
    });
  });
});
