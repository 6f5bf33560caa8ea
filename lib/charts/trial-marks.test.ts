import { describe, expect, it } from 'vitest';
import type { TrialStatus } from '@/lib/tuning/trial-record';
import { DARK_CHART_THEME, LIGHT_CHART_THEME } from './chart-theme';
import { contrastRatio } from './colour-contrast';
import { trialLines, trialMarkers, trialStateStyle } from './trial-marks';

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

describe('trialLines', () => {
  const lines = [1, 2, 3].map((trialNumber) => ({
    trialNumber,
    x: [0, 1],
    y: [trialNumber, trialNumber + 0.5],
    texts: ['from', 'to'],
  }));
  const style = { name: 'Pruned', color: '#6c727a', dash: 'dot', width: 1, rank: 4 } as const;
  const options = { style, theme: LIGHT_CHART_THEME, hovertemplate: 'h' };

  it('puts gaps between lines, which stand for no trial', () => {
    const { back, front } = trialLines(lines, { ...options, selected: new Set(), links: 'gaps' });
    expect(back).toEqual([]);
    expect(front).toEqual([
      {
        type: 'scatter',
        mode: 'lines',
        name: 'Pruned',
        legendgroup: 'Pruned',
        legendrank: 4,
        x: [0, 1, null, 0, 1, null, 0, 1],
        y: [1, 1.5, null, 2, 2.5, null, 3, 3.5],
        customdata: [1, 1, null, 2, 2, null, 3, 3],
        text: ['from', 'to', '', 'from', 'to', '', 'from', 'to'],
        line: { color: '#6c727a', width: 1, dash: 'dot' },
        hovertemplate: 'h',
      },
    ]);
  });

  it('goes there and back without gaps', () => {
    const { front } = trialLines(lines, { ...options, selected: new Set(), links: 'there_and_back' });
    expect(front).toMatchObject([
      {
        x: [0, 1, 1, 0, 0, 1],
        y: [1, 1.5, 2.5, 2, 3, 3.5],
        customdata: [1, 1, 2, 2, 3, 3],
        text: ['from', 'to', 'to', 'from', 'from', 'to'],
      },
    ]);
  });

  it('parts the selected from the others, in one legend entry', () => {
    const { back, front } = trialLines(lines, { ...options, selected: new Set([2]), links: 'gaps' });
    expect(back).toMatchObject([
      {
        customdata: [1, 1, null, 3, 3],
        line: { color: '#6c727a', width: 1, dash: 'dot' },
        showlegend: false,
      },
    ]);
    // The receding colour would not tell the selected one from the others.
    expect(front).toMatchObject([{ customdata: [2, 2], line: { color: '#1b1d21', width: 3, dash: 'dot' } }]);
  });

  it('draws nothing for nothing', () => {
    const none = trialLines([], { ...options, selected: new Set([1]), links: 'gaps' });
    expect(none).toEqual({ back: [], front: [] });
    const { back, front } = trialLines(lines, { ...options, selected: new Set([99]), links: 'gaps' });
    expect(front).toEqual([]);
    expect(back).toMatchObject([{ showlegend: true }]);
  });
});
